#pragma once

#include "core/algorithms/steps.h"

namespace nmf
{

/// Multiplicative updates over the known entries for every β-divergence: the weights stand in the numerator and in the
/// denominator (Blondel, Ho & Van Dooren 2008; Févotte & Idier 2011).
template <class Scalar>
Steps<Scalar> multiplyWeighted(const Work<Scalar>& work);

} // namespace nmf
