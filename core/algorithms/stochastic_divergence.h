#pragma once

#include "core/algorithms/steps.h"

namespace nmf
{

/// How a walk over batches of samples is made.
struct BatchSteps
{
    Index batch = 64;
    double step = 1;         ///< the first, as a share of the one that the curvature allows
    double decay = 100;      ///< after so many walks it is two thirds of that
    double entryDropout = 0; ///< the share of entries that a batch does without
};

/// Stochastic gradient descent for Kullback-Leibler, a few samples at a time. The divergence bends the more the closer
/// the model is to zero, so each row of a factor has a step of its own, from its second derivative where it is.
template <class Scalar>
Steps<Scalar> descendForDivergence(const Work<Scalar>& work, const BatchSteps& how);

} // namespace nmf
