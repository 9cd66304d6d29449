#include "core/algorithms/weighted_exact.h"

#include "core/algorithms/block_pivoting.h"
#include "core/algorithms/weighted_equations.h"

#include <memory>

namespace nmf
{

template <class Scalar>
Steps<Scalar> solveWeighted(const Work<Scalar>& work)
{
    const Index rank = work.factors.rank();
    const auto solvers = std::make_shared<std::vector<BlockPivoting>>(pivotingForEach(work.blocks.threads(), 1, rank));
    const auto problems = std::make_shared<std::vector<LineEquations>>(static_cast<std::size_t>(work.blocks.threads()),
                                                                       LineEquations(rank));
    const Penalty onW = work.onW, onH = work.onH;
    const double dropout = work.together.dropout;
    const std::vector<Index>&lockedW = work.lockW.components, &lockedH = work.lockH.components;
    return alternateWeighted(work, [=](const LineStep& step, Eigen::Ref<Vector<double>> u) {
        const bool basis = step.side == Side::Basis;
        const Penalty& penalty = basis ? onW : onH;
        LineEquations& problem = (*problems)[static_cast<std::size_t>(step.thread)];
        problem.state(step.line, step.held);
        problem.addTerms(penalty, dropout);
        BlockPivoting& solver = (*solvers)[static_cast<std::size_t>(step.thread)];
        solver.operator()<double>(problem.G, penalty.l1,
                                  Eigen::Map<const Matrix<double>>(problem.c.data(), 1, u.size()),
                                  Eigen::Map<Matrix<double>>(u.data(), 1, u.size()), basis ? lockedW : lockedH);
    });
}

template Steps<float> solveWeighted(const Work<float>&);
template Steps<double> solveWeighted(const Work<double>&);

} // namespace nmf
