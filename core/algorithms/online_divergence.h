#pragma once

#include "core/algorithms/steps.h"

namespace nmf
{

/// Online factorization under any β-divergence: multiplicative updates of a few samples' H and then of W, whose
/// numerators and denominators are sums over all samples seen so far (Lefèvre, Bach & Févotte 2011). `memory`: what is
/// left of the sums after a walk over all samples.
template <class Scalar>
Steps<Scalar> onlineForDivergence(const Work<Scalar>& work, Index batch, double memory);

} // namespace nmf
