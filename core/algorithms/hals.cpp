#include "core/algorithms/algorithms.h"
#include "core/algorithms/constrained_hals.h"
#include "core/algorithms/hals_sweep.h"
#include "core/algorithms/quadratic_pass.h"
#include "core/algorithms/trace_bound.h"
#include "core/algorithms/weighted_hals.h"
#include "core/error.h"
#include "core/random_numbers.h"

#include <memory>
#include <numeric>

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
    const BlockRule<Scalar> rule = [=](Side side, const Matrix<Scalar>& G, Scalar l1, const ConstMatrixRef<Scalar>& C,
                                       MatrixRef<Scalar> U, int thread) {
        (*sweep)[static_cast<std::size_t>(thread)](G, l1, C, U, side == Side::Basis ? sweepsW : sweepsH, often,
                                                   side == Side::Basis ? lockedW : lockedH);
    };
    return bounded ? boundTrace<Scalar>(work, rule) : alternateQuadratic<Scalar>(work, rule);
}

Facts halsFacts()
{
    return {.id = "hals",
            .name = "HALS / coordinate descent",
            .summary = "Sets one component after another to its best value. Fast; scikit-learn's \"cd\".",
            .source = "Cichocki, Zdunek & Amari 2007",
            .parameters = {{.id = "sweeps",
                            .name = "Sweeps",
                            .help = "How often all components are set for one costly product with the data.",
                            .initial = 1,
                            .minimum = 1,
                            .maximum = 100,
                            .whole = true},
                           {.id = "shuffle",
                            .name = "Shuffled order",
                            .help = "1: the components are set in an order that is drawn anew, from the seed, whenever "
                                    "a factor is moved; 0: in their own.",
                            .initial = 0,
                            .minimum = 0,
                            .maximum = 1,
                            .whole = true}}};
}

/// The components in an order that depends on the seed and on how often one was drawn before.
class ShuffledOrder
{
public:
    ShuffledOrder(Index rank, std::uint64_t seed) : m_order(static_cast<std::size_t>(rank)), m_seed(seed) {}

    void draw()
    {
        std::iota(m_order.begin(), m_order.end(), Index{0});
        const RandomNumbers random(m_seed, 43 + (m_drawn++ << 8));
        for (std::size_t left = m_order.size(); left > 1; --left)
            std::swap(m_order[left - 1], m_order[random.below(left, left)]);
    }
    const std::vector<Index>& order() const { return m_order; }

private:
    std::vector<Index> m_order;
    std::uint64_t m_seed, m_drawn = 0;
};

template <class Scalar>
Steps<Scalar> sweepShuffled(const Work<Scalar>& work, int sweeps)
{
    if (work.known || isConstrained(work) || work.together.traceBound > 0)
        throw Error("HALS shuffles components of whole tables, where penalties and locked parts are all that is asked "
                    "of the factors: set shuffle to 0, or leave out the rest.");
    const auto shuffled = std::make_shared<ShuffledOrder>(work.factors.rank(), work.seed);
    const auto sweep = std::make_shared<std::vector<HalsSweep<Scalar>>>(static_cast<std::size_t>(work.blocks.threads()),
                                                                        HalsSweep<Scalar>(work.factors.rank()));
    return alternateRows<Scalar>(work, {.move =
                                            [=, lockedW = work.lockW.components, lockedH = work.lockH.components](
                                                Side side, const Matrix<Scalar>& G, Scalar l1, Index,
                                                const ConstMatrixRef<Scalar>& C, MatrixRef<Scalar> U, int thread) {
                                                (*sweep)[static_cast<std::size_t>(thread)](
                                                    G, l1, C, U, sweeps, 0, side == Side::Basis ? lockedW : lockedH,
                                                    shuffled->order());
                                            },
                                        .begin = [shuffled](Side) { shuffled->draw(); }});
}

template <class Scalar>
Steps<Scalar> makeHals(const Values& values, const Work<Scalar>& work)
{
    const auto sweeps = static_cast<int>(valueOf(halsFacts(), values, "sweeps"));
    if (valueOf(halsFacts(), values, "shuffle") == 1)
        return sweepShuffled(work, sweeps);
    if (work.known)
        return sweepWeighted(work, sweeps, 0);
    return sweeping<Scalar>(work, sweeps, sweeps, 0);
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
        return servesSweeps(divergence, demand, weighted) || demand == Demand::UpperBound ||
               demand == Demand::FixedSum || demand == Demand::LargestSum;
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
    return {.facts = halsFacts(),
            .monotone = true,
            .refuses = unlessQuadratic,
            .serves = servesBoundSweeps,
            .servesWeights = true,
            .servesKnownZeros = true,
            .make = {makeHals<float>, makeHals<double>},
            .nature = "its sweeps set one component of all rows after the other"};
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
            .make = {makeAccelerated<float>, makeAccelerated<double>},
            .nature = "its sweeps set one component of all rows after the other"};
}

} // namespace nmf
