#pragma once

#include "core/algorithms/steps.h"

#include <optional>
#include <stop_token>

namespace nmf
{

/// The best single component, where it is known in closed form; nothing where it is not. For the Frobenius loss it is
/// the leading singular pair, which has one sign (Perron & Frobenius), its value less √(λ_W λ_H) under L2 penalties on
/// both factors; for Kullback-Leibler, without penalties, the row sums and the column sums. Looks at V, the loss and L1
/// and L2 alone. Throws Cancelled.
template <class Scalar>
std::optional<Factors<Scalar>> bestComponent(const Work<Scalar>& work, const std::stop_token& stop);

} // namespace nmf
