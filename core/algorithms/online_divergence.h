#pragma once

#include "core/algorithms/steps.h"

namespace nmf
{

/// How a walk over batches of samples is made.
struct OnlineSteps
{
    Index batch = 64;
    double memory = 0.7;     ///< what is left of the sums after a walk over all samples
    double entryDropout = 0; ///< the share of entries that a batch does without
};

/// Online factorization under any β-divergence: multiplicative updates of a few samples' H and then of W, whose
/// numerators and denominators are sums over all samples seen so far (Lefèvre, Bach & Févotte 2011).
template <class Scalar>
Steps<Scalar> onlineForDivergence(const Work<Scalar>& work, const OnlineSteps& how);

} // namespace nmf
