#pragma once

#include "core/initializers/truncated_svd.h"

namespace nmf
{

/// About the first `count` singular triplets of V as divided, count ≤ min(m, n): those of V within a range that V gives
/// to random directions and that two power steps turn towards the largest ones (Halko, Martinsson & Tropp 2011). Six
/// products with V, where the exact ones take many more; the same every time. Throws Cancelled.
template <class Scalar>
TruncatedSvd randomizedSvd(const SolverData<Scalar>& V, Index count, Blocks& blocks, const std::stop_token& stop);

} // namespace nmf
