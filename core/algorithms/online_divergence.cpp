#include "core/algorithms/online_divergence.h"

#include "core/algorithms/divergence_batches.h"
#include "core/algorithms/multiplicative_divergence.h"

#include <algorithm>
#include <cmath>
#include <memory>

namespace nmf
{

namespace
{

/// Of all of H when a run ends.
constexpr int updatesAtEnd = 10;

template <class Scalar>
class OnlineMultiplication
{
    using Told = typename DivergenceBatches<Scalar>::Told;

public:
    OnlineMultiplication(const Work<Scalar>& work, const OnlineSteps& how)
        : m_work(work), m_batches(work, how.batch, {.entryDropout = how.entryDropout}), m_all(work, work.factors),
          m_memory(how.memory), m_exponent(static_cast<Scalar>(work.divergence.exponent())),
          m_floor(smallestEntry(work)), m_above(work.V.rows(), work.factors.rank()),
          m_below(work.V.rows(), work.factors.rank())
    {
    }

    void move()
    {
        m_batches.walk(
            [&](const SampleBatch&, Index, const Told& told, MatrixRef<Scalar> U, int) { improveH(told, U); },
            [&](const SampleBatch& batch, Index first, const Told& told, MatrixRef<Scalar> U, int) {
                improveW(batch, first, told, U);
            });
        // All of H by the W that was reached.
        m_all.forget();
        m_all.move(Side::Coefficients);
    }

    /// With nothing left out.
    void finish()
    {
        m_all.forget();
        for (int update = 0; update < updatesAtEnd; ++update)
            m_all.move(Side::Coefficients);
    }

    Fit fit() { return m_all.fit(); }
    double bestScale() { return m_all.bestScale(); }

private:
    /// x^γ, γ being one for every β from 1 to 2.
    static Scalar power(Scalar x, Scalar exponent) { return exponent == 1 ? x : std::pow(x, exponent); }

    /// With the penalties, as often as all samples are in the sum.
    static Scalar withPenalty(Scalar below, Scalar u, const Penalty& penalty, double weight)
    {
        return static_cast<Scalar>(static_cast<double>(below) +
                                   weight * (penalty.l1 + penalty.l2 * static_cast<double>(u)));
    }

    void improveH(const Told& told, MatrixRef<Scalar> U) const
    {
        for (Index a = 0; a < U.cols(); ++a)
            for (Index i = 0; i < U.rows(); ++i) {
                const Scalar below = withPenalty(told.below(i, a), U(i, a), m_work.onH, 1);
                if (below > tiny<Scalar>)
                    U(i, a) = std::max(U(i, a) * power(told.above(i, a) / below, m_exponent), m_floor);
            }
    }

    void improveW(const SampleBatch& batch, Index first, const Told& told, MatrixRef<Scalar> U)
    {
        // Of a memory of nothing 0⁰ would be left.
        const auto kept = static_cast<Scalar>(m_memory > 0 ? std::pow(m_memory, batch.share) : 0.0);
        for (Index a = 0; a < U.cols(); ++a)
            for (Index i = 0; i < U.rows(); ++i) {
                const Scalar below = withPenalty(told.below(i, a), U(i, a), m_work.onW, batch.share);
                const Scalar lifted = power(U(i, a), 1 / m_exponent);
                Scalar& above = m_above(first + i, a);
                Scalar& sum = m_below(first + i, a);
                if (batch.number == 0) {
                    // The start counts as much as the first batch: a feature that this batch lacks is not lost.
                    sum = below;
                    above = lifted * below;
                }
                above = kept * above + lifted * told.above(i, a);
                sum = kept * sum + below;
                if (sum > tiny<Scalar>)
                    U(i, a) = std::max(power(above / sum, m_exponent), m_floor);
            }
    }

    Work<Scalar> m_work;
    DivergenceBatches<Scalar> m_batches;
    MultiplicativeAlternation<Scalar> m_all;
    double m_memory;
    Scalar m_exponent, m_floor;
    Matrix<Scalar> m_above, m_below; ///< sums over what is remembered, of the shape of W
};

} // namespace

template <class Scalar>
Steps<Scalar> onlineForDivergence(const Work<Scalar>& work, const OnlineSteps& how)
{
    const auto walk = std::make_shared<OnlineMultiplication<Scalar>>(work, how);
    return {.coefficients = {},
            .basis = [walk] { walk->move(); },
            .fit = [walk] { return walk->fit(); },
            .bestScale = [walk] { return walk->bestScale(); },
            .finish = [walk] { walk->finish(); },
            .floor = smallestEntry(work)};
}

template Steps<float> onlineForDivergence(const Work<float>&, const OnlineSteps&);
template Steps<double> onlineForDivergence(const Work<double>&, const OnlineSteps&);

} // namespace nmf
