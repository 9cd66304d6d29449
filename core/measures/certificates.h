#pragma once

#include "core/losses/divergence.h"
#include "core/matrix.h"

namespace nmf
{

/// The coefficients h ≥ 0 of one sample, basis given: minimise Σ ω d(v|Wh) + Σ l1_a h_a + ½ Σ l2_a h_a².
struct ColumnProblem
{
    Divergence divergence;
    ConstMatrixRef<double> W;
    Eigen::Ref<const Vector<double>> v, weights; ///< weights of size 0: all are one
    Eigen::Ref<const Vector<double>> l1, l2;     ///< one for each component
};

/// How far the objective at h is from its minimum at most: its difference from the value of a feasible point of the
/// dual problem. Never negative but for rounding, and zero at the minimum. For the Frobenius and Kullback-Leibler
/// losses; NaN for the others.
double columnGap(const ColumnProblem& problem, const Eigen::Ref<const Vector<double>>& h);

} // namespace nmf
