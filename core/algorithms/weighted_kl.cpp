#include "core/algorithms/weighted_kl.h"

#include "core/algorithms/kl_step.h"
#include "core/algorithms/locked_rows.h"
#include "core/algorithms/weighted_pass.h"

#include <limits>
#include <memory>

namespace nmf
{

namespace
{

/// Of the model, so that no ratio overflows; far below everything that counts.
constexpr double lowest = 1e-40;
/// Below this price a coordinate has no influence on the model, and the curvatures along it vanish.
constexpr double influence = 1e-100;

/// What is asked of a factor besides the fit.
struct LineTerms
{
    Penalty penalty;
    double upper = std::numeric_limits<double>::infinity();
    FactorLock lock = {};
};

/// One thread's memory for a line: its positive entries, and the rows of the held factor that belong to them.
class KlLine
{
public:
    KlLine(Index rank, Index longest)
        : m_rows(longest, rank), m_values(longest), m_model(longest), m_ratios(longest), m_prices(rank)
    {
    }

    void improve(const LineStep& step, const LineTerms& terms, Eigen::Ref<Vector<double>> u)
    {
        load(step);
        const auto rows = m_rows.topRows(m_count);
        const auto values = m_values.head(m_count);
        auto model = m_model.head(m_count), ratios = m_ratios.head(m_count);
        model.noalias() = rows * u;
        model = model.cwiseMax(lowest);
        double largest = u.maxCoeff();
        for (Index a = 0; a < u.size(); ++a) {
            // Without influence on the model the coordinate stays.
            if (isLocked(terms.lock, step.index, a) || !(m_prices(a) > influence))
                continue;
            const auto f = rows.col(a).array();
            ratios = f / model.array();
            const Bend bend{ratios.dot(values), ratios.cwiseAbs2().dot(values)};
            const double best = std::min(terms.upper, towardsMinimum(u(a), bend, m_prices(a) + terms.penalty.l1,
                                                                     terms.penalty.l2, 1e-14 * largest));
            // h⁺ f alone bounds the model from below, exactly, where the sum has cancelled.
            model = (model.array() + (best - u(a)) * f).max(best * f + lowest);
            u(a) = best;
            largest = std::max(largest, best);
        }
    }

private:
    void load(const LineStep& step)
    {
        const KnownLine& line = step.line;
        const Matrix<double>& rows = step.held.rows;
        m_prices.setZero();
        m_count = 0;
        for (std::size_t i = 0; i < line.size(); ++i) {
            const auto row = rows.col(line.indices[i]);
            const double weight = line.weight(i);
            m_prices += weight * row;
            if (!(line.values[i] > 0))
                continue;
            m_rows.row(m_count) = row.transpose();
            m_values(m_count++) = weight * line.values[i];
        }
        if (line.zerosKnown)
            addZeros(line, step.held);
    }

    /// The zeros that are not listed: all of the held factor less what is left out. The difference may round to less
    /// than what is listed.
    void addZeros(const KnownLine& line, const HeldFactor& held)
    {
        m_ratios.head(m_prices.size()) = held.sums;
        for (const int row : line.leftOut)
            m_ratios.head(m_prices.size()) -= held.rows.col(row);
        m_prices = m_prices.cwiseMax(m_ratios.head(m_prices.size()));
    }

    Matrix<double> m_rows;
    Vector<double> m_values, m_model, m_ratios, m_prices;
    Index m_count = 0;
};

} // namespace

template <class Scalar>
Steps<Scalar> descendWeighted(const Work<Scalar>& work)
{
    const Index rank = work.factors.rank();
    const auto lines = std::make_shared<std::vector<KlLine>>(static_cast<std::size_t>(work.blocks.threads()),
                                                             KlLine(rank, std::max(rank, work.known->longestLine())));
    const auto termsOf = [&](Side side) {
        LineTerms terms{.penalty = work.penalty(side), .lock = work.lock(side)};
        if (work.constraint(side).upper > 0)
            terms.upper = work.constraint(side).upper;
        return terms;
    };
    return alternateWeighted(work, [lines, onW = termsOf(Side::Basis), onH = termsOf(Side::Coefficients)](
                                       const LineStep& step, Eigen::Ref<Vector<double>> u) {
        (*lines)[static_cast<std::size_t>(step.thread)].improve(step, step.side == Side::Basis ? onW : onH, u);
    });
}

template Steps<float> descendWeighted(const Work<float>&);
template Steps<double> descendWeighted(const Work<double>&);

} // namespace nmf
