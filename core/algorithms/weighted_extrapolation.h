#pragma once

#include "core/algorithms/steps.h"

namespace nmf
{

/// Makes of steps that alternate over the known entries steps that look ahead: each half begins from, and is followed
/// by, factors moved on in the direction of their last change, with a return when the objective rose (Ang & Gillis
/// 2019). The factors of the run are the best so far.
template <class Scalar>
Steps<Scalar> extrapolateWeighted(const Work<Scalar>& work, Steps<Scalar> plain);

} // namespace nmf
