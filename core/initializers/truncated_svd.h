#pragma once

#include "core/solver_data.h"

#include <stop_token>

namespace nmf
{

/// V ≈ Σ σ_a u_a v_aᵀ: the largest singular values, falling, with their vectors as columns.
struct TruncatedSvd
{
    Matrix<double> U, V; ///< m × count, n × count
    Vector<double> sigma;
};

/// The first min(count, m, n) singular triplets of V as divided. Throws Cancelled.
template <class Scalar>
TruncatedSvd truncatedSvd(const SolverData<Scalar>& V, Index count, Blocks& blocks, const std::stop_token& stop);

} // namespace nmf
