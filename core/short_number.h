#pragma once

#include <string>

namespace nmf
{

/// With four digits, as sentences and formulas show a number that the user gave.
std::string shortNumber(double value);

} // namespace nmf
