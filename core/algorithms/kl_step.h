#pragma once

#include <algorithm>

namespace nmf
{

/// Slope and curvature of Σ v log y along one coordinate of the model y = F h: g = Σ f v/y, q = Σ f² v/y².
struct Bend
{
    double slope = 0, curvature = 0;
};

/// A step that never passes the minimum along the coordinate, from either side, and is at least Newton's from the left
/// and at least the multiplicative one from the right. With g(t) a sum of c/(b + t): 1/g is concave and t·g(t) is
/// concave, so the roots of their tangents stay on their side.
inline double towardsMinimum(double h, const Bend& bend, double price, double l2, double negligible)
{
    const double g = bend.slope, below = price + l2 * h;
    if (g > below && bend.curvature + l2 > 0) {
        const double ratio = g / below;
        return h + std::max((g - below) / (bend.curvature + l2),
                            ratio * (g - below) / (bend.curvature + l2 * ratio * ratio));
    }
    if (g >= below)
        return h;
    if (h <= negligible)
        return 0;
    const double curved = h * (bend.curvature + l2);
    return h * curved / (curved + (below - g));
}

} // namespace nmf
