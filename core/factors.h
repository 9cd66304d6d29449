#pragma once

#include "core/matrix.h"

#include <optional>
#include <vector>

namespace nmf
{

/// V ≈ W H. Kept as W (m × k) and Ht = Hᵀ (n × k), both tall: component a is the pair of columns W.col(a), Ht.col(a).
/// H is k × n wherever it leaves the core (files, views, messages).
template <class Scalar>
struct Factors
{
    Matrix<Scalar> W, Ht;

    Index rank() const { return W.cols(); }
};

/// Some components, or halves of them: columns of W (m × p), rows of H transposed (n × p), or both.
struct GivenParts
{
    std::optional<Matrix<double>> W, Ht;

    /// p; of both if both are given.
    Index count() const { return W ? W->cols() : Ht ? Ht->cols() : 0; }
};

/// ‖w_a‖·‖h_a‖ of each component: its share of the picture's energy before the components overlap.
std::vector<double> energies(const Factors<double>& factors);

/// Component numbers with the largest energy first; equal ones keep their order.
std::vector<Index> orderByEnergy(const Factors<double>& factors);

/// Σ WH, from the column sums.
template <class Scalar>
double sumOfModel(const Factors<Scalar>& factors)
{
    double sum = 0;
    for (Index a = 0; a < factors.rank(); ++a)
        sum += factors.W.col(a).template cast<double>().sum() * factors.Ht.col(a).template cast<double>().sum();
    return sum;
}

/// Σ_i (WH)_ii over i < min(m, n).
double traceOfModel(const Factors<double>& factors);

} // namespace nmf
