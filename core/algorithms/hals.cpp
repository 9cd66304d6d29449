#include "core/algorithms/algorithms.h"
#include "core/algorithms/constrained_hals.h"
#include "core/algorithms/hals_sweep.h"
#include "core/algorithms/quadratic_pass.h"
#include "core/algorithms/trace_bound.h"
#include "core/algorithms/weighted_hals.h"

#include <memory>

namespace nmf
{

namespace
{

template <class Scalar>
Steps<Scalar> sweeping(const Work<Scalar>& work, int sweepsH, int sweepsW, Scalar enough)
{
    if (isConstrained(work))
        return sweepConstrained(work, sweepsH, sweepsW, enough);
    const auto sweep = std::make_shared<std::vector<HalsSweep<Scalar>>>(static_cast<std::size_t>(work.blocks.threads()),
                                                                        HalsSweep<Scalar>(work.factors.rank()));
    const std::vector<Index>&lockedW = work.lockW.components, &lockedH = work.lockH.components;
    const bool bounded = work.together.traceBound > 0;
    // Under a bound on the trace all tiles make all sweeps, so that the trace does not jump with the multiplier.
    const Scalar often = bounded ? 0 : enough;
    const BlockRule<Scalar> rule = [=](Side side, const Matrix<Scalar>& G, Scalar l1,
                                       const Eigen::Ref<const Matrix<Scalar>>& C, Eigen::Ref<Matrix<Scalar>> U,
                                       int thread) {
        (*sweep)[static_cast<std::size_t>(thread)](G, l1, C, U, side == Side::Basis ? sweepsW : sweepsH, often,
                                                   side == Side::Basis ? lockedW : lockedH);
    };
    return bounded ? boundTrace<Scalar>(work, rule) : alternateQuadratic<Scalar>(work, rule);
}

template <class Scalar>
Steps<Scalar> makeHals(const Values&, const Work<Scalar>& work)
{
    if (work.known)
        return sweepWeighted(work, 1, 0);
    return sweeping<Scalar>(work, 1, 1, 0);
}

template <class Scalar>
Steps<Scalar> makeAccelerated(const Values&, const Work<Scalar>& work)
{
    if (work.known)
        return sweepWeighted(work, weightedSweeps, 0.1);
    const Index rank = work.factors.rank();
    return sweeping<Scalar>(work, innerSweeps(work.V, Side::Coefficients, rank), innerSweeps(work.V, Side::Basis, rank),
                            Scalar(0.1));
}

bool servesBoundSweeps(const Divergence& divergence, Demand demand, bool weighted)
{
    // With unknown entries each row has its own Gram matrix: what holds a whole column has no closed form then.
    if (weighted)
        return servesSweeps(divergence, demand, weighted) || demand == Demand::UpperBound || demand == Demand::FixedSum;
    return servesSweeps(divergence, demand, weighted) || demand == Demand::TraceBound ||
           servedByConstrainedSweeps(demand);
}

} // namespace

bool servesSweeps(const Divergence&, Demand demand, bool weighted)
{
    return servedByGram(demand) || demand == Demand::LockedParts ||
           (weighted && (demand == Demand::LockedEntries || demand == Demand::Smoothness));
}

Algorithm hals()
{
    return {.facts = {.id = "hals",
                      .name = "HALS / coordinate descent",
                      .summary = "Sets one component after another to its best value. Fast; scikit-learn's \"cd\".",
                      .source = "Cichocki, Zdunek & Amari 2007"},
            .monotone = true,
            .refuses = unlessQuadratic,
            .serves = servesBoundSweeps,
            .servesWeights = true,
            .servesKnownZeros = true,
            .make = {makeHals<float>, makeHals<double>}};
}

Algorithm acceleratedHals()
{
    return {.facts = {.id = "ahals",
                      .name = "Accelerated HALS",
                      .summary = "Repeats the cheap sweeps of HALS for each costly product with the data.",
                      .source = "Gillis & Glineur 2012"},
            .monotone = true,
            .refuses = unlessQuadratic,
            .serves = servesBoundSweeps,
            .servesWeights = true,
            .servesKnownZeros = true,
            .make = {makeAccelerated<float>, makeAccelerated<double>}};
}

} // namespace nmf
