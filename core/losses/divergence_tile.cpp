#include "core/losses/divergence_tile.h"

#include "core/lanes.h"

#include <algorithm>
#include <cmath>

namespace nmf
{

namespace
{

/// How a logarithm is taken apart: r = 2^e f with f from √½ to √2, and log1p(t) = t − t²/2 + t³ q(t) for t = f − 1.
template <class Scalar>
struct LogParts;

template <>
struct LogParts<double>
{
    static constexpr std::uint64_t one = 0x3FF0000000000000, rootHalf = 0x3FE6A09E667F3BCD, magic = 0x4330000000000000;
    static constexpr int mantissa = 52, bias = 1023;
    static constexpr double magicValue = 0x1p52;
    static constexpr double q[] = {0.3333333333333333,  -0.24999999999998596, 0.20000000000003482, -0.16666666667365992,
                                   0.14285714285634818, -0.12499999898432576, 0.11111111008787179, -0.10000006590426393,
                                   0.09090921076038966, -0.08333110642999564, 0.07691741139835176, -0.07146922611081985,
                                   0.06680348247882924, -0.06213325491398715, 0.05706613674459082, -0.05635857394607172,
                                   0.06362025303018654, -0.059591730189431,   0.027053075892336364};
};

template <>
struct LogParts<float>
{
    static constexpr std::uint32_t one = 0x3F800000, rootHalf = 0x3F3504F3, magic = 0x4B000000;
    static constexpr int mantissa = 23, bias = 127;
    static constexpr float magicValue = 0x1p23F;
    static constexpr float q[] = {0.33333331180030046F,  -0.24999996957950882F, 0.200007157488921F,
                                  -0.16667802319501254F, 0.1424905764569748F,   -0.12425687331451106F,
                                  0.1168541992348674F,   -0.11479733846637633F, 0.06971611471451172F};
};

/// d(v|x)/x for Kullback-Leibler and d(v|x) for Itakura-Saito, of r = v/x and t = (v−x)/x, which keeps its digits where
/// r is near one.
template <bool kullbackLeibler, class Scalar>
inline __attribute__((always_inline)) void deviation(const typename Lanes<Scalar>::Type& r,
                                                     const typename Lanes<Scalar>::Type& t,
                                                     typename Lanes<Scalar>::Type& result)
{
    using Vector = typename Lanes<Scalar>::Type;
    using Bits = typename Lanes<Scalar>::Bits;
    using Parts = LogParts<Scalar>;
    const Bits bits = (Bits)r;
    const Bits biased = (bits + (Parts::one - Parts::rootHalf)) >> Parts::mantissa;
    const Bits whole = biased << Parts::mantissa;
    const Vector f = (Vector)(bits - whole + Parts::one);
    const Vector exponent = (Vector)(biased | Parts::magic) - (Parts::magicValue + Scalar(Parts::bias));
    const auto near = biased == Parts::bias;
    const Vector s = near ? t : f - Scalar(1);
    Vector q = s * 0 + Parts::q[std::size(Parts::q) - 1];
    for (int i = static_cast<int>(std::size(Parts::q)) - 2; i >= 0; --i)
        q = q * s + Parts::q[i];
    const Vector square = s * s;
    const Vector logarithm = exponent * Scalar(0.6931471805599453) + (s - square * (Scalar(0.5) - s * q));
    if constexpr (kullbackLeibler)
        result = near ? square * (Scalar(0.5) - Scalar(0.5) * s + s * q * (1 + s)) : r * logarithm - t;
    else
        result = near ? square * (Scalar(0.5) - s * q) : t - logarithm;
}

template <class Scalar>
double total(const typename Lanes<Scalar>::Type& lanes)
{
    double sum = 0;
    for (int lane = 0; lane < Lanes<Scalar>::count; ++lane)
        sum += static_cast<double>(lanes[lane]);
    return sum;
}

/// A whole number of lanes.
template <bool kullbackLeibler, bool withFit, class Scalar>
void walkLanes(const Scalar* v, Scalar* x, Scalar* weights, Index count, Scalar floor, TileFit& fit)
{
    using Vector = typename Lanes<Scalar>::Type;
    const Vector lowest = Vector{} + floor;
    Vector divergence = {}, squared = {};
    for (Index i = 0; i < count; i += Lanes<Scalar>::count) {
        const Vector data = *reinterpret_cast<const Vector*>(v + i);
        auto& place = *reinterpret_cast<Vector*>(x + i);
        const Vector given = place;
        const Vector model = given > lowest ? given : lowest;
        const Vector inverse = 1 / model;
        const Vector ratio = data * inverse;
        if constexpr (withFit) {
            const Vector difference = data - model;
            Vector deviates;
            deviation<kullbackLeibler, Scalar>(ratio, difference * inverse, deviates);
            divergence += kullbackLeibler ? model * deviates : deviates;
            squared += difference * difference;
        }
        if constexpr (kullbackLeibler) {
            place = ratio;
        } else {
            place = ratio * inverse;
            *reinterpret_cast<Vector*>(weights + i) = inverse;
        }
    }
    if constexpr (withFit) {
        fit.divergence += total<Scalar>(divergence);
        fit.squaredResidual += total<Scalar>(squared);
    }
}

template <bool kullbackLeibler, bool withFit, class Scalar>
TileFit walkRatios(const Scalar* v, Scalar* x, Scalar* weights, Index count, Scalar floor)
{
    constexpr Index lanes = Lanes<Scalar>::count;
    // Sums in single precision are kept short.
    constexpr Index stretch = 32 * lanes;
    TileFit fit;
    const Index whole = count / lanes * lanes;
    for (Index first = 0; first < whole; first += stretch)
        walkLanes<kullbackLeibler, withFit, Scalar>(v + first, x + first, weights ? weights + first : nullptr,
                                                    std::min(stretch, whole - first), floor, fit);
    if (whole < count) {
        // The rest, filled up with entries that fit exactly.
        Scalar data[lanes], model[lanes], rest[lanes];
        std::fill(data, data + lanes, Scalar(1));
        std::fill(model, model + lanes, Scalar(1));
        std::copy(v + whole, v + count, data);
        std::copy(x + whole, x + count, model);
        walkLanes<kullbackLeibler, withFit, Scalar>(data, model, rest, lanes, floor, fit);
        std::copy(model, model + (count - whole), x + whole);
        if (weights)
            std::copy(rest, rest + (count - whole), weights + whole);
    }
    return fit;
}

/// d(v|x)/x^β for a β that is not special.
template <class Scalar, class Ratio, class Change>
auto powerDeviation(Scalar beta, const Ratio& r, const Change& t)
{
    using Array = Eigen::Array<Scalar, Eigen::Dynamic, 1, 0, 512, 1>;
    const Array logarithm = r.max(Scalar(1e-37)).log();
    Array far;
    // Two forms, so that neither limit is divided by what vanishes there.
    if (beta < Scalar(0.5))
        far = ((beta * logarithm).expm1() / beta - t) / (beta - 1);
    else
        far = (r * ((beta - 1) * logarithm).expm1() / (beta - 1) - t) / beta;
    Array series = Array::Zero(t.size());
    Scalar factors[10];
    factors[0] = Scalar(0.5);
    for (int power = 3; power < 12; ++power)
        factors[power - 2] = factors[power - 3] * (beta - Scalar(power) + 1) / Scalar(power);
    for (int i = 9; i >= 0; --i)
        series = series * t + factors[i];
    return Array((t.abs() < Scalar(0.02)).select(t * t * series, far));
}

} // namespace

template <class Scalar>
DivergenceTile<Scalar>::DivergenceTile(const Divergence& divergence) : m_divergence(divergence)
{
    // x^(β−2) of it is still a number, and so is (v/x)^β, with room for the data. Models are far above: they are scaled
    // to a mean near one and their factors have floors.
    const double room = std::is_same_v<Scalar, float> ? -30 : -120;
    m_floor = static_cast<Scalar>(std::pow(10.0, room / std::max({3.0, 2 - divergence.beta, divergence.beta})));
}

template <class Scalar>
void DivergenceTile<Scalar>::ratios(const Scalar* v, Scalar* x, Scalar* weights, Index count) const
{
    walk<false>(v, x, weights, count);
}

template <class Scalar>
TileFit DivergenceTile<Scalar>::ratiosAndFit(const Scalar* v, Scalar* x, Scalar* weights, Index count) const
{
    return walk<true>(v, x, weights, count);
}

template <class Scalar>
template <bool withFit>
TileFit DivergenceTile<Scalar>::walk(const Scalar* v, Scalar* x, Scalar* weights, Index count) const
{
    if (m_divergence.kullbackLeibler())
        return walkRatios<true, withFit, Scalar>(v, x, weights, count, m_floor);
    if (m_divergence.beta == 0)
        return walkRatios<false, withFit, Scalar>(v, x, weights, count, m_floor);
    return walkPowers<withFit>(v, x, weights, count);
}

template <class Scalar>
template <bool withFit>
TileFit DivergenceTile<Scalar>::walkPowers(const Scalar* v, Scalar* x, Scalar* weights, Index count) const
{
    using Array = Eigen::Array<Scalar, Eigen::Dynamic, 1, 0, 512, 1>;
    const auto beta = static_cast<Scalar>(m_divergence.beta);
    TileFit fit;
    for (Index first = 0; first < count; first += 512) {
        const Index size = std::min<Index>(512, count - first);
        const Eigen::Map<const Eigen::Array<Scalar, Eigen::Dynamic, 1>> data(v + first, size);
        Eigen::Map<Eigen::Array<Scalar, Eigen::Dynamic, 1>> place(x + first, size), weight(weights + first, size);
        const Array model = place.max(m_floor);
        const Array inverse = model.inverse();
        const Array power = ((beta - 1) * model.log()).exp();
        if constexpr (withFit) {
            const Array difference = data - model, ratio = data * inverse, change = difference * inverse;
            fit.divergence += (model * power * powerDeviation(beta, ratio, change)).template cast<double>().sum();
            fit.squaredResidual += difference.template cast<double>().square().sum();
        }
        place = data * inverse * power;
        weight = power;
    }
    return fit;
}

template class DivergenceTile<float>;
template class DivergenceTile<double>;

} // namespace nmf
