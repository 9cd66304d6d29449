#pragma once

#include "core/algorithms/steps.h"

namespace nmf
{

/// Gives a dead component the column of V that is fitted worst by the loss itself, with small coefficients where the
/// objective falls as they grow: for every loss and for entries that are unknown or weighted. By trial: false, and
/// nothing is changed, unless the objective falls with the penalties.
template <class Scalar>
bool reviveByTrial(const Work<Scalar>& work, Index component);

} // namespace nmf
