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

/// How far the sweeps over a line go: see sweepWeighted(). No step is made where the curvature is `nothing`.
struct SweepRule
{
    int sweeps;
    double enough, nothing;
};

/// Sweeps over the coordinates of u; move(a) moves u_a and returns by how much.
template <class Move>
void sweepOver(Index count, const SweepRule& rule, const Move& move)
{
    double first = 0;
    for (int i = 0; i < rule.sweeps; ++i) {
        double moves = 0;
        for (Index a = 0; a < count; ++a) {
            const double moved = move(a);
            moves += moved * moved;
        }
        if (i == 0)
            first = moves;
        else if (moves <= rule.enough * rule.enough * first)
            return;
    }
}

/// The best place of a coordinate at u with this slope, the L1 penalty being part of it.
double stepped(double u, double slope, double curvature, double l1, double nothing)
{
    if (curvature > nothing)
        return std::max(0.0, u + slope / curvature);
    return l1 > 0 ? 0 : u;
}

/// One thread's memory for the problem of a line: minimise ½⟨u, G u⟩ − ⟨c, u⟩ + l1 Σu over u ≥ 0.
class LineProblem
{
public:
    explicit LineProblem(Index rank)
        : m_G(rank, rank), m_c(rank), m_rows(rank, rowsAtOnce), m_entries(rank, rank), m_residual(rank),
          m_curvatures(rank)
    {
    }

    void improve(const KnownLine& line, const HeldFactor& held, const Penalty& penalty, const SweepRule& rule,
                 Eigen::Ref<Vector<double>> u)
    {
        // With fewer entries than coordinates their residuals are cheaper than a Gram matrix.
        if (line.size() <= static_cast<std::size_t>(u.size())) {
            sweepEntries(line, held, penalty, rule, u);
            return;
        }
        state(line, held, penalty);
        sweepOver(u.size(), rule, [&](Index a) {
            const double before = u(a);
            u(a) = stepped(before, m_c(a) - penalty.l1 - m_G.col(a).dot(u), m_G(a, a), penalty.l1, rule.nothing);
            return u(a) - before;
        });
    }

private:
    void sweepEntries(const KnownLine& line, const HeldFactor& held, const Penalty& penalty, const SweepRule& rule,
                      Eigen::Ref<Vector<double>> u)
    {
        const auto count = static_cast<Index>(line.size());
        auto rows = m_entries.topRows(count);
        auto residual = m_residual.head(count);
        for (Index i = 0; i < count; ++i) {
            const auto entry = static_cast<std::size_t>(i);
            const double root = std::sqrt(line.weight(entry));
            rows.row(i) = root * held.rows.col(line.indices[entry]).transpose();
            residual(i) = root * line.values[entry];
        }
        residual.noalias() -= rows * u;
        m_curvatures = rows.colwise().squaredNorm().transpose();
        sweepOver(u.size(), rule, [&](Index a) {
            const double before = u(a);
            const double slope = rows.col(a).dot(residual) - penalty.l1 - penalty.l2 * before;
            u(a) = stepped(before, slope, m_curvatures(a) + penalty.l2, penalty.l1, rule.nothing);
            if (u(a) != before)
                residual += (before - u(a)) * rows.col(a);
            return u(a) - before;
        });
    }

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
    }

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
    Matrix<double> m_entries; ///< the held factor's rows of a short line, each times the root of its weight
    Vector<double> m_residual, m_curvatures;
};

} // namespace

template <class Scalar>
Steps<Scalar> sweepWeighted(const Work<Scalar>& work, int sweeps, double enough)
{
    const auto problems = std::make_shared<std::vector<LineProblem>>(static_cast<std::size_t>(work.blocks.threads()),
                                                                     LineProblem(work.factors.rank()));
    const Penalty onW = work.onW, onH = work.onH;
    return alternateWeighted(work, [=](Side side, const KnownLine& line, const HeldFactor& held,
                                       Eigen::Ref<Vector<double>> u, int thread) {
        (*problems)[static_cast<std::size_t>(thread)].improve(line, held, side == Side::Basis ? onW : onH,
                                                              {sweeps, enough, static_cast<double>(tiny<Scalar>)}, u);
    });
}

template Steps<float> sweepWeighted(const Work<float>&, int, double);
template Steps<double> sweepWeighted(const Work<double>&, int, double);

} // namespace nmf
