#pragma once

#include "core/algorithms/steps.h"

namespace nmf
{

/// Makes of steps that alternate over the known entries steps that go on as the factors moved before, with a return to
/// the best pair when that was too bold (after Hien, Leplat & Gillis 2024). For rules that keep entries above zero. The
/// factors of the run are the best so far, but between the halves.
template <class Scalar>
Steps<Scalar> addMomentum(const Work<Scalar>& work, Steps<Scalar> plain);

} // namespace nmf
