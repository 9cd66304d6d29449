#pragma once

#include <string>
#include <string_view>

namespace nmf::ui
{

/// Looks whether the bytes of an encoded picture go on to its end, where Qt's decoder would show a part of it without a
/// word (JPEG, BMP, GIF, pages of TIFF) or with words of its own on standard error (PNG). Returns what is missing, or
/// nothing.
std::string missingEnd(std::string_view bytes);

} // namespace nmf::ui
