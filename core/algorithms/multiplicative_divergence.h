#pragma once

#include "core/algorithms/steps.h"

namespace nmf
{

/// Multiplicative updates for every β-divergence: H by the rule, then W.
template <class Scalar>
Steps<Scalar> multiplyForDivergence(const Work<Scalar>& work);

} // namespace nmf
