#pragma once

#include "core/algorithms/steps.h"

namespace nmf
{

/// Makes of steps that alternate over the known entries, or under constraints, steps that look ahead: each half begins
/// from, and is followed by, factors moved on in the direction of their last change, with a return when the objective
/// rose (Ang & Gillis 2019). A factor is not moved on where that would leave what is allowed. The factors of the run
/// are the best so far.
template <class Scalar>
Steps<Scalar> extrapolateWeighted(const Work<Scalar>& work, Steps<Scalar> plain);

} // namespace nmf
