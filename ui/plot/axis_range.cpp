#include "ui/plot/axis_range.h"

#include <algorithm>
#include <cmath>

namespace nmf::ui
{

namespace
{

constexpr double marginShare = 0.04;

/// 1, 2 or 5 times a power of ten, not below.
double roundStep(double atLeast)
{
    const double power = std::pow(10, std::floor(std::log10(atLeast)));
    for (const double step : {1.0, 2.0, 5.0})
        if (step * power >= atLeast * (1 - 1e-12))
            return step * power;
    return 10 * power;
}

/// 1, 2 or 5 times a power of ten, not above.
double roundBelow(double atMost)
{
    const double above = roundStep(atMost);
    for (const double factor : {1.0, 2.0, 2.5})
        if (above / factor <= atMost)
            return above / factor;
    return above / 5;
}

} // namespace

AxisRange snugRange(double lowest, double highest, Spacing spacing)
{
    if (spacing == Spacing::Logarithmic) {
        const double margin = std::max(std::pow(highest / lowest, marginShare), 1.02);
        return {lowest / margin, highest * margin};
    }
    double margin = (highest - lowest) * marginShare;
    if (margin <= std::max(std::abs(lowest), std::abs(highest)) * 1e-12)
        margin = std::max(std::abs(highest) * 0.05, 1e-12);
    const double lower = lowest - margin;
    return {lowest >= 0 && lower < 0 ? 0 : lower, highest + margin};
}

AxisRange growingRange(const AxisRange& shown, double lowest, double highest, Spacing spacing)
{
    const bool inside = shown.lower <= lowest && highest <= shown.upper;
    if (spacing == Spacing::Logarithmic) {
        const bool full = shown.lower > 0 && highest / lowest > std::sqrt(shown.upper / shown.lower);
        return inside && full ? shown : AxisRange{lowest, highest * std::max(2.0, std::pow(highest / lowest, 0.2))};
    }
    const bool full =
        highest - lowest > (shown.upper - shown.lower) / 2 && lowest - shown.lower < (highest - lowest) / 10;
    return inside && full ? shown : AxisRange{lowest, highest + std::max((highest - lowest) / 5, 1e-9)};
}

AxisRange roundRange(double lowest, double highest, Spacing spacing)
{
    if (spacing == Spacing::Logarithmic) {
        if (highest / lowest > 1.5)
            return {roundBelow(lowest), roundStep(highest)};
        const AxisRange linear = roundRange(lowest, highest, Spacing::Linear);
        return {linear.lower > 0 ? linear.lower : lowest / 2, linear.upper};
    }
    if (lowest >= 0 && lowest < highest / 2)
        lowest = 0;
    const double span = highest - lowest;
    if (span <= std::max(std::abs(lowest), std::abs(highest)) * 1e-12)
        return snugRange(lowest, highest, spacing);
    const double step = roundStep(span / 5);
    const double lower = lowest == 0 ? 0 : std::floor((lowest - span * 0.02) / step) * step;
    return {lower, std::ceil((highest + span * 0.02) / step) * step};
}

} // namespace nmf::ui
