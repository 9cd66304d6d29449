#include "core/algorithms/multiplicative_divergence.h"

#include "core/algorithms/divergence_pass.h"

#include <cmath>
#include <memory>

namespace nmf
{

namespace
{

/// U ← U ∘ (N ⊘ D)^γ, N and D from a walk over the data. The walk that tells the fit after an iteration is the one that
/// the next half begins with.
template <class Scalar>
class MultiplicativeAlternation
{
public:
    explicit MultiplicativeAlternation(const Work<Scalar>& work)
        : m_work(work), m_pass(work), m_floor(smallestEntry(work)),
          m_exponent(static_cast<Scalar>(work.divergence.exponent())), m_denominators(work.factors.rank())
    {
        work.factors.W = work.factors.W.cwiseMax(m_floor);
        work.factors.Ht = work.factors.Ht.cwiseMax(m_floor);
    }

    void move(Side side)
    {
        if (m_next != side || !m_ready)
            walk(side, false);
        const bool basis = side == Side::Basis;
        const Factors<Scalar>& factors = m_work.factors;
        Matrix<Scalar>& U = basis ? m_work.factors.W : m_work.factors.Ht;
        if (!m_pass.hasDenominators())
            m_denominators =
                (basis ? factors.Ht : factors.W).template cast<double>().colwise().sum().template cast<Scalar>();
        const Partition parts = partition(U.rows());
        m_work.blocks.run(parts.count(), [&](Index part, int) {
            const Index first = parts.first(part), count = parts.size(part);
            for (Index a = 0; a < U.cols(); ++a)
                improve(side, a, first, U.col(a).segment(first, count).array());
        });
        m_ready = m_fitKnown = false;
        m_next = basis ? Side::Coefficients : Side::Basis;
    }

    Fit fit()
    {
        if (!m_fitKnown)
            walk(m_next, true);
        return m_pass.fit();
    }

    double bestScale()
    {
        walk(Side::Coefficients, false);
        return bestScaleOf(m_pass, m_work.factors);
    }

private:
    void walk(Side side, bool withFit)
    {
        const bool basis = side == Side::Basis;
        m_pass.run(m_work.factors.W, m_work.factors.Ht, {.basis = basis, .coefficients = !basis, .fit = withFit});
        m_next = side;
        m_ready = true;
        m_fitKnown = withFit;
    }

    template <class Entries>
    void improve(Side side, Index a, Index first, Entries u) const
    {
        const Penalty& penalty = side == Side::Basis ? m_work.onW : m_work.onH;
        const auto l1 = static_cast<Scalar>(penalty.l1), l2 = static_cast<Scalar>(penalty.l2);
        const auto above = m_pass.numerator(side).col(a).segment(first, u.size()).array();
        if (!m_pass.hasDenominators()) {
            const Scalar below = m_denominators(a) + l1;
            // Without influence on the fit an entry stays.
            if (!(below > tiny<Scalar>))
                return;
            if (l2 > 0)
                u = (2 * u * above / (below + (below * below + 4 * l2 * u * above).sqrt())).max(m_floor);
            else
                u = (u * above / below).max(m_floor);
            return;
        }
        const auto below = m_pass.denominator(side).col(a).segment(first, u.size()).array() + l1 + l2 * u;
        const auto ratio = above / below.max(tiny<Scalar>);
        if (m_exponent == 1)
            u = (u * ratio).max(m_floor);
        else if (m_exponent == Scalar(0.5))
            u = (u * ratio.sqrt()).max(m_floor);
        else
            u = (u * ratio.pow(m_exponent)).max(m_floor);
    }

    Work<Scalar> m_work;
    DivergencePass<Scalar> m_pass;
    Scalar m_floor, m_exponent;
    Vector<Scalar> m_denominators; ///< for β = 1
    Side m_next = Side::Coefficients;
    bool m_ready = false, m_fitKnown = false;
};

} // namespace

template <class Scalar>
Steps<Scalar> multiplyForDivergence(const Work<Scalar>& work)
{
    const auto alternation = std::make_shared<MultiplicativeAlternation<Scalar>>(work);
    return {.coefficients = [alternation] { alternation->move(Side::Coefficients); },
            .basis = [alternation] { alternation->move(Side::Basis); },
            .fit = [alternation] { return alternation->fit(); },
            .bestScale = [alternation] { return alternation->bestScale(); }};
}

template Steps<float> multiplyForDivergence(const Work<float>&);
template Steps<double> multiplyForDivergence(const Work<double>&);

} // namespace nmf
