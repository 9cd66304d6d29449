#pragma once

#include "core/dataset.h"

#include <span>
#include <string>
#include <string_view>

namespace nmf
{

/// A dataset as bytes, on its way out of the process that decoded it.
void writeDataset(const Dataset& dataset, int file);

/// The dataset that these bytes hold. They come from a process that may have been taken over by a hostile file, so
/// nothing in them is believed: every size is compared with the bytes that are there before anything is allocated.
/// Throws Error, a sentence that starts with `name`.
Dataset parseDataset(std::span<const unsigned char> bytes, const std::string& name);

} // namespace nmf
