#include "core/algorithms/algorithms.h"
#include "core/algorithms/divergence_descent.h"
#include "core/algorithms/quadratic_descent.h"
#include "core/algorithms/quadratic_pass.h"
#include "core/algorithms/row_terms.h"

#include <memory>

namespace nmf
{

namespace
{

/// How many steps a block makes at most for one product with V, and how far its projected gradient shall fall at first
/// and each time that this is not far enough to move it.
constexpr int mostSteps = 20;
constexpr double enough = 0.1;
/// The share of the fall that the slope promises which a step must keep (Armijo), and how steps grow and shrink.
constexpr double promised = 0.01;
constexpr int mostTrials = 20;
constexpr int growth = 10;

/// What a block of rows remembers from one call to the next: its step, and the projected gradient that is small enough
/// (Lin 2007). Zero: nothing yet.
template <class Scalar>
struct Search
{
    Scalar step = 0;
    double tolerance = 0;
};

/// Gradient steps U ← [U − α∇]₊ for one block of rows. Whether a step is short enough is told without a new product
/// with the data: the change of a quadratic is known from its slope and curvature.
template <class Scalar>
class GradientSteps
{
public:
    GradientSteps(Index mostRows, Index rank)
        : m_gradient(mostRows, rank), m_move(mostRows, rank), m_bent(mostRows, rank), m_lastMove(mostRows, rank),
          m_lastBent(mostRows, rank)
    {
    }

    /// `first`: where these rows begin in the factor that the lock is of.
    void operator()(const Matrix<Scalar>& G, Scalar l1, const FactorLock& lock, Index first,
                    const ConstMatrixRef<Scalar>& C, MatrixRef<Scalar> U, Search<Scalar>& remembered)
    {
        auto gradient = m_gradient.topRows(U.rows());
        gradient.noalias() = U * G;
        gradient.array() += l1 - C.array();
        hold(lock, first, gradient);
        // A step that is always short enough, since no eigenvalue of G is larger; the search finds longer ones.
        const Scalar bound = G.cwiseAbs().rowwise().sum().maxCoeff();
        if (!(bound > tiny<Scalar>))
            return;
        Scalar& step = remembered.step;
        const double atFirst = projectedNorm(gradient, U);
        if (remembered.tolerance == 0 || atFirst <= remembered.tolerance)
            remembered.tolerance = enough * atFirst;
        for (int made = 0; made < mostSteps; ++made) {
            if (!(step > 0))
                step = 1 / bound;
            if (!search(G, U, step)) {
                step = 0;
                return;
            }
            U += m_lastMove.topRows(U.rows());
            gradient += m_lastBent.topRows(U.rows());
            hold(lock, first, gradient);
            if (projectedNorm(gradient, U) <= remembered.tolerance)
                return;
        }
    }

private:
    /// What is locked has no slope, so that no step moves it.
    static void hold(const FactorLock& lock, Index first, MatrixRef<Scalar> gradient)
    {
        for (const Index a : lock.components)
            gradient.col(a).setZero();
        if (lock.entries)
            gradient = lock.entries->middleRows(first, gradient.rows()).select(Scalar(0), gradient);
    }

    /// The gradient without the components that push against the bound.
    static double projectedNorm(const ConstMatrixRef<Scalar>& gradient, const ConstMatrixRef<Scalar>& U)
    {
        return std::sqrt(static_cast<double>(
            (gradient.array() < 0 || U.array() > 0).select(gradient.array().square(), Scalar(0)).sum()));
    }

    /// The move for this step, and whether the objective falls by what its slope promises.
    bool tryStep(const Matrix<Scalar>& G, const ConstMatrixRef<Scalar>& U, Scalar step)
    {
        const auto gradient = m_gradient.topRows(U.rows());
        auto move = m_move.topRows(U.rows());
        auto bent = m_bent.topRows(U.rows());
        move = (U - step * gradient).cwiseMax(Scalar(0)) - U;
        bent.noalias() = move * G;
        const auto slope = static_cast<double>(gradient.cwiseProduct(move).sum());
        const auto curvature = static_cast<double>(bent.cwiseProduct(move).sum());
        return (1 - promised) * slope + curvature / 2 <= 0;
    }

    void keep(Index rows)
    {
        m_lastMove.topRows(rows) = m_move.topRows(rows);
        m_lastBent.topRows(rows) = m_bent.topRows(rows);
    }

    /// The longest of the steps …, α/10, α, 10α, … that is short enough; false if there is none.
    bool search(const Matrix<Scalar>& G, const ConstMatrixRef<Scalar>& U, Scalar& step)
    {
        bool good = tryStep(G, U, step);
        for (int trial = 0; !good && trial < mostTrials; ++trial)
            good = tryStep(G, U, step /= growth);
        if (!good)
            return false;
        keep(U.rows());
        for (int trial = 0; trial < mostTrials; ++trial) {
            if (!tryStep(G, U, step * growth) || m_move.topRows(U.rows()) == m_lastMove.topRows(U.rows()))
                break;
            step *= growth;
            keep(U.rows());
        }
        return true;
    }

    Matrix<Scalar> m_gradient, m_move, m_bent; ///< ∇, the move d and dG of the step that is tried
    Matrix<Scalar> m_lastMove, m_lastBent;     ///< of the last one that was good
};

template <class Scalar>
Steps<Scalar> makeProjectedGradient(const Values&, const Work<Scalar>& work)
{
    if (work.known || !work.divergence.quadratic())
        return descendDivergence(work);
    if (hasRowTerms(work))
        return descendQuadratic(work);
    const Partition ofW = partition(work.V.rows()), ofH = partition(work.V.cols());
    const Index rows = std::max(ofW.step, ofH.step);
    const auto searches = std::make_shared<std::vector<GradientSteps<Scalar>>>(
        static_cast<std::size_t>(work.blocks.threads()), GradientSteps<Scalar>(rows, work.factors.rank()));
    using Remembered = std::vector<Search<Scalar>>; // of each block
    const auto inW = std::make_shared<Remembered>(static_cast<std::size_t>(ofW.count()));
    const auto inH = std::make_shared<Remembered>(static_cast<std::size_t>(ofH.count()));
    const FactorLock &lockW = work.lockW, &lockH = work.lockH;
    return alternateRows<Scalar>(work, {.move = [=](Side side, const Matrix<Scalar>& G, Scalar l1, Index first,
                                                    const ConstMatrixRef<Scalar>& C, MatrixRef<Scalar> U, int thread) {
                                     const bool basis = side == Side::Basis;
                                     const auto block = static_cast<std::size_t>(first / (basis ? ofW : ofH).step);
                                     (*searches)[static_cast<std::size_t>(thread)](G, l1, basis ? lockW : lockH, first,
                                                                                   C, U, (basis ? *inW : *inH)[block]);
                                 }});
}

} // namespace

Algorithm projectedGradient()
{
    return {.facts = {.id = "pg",
                      .name = "Projected gradient",
                      .summary = "Steps down the gradient, sets what is negative to zero, and finds the length of the "
                                 "step by trial. Plain gradient descent, for every loss.",
                      .source = "Lin 2007"},
            .monotone = true,
            .refuses = [](const Divergence&) { return std::string(); },
            .serves =
                [](const Divergence& divergence, Demand demand, bool weighted) {
                    if (demand == Demand::LockedParts || demand == Demand::LockedEntries)
                        return true;
                    if (!weighted && servedByRowTerms(demand))
                        return true;
                    return divergence.quadratic() && !weighted ? servedByGram(demand)
                                                               : demand == Demand::L1 || demand == Demand::L2;
                },
            .servesWeights = true,
            .make = {makeProjectedGradient<float>, makeProjectedGradient<double>},
            .nature = "it steps along the slope of this loss with L1 and L2 and projects on what is not negative"};
}

} // namespace nmf
