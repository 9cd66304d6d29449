#pragma once

#include "core/dataset.h"

#include <cstdint>
#include <memory>
#include <vector>

namespace nmf
{

/// Blocks of V that are never fitted (Owen & Perry 2009). Features and samples are drawn into the same number of groups
/// of nearly one size; an entry is held out where both groups have one number. So each block is all features of a group
/// by all samples of it, every feature and every sample loses the same share, and none loses all.
struct HeldOutBlocks
{
    std::vector<int> featureGroups, sampleGroups;
    int groups = 0;

    bool holds(Index feature, Index sample) const
    {
        return featureGroups[static_cast<std::size_t>(feature)] == sampleGroups[static_cast<std::size_t>(sample)];
    }
};

/// Blocks that hold out about this share, above 0 and at most a half. Throws Error if V has a single row or column.
HeldOutBlocks drawHeldOutBlocks(Index features, Index samples, double share, std::uint64_t seed);

/// The data with the blocks unknown: V is shared, the weights are zero in the blocks. For dense V.
std::shared_ptr<const Dataset> withoutBlocks(const Dataset& dataset, const HeldOutBlocks& blocks);

/// √(Σω(v−x)² / Σωv²) over the entries of the blocks that are known. What is predicted of a feature is at most the
/// largest of its entries outside the blocks: a part that hardly any of these need is not determined by them, and would
/// be free to predict any size.
double errorInBlocks(const Dataset& dataset, const HeldOutBlocks& blocks, const Factors<double>& factors);

} // namespace nmf
