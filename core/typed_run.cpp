#include "core/typed_run.h"

#include "core/algorithms/algorithms.h"
#include "core/feasible.h"
#include "core/initializers/initializers.h"
#include "core/rank_one.h"
#include "core/revival.h"
#include "core/terms.h"
#include "core/trial_revival.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace nmf
{

namespace
{

/// How often a component is revived.
constexpr int mostRevivals = 3;
/// Halves of components that are to be scaled by less than this are balanced.
constexpr double roundedBalance = 1e-9;

} // namespace

template <class Scalar>
TypedRun<Scalar>::TypedRun(const Dataset& dataset, const Options& options)
    : blocks(options.threads), known(isWeighted(options, dataset) ? std::make_unique<KnownEntries>(dataset, options)
                                                                  : std::unique_ptr<KnownEntries>()),
      V(known ? known->filled(!dataset.V.isSparse()) : dataset.V, blocks),
      gridW(Grid::of(dataset.features, dataset.V.rows())), gridH(Grid::of(dataset.samples, dataset.V.cols()))
{
    if (!known)
        return;
    known->divide(V.scale());
    knownSquaredNorm = known->squaredNorm();
    if (!known->heldOut().empty())
        heldOut.emplace(*known, find(losses(), options.loss.id)->make(options.loss.values), V.scale());
}

template <class Scalar>
void TypedRun<Scalar>::begin(const Options& options, const std::stop_token& stop)
{
    std::optional<Factors<Scalar>> best = bestOne(options, stop);
    isBestComponent = best.has_value();
    factors = isBestComponent ? std::move(*best) : options.start ? given(*options.start) : computed(options, stop);
    zerosOfStart = (factors.W.array() == 0).count() + (factors.Ht.array() == 0).count();
    adopt(options);
    if (isBestComponent)
        return;
    if (options.start) {
        // One that is balanced but for rounding stays as it is given.
        balance(options, roundedBalance);
        return;
    }
    // A start of our own making has its shape from the rule and its size from the data: a wrong size would cost the
    // first iterations, and dwarf the rest of the loss curve.
    const double scale = steps.bestScale();
    if (scale > 0 && std::isfinite(scale)) {
        scaleFree(factors, scale, options.ofW, options.ofH);
        prepare(options);
    }
    balance(options, 0);
}

template <class Scalar>
void TypedRun<Scalar>::beginAt(const Factors<double>& reached, const Options& options)
{
    factors = given(reached);
    prepare(options);
    lastFinite = factors;
}

template <class Scalar>
void TypedRun<Scalar>::balance(const Options& options, double least)
{
    const Divergence divergence = find(losses(), options.loss.id)->make(options.loss.values);
    const Penalty onW = scaled(options.onW, divergence), onH = scaled(options.onH, divergence);
    if (!options.balanced || onW.none() || onH.none() || !leavesScaleFree(options))
        return;
    const ColumnScales scales = bestBalance(factors, onW, onH);
    if (!((scales.onW.array() - 1).abs().maxCoeff() > least))
        return;
    scaleColumns(factors, scales);
    if (steps.rescaled)
        steps.rescaled(scales);
    else
        prepare(options);
}

template <class Scalar>
bool TypedRun<Scalar>::leavesScaleFree(const Options& options)
{
    // Asked during iterations, which ask for no memory: so not by a list of demands.
    return options.lockW.none() && options.lockH.none() &&
           std::all_of(terms().begin(), terms().end(), [&](const Term& term) {
               return term.of(options) == 0 || term.demand == Demand::L1 || term.demand == Demand::L2 ||
                      term.demand == Demand::Dropout || term.demand == Demand::TraceBound;
           });
}

template <class Scalar>
int TypedRun<Scalar>::reviveDead(const Options& options)
{
    if ((!options.balanced && !(options.onW.none() && options.onH.none())) || !leavesScaleFree(options) ||
        options.together.dropout != 0 || options.together.traceBound != 0)
        return 0;
    const Divergence divergence{.beta = beta};
    const Penalty onW = scaled(options.onW, divergence), onH = scaled(options.onH, divergence);
    const bool byTrial = known || beta != 2;
    int revived = 0;
    revivals.resize(static_cast<std::size_t>(factors.rank()), 0);
    for (const Index a : deadComponents(factors, V)) {
        int& times = revivals[static_cast<std::size_t>(a)];
        if (times >= mostRevivals)
            continue;
        const bool lives = byTrial ? reviveByTrial(workOf(options), a) : revive(factors, a, V, onW, onH, blocks);
        // A trial takes several looks at V: one that failed counts too.
        times += lives || byTrial;
        revived += lives;
    }
    if (revived > 0)
        prepare(options);
    return revived;
}

template <class Scalar>
double TypedRun<Scalar>::rounding(double objective) const
{
    constexpr double share = 1e-10, unit = std::numeric_limits<Scalar>::epsilon() / 2;
    const double norm = known ? knownSquaredNorm : V.squaredNorm();
    const double entries =
        known ? static_cast<double>(known->entries()) : static_cast<double>(V.rows()) * static_cast<double>(V.cols());
    // At least Σv^β, which the objective is the small difference of.
    const double size = beta == 2 ? norm : beta > 2 ? std::pow(norm, beta / 2) : entries + norm;
    return std::max(share * objective, 64 * unit * (size + objective));
}

template <class Scalar>
void TypedRun<Scalar>::adopt(const Options& options)
{
    makeFeasible(factors, scaled(options.ofW), scaled(options.ofH), options.lockW, options.lockH, 1 / V.factorScale());
    prepare(options);
}

template <class Scalar>
void TypedRun<Scalar>::prepare(const Options& options)
{
    const Work<Scalar> work = workOf(options);
    beta = work.divergence.beta;
    steps = find(algorithms(), options.algorithm.id)->make.template of<Scalar>()(options.algorithm.values, work);
    zeros.forget();
}

template <class Scalar>
void TypedRun<Scalar>::keepFinite()
{
    // After every iteration, and of small data as long as a good part of it: so on all threads, each of which has its
    // rows at hand.
    const auto copy = [this](const Matrix<Scalar>& from, Matrix<Scalar>& to) {
        to.resize(from.rows(), from.cols());
        const Partition parts = partition(from.rows());
        blocks.run(parts.count(), [&](Index part, int) {
            for (Index a = 0; a < from.cols(); ++a)
                std::copy_n(from.col(a).data() + parts.first(part), parts.size(part),
                            to.col(a).data() + parts.first(part));
        });
    };
    copy(factors.W, lastFinite.W);
    copy(factors.Ht, lastFinite.Ht);
}

template <class Scalar>
void TypedRun<Scalar>::goBackToBest(const Options& options)
{
    factors = heldOut->best();
    prepare(options);
    lastFinite = factors;
}

template <class Scalar>
void TypedRun<Scalar>::takeUp()
{
    factors = ahead->factors;
    lastFinite = std::move(ahead->lastFinite);
    steps = std::move(ahead->steps);
    heldOut.emplace(ahead->watch);
    zeros.forget();
    ahead.reset();
}

template <class Scalar>
Work<Scalar> TypedRun<Scalar>::workOf(const Options& options)
{
    const Divergence divergence = find(losses(), options.loss.id)->make(options.loss.values);
    return {.V = V,
            .factors = factors,
            .blocks = blocks,
            .divergence = divergence,
            .seed = options.seed,
            .onW = scaled(options.onW, divergence),
            .onH = scaled(options.onH, divergence),
            .known = known.get(),
            .ofW = scaled(options.ofW),
            .ofH = scaled(options.ofH),
            .together = scaled(options.together, divergence),
            .lockW = options.lockW,
            .lockH = options.lockH,
            .start = options.start,
            .unit = 1 / V.factorScale(),
            .gridW = gridW,
            .gridH = gridH};
}

template <class Scalar>
void TypedRun<Scalar>::liftZeros(const Options& options)
{
    if (steps.floor > 0 && Zeros<Scalar>::lift(workOf(options), steps.floor))
        prepare(options);
}

template <class Scalar>
Factors<Scalar> TypedRun<Scalar>::given(const Factors<double>& start) const
{
    const double inverse = 1 / V.factorScale();
    return {(start.W * inverse).template cast<Scalar>(), (start.Ht * inverse).template cast<Scalar>()};
}

template <class Scalar>
Factors<Scalar> TypedRun<Scalar>::computed(const Options& options, const std::stop_token& stop)
{
    return find(initializers(), options.initializer.id)
        ->make.template of<Scalar>()(options.initializer.values,
                                     StartRequest<Scalar>{V, options.rank, options.seed, blocks, stop,
                                                          find(losses(), options.loss.id)->make(options.loss.values)});
}

template <class Scalar>
std::optional<Factors<Scalar>> TypedRun<Scalar>::bestOne(const Options& options, const std::stop_token& stop)
{
    const std::vector<Demand> demands = demandsOf(options);
    const bool freely = std::all_of(demands.begin(), demands.end(),
                                    [](Demand demand) { return demand == Demand::L1 || demand == Demand::L2; });
    if (options.rank != 1 || options.start || !options.balanced || known || !freely)
        return {};
    return bestComponent(workOf(options), stop);
}

template <class Scalar>
Penalty TypedRun<Scalar>::scaled(const Penalty& penalty, const Divergence& divergence) const
{
    // A weight of zero stays zero however extreme the scale, and one beyond all data is large enough.
    constexpr double beyond = 1e100;
    const auto weigh = [&](double weight, double exponent) {
        return weight == 0 ? 0 : std::min(weight * std::pow(V.scale(), exponent), beyond);
    };
    return {weigh(penalty.l1, 0.5 - divergence.beta), weigh(penalty.l2, 1 - divergence.beta),
            weigh(penalty.overlap, 1 - divergence.beta), weigh(penalty.smoothness, 1 - divergence.beta)};
}

template <class Scalar>
Constraint TypedRun<Scalar>::scaled(Constraint constraint) const
{
    constraint.upper /= V.factorScale();
    constraint.sum /= V.factorScale();
    constraint.largestSum /= V.factorScale();
    return constraint;
}

template <class Scalar>
JointTerms TypedRun<Scalar>::scaled(JointTerms terms, const Divergence& divergence) const
{
    terms.traceBound /= V.scale();
    if (terms.varianceShares != 0)
        terms.varianceShares *= std::pow(V.scale(), -divergence.beta);
    if (terms.varianceSums != 0)
        terms.varianceSums *= std::pow(V.scale(), 0.5 - divergence.beta);
    return terms;
}

template <class Scalar>
Factors<double> TypedRun<Scalar>::unscaled(const Options& options) const
{
    const double scale = V.factorScale();
    Factors<double> all{factors.W.template cast<double>() * scale, factors.Ht.template cast<double>() * scale};
    if (options.start) {
        restore(all.W, options.start->W, options.lockW);
        restore(all.Ht, options.start->Ht, options.lockH);
    }
    return all;
}

template <class Scalar>
void TypedRun<Scalar>::restore(Matrix<double>& factor, const Matrix<double>& start, const FactorLock& lock)
{
    for (const Index a : lock.components)
        factor.col(a) = start.col(a);
    if (lock.entries)
        factor = lock.entries->select(start, factor);
}

template struct TypedRun<float>;
template struct TypedRun<double>;

} // namespace nmf
