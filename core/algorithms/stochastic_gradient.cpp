#include "core/algorithms/algorithms.h"
#include "core/algorithms/sample_batches.h"
#include "core/algorithms/stochastic_divergence.h"
#include "core/algorithms/stochastic_entries.h"
#include "core/error.h"

#include <cmath>
#include <memory>

namespace nmf
{

namespace
{

/// Steps shrink as 1/(1 + t/t₀)^0.6 with the walks over the data.
constexpr double decayExponent = 0.6;

Facts gradientFacts()
{
    return {.id = "sgd",
            .name = "Stochastic gradient descent",
            .summary = "Steps down the gradient of a few samples at a time, drawn from the seed, with steps that "
                       "shrink; where entries are unknown, of one entry at a time. The objective may rise.",
            .source = "Robbins & Monro 1951; He et al. 2019",
            .parameters = {batchParameter(),
                           {.id = "step",
                            .name = "Step",
                            .help = "The first step, as a share of the longest one that is sure to descend.",
                            .initial = 1,
                            .minimum = 1e-4,
                            .maximum = 1.9},
                           {.id = "decay",
                            .name = "Iterations of long steps",
                            .help = "After so many iterations the step has shrunk to two thirds.",
                            .initial = 100,
                            .minimum = 1,
                            .maximum = 1e6},
                           componentDropoutParameter(),
                           entryDropoutParameter()}};
}

/// Both factors by gradient steps, sample batch by sample batch.
template <class Scalar>
class GradientWalk
{
public:
    GradientWalk(const Work<Scalar>& work, const Values& values)
        : m_work(work), m_entryDropout(valueOf(gradientFacts(), values, "entry-dropout")),
          m_batches(work, static_cast<Index>(valueOf(gradientFacts(), values, "batch")), m_entryDropout), m_all(work),
          m_step(valueOf(gradientFacts(), values, "step")), m_decay(valueOf(gradientFacts(), values, "decay")),
          m_dropout(valueOf(gradientFacts(), values, "dropout"))
    {
        const Index rows = std::max<Index>(8, partition(work.V.rows()).step);
        m_slopes.assign(static_cast<std::size_t>(work.blocks.threads()), Matrix<Scalar>(rows, work.factors.rank()));
        m_gramH.resize(work.factors.rank(), work.factors.rank());
        measure();
    }

    void move()
    {
        // What is left of the entries is enlarged, so the curvature may be too.
        const double step = m_step * (1 - m_entryDropout) /
                            std::pow(1 + static_cast<double>(m_batches.walks()) / m_decay, decayExponent);
        m_batches.walk([&](const auto& batch, const Matrix<Scalar>& G, Index first, const auto& C, auto U,
                           int thread) { moveH(step, batch.number, G, first, C, U, thread); },
                       [&](const auto&, const Matrix<Scalar>& G) { m_gramH = G; },
                       [&](const auto& batch, Index, const auto& C, auto U, int thread) {
                           moveW(step, batch.share, C, U, thread);
                       });
        measure();
    }

    /// With nothing left out.
    void finish() { m_all.solveH(); }

    Fit fit() const { return m_all.fit(); }
    double bestScale() const { return m_all.bestScale(); }

private:
    void measure()
    {
        m_all.walk([](Index, const auto&, int) {});
    }

    /// The slope of the fit. With entry dropout C is of the residual already.
    void downhill(const ConstMatrixRef<Scalar>& U, const Matrix<Scalar>& G, const ConstMatrixRef<Scalar>& C,
                  MatrixRef<Scalar> slope) const
    {
        if (m_entryDropout > 0) {
            slope = -C;
            return;
        }
        slope.noalias() = U * G;
        slope -= C;
    }

    /// The step for a quadratic of this curvature; no eigenvalue is above the largest sum of a row.
    static Scalar stepFor(double share, const Matrix<Scalar>& G, double l2)
    {
        const double bound = static_cast<double>(G.cwiseAbs().rowwise().sum().maxCoeff()) + l2;
        return bound > static_cast<double>(tiny<Scalar>) ? static_cast<Scalar>(share / bound) : Scalar(0);
    }

    void moveH(double step, std::uint64_t number, const Matrix<Scalar>& G, Index first, const ConstMatrixRef<Scalar>& C,
               MatrixRef<Scalar> U, int thread)
    {
        const Penalty& penalty = m_work.onH;
        auto seen = m_batches.seenH().middleRows(first, U.rows());
        if (m_dropout > 0)
            dropComponents<Scalar>(m_work.seed, number, first, m_dropout, seen);
        auto slope = m_slopes[static_cast<std::size_t>(thread)].topRows(U.rows());
        downhill(seen, G, C, slope);
        double share = step;
        if (m_dropout > 0) {
            // What a sample does without is not moved; the rest is seen enlarged, so its slope is too.
            const auto scale = static_cast<Scalar>(1 / (1 - m_dropout));
            slope.array() = (seen.array() > 0).select(slope.array() * scale, Scalar(0));
            share = step * (1 - m_dropout) * (1 - m_dropout);
        }
        slope.array() += static_cast<Scalar>(penalty.l1) + static_cast<Scalar>(penalty.l2) * U.array();
        U = (U - stepFor(share, G, penalty.l2) * slope).cwiseMax(Scalar(0));
        // W meets the H that has moved.
        if (m_dropout > 0)
            seen.array() = (seen.array() > 0).select(U.array() * static_cast<Scalar>(1 / (1 - m_dropout)), Scalar(0));
        else
            seen = U;
    }

    void moveW(double step, double share, const ConstMatrixRef<Scalar>& C, MatrixRef<Scalar> U, int thread)
    {
        const double l1 = m_work.onW.l1 * share, l2 = m_work.onW.l2 * share;
        auto slope = m_slopes[static_cast<std::size_t>(thread)].topRows(U.rows());
        downhill(U, m_gramH, C, slope);
        slope.array() += static_cast<Scalar>(l1) + static_cast<Scalar>(l2) * U.array();
        U = (U - stepFor(step, m_gramH, l2) * slope).cwiseMax(Scalar(0));
    }

    Work<Scalar> m_work;
    double m_entryDropout;
    SampleBatches<Scalar> m_batches;
    FitOfAll<Scalar> m_all;
    double m_step, m_decay, m_dropout;
    std::vector<Matrix<Scalar>> m_slopes; ///< by thread
    Matrix<Scalar> m_gramH;
};

template <class Scalar>
Steps<Scalar> makeStochastic(const Values& values, const Work<Scalar>& work)
{
    if (work.known && valueOf(gradientFacts(), values, "dropout") > 0)
        throw Error("Stochastic gradient descent does not leave out components where entries are unknown or weighted: "
                    "set its dropout to 0, or leave out entries.");
    if (work.known)
        return walkEntries(work, {.step = valueOf(gradientFacts(), values, "step"),
                                  .decay = valueOf(gradientFacts(), values, "decay"),
                                  .dropout = valueOf(gradientFacts(), values, "entry-dropout")});
    if (valueOf(gradientFacts(), values, "dropout") > 0 && valueOf(gradientFacts(), values, "entry-dropout") > 0)
        throw Error("Stochastic gradient descent leaves out components or entries, not both: set the dropout of one of "
                    "them to 0.");
    if (!work.divergence.quadratic() && valueOf(gradientFacts(), values, "dropout") > 0)
        throw Error(
            "Stochastic gradient descent does not leave out components under the Kullback-Leibler loss, which is "
            "infinite where nothing is left: set its dropout to 0, or leave out entries.");
    if (!work.divergence.quadratic())
        return descendForDivergence(work, {.batch = static_cast<Index>(valueOf(gradientFacts(), values, "batch")),
                                           .step = valueOf(gradientFacts(), values, "step"),
                                           .decay = valueOf(gradientFacts(), values, "decay"),
                                           .entryDropout = valueOf(gradientFacts(), values, "entry-dropout")});
    const auto walk = std::make_shared<GradientWalk<Scalar>>(work, values);
    return {.coefficients = {},
            .basis = [walk] { walk->move(); },
            .fit = [walk] { return walk->fit(); },
            .bestScale = [walk] { return walk->bestScale(); },
            .finish = [walk] { walk->finish(); }};
}

} // namespace

Algorithm stochasticGradient()
{
    return {.facts = gradientFacts(),
            .monotone = false,
            .usesSeed = true,
            .refuses = [](const Divergence& divergence) -> std::string {
                if (divergence.quadratic() || divergence.kullbackLeibler())
                    return {};
                return "It needs the Frobenius or the Kullback-Leibler loss: choose one of these or multiplicative "
                       "updates.";
            },
            .servesWeights = true,
            .make = {makeStochastic<float>, makeStochastic<double>},
            .nature = "it meets a few samples at a time"};
}

} // namespace nmf
