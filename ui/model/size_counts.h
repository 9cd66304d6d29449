#pragma once

#include "core/matrix.h"

#include <vector>

namespace nmf::ui
{

/// Counts how often numbers from zero on are how large, in steps of at most a sixty-fourth of the number, whatever
/// their range: a median of as many as do not fit in memory, and how many are larger than a step's edge.
class SizeCounts
{
public:
    void add(double size);

    /// To half a step; 0 of none.
    double median() const;
    /// The first edge between two steps that is not below this size; 0 of 0.
    double edgeAbove(double size) const;
    /// How many are larger than an edge.
    Index above(double edge) const;

private:
    static std::size_t stepOf(double size);
    /// Where a step begins; it ends where the next one does.
    static double edgeOf(std::size_t step);

    std::vector<Index> m_counts;
    Index m_total = 0;
};

} // namespace nmf::ui
