#include "core/revival.h"

#include "core/balance.h"

#include <cmath>

namespace nmf
{

namespace
{

/// ‖w_a‖‖h_a‖ up to this share of ‖V‖F is nothing.
constexpr double nothing = 1e-12;
/// A revival must take away this share of ½‖V‖²F at least: less is what rounding has left over.
constexpr double worthwhile = 1e-10;
/// How many multiplications finding the worst column may cost.
constexpr double affordable = 1e11;

template <class Scalar>
Matrix<double> residualColumns(const Factors<Scalar>& factors, const SolverData<Scalar>& V, Index first, Index count)
{
    Matrix<double> R = V.columns(first, count).template cast<double>();
    R.noalias() -=
        factors.W.template cast<double>() * factors.Ht.middleRows(first, count).template cast<double>().transpose();
    return R;
}

template <class Scalar>
Index worstColumn(const Factors<Scalar>& factors, const SolverData<Scalar>& V, Blocks& blocks)
{
    Vector<double> sizes(V.cols());
    const Partition strips{V.cols(), 64};
    blocks.run(strips.count(), [&](Index strip, int) {
        const Index first = strips.first(strip), count = strips.size(strip);
        sizes.segment(first, count) =
            residualColumns(factors, V, first, count).cwiseMax(0).colwise().squaredNorm().transpose();
    });
    Index worst = 0;
    sizes.maxCoeff(&worst);
    return worst;
}

/// Scales the halves of factors against each other so that their penalties are smallest, which is returned.
template <class Scalar>
double leastPrice(Factors<Scalar>& factors, const Penalty& onW, const Penalty& onH)
{
    if (onW.none() || onH.none())
        return 0;
    scaleColumns(factors, bestBalance(factors, onW, onH));
    const auto price = [](const Penalty& penalty, const Matrix<Scalar>& U) {
        return penalty.price(U.template cast<double>().sum(), U.template cast<double>().squaredNorm());
    };
    return price(onW, factors.W) + price(onH, factors.Ht);
}

} // namespace

template <class Scalar>
std::vector<Index> deadComponents(const Factors<Scalar>& factors, const SolverData<Scalar>& V)
{
    std::vector<Index> dead;
    const double limit = nothing * std::sqrt(V.squaredNorm());
    for (Index a = 0; a < factors.rank(); ++a)
        if (factors.W.col(a).template cast<double>().norm() * factors.Ht.col(a).template cast<double>().norm() <= limit)
            dead.push_back(a);
    return dead;
}

template <class Scalar>
bool revive(Factors<Scalar>& factors, Index component, const SolverData<Scalar>& V, const Penalty& onW,
            const Penalty& onH, Blocks& blocks)
{
    if (static_cast<double>(V.rows()) * static_cast<double>(V.cols()) * static_cast<double>(factors.rank()) >
        affordable)
        return false;
    // What is left of the component has no part in WH: the residual is that without it.
    Matrix<Scalar> w =
        residualColumns(factors, V, worstColumn(factors, V, blocks), 1).cwiseMax(0).template cast<Scalar>();
    const double size = w.template cast<double>().norm();
    if (!(size > 0))
        return false;
    w /= static_cast<Scalar>(size);
    Matrix<Scalar> h(V.cols(), 1);
    const Partition parts = partition(h.rows());
    blocks.run(parts.count(), [&](Index block, int) {
        V.multiply(Side::Coefficients, w, parts.first(block), h.middleRows(parts.first(block), parts.size(block)));
    });
    const Matrix<Scalar> overlap = factors.W.transpose() * w;
    h = (h - factors.Ht * overlap).cwiseMax(Scalar(0)).eval();
    const double gain = h.template cast<double>().squaredNorm();
    // Equal sizes of both halves.
    const double root = std::sqrt(std::sqrt(gain));
    Factors<Scalar> born{w * static_cast<Scalar>(root), h * static_cast<Scalar>(1 / root)};
    if (!(gain - 2 * leastPrice(born, onW, onH) > worthwhile * V.squaredNorm()))
        return false;
    factors.W.col(component) = born.W;
    factors.Ht.col(component) = born.Ht;
    return true;
}

template std::vector<Index> deadComponents(const Factors<float>&, const SolverData<float>&);
template std::vector<Index> deadComponents(const Factors<double>&, const SolverData<double>&);
template bool revive(Factors<float>&, Index, const SolverData<float>&, const Penalty&, const Penalty&, Blocks&);
template bool revive(Factors<double>&, Index, const SolverData<double>&, const Penalty&, const Penalty&, Blocks&);

} // namespace nmf
