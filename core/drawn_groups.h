#pragma once

#include "core/matrix.h"
#include "core/random_numbers.h"

#include <vector>

namespace nmf
{

/// The group, from 0, of each of `count` lines, drawn at random: as many in each as in the others, or one more.
std::vector<int> drawnGroups(Index count, int groups, const RandomNumbers& random);

} // namespace nmf
