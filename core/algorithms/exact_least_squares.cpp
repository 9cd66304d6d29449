#include "core/algorithms/algorithms.h"
#include "core/algorithms/block_pivoting.h"
#include "core/algorithms/quadratic_pass.h"

#include <memory>

namespace nmf
{

namespace
{

template <class Scalar>
Steps<Scalar> makeExact(const Values&, const Work<Scalar>& work)
{
    const Index rows = std::max(partition(work.V.rows()).step, partition(work.V.cols()).step);
    const auto solvers =
        std::make_shared<std::vector<BlockPivoting>>(pivotingForEach(work.blocks.threads(), rows, work.factors.rank()));
    return alternateQuadratic<Scalar>(
        work, [solvers](Side, const Matrix<Scalar>& G, Scalar l1, const Eigen::Ref<const Matrix<Scalar>>& C,
                        Eigen::Ref<Matrix<Scalar>> U,
                        int thread) { (*solvers)[static_cast<std::size_t>(thread)](G, l1, C, U); });
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
            .serves = servesConvexGram,
            .make = {makeExact<float>, makeExact<double>}};
}

} // namespace nmf
