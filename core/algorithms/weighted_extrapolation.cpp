#include "core/algorithms/weighted_extrapolation.h"

#include "core/algorithms/boldness.h"
#include "core/algorithms/locked_rows.h"

#include <memory>

namespace nmf
{

namespace
{

template <class Scalar>
class WeightedExtrapolation
{
public:
    WeightedExtrapolation(const Work<Scalar>& work, Steps<Scalar> plain)
        : m_work(work), m_factors(work.factors), m_plain(std::move(plain)), m_accepted(work.factors),
          m_bold(work.factors), m_best(work.factors), m_nextHt(work.factors.Ht), m_bestFit(m_plain.fit()),
          m_lastObjective(m_bestFit.objective)
    {
    }

    void moveCoefficients()
    {
        m_best = m_factors;
        m_factors = m_bold;
        tellChanged();
        m_plain.coefficients();
        m_nextHt = m_factors.Ht;
        moveOn(Side::Coefficients, m_factors.Ht, m_nextHt, m_accepted.Ht);
        tellChanged();
        m_between = true;
    }

    void moveBasis()
    {
        m_bold.Ht = m_factors.Ht;
        m_plain.basis();
        m_between = false;
        judge(m_plain.fit());
    }

    Fit fit() const { return m_between ? m_plain.fit() : m_bestFit; }
    double bestScale() const { return m_plain.bestScale(); }

    void rescaled(const ColumnScales& scales)
    {
        scaleColumns(m_accepted, scales);
        scaleColumns(m_bold, scales);
        const double before = m_bestFit.objective;
        m_bestFit = m_plain.fit();
        m_lastObjective += m_bestFit.objective - before;
    }

private:
    bool extrapolating() const { return m_refused < Boldness::patience; }

    void tellChanged()
    {
        if (m_plain.rescaled)
            m_plain.rescaled({});
    }

    /// What is locked does not move, so nothing moves it on; what may move a little stays where it may be.
    void moveOn(Side side, Matrix<Scalar>& bold, const Matrix<Scalar>& next, const Matrix<Scalar>& before) const
    {
        const Constraint& constraint = m_work.constraint(side);
        const bool box = constraint == Constraint{.upper = constraint.upper};
        const bool free = box && (constraint.upper == 0 || m_work.lock(side).none());
        const auto beta = static_cast<Scalar>(free && extrapolating() ? m_boldness.beta : 0);
        bold = (next + beta * (next - before)).cwiseMax(Scalar(0));
        if (free && constraint.upper > 0)
            bold = bold.cwiseMin(static_cast<Scalar>(constraint.upper));
        keepNear<Scalar>(m_work, side, 0, bold);
    }

    /// (next W, extrapolated H) is what the factors are now.
    void judge(const Fit& fit)
    {
        if (fit.objective > m_lastObjective) {
            m_bold = m_accepted;
            m_boldness.cower();
            ++m_refused;
        } else {
            moveOn(Side::Basis, m_bold.W, m_factors.W, m_accepted.W);
            m_accepted.W = m_factors.W;
            m_accepted.Ht.swap(m_nextHt);
            m_boldness.dare();
            m_refused = extrapolating() ? 0 : m_refused;
        }
        m_lastObjective = fit.objective;
        if (fit.objective < m_bestFit.objective)
            m_bestFit = fit;
        else
            m_factors = m_best;
    }

    Work<Scalar> m_work;
    Factors<Scalar>& m_factors;
    Steps<Scalar> m_plain;
    Factors<Scalar> m_accepted, m_bold;
    Factors<Scalar> m_best;  ///< of the run, while something else is shown
    Matrix<Scalar> m_nextHt; ///< before it was moved on; the start's where the first half was another algorithm's
    Fit m_bestFit;
    double m_lastObjective;
    Boldness m_boldness;
    int m_refused = 0;
    bool m_between = false;
};

} // namespace

template <class Scalar>
Steps<Scalar> extrapolateWeighted(const Work<Scalar>& work, Steps<Scalar> plain)
{
    const auto steps = std::make_shared<WeightedExtrapolation<Scalar>>(work, std::move(plain));
    return {.coefficients = [steps] { steps->moveCoefficients(); },
            .basis = [steps] { steps->moveBasis(); },
            .fit = [steps] { return steps->fit(); },
            .bestScale = [steps] { return steps->bestScale(); },
            .rescaled = [steps](const ColumnScales& scales) { steps->rescaled(scales); }};
}

template Steps<float> extrapolateWeighted(const Work<float>&, Steps<float>);
template Steps<double> extrapolateWeighted(const Work<double>&, Steps<double>);

} // namespace nmf
