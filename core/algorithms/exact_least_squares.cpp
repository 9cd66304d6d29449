#include "core/algorithms/algorithms.h"
#include "core/algorithms/block_pivoting.h"
#include "core/algorithms/quadratic_pass.h"
#include "core/algorithms/trace_bound.h"
#include "core/algorithms/weighted_exact.h"

#include <memory>

namespace nmf
{

namespace
{

template <class Scalar>
Steps<Scalar> makeExact(const Values&, const Work<Scalar>& work)
{
    if (work.known)
        return solveWeighted(work);
    const Index rows = std::max(partition(work.V.rows()).step, partition(work.V.cols()).step);
    const auto solvers =
        std::make_shared<std::vector<BlockPivoting>>(pivotingForEach(work.blocks.threads(), rows, work.factors.rank()));
    const std::vector<Index>&lockedW = work.lockW.components, &lockedH = work.lockH.components;
    const BlockRule<Scalar> rule = [=](Side side, const Matrix<Scalar>& G, Scalar l1, const ConstMatrixRef<Scalar>& C,
                                       MatrixRef<Scalar> U, int thread) {
        (*solvers)[static_cast<std::size_t>(thread)](G, l1, C, U, side == Side::Basis ? lockedW : lockedH);
    };
    return work.together.traceBound > 0 ? boundTrace<Scalar>(work, rule) : alternateQuadratic<Scalar>(work, rule);
}

} // namespace

bool servesConvexGram(const Divergence&, Demand demand, bool)
{
    return demand == Demand::L1 || demand == Demand::L2 || demand == Demand::Dropout;
}

Algorithm exactLeastSquares()
{
    return {.facts = {.id = "bpp",
                      .name = "Exact alternating least squares (ANLS)",
                      .summary =
                          "Sets each factor to the very best for the other one, by block principal pivoting. Few "
                          "iterations, each of them costly when the rank is large.",
                      .source = "Kim & Park 2011"},
            .monotone = true,
            .refuses = unlessQuadratic,
            .serves =
                [](const Divergence& divergence, Demand demand, bool weighted) {
                    return servesConvexGram(divergence, demand, weighted) || demand == Demand::LockedParts ||
                           (!weighted && demand == Demand::TraceBound);
                },
            .servesWeights = true,
            .servesKnownZeros = true,
            .make = {makeExact<float>, makeExact<double>},
            .nature = "it solves each row by itself, as a convex problem of least squares under no other condition "
                      "than the bound at zero"};
}

} // namespace nmf
