#pragma once

#include "core/algorithms/steps.h"

namespace nmf
{

/// Alternation over the known entries that sets each row to the very best beside the other factor, by block principal
/// pivoting with the line's own Gram matrix (Kim & Park 2011), from the free variables of the row before.
template <class Scalar>
Steps<Scalar> solveWeighted(const Work<Scalar>& work);

} // namespace nmf
