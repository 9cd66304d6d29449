#include "core/algorithms/weighted_hals.h"

#include "core/algorithms/weighted_pass.h"

#include <cmath>
#include <memory>

namespace nmf
{

namespace
{

/// Where less of a component than this is left of the whole Gram matrix, that of the line is added up anew: the digits
/// are gone.
constexpr double leastLeft = 1e-4;
/// Rows of the held factor that are added to a Gram matrix at once.
constexpr Index rowsAtOnce = 64;

/// One thread's memory for the problem of a line: minimise ½⟨u, G u⟩ − ⟨c, u⟩ + l1 Σu over u ≥ 0.
class LineProblem
{
public:
    explicit LineProblem(Index rank) : m_G(rank, rank), m_c(rank), m_rows(rank, rowsAtOnce) {}

    void state(const KnownLine& line, const HeldFactor& held, const Penalty& penalty)
    {
        m_c.setZero();
        for (std::size_t i = 0; i < line.size(); ++i)
            m_c += line.weight(i) * line.values[i] * held.rows.col(line.indices[i]);
        const auto all = static_cast<std::size_t>(held.rows.cols());
        // With few unknown entries the whole Gram matrix less theirs is cheaper.
        if (!line.weights.empty() || 2 * line.size() < all || !takeAway(line, held))
            addUp(line, held);
        m_G.triangularView<Eigen::StrictlyUpper>() = m_G.transpose();
        m_G.diagonal().array() += penalty.l2;
        m_l1 = penalty.l1;
    }

    void sweep(Eigen::Ref<Vector<double>> u, int sweeps, double enough, double nothing) const
    {
        double first = 0;
        for (int i = 0; i < sweeps; ++i) {
            double moves = 0;
            for (Index a = 0; a < u.size(); ++a) {
                const double slope = m_c(a) - m_l1 - m_G.col(a).dot(u), curvature = m_G(a, a);
                double next = u(a);
                if (curvature > nothing)
                    next = std::max(0.0, next + slope / curvature);
                else if (m_l1 > 0)
                    next = 0;
                moves += (next - u(a)) * (next - u(a));
                u(a) = next;
            }
            if (i == 0)
                first = moves;
            else if (moves <= enough * enough * first)
                break;
        }
    }

private:
    bool takeAway(const KnownLine& line, const HeldFactor& held)
    {
        m_G = held.gram;
        Index gathered = 0;
        const auto gather = [&](Index begin, Index end) {
            for (Index i = begin; i < end; ++i) {
                m_rows.col(gathered++) = held.rows.col(i);
                if (gathered == rowsAtOnce)
                    flush(gathered, -1);
            }
        };
        Index next = 0;
        for (const int index : line.indices) {
            gather(next, index);
            next = index + 1;
        }
        gather(next, held.rows.cols());
        flush(gathered, -1);
        return (m_G.diagonal().array() >= leastLeft * held.gram.diagonal().array()).all();
    }

    void addUp(const KnownLine& line, const HeldFactor& held)
    {
        m_G.setZero();
        Index gathered = 0;
        for (std::size_t i = 0; i < line.size(); ++i) {
            m_rows.col(gathered++) = std::sqrt(line.weight(i)) * held.rows.col(line.indices[i]);
            if (gathered == rowsAtOnce)
                flush(gathered, 1);
        }
        flush(gathered, 1);
    }

    /// Adds the gathered rows to the lower triangle.
    void flush(Index& gathered, double sign)
    {
        if (gathered > 0)
            m_G.selfadjointView<Eigen::Lower>().rankUpdate(m_rows.leftCols(gathered), sign);
        gathered = 0;
    }

    Matrix<double> m_G;
    Vector<double> m_c;
    Matrix<double> m_rows;
    double m_l1 = 0;
};

} // namespace

template <class Scalar>
Steps<Scalar> sweepWeighted(const Work<Scalar>& work, int sweeps, double enough)
{
    const auto problems = std::make_shared<std::vector<LineProblem>>(static_cast<std::size_t>(work.blocks.threads()),
                                                                     LineProblem(work.factors.rank()));
    const Penalty onW = work.onW, onH = work.onH;
    return alternateWeighted(
        work, [=](Side side, const KnownLine& line, const HeldFactor& held, Eigen::Ref<Vector<double>> u, int thread) {
            LineProblem& problem = (*problems)[static_cast<std::size_t>(thread)];
            problem.state(line, held, side == Side::Basis ? onW : onH);
            problem.sweep(u, sweeps, enough, static_cast<double>(tiny<Scalar>));
        });
}

template Steps<float> sweepWeighted(const Work<float>&, int, double);
template Steps<double> sweepWeighted(const Work<double>&, int, double);

} // namespace nmf
