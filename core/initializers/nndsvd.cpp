#include "core/initializers/initializers.h"
#include "core/initializers/truncated_svd.h"

#include <cmath>

namespace nmf
{

namespace
{

/// Of each singular pair the parts of one sign, u⁺v⁺ᵀ or u⁻v⁻ᵀ, whichever is larger (Boutsidis & Gallopoulos 2008).
Factors<double> fromSvd(const TruncatedSvd& svd)
{
    Factors<double> start{Matrix<double>::Zero(svd.U.rows(), svd.sigma.size()),
                          Matrix<double>::Zero(svd.V.rows(), svd.sigma.size())};
    for (Index a = 0; a < svd.sigma.size(); ++a) {
        const auto part = [](const auto& x, double sign) -> Vector<double> { return (sign * x).cwiseMax(0); };
        if (a == 0) {
            // The leading pair of a non-negative matrix has one sign (Perron and Frobenius).
            start.W.col(a) = std::sqrt(svd.sigma(a)) * svd.U.col(a).cwiseAbs();
            start.Ht.col(a) = std::sqrt(svd.sigma(a)) * svd.V.col(a).cwiseAbs();
            continue;
        }
        const double plus = part(svd.U.col(a), 1).norm() * part(svd.V.col(a), 1).norm();
        const double minus = part(svd.U.col(a), -1).norm() * part(svd.V.col(a), -1).norm();
        const double sign = plus >= minus ? 1 : -1, product = std::max(plus, minus);
        if (!(product > 0))
            continue;
        const Vector<double> u = part(svd.U.col(a), sign), v = part(svd.V.col(a), sign);
        start.W.col(a) = std::sqrt(svd.sigma(a) * product) / u.norm() * u;
        start.Ht.col(a) = std::sqrt(svd.sigma(a) * product) / v.norm() * v;
    }
    return start;
}

/// `filling` is told the side and the place of a zero.
template <class Scalar, class Filling>
Factors<Scalar> makeNndsvd(const StartRequest<Scalar>& request, const Filling& filling)
{
    Factors<double> start = fromSvd(truncatedSvd(request.V, request.rank, request.blocks, request.stop));
    const auto fill = [&](Matrix<double>& U, Side side) {
        for (Index a = 0; a < U.cols(); ++a)
            for (Index i = 0; i < U.rows(); ++i)
                // scikit-learn's bound for "zero".
                if (U(i, a) < 1e-6)
                    U(i, a) = filling(side, i, a);
    };
    fill(start.W, Side::Basis);
    fill(start.Ht, Side::Coefficients);
    // There are no more singular vectors than min(m, n).
    return padded(request, start);
}

template <class Scalar>
Factors<Scalar> plain(const Values&, const StartRequest<Scalar>& request)
{
    return makeNndsvd(request, [](Side, Index, Index) { return 0.0; });
}

template <class Scalar>
Factors<Scalar> averaged(const Values&, const StartRequest<Scalar>& request)
{
    return makeNndsvd(request, [mean = request.V.mean()](Side, Index, Index) { return mean; });
}

Facts randomisedFacts()
{
    return {.id = "nndsvdar",
            .name = "NNDSVDar",
            .summary = "From the singular vectors, zeros filled with small random numbers from the seed.",
            .source = "Boutsidis & Gallopoulos 2008",
            .parameters = {lawParameter()}};
}

template <class Scalar>
Factors<Scalar> randomised(const Values& values, const StartRequest<Scalar>& request)
{
    const RandomNumbers randomW(request.seed, 3), randomH(request.seed, 4);
    const Law law = lawOf(randomisedFacts(), values);
    return makeNndsvd(request, [&, mean = request.V.mean()](Side side, Index i, Index a) {
        const RandomNumbers& random = side == Side::Basis ? randomW : randomH;
        return mean / 100 * drawn(law, random, static_cast<std::uint64_t>(a) << 40 | static_cast<std::uint64_t>(i));
    });
}

} // namespace

Initializer nndsvd()
{
    return {.facts = {.id = "nndsvd",
                      .name = "NNDSVD",
                      .summary = "From the singular vectors; the same every time. Its zeros are slow to move under "
                                 "multiplicative updates.",
                      .source = "Boutsidis & Gallopoulos 2008"},
            .usesSeed = false,
            .endsAtTheSmallerSide = true,
            .make = {plain<float>, plain<double>}};
}

Initializer nndsvda()
{
    return {.facts = {.id = "nndsvda",
                      .name = "NNDSVDa",
                      .summary = "From the singular vectors, zeros filled with the data's mean; the same every time.",
                      .source = "Boutsidis & Gallopoulos 2008"},
            .usesSeed = false,
            .endsAtTheSmallerSide = true,
            .make = {averaged<float>, averaged<double>}};
}

Initializer nndsvdar()
{
    return {.facts = randomisedFacts(),
            .usesSeed = true,
            .endsAtTheSmallerSide = true,
            .make = {randomised<float>, randomised<double>}};
}

} // namespace nmf
