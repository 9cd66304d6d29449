#include "core/algorithms/algorithms.h"
#include "core/algorithms/hals_sweep.h"
#include "core/algorithms/quadratic_pass.h"

#include <Eigen/Cholesky>
#include <Eigen/Eigenvalues>

#include <cmath>
#include <limits>
#include <memory>

namespace nmf
{

namespace
{

/// A pivot of so many rounding errors is far from none.
constexpr double wellAway = 1e5;

/// U ← [C G⁻¹]₊. Where components all but coincide, the smallest solution: G⁻¹ without its vanishing eigenvalues.
template <class Scalar>
class ProjectedSolution
{
public:
    ProjectedSolution(Index mostRows, Index rank)
        : m_cholesky(rank), m_eigen(rank), m_size(rank), m_G(rank, rank), m_right(mostRows, rank)
    {
    }

    void operator()(const Matrix<Scalar>& G, Scalar l1, const ConstMatrixRef<Scalar>& C, MatrixRef<Scalar> U)
    {
        // A unit diagonal, so that what vanishes does not depend on the sizes of the components.
        m_size = G.diagonal().template cast<double>().cwiseMax(0).cwiseSqrt();
        // What is so small is a component that has died; its inverse could overflow.
        const double unit = static_cast<double>(std::numeric_limits<Scalar>::epsilon());
        m_size = (m_size.array() > unit * std::sqrt(unit)).select(m_size.cwiseInverse(), 0);
        m_G = m_size.asDiagonal() * G.template cast<double>() * m_size.asDiagonal();
        auto right = m_right.topRows(C.rows());
        right = (C.array() - l1).matrix().template cast<double>() * m_size.asDiagonal();
        m_cholesky.compute(m_G);
        if (m_cholesky.info() == Eigen::Success &&
            m_cholesky.matrixLLT().diagonal().array().square().minCoeff() > wellAway * unit)
            solveRegular(right);
        else
            solveSingular(right, unit);
        U = (right * m_size.asDiagonal()).cwiseMax(0).template cast<Scalar>();
    }

private:
    void solveRegular(MatrixRef<double> right) const
    {
        m_cholesky.matrixU().template solveInPlace<Eigen::OnTheRight>(right);
        m_cholesky.matrixL().template solveInPlace<Eigen::OnTheRight>(right);
    }

    /// The decomposition takes memory of its own; it is rare.
    void solveSingular(MatrixRef<double> right, double unit)
    {
        m_eigen.compute(m_G);
        const double least = 32 * unit * std::max(m_eigen.eigenvalues().maxCoeff(), 0.0);
        right = (right * m_eigen.eigenvectors()).eval();
        for (Index a = 0; a < m_G.cols(); ++a)
            right.col(a) *= m_eigen.eigenvalues()(a) > least ? 1 / m_eigen.eigenvalues()(a) : 0;
        right = (right * m_eigen.eigenvectors().transpose()).eval();
    }

    Eigen::LLT<Matrix<double>> m_cholesky;
    Eigen::SelfAdjointEigenSolver<Matrix<double>> m_eigen;
    Vector<double> m_size;
    Matrix<double> m_G, m_right;
};

Facts projectedFacts()
{
    return {.id = "als",
            .name = "Projected least squares (ALS)",
            .summary = "Solves for each factor without the sign condition and sets what is negative to zero. The "
                       "objective may rise, and it need not end at a best point.",
            .source = "Paatero & Tapper 1994; Berry et al. 2007",
            .parameters = {{.id = "hals-after",
                            .name = "HALS after",
                            .help = "After so many iterations HALS takes over, which lets the objective fall to a best "
                                    "point; 0 for never.",
                            .initial = 0,
                            .minimum = 0,
                            .maximum = 1e6,
                            .whole = true}}};
}

template <class Scalar>
Steps<Scalar> makeProjected(const Values& values, const Work<Scalar>& work)
{
    const auto halsAfter = static_cast<Index>(valueOf(projectedFacts(), values, "hals-after"));
    const Index rows = std::max(partition(work.V.rows()).step, partition(work.V.cols()).step);
    const auto solvers = std::make_shared<std::vector<ProjectedSolution<Scalar>>>();
    // In place: a decomposition that has not been computed must not be copied.
    solvers->reserve(static_cast<std::size_t>(work.blocks.threads()));
    for (int thread = 0; thread < work.blocks.threads(); ++thread)
        solvers->emplace_back(rows, work.factors.rank());
    const auto sweeps = std::make_shared<std::vector<HalsSweep<Scalar>>>(
        static_cast<std::size_t>(work.blocks.threads()), HalsSweep<Scalar>(work.factors.rank()));
    const auto halves = std::make_shared<Index>(0);
    return alternateRows<Scalar>(work, {.move =
                                            [=](Side, const Matrix<Scalar>& G, Scalar l1, Index,
                                                const ConstMatrixRef<Scalar>& C, MatrixRef<Scalar> U, int thread) {
                                                if (halsAfter > 0 && *halves > 2 * halsAfter)
                                                    (*sweeps)[static_cast<std::size_t>(thread)](G, l1, C, U, 1);
                                                else
                                                    (*solvers)[static_cast<std::size_t>(thread)](G, l1, C, U);
                                            },
                                        .begin = [halves](Side) { ++*halves; }});
}

} // namespace

Algorithm projectedLeastSquares()
{
    return {.facts = projectedFacts(),
            .monotone = false,
            .refuses = unlessQuadratic,
            .serves = servesConvexGram,
            .make = {makeProjected<float>, makeProjected<double>},
            .nature = "it solves without bounds and cuts off what is negative"};
}

} // namespace nmf
