#include "core/algorithms/algorithms.h"
#include "core/algorithms/block_pivoting.h"
#include "core/algorithms/boldness.h"
#include "core/algorithms/constrained_hals.h"
#include "core/algorithms/hals_sweep.h"
#include "core/algorithms/quadratic_pass.h"
#include "core/algorithms/weighted_extrapolation.h"
#include "core/algorithms/weighted_hals.h"

#include <algorithm>
#include <limits>
#include <memory>

namespace nmf
{

namespace
{

Facts halsFacts()
{
    return {.id = "ehals",
            .name = "Extrapolated HALS",
            .summary = "Accelerated HALS that looks ahead and turns back when that was too bold. The fastest here; "
                       "what is shown is the best so far.",
            .source = "Ang & Gillis 2019",
            .parameters = {{.id = "sweeps",
                            .name = "Sweeps",
                            .help = "Over a factor for each product with the data, at most; 0: as many as cost about "
                                    "as much as the product.",
                            .initial = 0,
                            .minimum = 0,
                            .maximum = 1000,
                            .whole = true}}};
}

template <class Scalar>
void copyRows(const Matrix<Scalar>& from, Index first, Index count, Matrix<Scalar>& to)
{
    for (Index a = 0; a < to.cols(); ++a)
        std::copy_n(from.col(a).data() + first, count, to.col(a).data() + first);
}

/// bold ← rule(before, now), entry by entry of some rows. In columns as short as these an expression of matrices spends
/// its time on their ends.
template <class Scalar, class GoOn>
void goOn(const Matrix<Scalar>& before, const Matrix<Scalar>& now, Index first, Index count, const GoOn& rule,
          Matrix<Scalar>& bold)
{
    for (Index a = 0; a < bold.cols(); ++a) {
        const Scalar* from = before.col(a).data() + first;
        const Scalar* at = now.col(a).data() + first;
        Scalar* to = bold.col(a).data() + first;
#pragma GCC ivdep
        for (Index i = 0; i < count; ++i)
            to[i] = rule(from[i], at[i]);
    }
}

/// Alternation from extrapolated factors, with a return to the last accepted pair when the error rose. (W, H) of the
/// run are the best feasible pair so far, so the recorded objective never rises.
template <class Scalar>
class ExtrapolatedAlternation
{
public:
    /// So many rows at most are given to the rule at once.
    ExtrapolatedAlternation(const Work<Scalar>& work, BlockRule<Scalar> rule, const Boldness& boldness, Index rows)
        : m_work(work), m_pass(work), m_rule(std::move(rule)), m_stripRows(rows), m_accepted(work.factors),
          m_next(work.factors), m_extrapolated(work.factors), m_G(work.factors.rank(), work.factors.rank()),
          m_boldness(boldness)
    {
        m_pass.measure(Side::Basis, work.factors.W, m_extrapolatedW);
        m_pass.run(
            Side::Coefficients, work.factors.W,
            [this](Index first, const ConstMatrixRef<Scalar>& C, int) { m_next.Ht.middleRows(first, C.rows()) = C; },
            {{&work.factors.Ht, &m_Ht}});
        m_acceptedW = m_extrapolatedW;
        m_best = m_last = quadraticFit(work, work.factors.W, work.factors.Ht, m_Ht.cross, m_acceptedW, m_Ht);
        m_scale = m_Ht.cross / m_acceptedW.gram.cwiseProduct(m_Ht.gram).sum();
    }

    void moveCoefficients()
    {
        const auto beta = static_cast<Scalar>(extrapolating() ? m_boldness.beta : 0);
        setGram(m_work, Side::Coefficients, m_extrapolatedW.gram, m_G);
        m_pass.run(
            Side::Coefficients, *m_startW,
            [&](Index first, const ConstMatrixRef<Scalar>& C, int thread) {
                inStrips(first, C, [&](Index row, const ConstMatrixRef<Scalar>& strip) {
                    copyRows(*m_startHt, row, strip.rows(), m_next.Ht);
                    improve(Side::Coefficients, strip, m_next.Ht.middleRows(row, strip.rows()), thread);
                    goOn(
                        m_accepted.Ht, m_next.Ht, row, strip.rows(),
                        [beta](Scalar before, Scalar now) { return std::max(now + beta * (now - before), Scalar(0)); },
                        m_extrapolated.Ht);
                });
            },
            {{&m_extrapolated.Ht, &m_Ht}}, m_productKnown ? &m_next.Ht : nullptr);
        m_productKnown = false;
        m_between = true;
        // What is shown between the halves; the better pair comes back with the second.
        m_work.factors.Ht.swap(m_extrapolated.Ht);
    }

    void moveBasis()
    {
        if (m_between)
            m_work.factors.Ht.swap(m_extrapolated.Ht);
        m_between = false;
        const auto beta = static_cast<Scalar>(extrapolating() ? m_boldness.beta : 0);
        setGram(m_work, Side::Basis, m_Ht.gram, m_G);
        m_pass.run(Side::Basis, m_extrapolated.Ht,
                   [&](Index first, const ConstMatrixRef<Scalar>& C, int thread) {
                       inStrips(first, C, [&](Index row, const ConstMatrixRef<Scalar>& strip) {
                           copyRows(*m_startW, row, strip.rows(), m_next.W);
                           improve(Side::Basis, strip, m_next.W.middleRows(row, strip.rows()), thread);
                           goOn(
                               m_accepted.W, m_next.W, row, strip.rows(),
                               [beta](Scalar before, Scalar now) { return now + beta * (now - before); },
                               m_extrapolated.W);
                       });
                   },
                   {{&m_next.W, &m_nextW}, {&m_extrapolated.W, &m_extrapolatedW}});
        judge();
    }

    Fit fit() const
    {
        if (!m_between)
            return m_best;
        const double squared = directSquaredResidual(m_work, m_work.factors.W, m_work.factors.Ht);
        return {squared / 2 + price(), squared};
    }

    /// All pairs follow the best one, whose penalties have fallen; those of the last one are taken to have fallen as
    /// much.
    void rescaled(const ColumnScales& scales)
    {
        m_productKnown = false;
        scaleColumns(m_accepted, scales);
        scaleColumns(m_extrapolated, scales);
        m_pass.measure(Side::Basis, m_accepted.W, m_acceptedW);
        m_pass.measure(Side::Basis, *m_startW, m_extrapolatedW);
        const double before = m_best.objective;
        m_best.objective = m_best.squaredResidual / 2 + price();
        m_last.objective += m_best.objective - before;
    }

    double bestScale() const { return m_scale; }

private:
    /// What the terms besides the fit cost for the run's factors.
    double price() const
    {
        if (m_work.onW.none() && m_work.onH.none() && m_work.together.dropout == 0)
            return 0;
        return gramPrice(m_work, sumsOf(m_work.factors.W), sumsOf(m_work.factors.Ht));
    }

    static PassSums sumsOf(const Matrix<Scalar>& U)
    {
        const Matrix<double> wide = U.template cast<double>();
        return {.sum = wide.sum(), .gram = wide.transpose() * wide};
    }

    bool extrapolating() const { return m_refused < Boldness::patience; }

    /// work(row, part of C) for strips of a block of rows: what is read and written of the factors stays in the caches.
    template <class StripWork>
    void inStrips(Index first, const ConstMatrixRef<Scalar>& C, const StripWork& work) const
    {
        for (Index begin = 0; begin < C.rows(); begin += m_stripRows)
            work(first + begin, C.middleRows(begin, std::min(m_stripRows, C.rows() - begin)));
    }

    void improve(Side side, const ConstMatrixRef<Scalar>& C, MatrixRef<Scalar> U, int thread)
    {
        m_rule(side, m_G, static_cast<Scalar>(m_work.penalty(side).l1), C, U, thread);
    }

    /// (next W, extrapolated H) is feasible, and its error is known from the sums at hand.
    void judge()
    {
        const Fit fit = quadraticFit(m_work, m_next.W, m_extrapolated.Ht, m_nextW.cross, m_nextW, m_Ht);
        if (fit.objective > m_last.objective) {
            m_startW = &m_accepted.W;
            m_startHt = &m_accepted.Ht;
            m_extrapolatedW = m_acceptedW;
            m_boldness.cower();
            ++m_refused;
        } else {
            m_startW = &m_extrapolated.W;
            m_startHt = &m_extrapolated.Ht;
            std::swap(m_accepted, m_next);
            std::swap(m_acceptedW, m_nextW);
            m_boldness.dare();
            m_refused = extrapolating() ? 0 : m_refused;
            if (fit.objective < m_best.objective) {
                m_work.factors.W = m_accepted.W;
                m_work.factors.Ht.swap(m_extrapolated.Ht);
                m_startHt = &m_work.factors.Ht;
                m_best = fit;
            }
        }
        m_last = fit;
    }

    Work<Scalar> m_work;
    QuadraticPass<Scalar> m_pass;
    BlockRule<Scalar> m_rule;
    Index m_stripRows;
    Factors<Scalar> m_accepted, m_next, m_extrapolated;
    /// Where the next iteration begins: at what was extrapolated, which may be shown as the best pair, or at what was
    /// accepted.
    const Matrix<Scalar>*m_startW = &m_extrapolated.W, *m_startHt = &m_extrapolated.Ht;
    Matrix<Scalar> m_G;
    PassSums m_acceptedW, m_nextW, m_extrapolatedW, m_Ht;
    Fit m_best, m_last;
    Boldness m_boldness;
    int m_refused = 0;
    double m_scale = 1;
    bool m_between = false;
    bool m_productKnown = true; ///< Vᵀ W of the start lies in the next H
};

template <class Scalar>
Steps<Scalar> extrapolated(const Work<Scalar>& work, BlockRule<Scalar> rule, const Boldness& boldness, Index rows)
{
    const auto steps = std::make_shared<ExtrapolatedAlternation<Scalar>>(work, std::move(rule), boldness, rows);
    return {.coefficients = [steps] { steps->moveCoefficients(); },
            .basis = [steps] { steps->moveBasis(); },
            .fit = [steps] { return steps->fit(); },
            .bestScale = [steps] { return steps->bestScale(); },
            .rescaled = [steps](const ColumnScales& scales) { steps->rescaled(scales); }};
}

template <class Scalar>
Steps<Scalar> makeHals(const Values& values, const Work<Scalar>& work)
{
    const auto asked = static_cast<int>(valueOf(halsFacts(), values, "sweeps"));
    if (work.known)
        return extrapolateWeighted(work, sweepWeighted(work, asked > 0 ? asked : weightedSweeps, 0.1));
    if (isConstrained(work)) {
        const auto sweepsOf = [&](Side side) {
            return asked > 0 ? asked : innerSweeps(work.V, side, work.factors.rank());
        };
        return extrapolateWeighted(
            work, sweepConstrained(work, sweepsOf(Side::Coefficients), sweepsOf(Side::Basis), Scalar(0.1)));
    }
    // A look ahead is worth more the better the factor is that it starts from. On sparse data that came no sooner to a
    // value, and to worse minima.
    const double share = work.V.isSparse() ? 0.5 : 1;
    const auto sweepsOf = [&](Side side) {
        return asked > 0 ? asked : innerSweeps(work.V, side, work.factors.rank(), share);
    };
    const auto sweep = std::make_shared<std::vector<HalsSweep<Scalar>>>(static_cast<std::size_t>(work.blocks.threads()),
                                                                        HalsSweep<Scalar>(work.factors.rank()));
    return extrapolated<Scalar>(
        work,
        [sweep, sweepsW = sweepsOf(Side::Basis), sweepsH = sweepsOf(Side::Coefficients),
         lockedW = work.lockW.components, lockedH = work.lockH.components](Side side, const Matrix<Scalar>& G,
                                                                           Scalar l1, const ConstMatrixRef<Scalar>& C,
                                                                           MatrixRef<Scalar> U, int thread) {
            (*sweep)[static_cast<std::size_t>(thread)](G, l1, C, U, side == Side::Basis ? sweepsW : sweepsH,
                                                       Scalar(0.1), side == Side::Basis ? lockedW : lockedH);
        },
        Boldness(), HalsSweep<Scalar>::tileRows);
}

template <class Scalar>
Steps<Scalar> makeExact(const Values&, const Work<Scalar>& work)
{
    const Index rows = std::max(partition(work.V.rows()).step, partition(work.V.cols()).step);
    const auto solvers =
        std::make_shared<std::vector<BlockPivoting>>(pivotingForEach(work.blocks.threads(), rows, work.factors.rank()));
    return extrapolated<Scalar>(
        work,
        [solvers, lockedW = work.lockW.components,
         lockedH = work.lockH.components](Side side, const Matrix<Scalar>& G, Scalar l1,
                                          const ConstMatrixRef<Scalar>& C, MatrixRef<Scalar> U, int thread) {
            // The search begins at what was extrapolated, which may be negative.
            U = U.cwiseMax(Scalar(0));
            (*solvers)[static_cast<std::size_t>(thread)](G, l1, C, U, side == Side::Basis ? lockedW : lockedH);
        },
        {.growth = 1.1, .ceilingGrowth = 1.05}, rows);
}

} // namespace

Algorithm extrapolatedHals()
{
    return {.facts = halsFacts(),
            .monotone = true,
            .refuses = unlessQuadratic,
            .serves =
                [](const Divergence& divergence, Demand demand, bool weighted) {
                    return servesSweeps(divergence, demand, weighted) ||
                           (!weighted && servedByConstrainedSweeps(demand));
                },
            .servesWeights = true,
            .servesKnownZeros = true,
            .make = {makeHals<float>, makeHals<double>},
            .nature = "it looks ahead along both factors, which leads out of what such a demand allows"};
}

Algorithm extrapolatedExactLeastSquares()
{
    return {.facts = {.id = "ebpp",
                      .name = "Extrapolated least squares (E-ANLS)",
                      .summary = "Exact alternating least squares that looks ahead and turns back when that was too "
                                 "bold; what is shown is the best so far.",
                      .source = "Kim & Park 2011; Ang & Gillis 2019"},
            .monotone = true,
            .refuses = unlessQuadratic,
            .serves =
                [](const Divergence& divergence, Demand demand, bool weighted) {
                    return servesConvexGram(divergence, demand, weighted) || demand == Demand::LockedParts;
                },
            .make = {makeExact<float>, makeExact<double>},
            .nature = "it looks ahead along both factors, which leads out of what such a demand allows"};
}

} // namespace nmf
