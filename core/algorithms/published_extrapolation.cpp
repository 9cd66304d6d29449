#include "core/algorithms/published_extrapolation.h"

#include "core/algorithms/divergence_pass.h"
#include "core/algorithms/momentum.h"
#include "core/algorithms/multiplicative_divergence.h"

#include <algorithm>
#include <memory>

namespace nmf
{

namespace
{

template <class Scalar>
class PublishedExtrapolation
{
public:
    explicit PublishedExtrapolation(const Work<Scalar>& work)
        : m_work(work), m_at(work.factors), m_alternation(work, m_at), m_fit(work, false), m_previous(m_at),
          m_best(m_at), m_bestFit(fitNow()), m_lookedAt(m_bestFit.objective)
    {
    }

    void moveCoefficients()
    {
        m_boldness = m_momentum.next();
        move(Side::Coefficients, m_at.Ht, m_previous.Ht);
        show(m_at);
        m_between = true;
    }

    void moveBasis()
    {
        move(Side::Basis, m_at.W, m_previous.W);
        const Fit fit = fitNow();
        if (fit.objective <= m_bestFit.objective) {
            m_best.W = m_at.W;
            m_best.Ht = m_at.Ht;
            m_bestFit = fit;
        }
        if (++m_iterations % lookInterval == 0) {
            if (fit.objective > m_lookedAt)
                turnBack();
            m_lookedAt = m_bestFit.objective;
        }
        show(m_best);
        m_between = false;
    }

    Fit fit() { return m_between ? fitNow() : m_bestFit; }
    double bestScale() { return m_alternation.bestScale(); }

private:
    static constexpr int lookInterval = 10;

    void move(Side side, Matrix<Scalar>& U, Matrix<Scalar>& before)
    {
        const auto bold = static_cast<Scalar>(m_boldness);
        const Partition parts = partition(U.rows());
        m_work.blocks.run(parts.count(), [&](Index part, int) {
            for (Index a = 0; a < U.cols(); ++a) {
                Scalar* now = U.col(a).data() + parts.first(part);
                Scalar* old = before.col(a).data() + parts.first(part);
                for (Index i = 0; i < parts.size(part); ++i) {
                    const Scalar here = now[i];
                    now[i] = here + bold * std::max(here - old[i], Scalar(0));
                    old[i] = here;
                }
            }
        });
        m_alternation.forget();
        m_alternation.move(side);
    }

    const Fit& fitNow()
    {
        m_fit.run(m_at.W, m_at.Ht, {.fit = true});
        return m_fit.fit();
    }

    void turnBack()
    {
        m_at.W = m_previous.W = m_best.W;
        m_at.Ht = m_previous.Ht = m_best.Ht;
        m_momentum.lose();
    }

    void show(const Factors<Scalar>& factors)
    {
        m_work.factors.W = factors.W;
        m_work.factors.Ht = factors.Ht;
    }

    Work<Scalar> m_work;
    Factors<Scalar> m_at;
    MultiplicativeAlternation<Scalar> m_alternation;
    DivergencePass<Scalar> m_fit;
    Factors<Scalar> m_previous, m_best;
    Fit m_bestFit;
    double m_lookedAt; ///< the best objective at the last look
    Momentum m_momentum;
    double m_boldness = 0;
    int m_iterations = 0;
    bool m_between = false;
};

} // namespace

template <class Scalar>
Steps<Scalar> extrapolateAsPublished(const Work<Scalar>& work)
{
    const auto rule = std::make_shared<PublishedExtrapolation<Scalar>>(work);
    return {.coefficients = [rule] { rule->moveCoefficients(); },
            .basis = [rule] { rule->moveBasis(); },
            .fit = [rule] { return rule->fit(); },
            .bestScale = [rule] { return rule->bestScale(); },
            .floor = smallestEntry(work)};
}

template Steps<float> extrapolateAsPublished(const Work<float>&);
template Steps<double> extrapolateAsPublished(const Work<double>&);

} // namespace nmf
