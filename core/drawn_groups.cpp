#include "core/drawn_groups.h"

#include <utility>

namespace nmf
{

std::vector<int> drawnGroups(Index count, int groups, const RandomNumbers& random)
{
    std::vector<int> result(static_cast<std::size_t>(count));
    for (std::size_t i = 0; i < result.size(); ++i)
        result[i] = static_cast<int>(i % static_cast<std::size_t>(groups));
    for (std::size_t left = result.size(); left > 1; --left)
        std::swap(result[left - 1], result[random.below(left, left)]);
    return result;
}

} // namespace nmf
