#pragma once

#include <string>

namespace nmf
{

/// λ1‖U‖₁ + ½λ2‖U‖²F on one factor, part of the objective.
struct Penalty
{
    double l1 = 0, l2 = 0;

    bool none() const { return l1 == 0 && l2 == 0; }
    double price(double sum, double squaredNorm) const { return l1 * sum + l2 * squaredNorm / 2; }
    bool operator==(const Penalty&) const = default;
};

/// A penalty as scikit-learn takes it: strength and share of L1, scaled by the length of the other side (for W the
/// number of columns of V, for H the number of its rows), so that the balance of fit and penalty does not depend on the
/// size of the data.
inline Penalty elasticNet(double alpha, double l1Ratio, double otherLength)
{
    return {otherLength * alpha * l1Ratio, otherLength * alpha * (1 - l1Ratio)};
}

/// Why these penalties have no best solution or are no penalties, as a sentence; empty if all is well.
std::string penaltyFault(const Penalty& onW, const Penalty& onH);

/// " + 0.1‖W‖₁ + ½·0.2‖W‖²F": the terms of one factor; empty without a penalty.
std::string penaltyFormula(const Penalty& penalty, const std::string& factor);

} // namespace nmf
