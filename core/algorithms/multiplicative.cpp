#include "core/algorithms/algorithms.h"
#include "core/algorithms/locked_rows.h"
#include "core/algorithms/multiplicative_divergence.h"
#include "core/algorithms/quadratic_pass.h"
#include "core/algorithms/trace_bound.h"
#include "core/algorithms/variance_matching.h"
#include "core/algorithms/weighted_multiplicative.h"
#include "core/error.h"

#include <memory>

namespace nmf
{

namespace
{

Facts multiplicativeFacts()
{
    return {.id = "mu",
            .name = "Multiplicative updates",
            .summary = "Multiplies every entry by a ratio that is one at the optimum. Slow and steady; serves every "
                       "loss.",
            .source = "Lee & Seung 2001; Févotte & Idier 2011",
            .parameters = {{.id = "repeats",
                            .name = "Repeated updates",
                            .help = "How often a factor is updated for one costly product with the data (Gillis & "
                                    "Glineur 2012); more than once for the Frobenius loss on whole tables only.",
                            .initial = 1,
                            .minimum = 1,
                            .maximum = 100,
                            .whole = true}}};
}

/// The same with the pull towards the variances: the root of B x² − C' x − A = 0 for the ratio x, in the form that does
/// not cancel.
template <class Scalar>
Steps<Scalar> matchVariances(const Work<Scalar>& work, std::shared_ptr<std::vector<Matrix<Scalar>>> denominators,
                             Scalar floor)
{
    const auto matching = varianceMatching(work);
    Factors<Scalar>* const factors = &work.factors;
    factors->W = factors->W.cwiseMax(floor);
    factors->Ht = factors->Ht.cwiseMax(floor);
    return alternateRows<Scalar>(
        work,
        {.move =
             [denominators, floor, matching](Side, const Matrix<Scalar>& G, Scalar l1, Index first,
                                             const ConstMatrixRef<Scalar>& C, MatrixRef<Scalar> U, int thread) {
                 auto D = (*denominators)[static_cast<std::size_t>(thread)].topRows(U.rows());
                 D.noalias() = U * G;
                 const auto pull = matching->above().segment(first, U.rows()).array();
                 const auto push = matching->below().segment(first, U.rows()).array();
                 for (Index a = 0; a < U.cols(); ++a)
                     for (Index row = 0; row < U.rows(); ++row) {
                         const Scalar B = D(row, a), A = pull(row), slope = C(row, a) - l1 - push(row);
                         if (!(B > tiny<Scalar>))
                             continue;
                         const Scalar root = std::sqrt(slope * slope + 4 * B * A);
                         const Scalar ratio = slope > 0 ? (slope + root) / (2 * B) : A > 0 ? 2 * A / (root - slope) : 0;
                         U(row, a) = std::max(U(row, a) * ratio, floor);
                     }
             },
         .begin = [matching,
                   factors](Side side) { matching->begin(side, side == Side::Basis ? factors->W : factors->Ht); },
         .price = [matching, factors] { return matching->price(*factors); }});
}

/// U ← U ∘ (V F) ⊘ (U FᵀF). An entry that reached zero would never move again, so none falls below a floor far under
/// anything that shows (Takahashi & Hibi 2014).
template <class Scalar>
Steps<Scalar> makeMultiplicative(const Values& values, const Work<Scalar>& work)
{
    const auto repeats = static_cast<int>(valueOf(multiplicativeFacts(), values, "repeats"));
    if (repeats > 1 &&
        (work.known || !work.divergence.quadratic() || work.together.matchesVariances() || hasLocks(work)))
        throw Error("Multiplicative updates are repeated for the Frobenius loss on whole tables, without locks and "
                    "variance matching: set repeats to 1, or leave out the rest.");
    if (work.known)
        return multiplyWeighted(work);
    if (!work.divergence.quadratic())
        return multiplyForDivergence(work);
    const Scalar floor = smallestEntry(work);
    const auto denominators =
        std::make_shared<std::vector<Matrix<Scalar>>>(static_cast<std::size_t>(work.blocks.threads()));
    const Index rows = std::max(partition(work.factors.W.rows()).step, partition(work.factors.Ht.rows()).step);
    for (Matrix<Scalar>& denominator : *denominators)
        denominator.resize(rows, work.factors.rank());
    if (work.together.matchesVariances())
        return matchVariances<Scalar>(work, denominators, floor);
    const BlockRule<Scalar> rule = [denominators, floor, repeats](Side, const Matrix<Scalar>& G, Scalar l1,
                                                                  const ConstMatrixRef<Scalar>& C, MatrixRef<Scalar> U,
                                                                  int thread) {
        auto D = (*denominators)[static_cast<std::size_t>(thread)].topRows(U.rows());
        for (int repeat = 0; repeat < repeats; ++repeat) {
            D.noalias() = U * G;
            D.array() += l1;
            // Where the denominator is zero the entry has no influence and stays. What falls below zero, as it may
            // under a bound on the trace, is best at the floor.
            U.array() = (D.array() > tiny<Scalar>)
                            .select(U.array() * C.array() / D.array().max(tiny<Scalar>), U.array())
                            .max(floor);
        }
    };
    if (work.together.traceBound > 0)
        return boundTrace<Scalar>(work, rule);
    Steps<Scalar> steps = alternateQuadratic<Scalar>(work, rule);
    steps.floor = hasLocks(work) ? Scalar(0) : floor;
    return steps;
}

} // namespace

Algorithm multiplicativeUpdates()
{
    return {
        .facts = multiplicativeFacts(),
        .monotone = true,
        .refuses = [](const Divergence&) { return std::string(); },
        // With L2 the usual rule is sure to descend for β ≥ 2 only. For β = 1 there is an exact one; for other β it
        // is tried, which takes looks at all entries.
        .serves =
            [](const Divergence& divergence, Demand demand, bool weighted) {
                if ((!weighted && divergence.quadratic() && servedByGram(demand)) || demand == Demand::LockedParts ||
                    demand == Demand::LockedEntries || (demand == Demand::SoftLocks && !weighted))
                    return true;
                if (demand == Demand::VarianceMatching)
                    return !weighted && (divergence.quadratic() || divergence.kullbackLeibler());
                if (demand == Demand::TraceBound)
                    return !weighted;
                if (demand == Demand::FixedSum || demand == Demand::LargestSum)
                    return !weighted && divergence.kullbackLeibler();
                return demand == Demand::L1 ||
                       (demand == Demand::L2 && (!weighted || divergence.kullbackLeibler() || divergence.beta >= 2));
            },
        .servesWeights = true,
        .servesKnownZeros = true,
        .make = {makeMultiplicative<float>, makeMultiplicative<double>},
        .nature = "its ratios have no form for that which never lets this loss rise"};
}

} // namespace nmf
