#include "core/measures/kkt.h"

#include "core/gradient.h"
#include "core/losses/losses.h"
#include "core/terms.h"

#include <algorithm>
#include <cmath>
#include <optional>

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

/// Takes out of a slope what leads beyond where a soft lock allows.
void stopAtBounds(const SoftLock& soft, const Vector<double>& start, const Eigen::Ref<const Vector<double>>& u,
                  Index first, Eigen::Ref<Eigen::ArrayXd> slope)
{
    constexpr double slack = 1e-6;
    for (Index i = 0; i < slope.size(); ++i) {
        const double near = start(first + i), reach = soft.share * near, moved = u(first + i) - near;
        if (moved <= -reach * (1 - slack))
            slope(i) = std::min(slope(i), 0.0);
        if (moved >= reach * (1 - slack))
            slope(i) = std::max(slope(i), 0.0);
    }
}

template <class Scalar>
double squaredResidual(const Work<Scalar>& work, const Gradient<Scalar>& gradient, Side side, const Matrix<double>& U,
                       double zero)
{
    const Penalty& penalty = work.penalty(side);
    const FactorLock& lock = work.lock(side);
    const Partition strips{U.rows(), gradient.width(side)};
    std::vector<double> sums(static_cast<std::size_t>(strips.count()), 0.0);
    work.blocks.run(strips.count(), [&](Index strip, int) {
        const Index first = strips.first(strip), count = strips.size(strip);
        const auto rows = U.middleRows(first, count).array();
        Eigen::ArrayXXd slope = gradient(side, first, count).array() + penalty.l1 + penalty.l2 * rows;
        slope = (rows > zero).select(slope, slope.min(0.0));
        // What is locked has nowhere to go.
        for (const Index component : lock.components)
            slope.col(component).setZero();
        if (lock.entries)
            slope = lock.entries->middleRows(first, count).array().select(0.0, slope);
        for (const SoftLock& soft : lock.soft)
            stopAtBounds(soft, (side == Side::Basis ? work.start->W : work.start->Ht).col(soft.component) * work.unit,
                         U.col(soft.component), first, slope.col(soft.component));
        sums[static_cast<std::size_t>(strip)] = slope.square().sum();
    });
    double total = 0;
    for (const double sum : sums)
        total += sum;
    return total;
}

template <class Scalar>
double residualOf(const Work<Scalar>& work, const Factors<double>& factors)
{
    const double norm = work.known ? work.known->squaredNorm() : work.V.squaredNorm();
    if (!(norm > 0))
        return 0;
    const Gradient<Scalar> gradient(work.V, factors, work.divergence, work.known);
    const double zero = zeroShare * std::sqrt(work.V.mean() / static_cast<double>(std::max<Index>(factors.rank(), 1)));
    const double squared = squaredResidual(work, gradient, Side::Basis, factors.W, zero) +
                           squaredResidual(work, gradient, Side::Coefficients, factors.Ht, zero);
    return std::sqrt(squared) / (work.divergence.quadratic() ? std::pow(norm, 0.75) : 1.0);
}

template <class Scalar>
double residualOf(const Dataset& dataset, const Options& options, const Factors<double>& given)
{
    Blocks blocks(options.threads);
    std::optional<KnownEntries> known;
    if (isWeighted(options, dataset))
        known.emplace(dataset, options);
    const SolverData<Scalar> V(known ? known->filled(!dataset.V.isSparse()) : dataset.V, blocks);
    if (known)
        known->divide(V.scale());
    if (!((known ? known->squaredNorm() : V.squaredNorm()) > 0))
        return 0;
    const Divergence divergence = find(losses(), options.loss.id)->make(options.loss.values);
    // As in Run: a penalty that weighs against the fit of the divided data as the given one does.
    const auto scaled = [&](const Penalty& penalty) {
        return Penalty{penalty.l1 == 0 ? 0 : penalty.l1 * std::pow(V.scale(), 0.5 - divergence.beta),
                       penalty.l2 == 0 ? 0 : penalty.l2 * std::pow(V.scale(), 1 - divergence.beta)};
    };
    Factors<double> factors{given.W / V.factorScale(), given.Ht / V.factorScale()};
    const bool locked = !(options.lockW.none() && options.lockH.none());
    if (options.onW.none() && options.onH.none() && !locked)
        balanceNorms(factors);
    Factors<Scalar> unused;
    return residualOf(Work<Scalar>{.V = V,
                                   .factors = unused,
                                   .blocks = blocks,
                                   .divergence = divergence,
                                   .seed = options.seed,
                                   .onW = scaled(options.onW),
                                   .onH = scaled(options.onH),
                                   .known = known ? &*known : nullptr,
                                   .lockW = options.lockW,
                                   .lockH = options.lockH,
                                   .start = options.start,
                                   .unit = 1 / V.factorScale()},
                      factors);
}

} // namespace

bool servesKkt(const Options& options)
{
    const std::vector<Demand> demands = demandsOf(options);
    return std::all_of(demands.begin(), demands.end(), [](Demand demand) {
        return demand == Demand::L1 || demand == Demand::L2 || demand == Demand::LockedParts ||
               demand == Demand::LockedEntries || demand == Demand::SoftLocks;
    });
}

double kktResidual(const Dataset& dataset, const Options& options, const Factors<double>& factors)
{
    return dataset.V.isSingle() ? residualOf<float>(dataset, options, factors)
                                : residualOf<double>(dataset, options, factors);
}

template <class Scalar>
double kktResidual(const Work<Scalar>& work, bool balanced)
{
    Factors<double> factors{work.factors.W.template cast<double>(), work.factors.Ht.template cast<double>()};
    // With locks the scale of the halves is given.
    if (!work.lockW.none() || !work.lockH.none())
        return residualOf(work, factors);
    if (work.onW.none() && work.onH.none())
        balanceNorms(factors);
    else if (balanced && !work.onW.none() && !work.onH.none())
        scaleColumns(factors, bestBalance(factors, work.onW, work.onH));
    return residualOf(work, factors);
}

template double kktResidual(const Work<float>&, bool);
template double kktResidual(const Work<double>&, bool);

} // namespace nmf
