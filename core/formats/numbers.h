#pragma once

#include <optional>
#include <string_view>

namespace nmf
{

/// The number that the text spells, whole and alone, with '.' or ',' before its decimals; none if it spells no number.
/// A number too small for double precision is 0; one too large is none.
std::optional<double> parseNumber(std::string_view text, char decimal);

/// Whether the text is one of the usual signs for "no value": nothing at all, NA, NaN, null, ….
bool isMissing(std::string_view text);

/// The text without blanks and tabs at both ends.
std::string_view trimmed(std::string_view text);

} // namespace nmf
