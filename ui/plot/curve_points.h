#pragma once

#include "ui/plot/axis_range.h"
#include "ui/plot/reduce.h"

#include <limits>
#include <span>
#include <vector>

namespace nmf::ui
{

/// What holds nothing yet: the lowest is the higher.
constexpr Extremes nothing{std::numeric_limits<double>::infinity(), -std::numeric_limits<double>::infinity()};

void widen(Extremes& all, const Extremes& own);

/// The points of a curve, x rising, and which of them can be drawn: not what is no number, nor on a logarithmic axis
/// what is not positive.
class CurvePoints
{
public:
    void setSpacing(Spacing x, Spacing y);
    void set(std::vector<double> x, std::vector<double> y);
    /// Takes the place of the points from the first of these on; how many are left before them.
    std::size_t append(std::span<const double> x, std::span<const double> y);

    std::size_t size() const { return std::min(m_x.size(), m_y.size()); }
    bool empty() const { return size() == 0; }
    const std::vector<double>& x() const { return m_x; }
    const std::vector<double>& y() const { return m_y; }
    bool isDrawable(double x, double y) const;
    /// Of what can be drawn.
    const Extremes& xSpan() const { return m_xSpan; }
    const Extremes& ySpan() const { return m_ySpan; }

private:
    void measure(std::size_t from);

    std::vector<double> m_x, m_y;
    Spacing m_xSpacing = Spacing::Linear, m_ySpacing = Spacing::Linear;
    Extremes m_xSpan = nothing, m_ySpan = nothing;
};

} // namespace nmf::ui
