#include "core/short_number.h"

#include <charconv>

namespace nmf
{

std::string shortNumber(double value)
{
    char text[32];
    return {text, std::to_chars(text, text + sizeof text, value, std::chars_format::general, 4).ptr};
}

} // namespace nmf
