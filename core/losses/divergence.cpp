#include "core/losses/divergence.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace nmf
{

double Divergence::operator()(double v, double x) const
{
    if (quadratic())
        return (v - x) * (v - x) / 2;
    if (x == 0 && (beta <= 1 || v == 0))
        return v == 0 && beta > 0 ? 0 : std::numeric_limits<double>::infinity();
    if (x == 0)
        return std::pow(v, beta) / (beta * (beta - 1));
    const double t = (v - x) / x;
    const double scale = std::pow(x, beta);
    // The terms of second order and up: those of lower order cancel.
    if (std::abs(t) < 1e-2) {
        double term = 0.5, sum = 0;
        for (int power = 3; power < 12; ++power) {
            sum += term;
            term *= t * (beta - power + 1) / power;
        }
        return scale * t * t * sum;
    }
    if (kullbackLeibler())
        return v == 0 ? x : v * std::log1p(t) - (v - x);
    const double ratioLog = std::log(v / x);
    if (beta == 0)
        return t - ratioLog;
    // Nothing cancels here, and powers of a small x may vanish.
    if (beta > 1.5 && t > 1e3)
        return (std::pow(v, beta) + (beta - 1) * scale - beta * v * std::pow(x, beta - 1)) / (beta * (beta - 1));
    // Two forms, so that neither limit is divided by what vanishes there.
    if (beta < 0.5)
        return scale * (std::expm1(beta * ratioLog) / beta - t) / (beta - 1);
    return scale * (v == 0 ? 1.0 : (v / x) * std::expm1((beta - 1) * ratioLog) / (beta - 1) - t) / beta;
}

double Divergence::slope(double v, double x) const
{
    if (quadratic())
        return x - v;
    const double model = std::max(x, std::numeric_limits<double>::min());
    return kullbackLeibler() ? 1 - v / model : std::pow(model, beta - 2) * (model - v);
}

} // namespace nmf
