#include "core/algorithms/stochastic_divergence.h"

#include "core/algorithms/divergence_batches.h"
#include "core/algorithms/divergence_pass.h"
#include "core/algorithms/kl_descent.h"

#include <algorithm>
#include <cmath>
#include <memory>

namespace nmf
{

namespace
{

/// Steps shrink as 1/(1 + t/t₀)^0.6 with the walks over the data.
constexpr double decayExponent = 0.6;
/// Over all of H when a run ends.
constexpr int passesAtEnd = 30;

template <class Scalar>
class DivergenceWalk
{
    using Told = typename DivergenceBatches<Scalar>::Told;

public:
    DivergenceWalk(const Work<Scalar>& work, const BatchSteps& how)
        : m_work(work), m_how(how), m_batches(work, how.batch, {.bend = true, .entryDropout = how.entryDropout}),
          m_all(work)
    {
    }

    void move()
    {
        const double step = m_how.step * (1 - m_how.entryDropout) /
                            std::pow(1 + static_cast<double>(m_batches.walks()) / m_how.decay, decayExponent);
        m_batches.walk([&](const SampleBatch&, Index, const Told& told, MatrixRef<Scalar> U,
                           int) { descend(step, 1, m_work.onH, told, U); },
                       [&](const SampleBatch& batch, Index, const Told& told, MatrixRef<Scalar> U, int) {
                           descend(step, batch.share, m_work.onW, told, U);
                       });
        m_fitKnown = false;
    }

    /// With nothing left out.
    void finish()
    {
        KlDescent<Scalar> descent(m_work);
        for (int pass = 0; pass < passesAtEnd; ++pass)
            descent.move(Side::Coefficients, m_work.factors.W, m_work.factors.Ht);
        m_fitKnown = false;
    }

    Fit fit()
    {
        if (!m_fitKnown)
            m_all.run(m_work.factors.W, m_work.factors.Ht, {.fit = true});
        m_fitKnown = true;
        return m_all.fit();
    }

    double bestScale()
    {
        m_all.run(m_work.factors.W, m_work.factors.Ht, {.coefficients = true});
        return bestScaleOf(m_all, m_work.factors);
    }

private:
    static void descend(double step, double share, const Penalty& penalty, const Told& told, MatrixRef<Scalar> U)
    {
        for (Index i = 0; i < U.rows(); ++i) {
            const double bend = static_cast<double>(told.bend.row(i).maxCoeff());
            const double below = static_cast<double>(told.below.row(i).maxCoeff());
            const double largest = static_cast<double>(U.row(i).maxCoeff());
            // The curvature grows on the way down to a smaller model. With the last term no step takes away more than
            // the largest entry, and where there is no data, and no curvature, a row goes to zero.
            const double curvature = bend + penalty.l2 * share + (largest > 0 ? below / largest : below);
            if (!(curvature > static_cast<double>(tiny<Scalar>)))
                continue;
            for (Index a = 0; a < U.cols(); ++a) {
                const double u = static_cast<double>(U(i, a));
                const double slope =
                    static_cast<double>(told.below(i, a) - told.above(i, a)) + share * (penalty.l1 + penalty.l2 * u);
                U(i, a) = static_cast<Scalar>(std::max(0.0, u - step / curvature * slope));
            }
        }
    }

    Work<Scalar> m_work;
    BatchSteps m_how;
    DivergenceBatches<Scalar> m_batches;
    DivergencePass<Scalar> m_all;
    bool m_fitKnown = false;
};

} // namespace

template <class Scalar>
Steps<Scalar> descendForDivergence(const Work<Scalar>& work, const BatchSteps& how)
{
    const auto walk = std::make_shared<DivergenceWalk<Scalar>>(work, how);
    return {.coefficients = {},
            .basis = [walk] { walk->move(); },
            .fit = [walk] { return walk->fit(); },
            .bestScale = [walk] { return walk->bestScale(); },
            .finish = [walk] { walk->finish(); }};
}

template Steps<float> descendForDivergence(const Work<float>&, const BatchSteps&);
template Steps<double> descendForDivergence(const Work<double>&, const BatchSteps&);

} // namespace nmf
