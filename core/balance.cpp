#include "core/balance.h"

#include <cmath>

namespace nmf
{

namespace
{

/// The c > 0 that minimises p1 c + ½p2 c² + q1/c + ½q2/c²: where p1 c + p2 c² = q1/c + q2/c². Newton's method for the
/// logarithms of both sides over log c, which are nearly straight lines.
double bestFactor(double p1, double p2, double q1, double q2)
{
    double t = 0;
    for (int round = 0; round < 100; ++round) {
        const double c = std::exp(t);
        const double left = p1 * c + p2 * c * c, right = q1 / c + q2 / (c * c);
        const double slope = 2 + p2 * c * c / left + q2 / (c * c) / right;
        const double step = std::log(left / right) / slope;
        if (!std::isfinite(step))
            return 1;
        t -= step;
        if (std::abs(step) < 1e-15)
            break;
    }
    return std::exp(t);
}

} // namespace

template <class Scalar>
ColumnScales bestBalance(const Factors<Scalar>& factors, const Penalty& onW, const Penalty& onH)
{
    ColumnScales scales{Vector<double>::Ones(factors.rank()), Vector<double>::Ones(factors.rank())};
    for (Index a = 0; a < factors.rank(); ++a) {
        const auto w = factors.W.col(a).template cast<double>();
        const auto h = factors.Ht.col(a).template cast<double>();
        const double p1 = onW.l1 * w.sum(), p2 = onW.l2 * w.squaredNorm();
        const double q1 = onH.l1 * h.sum(), q2 = onH.l2 * h.squaredNorm();
        if (p1 + p2 > 0 && q1 + q2 > 0) {
            scales.onW(a) = bestFactor(p1, p2, q1, q2);
            scales.onH(a) = 1 / scales.onW(a);
        } else {
            scales.onW(a) = scales.onH(a) = 0;
        }
    }
    return scales;
}

template <class Scalar>
void scaleColumns(Factors<Scalar>& factors, const ColumnScales& scales)
{
    factors.W = (factors.W.template cast<double>() * scales.onW.asDiagonal()).template cast<Scalar>();
    factors.Ht = (factors.Ht.template cast<double>() * scales.onH.asDiagonal()).template cast<Scalar>();
}

template ColumnScales bestBalance(const Factors<float>&, const Penalty&, const Penalty&);
template ColumnScales bestBalance(const Factors<double>&, const Penalty&, const Penalty&);
template void scaleColumns(Factors<float>&, const ColumnScales&);
template void scaleColumns(Factors<double>&, const ColumnScales&);

} // namespace nmf
