#pragma once

#include "core/algorithms/steps.h"

namespace nmf
{

/// Multiplicative updates that look ahead as Hien, Leplat & Gillis (2024) have it: a step is taken from where the
/// entries that grew would be if they went on. In place of the bound that their proof puts on the look ahead stands a
/// look at the objective every ten iterations: where it has risen since the last one, the best pair comes back and the
/// momentum is gone. The run's factors are the best pair, but between the halves.
template <class Scalar>
Steps<Scalar> extrapolateAsPublished(const Work<Scalar>& work);

} // namespace nmf
