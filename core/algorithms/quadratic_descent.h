#pragma once

#include "core/algorithms/steps.h"

namespace nmf
{

/// Projected gradient for the Frobenius loss where RowTerms are asked for: row by row as for the other losses, what V
/// has to say coming from its products.
template <class Scalar>
Steps<Scalar> descendQuadratic(const Work<Scalar>& work);

} // namespace nmf
