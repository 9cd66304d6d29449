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

template <class Scalar>
Factors<Scalar> makeNndsvd(const StartRequest<Scalar>& request, double filling)
{
    Factors<double> start = fromSvd(truncatedSvd(request.V, request.rank, request.blocks, request.stop));
    // scikit-learn's bound for "zero".
    const auto fill = [&](double x) { return x < 1e-6 ? filling : x; };
    start.W = start.W.unaryExpr(fill).eval();
    start.Ht = start.Ht.unaryExpr(fill).eval();
    const Index known = start.rank();
    if (known == request.rank)
        return {start.W.template cast<Scalar>(), start.Ht.template cast<Scalar>()};
    // There are no more singular vectors than min(m, n): the rest begins small and random.
    Factors<Scalar> whole = randomFactors(request);
    whole.W *= static_cast<Scalar>(0.01);
    whole.Ht *= static_cast<Scalar>(0.01);
    whole.W.leftCols(known) = start.W.template cast<Scalar>();
    whole.Ht.leftCols(known) = start.Ht.template cast<Scalar>();
    return whole;
}

template <class Scalar>
Factors<Scalar> plain(const Values&, const StartRequest<Scalar>& request)
{
    return makeNndsvd(request, 0);
}

template <class Scalar>
Factors<Scalar> averaged(const Values&, const StartRequest<Scalar>& request)
{
    return makeNndsvd(request, request.V.mean());
}

} // namespace

Initializer nndsvd()
{
    return {
        .facts =
            {.id = "nndsvd",
             .name = "NNDSVD",
             .summary =
                 "From the singular vectors; the same every time. Its zeros never move under multiplicative updates.",
             .source = "Boutsidis & Gallopoulos 2008"},
        .usesSeed = false,
        .make = {plain<float>, plain<double>}};
}

Initializer nndsvda()
{
    return {.facts = {.id = "nndsvda",
                      .name = "NNDSVDa",
                      .summary = "From the singular vectors, zeros filled with the data's mean; the same every time.",
                      .source = "Boutsidis & Gallopoulos 2008"},
            .usesSeed = false,
            .make = {averaged<float>, averaged<double>}};
}

} // namespace nmf
