#pragma once

#include "core/algorithms/steps.h"

namespace nmf
{

/// Coordinate descent for Kullback-Leibler over the known entries, one pass over the coordinates of a row: as KlDescent
/// with ω v for v, and with Σ ω f over the known entries of the line for the price of a coordinate.
template <class Scalar>
Steps<Scalar> descendWeighted(const Work<Scalar>& work);

} // namespace nmf
