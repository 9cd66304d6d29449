#pragma once

#include "core/algorithms/steps.h"
#include "core/demand.h"

namespace nmf
{

/// Whether this is asked of a factor's components beyond what the quick sweeps of HALS serve.
template <class Scalar>
bool isConstrained(const Work<Scalar>& work)
{
    return !work.ofW.none() || !work.ofH.none() || work.onW.smoothness > 0 || work.onH.smoothness > 0 ||
           work.lockW.entries || work.lockH.entries || !work.lockW.soft.empty() || !work.lockH.soft.empty() ||
           work.together.matchesVariances();
}

/// HALS with constraints, for the Frobenius loss without weights: one component's column after another gets its exact
/// minimiser under its constraint, so that the objective never rises. At most so many sweeps for one product with V;
/// fewer when the moves have shrunk to `enough` of those of the first. The factors satisfy their constraints already.
template <class Scalar>
Steps<Scalar> sweepConstrained(const Work<Scalar>& work, int sweepsH, int sweepsW, Scalar enough);

/// The constraints that it serves.
bool servedByConstrainedSweeps(Demand demand);

} // namespace nmf
