#include "core/algorithms/algorithms.h"
#include "core/algorithms/momentum.h"
#include "core/algorithms/multiplicative_divergence.h"
#include "core/algorithms/published_extrapolation.h"
#include "core/algorithms/weighted_momentum.h"
#include "core/algorithms/weighted_multiplicative.h"
#include "core/error.h"

#include <memory>

namespace nmf
{

namespace
{

Facts extrapolatedFacts()
{
    return {.id = "mue",
            .name = "Extrapolated multiplicative updates",
            .summary = "Multiplicative updates that look ahead and turn back when that was too bold; what is "
                       "shown is the best so far.",
            .source = "Févotte & Idier 2011; Hien, Leplat & Gillis 2024",
            .parameters = {{.id = "published",
                            .name = "As published",
                            .help = "1: only entries that grew look ahead, before the step, and the run turns back at "
                                    "every tenth iteration only; 0: all entries, after it, at every iteration.",
                            .initial = 0,
                            .minimum = 0,
                            .maximum = 1,
                            .whole = true}}};
}

/// Multiplicative updates from factors that go on as they moved before (after Hien, Leplat & Gillis 2024). The walk
/// that the next half needs tells the fit, so that costs nothing. When it is worse than the best so far, that pair
/// comes back and the momentum is gone. The run's factors are the best pair, but between the halves.
template <class Scalar>
class ExtrapolatedMultiplication
{
public:
    explicit ExtrapolatedMultiplication(const Work<Scalar>& work)
        : m_work(work), m_at(work.factors), m_alternation(work, m_at), m_previous(m_at), m_best(m_at),
          m_bestFit(m_alternation.fit())
    {
    }

    void moveCoefficients()
    {
        m_boldness = m_momentum.next();
        m_alternation.move(Side::Coefficients);
        moveOn(m_at.Ht, m_previous.Ht, m_boldness, m_work.blocks);
        m_alternation.forget();
        show(m_at);
        m_between = true;
    }

    void moveBasis()
    {
        m_alternation.move(Side::Basis);
        moveOn(m_at.W, m_previous.W, m_boldness, m_work.blocks);
        m_alternation.forget();
        const Fit fit = m_alternation.fit();
        if (fit.objective <= m_bestFit.objective) {
            m_best.W = m_at.W;
            m_best.Ht = m_at.Ht;
            m_bestFit = fit;
        } else {
            m_at.W = m_previous.W = m_best.W;
            m_at.Ht = m_previous.Ht = m_best.Ht;
            m_momentum.lose();
            m_alternation.forget();
        }
        show(m_best);
        m_between = false;
    }

    Fit fit() { return m_between ? m_alternation.fit() : m_bestFit; }
    double bestScale() { return m_alternation.bestScale(); }

private:
    void show(const Factors<Scalar>& factors)
    {
        m_work.factors.W = factors.W;
        m_work.factors.Ht = factors.Ht;
    }

    Work<Scalar> m_work;
    Factors<Scalar> m_at;
    MultiplicativeAlternation<Scalar> m_alternation;
    Factors<Scalar> m_previous, m_best;
    Fit m_bestFit;
    Momentum m_momentum;
    double m_boldness = 0;
    bool m_between = false;
};

template <class Scalar>
Steps<Scalar> makeExtrapolated(const Values& values, const Work<Scalar>& work)
{
    const bool published = valueOf(extrapolatedFacts(), values, "published") == 1;
    if (work.known && published)
        throw Error("Extrapolated multiplicative updates as published serve whole tables alone: with unknown, weighted "
                    "or held-out entries leave \"published\" at 0.");
    if (work.known)
        return addMomentum(work, multiplyWeighted(work));
    if (published)
        return extrapolateAsPublished(work);
    const auto rule = std::make_shared<ExtrapolatedMultiplication<Scalar>>(work);
    return {.coefficients = [rule] { rule->moveCoefficients(); },
            .basis = [rule] { rule->moveBasis(); },
            .fit = [rule] { return rule->fit(); },
            .bestScale = [rule] { return rule->bestScale(); },
            .floor = smallestEntry(work)};
}

} // namespace

Algorithm extrapolatedMultiplicativeUpdates()
{
    return {.facts = extrapolatedFacts(),
            .monotone = true,
            .refuses =
                [](const Divergence& divergence) {
                    return divergence.quadratic() ? "It needs another loss than Frobenius, for which extrapolated HALS "
                                                    "is faster: choose ehals."
                                                  : std::string();
                },
            .serves =
                [](const Divergence& divergence, Demand demand, bool weighted) {
                    return (demand == Demand::L1 || demand == Demand::L2) &&
                           multiplicativeUpdates().serves(divergence, demand, weighted);
                },
            .servesWeights = true,
            .servesKnownZeros = true,
            .make = {makeExtrapolated<float>, makeExtrapolated<double>},
            .nature = "it looks ahead along both factors, which leads out of what such a demand allows"};
}

} // namespace nmf
