#pragma once

#include "core/factors.h"
#include "core/known_entries.h"
#include "core/losses/divergence.h"
#include "core/solver_data.h"

namespace nmf
{

/// The gradient of the loss without the penalties, a few rows of a factor at a time, in double precision. For looks
/// that are rare: it takes memory as it goes, but never for all of V.
template <class Scalar>
class Gradient
{
public:
    /// All of these outlive it. `known`: the entries that count, with their weights; null if all do, and alike.
    Gradient(const SolverData<Scalar>& V, const Factors<double>& factors, const Divergence& divergence,
             const KnownEntries* known = nullptr);

    /// How many rows are best asked for at once.
    Index width(Side side) const;

    /// Rows [first, first + count) of ∇.
    Matrix<double> operator()(Side side, Index first, Index count) const;

private:
    /// What the rows of a side need of the other factor.
    struct Kept
    {
        Matrix<double> gram, rows;
        Vector<double> sums;
    };

    static std::size_t at(Side side) { return side == Side::Basis ? 1 : 0; }
    bool storedOnly() const { return !m_known && m_V.isSparse() && m_divergence.kullbackLeibler(); }
    Matrix<double> strip(Side side, Index first, Index count) const;
    Matrix<double> ofStored(Side side, Index first, const ConstMatrixRef<double>& U) const;
    Matrix<double> ofKnown(Side side, Index first, const ConstMatrixRef<double>& U) const;

    const SolverData<Scalar>& m_V;
    const Factors<double>& m_factors;
    Divergence m_divergence;
    const KnownEntries* m_known;
    Kept m_kept[2];
};

} // namespace nmf
