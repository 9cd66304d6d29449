#include "core/algorithms/weighted_hals.h"

#include "core/algorithms/locked_rows.h"
#include "core/algorithms/simplex_rows.h"
#include "core/algorithms/weighted_equations.h"

#include <cmath>
#include <limits>
#include <memory>

namespace nmf
{

namespace
{

/// How far the sweeps over a line go: see sweepWeighted(). No step is made where the curvature is `nothing`.
struct SweepRule
{
    int sweeps;
    double enough, nothing;
};

/// What is asked of a factor besides the fit.
struct LineTerms
{
    Penalty penalty;
    double dropout = 0, upper = 0;
    bool hasSum = false; ///< every row has a fixed or a largest sum
    FactorLock lock = {};

    /// L1, L2, the bound and locks, which need no Gram matrix.
    bool plain() const { return penalty.overlap == 0 && penalty.smoothness == 0 && dropout == 0 && !hasSum; }
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

/// One thread's memory for the problem of a line: minimise ½⟨u, G u⟩ − ⟨c, u⟩ + l1 Σu over 0 ≤ u ≤ upper, or over those
/// of a fixed or a largest sum.
class LineProblem
{
public:
    /// `ofSums`: what the rows that have a sum must satisfy.
    LineProblem(Index rank, const Constraint& ofSums)
        : pull(Vector<double>::Zero(rank)), m_equations(rank), m_simplex(rank, ofSums), m_entries(rank, rank),
          m_residual(rank), m_curvatures(rank)
    {
    }

    /// `hold` and pull: what the neighbours of a row that is to be smooth add to the curvature and to c.
    void improve(const LineStep& step, const LineTerms& terms, double hold, const SweepRule& rule,
                 Eigen::Ref<Vector<double>> u)
    {
        // With fewer entries than coordinates their residuals are cheaper than a Gram matrix.
        if (!step.line.zerosKnown && step.line.size() <= static_cast<std::size_t>(u.size()) && terms.plain()) {
            sweepEntries(step, terms, rule, u);
            return;
        }
        m_equations.state(step.line, step.held);
        m_equations.addTerms(terms.penalty, terms.dropout);
        Matrix<double>& G = m_equations.G;
        Vector<double>& c = m_equations.c;
        if (hold > 0) {
            c += pull;
            G.diagonal().array() += hold;
        }
        if (terms.hasSum) {
            m_simplex(G, terms.penalty.l1, Eigen::Map<const Matrix<double>>(c.data(), 1, c.size()),
                      (1 + rule.sweeps) * static_cast<int>(u.size()),
                      Eigen::Map<Matrix<double>>(u.data(), 1, u.size()));
            return;
        }
        sweepOver(u.size(), rule, [&](Index a) {
            if (isLocked(terms.lock, step.index, a))
                return 0.0;
            const double before = u(a);
            u(a) = stepped(before, c(a) - terms.penalty.l1 - G.col(a).dot(u), G(a, a), terms, rule.nothing);
            return u(a) - before;
        });
    }

    Vector<double> pull;

private:
    /// The best place of a coordinate at u with this slope, the L1 penalty being part of it.
    static double stepped(double u, double slope, double curvature, const LineTerms& terms, double nothing)
    {
        if (curvature > nothing)
            return std::min(std::max(0.0, u + slope / curvature), terms.upper);
        return terms.penalty.l1 > 0 || terms.penalty.overlap > 0 ? 0 : u;
    }

    void sweepEntries(const LineStep& step, const LineTerms& terms, const SweepRule& rule, Eigen::Ref<Vector<double>> u)
    {
        const auto count = static_cast<Index>(step.line.size());
        const Penalty& penalty = terms.penalty;
        auto rows = m_entries.topRows(count);
        auto residual = m_residual.head(count);
        for (Index i = 0; i < count; ++i) {
            const auto entry = static_cast<std::size_t>(i);
            const double root = std::sqrt(step.line.weight(entry));
            rows.row(i) = root * step.held.rows.col(step.line.indices[entry]).transpose();
            residual(i) = root * step.line.values[entry];
        }
        residual.noalias() -= rows * u;
        m_curvatures = rows.colwise().squaredNorm().transpose();
        sweepOver(u.size(), rule, [&](Index a) {
            if (isLocked(terms.lock, step.index, a))
                return 0.0;
            const double before = u(a);
            const double slope = rows.col(a).dot(residual) - penalty.l1 - penalty.l2 * before;
            u(a) = stepped(before, slope, m_curvatures(a) + penalty.l2, terms, rule.nothing);
            if (u(a) != before)
                residual += (before - u(a)) * rows.col(a);
            return u(a) - before;
        });
    }

    LineEquations m_equations;
    SimplexRows<double> m_simplex;
    Matrix<double> m_entries; ///< the held factor's rows of a short line, each times the root of its weight
    Vector<double> m_residual, m_curvatures;
};

template <class Scalar>
class WeightedSweeps
{
public:
    WeightedSweeps(const Work<Scalar>& work, const SweepRule& rule)
        : m_work(work), m_rule(rule),
          m_problems(static_cast<std::size_t>(work.blocks.threads()), LineProblem(work.factors.rank(), work.ofH))
    {
        for (const Side side : {Side::Coefficients, Side::Basis}) {
            const double upper = work.constraint(side).upper;
            m_terms[at(side)] = {.penalty = work.penalty(side),
                                 .dropout = work.together.dropout,
                                 .upper = upper > 0 ? upper : std::numeric_limits<double>::infinity(),
                                 .hasSum = work.constraint(side).sum > 0 || work.constraint(side).largestSum > 0,
                                 .lock = work.lock(side)};
        }
    }

    void operator()(const LineStep& step, Eigen::Ref<Vector<double>> u)
    {
        LineProblem& problem = m_problems[static_cast<std::size_t>(step.thread)];
        const double weight = m_work.penalty(step.side).smoothness;
        if (weight == 0) {
            problem.improve(step, m_terms[at(step.side)], 0, m_rule, u);
            return;
        }
        const Matrix<Scalar>& U = step.side == Side::Basis ? m_work.factors.W : m_work.factors.Ht;
        double hold = 0;
        problem.pull.setZero();
        m_work.grid(step.side).forNeighbours(step.index, [&](Index other) {
            problem.pull += weight * U.row(other).transpose().template cast<double>();
            hold += weight;
        });
        problem.improve(step, m_terms[at(step.side)], hold, m_rule, u);
    }

private:
    static std::size_t at(Side side) { return side == Side::Basis ? 1 : 0; }

    Work<Scalar> m_work;
    SweepRule m_rule;
    LineTerms m_terms[2];
    std::vector<LineProblem> m_problems; ///< by thread
};

} // namespace

template <class Scalar>
Steps<Scalar> sweepWeighted(const Work<Scalar>& work, int sweeps, double enough)
{
    const auto rule =
        std::make_shared<WeightedSweeps<Scalar>>(work, SweepRule{sweeps, enough, static_cast<double>(tiny<Scalar>)});
    return alternateWeighted(work, [rule](const LineStep& step, Eigen::Ref<Vector<double>> u) { (*rule)(step, u); });
}

template Steps<float> sweepWeighted(const Work<float>&, int, double);
template Steps<double> sweepWeighted(const Work<double>&, int, double);

} // namespace nmf
