#pragma once

#include "core/formats/formats.h"
#include "core/formats/text_table.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace nmf
{

/// The numbers of many lines that are all of the plainest kind.
struct PlainLines
{
    Matrix<double> values;
    std::vector<std::string> names = {}; ///< of the rows, if the layout has them; as they are in the file
    std::size_t missing = 0;             ///< cells without a value
};

/// Reads lines of numbers on all processors: what follows the header of a table. None if any of them is not plain (a
/// comment, a blank line, a decimal comma, a quoted number, a word, another count of cells): then whoever reads with
/// care finds out what it is. Throws Error where memory does not suffice, Cancelled.
std::optional<PlainLines> readPlainLines(std::string_view text, const TableLayout& layout,
                                         const std::filesystem::path& path, const LoadControl& control, double share);

} // namespace nmf
