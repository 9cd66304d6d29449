#pragma once

#include "core/algorithms/quadratic_pass.h"

#include <type_traits>

namespace nmf
{

/// So far below a bound on the trace is on it.
template <class Scalar>
constexpr double boundSlack = std::is_same_v<Scalar, float> ? 1e-6 : 1e-12;

/// Σ_i (U Fᵀ)_ii over the rows that both have.
template <class Scalar>
double diagonalSum(const ConstMatrixRef<Scalar>& U, const ConstMatrixRef<Scalar>& F)
{
    const Index rows = std::min(U.rows(), F.rows());
    double sum = 0;
    for (Index a = 0; a < U.cols(); ++a)
        sum += U.col(a).head(rows).template cast<double>().dot(F.col(a).head(rows).template cast<double>());
    return sum;
}

/// Scales H down until the trace keeps the bound, if there is one.
template <class Scalar>
void scaleDownToBound(Factors<Scalar>& factors, double bound)
{
    if (!(bound > 0))
        return;
    if (const double trace = diagonalSum<Scalar>(factors.Ht, factors.W); trace > bound)
        factors.Ht *= static_cast<Scalar>(bound / trace * (1 - boundSlack<Scalar>));
}

/// Alternation under tr(WH) ≤ τ, the trace being Σ_i (WH)_ii over i < min(m, n). With a multiplier μ ≥ 0 the bound is
/// the same problem with V − μI in place of V. In each half-step μ is the one with which the rule, from where the
/// factor was, just keeps the bound; 0 where it keeps it by itself. A start that breaks the bound is scaled down to it.
/// The rule must give the same for the same input: its sweeps may not depend on what came before.
template <class Scalar>
Steps<Scalar> boundTrace(const Work<Scalar>& work, BlockRule<Scalar> rule);

} // namespace nmf
