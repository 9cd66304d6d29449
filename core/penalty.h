#pragma once

namespace nmf
{

/// Terms of the objective on one factor U. Smoothness: ½Σ(u_ia − u_ja)² over neighbouring rows i, j and all components;
/// overlap: Σ_{a<b} u_aᵀu_b.
struct Penalty
{
    double l1 = 0, l2 = 0, overlap = 0, smoothness = 0;

    bool none() const { return *this == Penalty{}; }
    /// That of L1 and L2.
    double price(double sum, double squaredNorm) const { return l1 * sum + l2 * squaredNorm / 2; }
    bool operator==(const Penalty&) const = default;
};

/// A penalty as scikit-learn takes it: strength and share of L1, scaled by the length of the other side (for W the
/// number of columns of V, for H the number of its rows), so that the balance of fit and penalty does not depend on the
/// size of the data.
inline Penalty elasticNet(double alpha, double l1Ratio, double otherLength)
{
    // A share of nothing is nothing of any strength.
    return {l1Ratio == 0 ? 0 : otherLength * alpha * l1Ratio, l1Ratio == 1 ? 0 : otherLength * alpha * (1 - l1Ratio)};
}

} // namespace nmf
