#include "ui/model/size_counts.h"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <numeric>

namespace nmf::ui
{

namespace
{

/// A number from zero on has the same order as its bits: those of its exponent and the first six of its fraction.
constexpr int dropped = 52 - 6;

} // namespace

std::size_t SizeCounts::stepOf(double size)
{
    const auto bits = std::bit_cast<std::uint64_t>(size);
    // A step begins behind its lower edge and has its upper one, so that an edge has nothing larger below it.
    return static_cast<std::size_t>((bits + (std::uint64_t{1} << dropped) - 1) >> dropped);
}

double SizeCounts::edgeOf(std::size_t step)
{
    return std::bit_cast<double>(static_cast<std::uint64_t>(step) << dropped);
}

void SizeCounts::add(double size)
{
    const std::size_t step = stepOf(size);
    if (step >= m_counts.size())
        m_counts.resize(step + 1);
    ++m_counts[step];
    ++m_total;
}

double SizeCounts::median() const
{
    Index below = 0;
    for (std::size_t step = 0; step < m_counts.size(); ++step) {
        below += m_counts[step];
        if (2 * below >= m_total && below > 0)
            return step == 0 ? 0 : (edgeOf(step - 1) + edgeOf(step)) / 2;
    }
    return 0;
}

double SizeCounts::edgeAbove(double size) const
{
    return edgeOf(stepOf(size));
}

Index SizeCounts::above(double edge) const
{
    const std::size_t first = std::min(stepOf(edge) + 1, m_counts.size());
    return std::accumulate(m_counts.begin() + static_cast<std::ptrdiff_t>(first), m_counts.end(), Index{0});
}

} // namespace nmf::ui
