#include "core/algorithms/algorithms.h"
#include "core/algorithms/divergence_pass.h"
#include "core/algorithms/kl_descent.h"
#include "core/algorithms/momentum.h"
#include "core/algorithms/quadratic_lead.h"
#include "core/algorithms/trace_bound.h"
#include "core/algorithms/weighted_kl.h"
#include "core/algorithms/weighted_momentum.h"
#include "core/error.h"

#include <memory>

namespace nmf
{

namespace
{

Facts descentFacts()
{
    return {.id = "klcd",
            .name = "Coordinate descent (Kullback-Leibler)",
            .summary = "Moves one entry after another by a guarded Newton step. For data with many zeros.",
            .source = "Hsieh & Dhillon 2011; Hien & Gillis 2021",
            .parameters = {{.id = "step",
                            .name = "Step",
                            .help = "0: one that never passes the best value; for comparison as published, 1: two "
                                    "steps of Newton's, after which the objective may rise; 2: one of them, damped.",
                            .initial = 0,
                            .minimum = 0,
                            .maximum = 2,
                            .whole = true}}};
}

KlStep stepOf(const Values& values)
{
    constexpr KlStep steps[] = {KlStep::TwoSided, KlStep::Newton, KlStep::Damped};
    return steps[static_cast<int>(valueOf(descentFacts(), values, "step"))];
}

/// The walk that tells the fit, beside the descent.
template <class Scalar>
class MeasuredDescent
{
public:
    explicit MeasuredDescent(const Work<Scalar>& work, KlStep step = KlStep::TwoSided)
        : m_work(work), m_descent(work, step), m_pass(work, false)
    {
    }

    void move(Side side, Factors<Scalar>& factors)
    {
        if (side == Side::Basis)
            m_descent.move(side, factors.Ht, factors.W);
        else
            m_descent.move(side, factors.W, factors.Ht);
    }

    const Fit& fit(const Factors<Scalar>& factors)
    {
        m_pass.run(factors.W, factors.Ht, {.fit = true});
        return m_pass.fit();
    }

    /// The sum of the model should be that of the data.
    double bestScale() const
    {
        const SolverData<Scalar>& V = m_work.V;
        return V.mean() * static_cast<double>(V.rows()) * static_cast<double>(V.cols()) / sumOfModel(m_work.factors);
    }

    const Work<Scalar>& work() const { return m_work; }

private:
    Work<Scalar> m_work;
    KlDescent<Scalar> m_descent;
    DivergencePass<Scalar> m_pass;
};

/// H, then W, each by one pass of coordinate descent.
template <class Scalar>
class PlainDescent
{
public:
    PlainDescent(const Work<Scalar>& work, KlStep step) : m_descent(work, step), m_factors(work.factors)
    {
        scaleDownToBound(m_factors, work.together.traceBound);
    }

    void move(Side side)
    {
        m_descent.move(side, m_factors);
        m_fitKnown = false;
    }

    Fit fit()
    {
        if (!m_fitKnown)
            m_fit = m_descent.fit(m_factors);
        m_fitKnown = true;
        return m_fit;
    }

    double bestScale() const { return m_descent.bestScale(); }

private:
    MeasuredDescent<Scalar> m_descent;
    Factors<Scalar>& m_factors;
    Fit m_fit;
    bool m_fitKnown = false;
};

/// The same from factors that go on as they moved before. When the fit is worse than the best so far, that pair comes
/// back and the momentum is gone. The run's factors are the best pair, but between the halves. The first iterations are
/// those of a lead, as long as it gains ground.
template <class Scalar>
class ExtrapolatedDescent
{
public:
    explicit ExtrapolatedDescent(const Work<Scalar>& work)
        : m_descent(work), m_at(work.factors), m_previous(work.factors), m_best(work.factors),
          m_bestFit(m_descent.fit(m_at))
    {
        if (isLed(work))
            m_lead = std::make_unique<QuadraticLead<Scalar>>(work);
    }

    void moveCoefficients()
    {
        m_between = true;
        if (m_lead) {
            m_lead->moveCoefficients();
            m_lead->copyTo(shown());
            return;
        }
        m_boldness = m_momentum.next();
        m_descent.move(Side::Coefficients, m_at);
        moveOn(m_at.Ht, m_previous.Ht, m_boldness, m_descent.work().blocks);
        shown() = m_at;
    }

    void moveBasis()
    {
        m_between = false;
        if (m_lead) {
            followLead();
            return;
        }
        m_descent.move(Side::Basis, m_at);
        moveOn(m_at.W, m_previous.W, m_boldness, m_descent.work().blocks);
        const Fit fit = m_descent.fit(m_at);
        if (fit.objective <= m_bestFit.objective) {
            m_best = m_at;
            m_bestFit = fit;
        } else {
            m_at = m_best;
            m_previous = m_best;
            m_momentum.lose();
        }
        shown() = m_best;
    }

    Fit fit() { return m_between ? m_descent.fit(shown()) : m_bestFit; }
    double bestScale() const { return m_descent.bestScale(); }

private:
    /// What an iteration of the lead must take away of the objective for another one to be made.
    static constexpr double leadShare = 0.03;

    /// Where a pass takes its time, and nothing is asked of the factors, of which the lead knows nothing; small
    /// problems are over at once, and sooner see the less likely minima. Of a sparse V the lead would take more memory
    /// than the rest.
    static bool isLed(const Work<Scalar>& work)
    {
        constexpr double least = 1e6;
        const double pass = static_cast<double>(work.V.entries()) * static_cast<double>(work.factors.rank());
        return !work.V.isSparse() && pass >= least && work.onW.none() && work.onH.none() && work.lockW.none() &&
               work.lockH.none();
    }

    void followLead()
    {
        m_lead->moveBasis();
        m_lead->copyTo(m_at);
        const Fit fit = m_descent.fit(m_at);
        const bool gains = fit.objective < (1 - leadShare) * m_bestFit.objective;
        if (fit.objective <= m_bestFit.objective) {
            m_best = m_at;
            m_bestFit = fit;
        }
        shown() = m_best;
        if (gains)
            return;
        m_lead.reset();
        m_at = m_best;
        m_previous = m_best;
    }

    Factors<Scalar>& shown() { return m_descent.work().factors; }

    MeasuredDescent<Scalar> m_descent;
    Factors<Scalar> m_at, m_previous, m_best;
    Fit m_bestFit;
    Momentum m_momentum;
    std::unique_ptr<QuadraticLead<Scalar>> m_lead; ///< null once it is over
    double m_boldness = 0;
    bool m_between = false;
};

template <class Scalar>
Steps<Scalar> makePlain(const Values& values, const Work<Scalar>& work)
{
    if (work.known && valueOf(descentFacts(), values, "step") != 0)
        throw Error("Coordinate descent for the Kullback-Leibler loss has one kind of step where entries are unknown, "
                    "weighted or held out: leave \"step\" at 0 then.");
    if (work.known)
        return descendWeighted(work);
    const auto descent = std::make_shared<PlainDescent<Scalar>>(work, stepOf(values));
    return {.coefficients = [descent] { descent->move(Side::Coefficients); },
            .basis = [descent] { descent->move(Side::Basis); },
            .fit = [descent] { return descent->fit(); },
            .bestScale = [descent] { return descent->bestScale(); }};
}

template <class Scalar>
Steps<Scalar> makeExtrapolated(const Values&, const Work<Scalar>& work)
{
    if (work.known)
        return addMomentum(work, descendWeighted(work));
    const auto descent = std::make_shared<ExtrapolatedDescent<Scalar>>(work);
    return {.coefficients = [descent] { descent->moveCoefficients(); },
            .basis = [descent] { descent->moveBasis(); },
            .fit = [descent] { return descent->fit(); },
            .bestScale = [descent] { return descent->bestScale(); }};
}

bool servesCoordinates(const Divergence&, Demand demand, bool)
{
    return demand == Demand::L1 || demand == Demand::L2 || demand == Demand::LockedParts ||
           demand == Demand::LockedEntries;
}

} // namespace

Algorithm extrapolatedKlCoordinateDescent()
{
    return {.facts = {.id = "klcdx",
                      .name = "Extrapolated coordinate descent (Kullback-Leibler)",
                      .summary =
                          "Coordinate descent that looks ahead and turns back when that was too bold; what is shown "
                          "is the best so far. On large dense data its first iterations go by the squared error.",
                      .source = "Hsieh & Dhillon 2011; Hien & Gillis 2021; Ang & Gillis 2019"},
            .monotone = true,
            .refuses = unlessKullbackLeibler,
            .serves = servesCoordinates,
            .servesWeights = true,
            .servesKnownZeros = true,
            .make = {makeExtrapolated<float>, makeExtrapolated<double>},
            .nature = "it moves one entry after another and looks ahead along both factors"};
}

Algorithm klCoordinateDescent()
{
    return {.facts = descentFacts(),
            .monotone = true,
            .refuses = unlessKullbackLeibler,
            .serves =
                [](const Divergence& divergence, Demand demand, bool weighted) {
                    return servesCoordinates(divergence, demand, weighted) || demand == Demand::UpperBound ||
                           (!weighted && demand == Demand::TraceBound);
                },
            .servesWeights = true,
            .servesKnownZeros = true,
            .make = {makePlain<float>, makePlain<double>},
            .nature = "it moves one entry after another, each row by itself"};
}

} // namespace nmf
