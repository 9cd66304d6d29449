#pragma once

#include "core/choice.h"
#include "core/dataset.h"

#include <cstdint>
#include <functional>
#include <string_view>
#include <vector>

namespace nmf
{

/// A built-in data set. One file of code, one line in the table.
struct Sample
{
    Facts facts;                                     ///< id "cartoon-faces", name, one sentence on what there is to see
    Index suggestedRank;                             ///< the number of parts that shows them best
    std::function<Dataset(std::uint64_t seed)> make; ///< with `truth` where the parts are known;
                                                     ///< V is their product, or noisy, or counts about it
};

/// The table. Its order is that of the gallery.
const std::vector<Sample>& samples();

/// The sample with this id; throws Error that lists the ids.
const Sample& sampleNamed(std::string_view id);

} // namespace nmf
