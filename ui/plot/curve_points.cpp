#include "ui/plot/curve_points.h"

#include <algorithm>
#include <cmath>

namespace nmf::ui
{

void widen(Extremes& all, const Extremes& own)
{
    all = {std::min(all.lowest, own.lowest), std::max(all.highest, own.highest)};
}

void CurvePoints::setSpacing(Spacing x, Spacing y)
{
    m_xSpacing = x;
    m_ySpacing = y;
    measure(0);
}

void CurvePoints::set(std::vector<double> x, std::vector<double> y)
{
    m_x = std::move(x);
    m_y = std::move(y);
    measure(0);
}

std::size_t CurvePoints::append(std::span<const double> x, std::span<const double> y)
{
    if (!x.empty()) {
        const auto kept = std::ranges::lower_bound(m_x, x.front()) - m_x.begin();
        m_x.resize(static_cast<std::size_t>(kept));
        m_y.resize(static_cast<std::size_t>(kept));
    }
    const std::size_t before = m_x.size();
    m_x.insert(m_x.end(), x.begin(), x.end());
    m_y.insert(m_y.end(), y.begin(), y.end());
    measure(before);
    return before;
}

bool CurvePoints::isDrawable(double x, double y) const
{
    return std::isfinite(x) && std::isfinite(y) && (m_xSpacing == Spacing::Linear || x > 0) &&
           (m_ySpacing == Spacing::Linear || y > 0);
}

void CurvePoints::measure(std::size_t from)
{
    if (from == 0)
        m_xSpan = m_ySpan = nothing;
    for (std::size_t i = from; i < size(); ++i) {
        if (!isDrawable(m_x[i], m_y[i]))
            continue;
        widen(m_xSpan, {m_x[i], m_x[i]});
        widen(m_ySpan, {m_y[i], m_y[i]});
    }
}

} // namespace nmf::ui
