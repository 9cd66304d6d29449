#include "core/algorithms/weighted_momentum.h"

#include "core/algorithms/momentum.h"

#include <memory>

namespace nmf
{

namespace
{

template <class Scalar>
class WeightedMomentum
{
public:
    WeightedMomentum(const Work<Scalar>& work, Steps<Scalar> plain)
        : m_factors(work.factors), m_blocks(work.blocks), m_plain(std::move(plain)), m_previous(work.factors),
          m_best(work.factors), m_bestFit(m_plain.fit())
    {
    }

    void moveCoefficients()
    {
        m_boldness = m_momentum.next();
        m_plain.coefficients();
        moveOn(m_factors.Ht, m_previous.Ht, m_boldness, m_blocks);
        m_between = true;
    }

    void moveBasis()
    {
        m_plain.basis();
        moveOn(m_factors.W, m_previous.W, m_boldness, m_blocks);
        const Fit fit = m_plain.fit();
        if (fit.objective <= m_bestFit.objective) {
            m_best = m_factors;
            m_bestFit = fit;
        } else {
            m_factors = m_previous = m_best;
            m_momentum.lose();
        }
        m_between = false;
    }

    Fit fit() const { return m_between ? m_plain.fit() : m_bestFit; }
    double bestScale() const { return m_plain.bestScale(); }

private:
    Factors<Scalar>& m_factors; ///< of the run
    Blocks& m_blocks;
    Steps<Scalar> m_plain;
    Factors<Scalar> m_previous, m_best;
    Fit m_bestFit;
    Momentum m_momentum;
    double m_boldness = 0;
    bool m_between = false;
};

} // namespace

template <class Scalar>
Steps<Scalar> addMomentum(const Work<Scalar>& work, Steps<Scalar> plain)
{
    const Scalar floor = plain.floor;
    const auto steps = std::make_shared<WeightedMomentum<Scalar>>(work, std::move(plain));
    return {.coefficients = [steps] { steps->moveCoefficients(); },
            .basis = [steps] { steps->moveBasis(); },
            .fit = [steps] { return steps->fit(); },
            .bestScale = [steps] { return steps->bestScale(); },
            .floor = floor};
}

template Steps<float> addMomentum(const Work<float>&, Steps<float>);
template Steps<double> addMomentum(const Work<double>&, Steps<double>);

} // namespace nmf
