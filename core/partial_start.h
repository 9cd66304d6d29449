#pragma once

#include "core/dataset.h"
#include "core/factors.h"
#include "core/options.h"

#include <memory>
#include <stop_token>

namespace nmf
{

/// A start for the options' rank whose first components are these: the best H for a W without one, or W for an H, and
/// the remaining components by the options' initialisation from what those leave over, [V − WH]₊, which has no entries
/// where a sparse V has none. Throws Error if shapes do not fit or entries are negative, and Cancelled.
std::shared_ptr<const Factors<double>> startWithParts(const Dataset& dataset, const GivenParts& given,
                                                      const Options& options, const std::stop_token& stop = {});

} // namespace nmf
