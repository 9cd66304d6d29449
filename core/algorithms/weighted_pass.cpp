#include "core/algorithms/weighted_pass.h"

#include "core/algorithms/locked_rows.h"
#include "core/algorithms/weighted_fit.h"

#include <memory>

namespace nmf
{

namespace
{

/// Lines at a time: few, for they may be of very different lengths.
constexpr Index linesAtOnce = 8;

template <class Scalar>
class WeightedAlternation
{
public:
    WeightedAlternation(const Work<Scalar>& work, LineRule rule)
        : m_work(work), m_known(*work.known), m_rule(std::move(rule)), m_fit(work),
          m_lines(work.factors.rank(), work.blocks.threads()),
          m_columns{m_known.lines(Side::Coefficients), linesAtOnce}, m_rows{m_known.lines(Side::Basis), linesAtOnce}
    {
        m_held[at(Side::Coefficients)] = heldOf(work.factors.W);
        m_held[at(Side::Basis)] = heldOf(work.factors.Ht);
        for (const Side side : {Side::Coefficients, Side::Basis})
            if (!isSmooth(side) && !(m_work.constraint(side).sum > 0))
                clearUnknown(side);
    }

    void move(Side side)
    {
        hold(side);
        const Partition parts = side == Side::Basis ? m_rows : m_columns;
        // A row depends on its neighbours, and these have the other colour.
        for (Index colour = 0; colour < (isSmooth(side) ? 2 : 1); ++colour)
            m_work.blocks.run(parts.count(), [&](Index part, int thread) {
                for (Index i = parts.first(part); i < parts.first(part) + parts.size(part); ++i)
                    if (!isSmooth(side) || m_work.grid(side).colour(i) == colour)
                        move(side, i, thread);
            });
    }

    Fit fit()
    {
        hold(Side::Coefficients);
        return m_fit.fit(m_held[at(Side::Coefficients)]);
    }

    double bestScale()
    {
        hold(Side::Coefficients);
        return m_fit.bestScale(m_held[at(Side::Coefficients)]);
    }

private:
    static std::size_t at(Side side) { return side == Side::Basis ? 1 : 0; }
    static HeldFactor heldOf(const Matrix<Scalar>& F)
    {
        return {Matrix<double>(F.cols(), F.rows()), Matrix<double>(F.cols(), F.cols()), Vector<double>(F.cols())};
    }
    Matrix<Scalar>& moved(Side side) { return side == Side::Basis ? m_work.factors.W : m_work.factors.Ht; }
    bool isSmooth(Side side) const { return m_work.penalty(side).smoothness > 0; }

    void clearUnknown(Side side)
    {
        Matrix<Scalar>& U = moved(side);
        for (Index i = 0; i < m_known.lines(side); ++i)
            if (m_known.line(side, i).nothingKnown)
                for (Index a = 0; a < U.cols(); ++a)
                    if (!isLocked(m_work.lock(side), i, a))
                        U(i, a) = 0;
    }

    void move(Side side, Index index, int thread)
    {
        const KnownLine line = m_known.line(side, index);
        if (line.nothingKnown && !isSmooth(side))
            return;
        auto u = m_lines.col(thread);
        u = moved(side).row(index).template cast<double>();
        m_rule({side, index, line, m_held[at(side)], thread}, u);
        moved(side).row(index) = u.template cast<Scalar>();
    }

    /// Takes over the factor that is held while that of this side is moved.
    void hold(Side side)
    {
        const Matrix<Scalar>& F = side == Side::Basis ? m_work.factors.Ht : m_work.factors.W;
        HeldFactor& held = m_held[at(side)];
        const Partition parts = partition(F.rows());
        m_work.blocks.run(parts.count(), [&](Index part, int) {
            held.rows.middleCols(parts.first(part), parts.size(part)) =
                F.middleRows(parts.first(part), parts.size(part)).transpose().template cast<double>();
        });
        held.gram.noalias() = held.rows * held.rows.transpose();
        held.sums = held.rows.rowwise().sum();
    }

    Work<Scalar> m_work;
    const KnownEntries& m_known;
    LineRule m_rule;
    WeightedFit<Scalar> m_fit;
    HeldFactor m_held[2];   ///< by the side that is moved
    Matrix<double> m_lines; ///< by thread: a row of the factor that is moved
    Partition m_columns, m_rows;
};

} // namespace

template <class Scalar>
Steps<Scalar> alternateWeighted(const Work<Scalar>& work, LineRule rule)
{
    const auto alternation = std::make_shared<WeightedAlternation<Scalar>>(work, std::move(rule));
    return {.coefficients = [alternation] { alternation->move(Side::Coefficients); },
            .basis = [alternation] { alternation->move(Side::Basis); },
            .fit = [alternation] { return alternation->fit(); },
            .bestScale = [alternation] { return alternation->bestScale(); },
            .rescaled = [](const ColumnScales&) {}};
}

template Steps<float> alternateWeighted(const Work<float>&, LineRule);
template Steps<double> alternateWeighted(const Work<double>&, LineRule);

} // namespace nmf
