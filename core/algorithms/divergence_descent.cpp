#include "core/algorithms/divergence_descent.h"

#include "core/algorithms/divergence_line.h"
#include "core/algorithms/divergence_pass.h"
#include "core/algorithms/locked_rows.h"
#include "core/algorithms/row_descent.h"
#include "core/algorithms/weighted_pass.h"

#include <memory>

namespace nmf
{

namespace
{

/// Steps that a row makes in each half of an iteration.
constexpr int stepsAtOnce = 4;
/// Lines at a time: few, for those of a sparse V may be of very different lengths.
constexpr Index linesAtOnce = 8;

template <class Scalar>
class DivergenceDescent
{
public:
    explicit DivergenceDescent(const Work<Scalar>& work)
        : m_work(work), m_pass(work), m_matching(varianceMatching(work)),
          // For β > 2 the loss is flat where the model is zero: what came there would never leave. A row that is to
          // match a variance must not begin with a sum of zero. Of few known entries one may come to a model of zero,
          // where for β ≤ 1 the loss is infinite.
          m_floor(work.divergence.beta > 2 || m_matching || (work.known && work.divergence.beta <= 1)
                      ? smallestEntry(work)
                      : Scalar(0)),
          m_rows(static_cast<std::size_t>(work.blocks.threads()),
                 Descent(work, DivergenceLine<Scalar>(work),
                         RowTerms<Scalar>(work, m_matching, static_cast<double>(m_floor)), static_cast<double>(m_floor),
                         stepsAtOnce))
    {
        for (const Side side : {Side::Coefficients, Side::Basis}) {
            m_held[at(side)].rows.resize(work.factors.rank(), work.V.otherRowsOf(side));
            m_held[at(side)].sums.resize(work.factors.rank());
            m_steps[at(side)].assign(static_cast<std::size_t>(work.V.rowsOf(side)), 1.0);
        }
    }

    void move(Side side)
    {
        HeldRows& held = m_held[at(side)];
        const Matrix<Scalar>& F = side == Side::Basis ? m_work.factors.Ht : m_work.factors.W;
        held.rows = F.transpose().template cast<double>();
        for (Index a = 0; a < F.cols(); ++a)
            held.sums(a) = F.col(a).template cast<double>().sum();
        Matrix<Scalar>& U = side == Side::Basis ? m_work.factors.W : m_work.factors.Ht;
        if (m_matching)
            m_matching->begin(side, U);
        forRows(m_work, side, linesAtOnce, [&](Index row, int thread) {
            m_rows[static_cast<std::size_t>(thread)](side, row, held, U,
                                                     m_steps[at(side)][static_cast<std::size_t>(row)]);
        });
        m_fitKnown = false;
    }

    void forget() { m_fitKnown = false; }
    Scalar floor() const { return m_floor; }

    Fit fit()
    {
        if (!m_fitKnown)
            m_pass.run(m_work.factors.W, m_work.factors.Ht, {.fit = true});
        m_fitKnown = true;
        Fit fit = m_pass.fit();
        fit.objective += rowTermsPrice(m_work, m_matching.get());
        return fit;
    }

    double bestScale()
    {
        m_pass.run(m_work.factors.W, m_work.factors.Ht, {.coefficients = true});
        return bestScaleOf(m_pass, m_work.factors);
    }

private:
    using Descent = RowDescent<Scalar, DivergenceLine<Scalar>>;

    static std::size_t at(Side side) { return side == Side::Basis ? 1 : 0; }

    Work<Scalar> m_work;
    DivergencePass<Scalar> m_pass;
    std::shared_ptr<VarianceMatching<Scalar>> m_matching; ///< null if it is not asked for
    Scalar m_floor;
    std::vector<Descent> m_rows;    ///< by thread
    HeldRows m_held[2];             ///< by the side that is moved
    std::vector<double> m_steps[2]; ///< of each row
    bool m_fitKnown = false;
};

} // namespace

template <class Scalar>
Steps<Scalar> descendDivergence(const Work<Scalar>& work)
{
    const auto descent = std::make_shared<DivergenceDescent<Scalar>>(work);
    Steps<Scalar> steps{.coefficients = [descent] { descent->move(Side::Coefficients); },
                        .basis = [descent] { descent->move(Side::Basis); },
                        .fit = [descent] { return descent->fit(); },
                        .bestScale = [descent] { return descent->bestScale(); },
                        .rescaled = [descent](const ColumnScales&) { descent->forget(); },
                        // Terms that are not in the derivative that tells which zeros are to be lifted.
                        .floor = hasLocks(work) || hasRowTerms(work) ? Scalar(0) : descent->floor()};
    if (work.known) {
        // The alternation is there for its fit alone.
        const Steps<Scalar> plain = alternateWeighted<Scalar>(work, {});
        steps.fit = plain.fit;
        steps.bestScale = plain.bestScale;
    }
    return steps;
}

template Steps<float> descendDivergence(const Work<float>&);
template Steps<double> descendDivergence(const Work<double>&);

} // namespace nmf
