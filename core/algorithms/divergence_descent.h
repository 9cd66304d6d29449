#pragma once

#include "core/algorithms/steps.h"

namespace nmf
{

/// Projected gradient for the losses that are not quadratic, and for all where entries are unknown: each row of a
/// factor has a step length of its own, found from the curvature that the last step met (Barzilai & Borwein 1988) and
/// by trial along the projection arc (Armijo's rule), and remembers it. Serves RowTerms.
template <class Scalar>
Steps<Scalar> descendDivergence(const Work<Scalar>& work);

} // namespace nmf
