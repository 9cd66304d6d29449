#pragma once

#include <algorithm>

namespace nmf
{

/// How bold an extrapolation is, and how it learns (Ang & Gillis 2019).
struct Boldness
{
    double growth = 1.01, ceilingGrowth = 1.005;
    double beta = 0.5, previous = 0.5, ceiling = 1;

    void cower()
    {
        ceiling = previous;
        previous = beta;
        beta /= 1.5;
    }

    void dare()
    {
        previous = beta;
        beta = std::min(ceiling, growth * beta);
        ceiling = std::min(1.0, ceilingGrowth * ceiling);
    }

    /// After this many refused steps in a row extrapolation is given up.
    static constexpr int patience = 20;
};

} // namespace nmf
