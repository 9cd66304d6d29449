#include "core/measures/kkt.h"

#include "core/gradient.h"
#include "core/losses/losses.h"

#include <algorithm>
#include <cmath>

namespace nmf
{

namespace
{

/// Entries up to this share of a factor's natural size are zeros: multiplicative rules keep them off zero itself.
constexpr double zeroShare = 1e-14;

void balanceNorms(Factors<double>& factors)
{
    for (Index a = 0; a < factors.rank(); ++a) {
        const double w = factors.W.col(a).norm(), h = factors.Ht.col(a).norm();
        if (!(w > 0 && h > 0))
            continue;
        const double scale = std::sqrt(h / w);
        factors.W.col(a) *= scale;
        factors.Ht.col(a) /= scale;
    }
}

template <class Scalar>
double squaredResidual(const Gradient<Scalar>& gradient, Side side, const Matrix<double>& U, const Penalty& penalty,
                       double zero, Blocks& blocks)
{
    const Partition strips{U.rows(), gradient.width(side)};
    std::vector<double> sums(static_cast<std::size_t>(strips.count()), 0.0);
    blocks.run(strips.count(), [&](Index strip, int) {
        const Index first = strips.first(strip), count = strips.size(strip);
        const auto rows = U.middleRows(first, count).array();
        Eigen::ArrayXXd slope = gradient(side, first, count).array() + penalty.l1 + penalty.l2 * rows;
        slope = (rows > zero).select(slope, slope.min(0.0));
        sums[static_cast<std::size_t>(strip)] = slope.square().sum();
    });
    double total = 0;
    for (const double sum : sums)
        total += sum;
    return total;
}

template <class Scalar>
double residualOf(const Dataset& dataset, const Options& options, const Factors<double>& given)
{
    Blocks blocks(options.threads);
    const SolverData<Scalar> V(dataset.V, blocks);
    if (!(V.squaredNorm() > 0))
        return 0;
    const Divergence divergence = find(losses(), options.loss.id)->make(options.loss.values);
    // As in Run: a penalty that weighs against the fit of the divided data as the given one does.
    const auto scaled = [&](const Penalty& penalty) {
        return Penalty{penalty.l1 == 0 ? 0 : penalty.l1 * std::pow(V.scale(), 0.5 - divergence.beta),
                       penalty.l2 == 0 ? 0 : penalty.l2 * std::pow(V.scale(), 1 - divergence.beta)};
    };
    Factors<double> factors{given.W / V.factorScale(), given.Ht / V.factorScale()};
    if (options.onW.none() && options.onH.none())
        balanceNorms(factors);
    const Gradient<Scalar> gradient(V, factors, divergence);
    const double zero = zeroShare * std::sqrt(V.mean() / static_cast<double>(std::max<Index>(options.rank, 1)));
    const double squared = squaredResidual(gradient, Side::Basis, factors.W, scaled(options.onW), zero, blocks) +
                           squaredResidual(gradient, Side::Coefficients, factors.Ht, scaled(options.onH), zero, blocks);
    return std::sqrt(squared) / (divergence.quadratic() ? std::pow(V.squaredNorm(), 0.75) : 1.0);
}

} // namespace

double kktResidual(const Dataset& dataset, const Options& options, const Factors<double>& factors)
{
    return dataset.V.isSingle() ? residualOf<float>(dataset, options, factors)
                                : residualOf<double>(dataset, options, factors);
}

} // namespace nmf
