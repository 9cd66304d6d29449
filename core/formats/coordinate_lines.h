#pragma once

#include "core/formats/formats.h"
#include "core/formats/sparse_entries.h"

#include <optional>
#include <string_view>

namespace nmf
{

/// What the size line of a list of entries announces.
struct CoordinateSizes
{
    std::uint64_t rows = 0, columns = 0, entries = 0;
    bool withValues = true; ///< false: each line is a row and a column, and its value is 1
};

/// Reads lines of "row column value", counted from 1, on all processors. None if any of them is not plain (a comment, a
/// blank line, an index that is not there, another count of lines): then whoever reads with care finds out what it is.
/// Throws Cancelled.
std::optional<SparseEntries<double>> readCoordinateLines(std::string_view text, const CoordinateSizes& sizes,
                                                         const LoadControl& control, double share);

} // namespace nmf
