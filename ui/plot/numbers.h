#pragma once

#include <QString>

namespace nmf::ui
{

/// A number as plots and tooltips show it: five digits that count, no idle zeros, "−" for minus, "unknown" for NaN.
QString shortNumber(double value);

} // namespace nmf::ui
