#pragma once

#include "core/dataset.h"

#include <cstdint>
#include <memory>

namespace nmf
{

/// What stays where it is.
enum class Pattern {
    Free, ///< nothing: an entry that a sparse V does not keep is a zero, which moves like any other
    Kept  ///< which entries are kept
};

/// The data with the entries of each feature permuted among its samples, at random, each feature by itself: all that
/// the samples have in common is gone, and all that is known of single features stays (Frigyesi & Höglund 2008).
/// Entries that are unknown stay so, and weights stay where they are; a sparse V stays sparse, and with weights it
/// keeps its pattern.
std::shared_ptr<const Dataset> permutedWithinFeatures(const Dataset& dataset, std::uint64_t seed,
                                                      Pattern pattern = Pattern::Free);

} // namespace nmf
