#pragma once

#include <algorithm>

namespace nmf
{

/// The smallest μ ≥ 0, all but, at which excess(μ) is not above zero, for a function that never rises: 0 if it is not
/// above zero there. Brackets the root from a guess and closes in by false position, the Illinois way, until the excess
/// is within `slack` below zero. The last call of excess() is with what is returned.
template <class Excess>
double smallestMultiplier(const Excess& excess, double guess, double slack)
{
    constexpr int mostRounds = 60, mostGrowths = 200;
    double low = 0, above = excess(0.0);
    if (above <= 0)
        return 0;
    double high = guess > 0 ? guess : 1, below = excess(high);
    for (int growth = 0; below > 0 && growth < mostGrowths; ++growth) {
        low = high;
        above = below;
        below = excess(high *= 4);
    }
    int stays = 0;
    double atHigh = below;
    for (int round = 0; round < mostRounds && atHigh < -slack; ++round) {
        const double share = above / (above - below);
        const double middle = low + (high - low) * std::clamp(share, 0.01, 0.99);
        const double there = excess(middle);
        if (there > 0) {
            low = middle;
            above = there;
            below *= stays < 0 ? 0.5 : 1;
            stays = -1;
        } else {
            high = middle;
            below = atHigh = there;
            above *= stays > 0 ? 0.5 : 1;
            stays = 1;
        }
    }
    excess(high);
    return high;
}

} // namespace nmf
