#pragma once

#include "core/algorithms/steps.h"

namespace nmf
{

/// With unknown entries sweeps are cheap beside the Gram matrices that they are made with.
constexpr int weightedSweeps = 8;

/// HALS over the known entries: every line of V has its own Gram matrix Σ ω f fᵀ of the held factor's rows f, and with
/// it at most `sweeps` sweeps over the line's coordinates, fewer once its moves have shrunk to `enough` of those of the
/// first (after Kim & Choi 2009; Blondel, Ho & Van Dooren 2008).
template <class Scalar>
Steps<Scalar> sweepWeighted(const Work<Scalar>& work, int sweeps, double enough);

} // namespace nmf
