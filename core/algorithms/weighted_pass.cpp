#include "core/algorithms/weighted_pass.h"

#include "core/algorithms/divergence_pass.h"

#include <cmath>
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
        : m_work(work), m_known(*work.known), m_rule(std::move(rule)),
          m_lines(work.factors.rank(), work.blocks.threads()),
          m_columns{m_known.lines(Side::Coefficients), linesAtOnce}, m_rows{m_known.lines(Side::Basis), linesAtOnce},
          m_fits(static_cast<std::size_t>(m_columns.count()))
    {
        m_held[at(Side::Coefficients)] = heldOf(work.factors.W);
        m_held[at(Side::Basis)] = heldOf(work.factors.Ht);
        for (const Side side : {Side::Coefficients, Side::Basis})
            for (Index i = 0; i < m_known.lines(side); ++i)
                if (m_known.line(side, i).size() == 0)
                    moved(side).row(i).setZero();
    }

    void move(Side side)
    {
        hold(side);
        Matrix<Scalar>& U = moved(side);
        const HeldFactor& held = m_held[at(side)];
        const Partition parts = side == Side::Basis ? m_rows : m_columns;
        m_work.blocks.run(parts.count(), [&](Index part, int thread) {
            auto u = m_lines.col(thread);
            for (Index i = parts.first(part); i < parts.first(part) + parts.size(part); ++i) {
                const KnownLine line = m_known.line(side, i);
                if (line.size() == 0)
                    continue;
                u = U.row(i).template cast<double>();
                m_rule(side, line, held, u, thread);
                U.row(i) = u.template cast<Scalar>();
            }
        });
    }

    Fit fit()
    {
        const Divergence& divergence = m_work.divergence;
        double sum = 0, squared = 0;
        overModel([&](KnownSums& sums, double v, double x, double weight) {
            const double difference = v - x;
            sums.second += weight * difference * difference;
            if (!divergence.quadratic())
                // As the other passes do: a model of zero stands for the smallest that they tell from it.
                sums.first += weight * divergence(v, std::max(x, smallest));
        });
        for (const KnownSums& sums : m_fits) {
            sum += sums.first;
            squared += sums.second;
        }
        const double price = priceOf(m_work.onW, m_work.factors.W) + priceOf(m_work.onH, m_work.factors.Ht);
        return {(divergence.quadratic() ? squared / 2 : sum) + price, squared};
    }

    /// Σωvx^(β−1) / Σωx^β: where the derivative by the scale is zero.
    double bestScale()
    {
        const double beta = m_work.divergence.beta;
        double above = 0, below = 0;
        overModel([&](KnownSums& sums, double v, double x, double weight) {
            const double power = weight * std::pow(std::max(x, smallest), beta - 1);
            sums.first += power * v;
            sums.second += power * x;
        });
        for (const KnownSums& sums : m_fits) {
            above += sums.first;
            below += sums.second;
        }
        return above / below;
    }

private:
    static constexpr double smallest = 1e-30;

    struct KnownSums
    {
        double first = 0, second = 0;
    };

    static std::size_t at(Side side) { return side == Side::Basis ? 1 : 0; }
    static HeldFactor heldOf(const Matrix<Scalar>& F)
    {
        return {Matrix<double>(F.cols(), F.rows()), Matrix<double>(F.cols(), F.cols())};
    }
    Matrix<Scalar>& moved(Side side) { return side == Side::Basis ? m_work.factors.W : m_work.factors.Ht; }

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
    }

    /// Calls add(sums of the block, v, x, weight) for every known entry.
    template <class Add>
    void overModel(const Add& add)
    {
        hold(Side::Coefficients);
        const Matrix<double>& rows = m_held[at(Side::Coefficients)].rows;
        m_work.blocks.run(m_columns.count(), [&](Index part, int thread) {
            KnownSums& sums = m_fits[static_cast<std::size_t>(part)];
            sums = {};
            auto u = m_lines.col(thread);
            for (Index j = m_columns.first(part); j < m_columns.first(part) + m_columns.size(part); ++j) {
                const KnownLine line = m_known.line(Side::Coefficients, j);
                u = m_work.factors.Ht.row(j).template cast<double>();
                for (std::size_t i = 0; i < line.size(); ++i)
                    add(sums, line.values[i], rows.col(line.indices[i]).dot(u), line.weight(i));
            }
        });
    }

    Work<Scalar> m_work;
    const KnownEntries& m_known;
    LineRule m_rule;
    HeldFactor m_held[2];   ///< by the side that is moved
    Matrix<double> m_lines; ///< by thread: a row of the factor that is moved
    Partition m_columns, m_rows;
    std::vector<KnownSums> m_fits; ///< by block of columns
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
