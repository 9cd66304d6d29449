#pragma once

namespace nmf
{

/// The β-divergence D(V|X) = Σ d(v|x) with d(v|x) = (v^β + (β−1)x^β − βvx^(β−1)) / (β(β−1)); ½(v−x)² for β = 2, in the
/// limit v log(v/x) − v + x for β = 1 (Kullback-Leibler) and v/x − log(v/x) − 1 for β = 0 (Itakura-Saito). Scaling
/// both sides by c scales it by c^β.
struct Divergence
{
    double beta = 2;

    bool quadratic() const { return beta == 2; }
    bool kullbackLeibler() const { return beta == 1; }
    /// An entry of V that is zero would be infinitely far from every model.
    bool needsPositiveData() const { return beta <= 0; }
    /// Of the ratio in a multiplicative update, so that the objective never rises (Févotte & Idier 2011).
    double exponent() const { return beta < 1 ? 1 / (2 - beta) : beta > 2 ? 1 / (beta - 1) : 1; }

    /// d(v|x), with all digits where v and x nearly agree.
    double operator()(double v, double x) const;

    /// The derivative by x, x^(β−2)(x − v), x kept off zero where it divides.
    double slope(double v, double x) const;
};

} // namespace nmf
