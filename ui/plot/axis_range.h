#pragma once

#include "ui/plot/reduce.h"

namespace nmf::ui
{

/// A stretch of an axis.
struct AxisRange
{
    double lower = 0;
    double upper = 1;

    bool operator==(const AxisRange&) const = default;
};

/// Exactly what the data span, with a little room at both ends.
AxisRange snugRange(double lowest, double highest, Spacing spacing);

/// The range for data that grow to the right: `shown` as long as they are inside and use more than half of it, else a
/// new one with room for a fifth more.
AxisRange growingRange(const AxisRange& shown, double lowest, double highest, Spacing spacing);

/// The range for values that change while they are watched: ends at round numbers, so that it rarely moves. From 0
/// where values are not negative and the lowest is less than half of the highest.
AxisRange roundRange(double lowest, double highest, Spacing spacing);

} // namespace nmf::ui
