#include "core/algorithms/constrained_hals.h"

#include "core/algorithms/locked_rows.h"
#include "core/algorithms/simplex_rows.h"
#include "core/algorithms/variance_matching.h"
#include "core/algorithms/whole_products.h"
#include "core/simplex.h"
#include "core/sparse_projection.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>

namespace nmf
{

namespace
{

/// The column that minimises ½g‖u‖² − rᵀu under this constraint, `one` being what a norm of one is; false if the
/// present one is as good as any.
bool bestColumn(const Constraint& constraint, double one, double g, const Eigen::Ref<const Vector<double>>& r,
                Eigen::Ref<Vector<double>> u)
{
    const double largest = r.maxCoeff();
    if (largest == 0 && r.minCoeff() == 0)
        return false;
    if (constraint.sparseness > 0) {
        u = r;
        projectOnSparseness(u, constraint.sparseness);
        // On a sphere the quadratic term is the same everywhere.
        if (constraint.norm == 0 && !(g > tiny<double>))
            return false;
        u *= constraint.norm == 0 ? std::max(r.dot(u), 0.0) / g : constraint.norm == 1 ? one / u.sum() : one;
        return true;
    }
    if (constraint.norm == 1 && g > tiny<double>) {
        u = r / g;
        projectOnSimplex(u, one);
        return true;
    }
    if (constraint.norm == 2 && largest > 0) {
        u = (r / largest).cwiseMax(0.0);
        u *= one / u.norm();
        return true;
    }
    // Nothing pulls upwards, or the objective is linear: a corner is best.
    Index corner = 0;
    r.maxCoeff(&corner);
    u.setZero();
    u(corner) = one;
    return true;
}

template <class Scalar>
class ConstrainedAlternation
{
public:
    ConstrainedAlternation(const Work<Scalar>& work, int sweepsH, int sweepsW, Scalar enough)
        : m_work(work), m_sweepsH(sweepsH), m_sweepsW(sweepsW), m_enough(enough), m_products(work),
          m_G(work.factors.rank(), work.factors.rank()),
          m_simplexes(static_cast<std::size_t>(hasSum(work.ofH) ? work.blocks.threads() : 0),
                      SimplexRows<Scalar>(work.factors.rank(), work.ofH)),
          m_matching(varianceMatching(work))
    {
        const Index longest = std::max(work.V.rows(), work.V.cols());
        m_residual.resize(longest);
        m_wide.resize(longest);
        m_column.resize(longest);
        m_sums.resize(m_matching ? longest : 0);
    }

    void move(Side side)
    {
        m_C = &m_products.form(side);
        setGram(m_work, side, m_products.gram(side), m_G);
        const Constraint& constraint = m_work.constraint(side);
        if (m_work.penalty(side).smoothness > 0 || m_matching)
            moveEntries(side);
        else if (hasSum(constraint))
            moveOnSimplex(side);
        else if (constraint.norm > 0 || constraint.sparseness > 0)
            moveColumns(side);
        else
            moveRows(side);
        m_products.moved(side);
    }

    Fit fit() const
    {
        Fit fit = m_products.fit();
        for (const Side side : {Side::Basis, Side::Coefficients})
            if (const double weight = m_work.penalty(side).smoothness; weight > 0)
                fit.objective += weight * roughness(m_work.grid(side), factorOf(side));
        if (m_matching)
            fit.objective += m_matching->price(m_work.factors);
        return fit;
    }

    double bestScale() const { return m_products.bestScale(); }
    void changed() { m_products.changed(); }

private:
    const Matrix<Scalar>& factorOf(Side side) const
    {
        return side == Side::Basis ? m_work.factors.W : m_work.factors.Ht;
    }
    Matrix<Scalar>& factor(Side side) { return side == Side::Basis ? m_work.factors.W : m_work.factors.Ht; }
    const Matrix<double>& startOf(Side side) const { return side == Side::Basis ? m_work.start->W : m_work.start->Ht; }
    static bool hasSum(const Constraint& constraint) { return constraint.sum > 0 || constraint.largestSum > 0; }
    int sweeps(Side side) const { return side == Side::Basis ? m_sweepsW : m_sweepsH; }

    /// What is left for component a in these rows: C_a − l1 − Σ_{b≠a} G_ab u_b.
    auto residual(Side side, Index a, Index first, Index count)
    {
        const Matrix<Scalar>& U = factor(side);
        auto r = m_residual.segment(first, count);
        r = m_C->col(a).segment(first, count).array() - static_cast<Scalar>(m_work.penalty(side).l1);
        for (Index b = 0; b < U.cols(); ++b)
            if (b != a)
                r -= m_G(b, a) * U.col(b).segment(first, count);
        return r;
    }

    void moveOnSimplex(Side side)
    {
        Matrix<Scalar>& U = factor(side);
        const Partition parts = partition(U.rows());
        const int exchanges = (1 + sweeps(side)) * static_cast<int>(U.cols());
        m_work.blocks.run(parts.count(), [&](Index part, int thread) {
            const Index first = parts.first(part), count = parts.size(part);
            m_simplexes[static_cast<std::size_t>(thread)](m_G, static_cast<Scalar>(m_work.penalty(side).l1),
                                                          m_C->middleRows(first, count), exchanges,
                                                          U.middleRows(first, count));
        });
    }

    /// Entries do not depend on each other but for those of their row: every block of rows for itself.
    void moveRows(Side side)
    {
        Matrix<Scalar>& U = factor(side);
        const Mask* const locked = m_work.lock(side).entries.get();
        const double bound = m_work.constraint(side).upper;
        const auto upper = bound > 0 ? static_cast<Scalar>(bound) : std::numeric_limits<Scalar>::max();
        const Partition parts = partition(U.rows());
        m_work.blocks.run(parts.count(), [&](Index part, int) {
            const Index first = parts.first(part), count = parts.size(part);
            Scalar before = 0;
            for (int sweep = 0; sweep < sweeps(side); ++sweep) {
                Scalar moves = 0;
                for (Index a = 0; a < U.cols(); ++a) {
                    if (!(m_G(a, a) > tiny<Scalar>) || m_work.lock(side).holds(a))
                        continue;
                    auto u = U.col(a).segment(first, count);
                    auto r = residual(side, a, first, count);
                    r = (r / m_G(a, a)).cwiseMax(Scalar(0)).cwiseMin(upper);
                    if (locked)
                        r = locked->col(a).segment(first, count).select(u, r);
                    if (const SoftLock* soft = m_work.lock(side).softly(a))
                        keepNear<Scalar>(*soft, startOf(side), m_work.unit, first, r);
                    moves += (r - u).squaredNorm();
                    u = r;
                }
                if (sweep > 0 && moves <= m_enough * m_enough * before)
                    break;
                before = sweep == 0 ? moves : before;
            }
        });
    }

    /// An entry depends on its neighbours, and these have the other colour: one colour after the other, each entry gets
    /// its exact minimiser.
    void moveEntries(Side side)
    {
        Matrix<Scalar>& U = factor(side);
        const Partition parts = partition(U.rows());
        for (int sweep = 0; sweep < sweeps(side); ++sweep) {
            if (m_matching)
                beginMatching(side);
            for (Index a = 0; a < U.cols(); ++a) {
                if (m_work.lock(side).holds(a))
                    continue;
                m_work.blocks.run(parts.count(),
                                  [&](Index part, int) { residual(side, a, parts.first(part), parts.size(part)); });
                for (const Index colour : {0, 1})
                    m_work.blocks.run(parts.count(), [&](Index part, int) {
                        for (Index row = parts.first(part); row < parts.first(part) + parts.size(part); ++row)
                            if (m_work.grid(side).colour(row) == colour)
                                moveEntry(side, row, a);
                    });
            }
        }
    }

    void moveEntry(Side side, Index row, Index a)
    {
        Matrix<Scalar>& U = factor(side);
        const FactorLock& lock = m_work.lock(side);
        if (lock.entries && (*lock.entries)(row, a))
            return;
        const auto weight = static_cast<Scalar>(m_work.penalty(side).smoothness);
        const double bound = m_work.constraint(side).upper;
        const auto upper = bound > 0 ? static_cast<Scalar>(bound) : std::numeric_limits<Scalar>::max();
        Scalar pull = m_residual(row), hold = m_G(a, a);
        if (weight > 0)
            m_work.grid(side).forNeighbours(row, [&](Index other) {
                pull += weight * U(other, a);
                hold += weight;
            });
        if (m_matching && m_matching->wanted(row) > 0)
            U(row, a) = matched(row, static_cast<double>(pull), static_cast<double>(hold), U(row, a), upper);
        else if (hold > tiny<Scalar>)
            U(row, a) = std::clamp(pull / hold, Scalar(0), upper);
        if (const SoftLock* soft = lock.softly(a))
            keepNear<Scalar>(*soft, startOf(side), m_work.unit, row, U.col(a).segment(row, 1));
    }

    void beginMatching(Side side)
    {
        const Matrix<Scalar>& U = factor(side);
        m_matching->begin(side, U);
        auto sums = m_sums.head(U.rows());
        sums.setZero();
        for (Index a = 0; a < U.cols(); ++a)
            sums += U.col(a).template cast<double>();
    }

    /// Where ½·hold·u² − (pull − push)·u − wanted·log s is smallest, s being the row's sum: s is the largest root of
    /// hold·s² − b·s − wanted, in the form that does not cancel.
    Scalar matched(Index row, double pull, double hold, Scalar before, Scalar upper)
    {
        const double others = std::max(m_sums(row) - static_cast<double>(before), 0.0);
        const double wanted = m_matching->wanted(row), b = pull - m_matching->push(row) + hold * others;
        const double root = std::sqrt(b * b + 4 * hold * wanted);
        // Where nothing else holds the row back it stays.
        if (!(hold > static_cast<double>(tiny<Scalar>)) && !(b < 0))
            return before;
        const double sum = b > 0 ? (b + root) / (2 * hold) : 2 * wanted / (root - b);
        const auto best = static_cast<Scalar>(std::clamp(sum - others, 0.0, static_cast<double>(upper)));
        m_sums(row) = others + static_cast<double>(best);
        return best;
    }

    /// Whole columns, in double precision whatever the factors are.
    void moveColumns(Side side)
    {
        double before = 0;
        for (int sweep = 0; sweep < sweeps(side); ++sweep) {
            double moves = 0;
            for (Index a = 0; a < m_G.cols(); ++a)
                if (!m_work.lock(side).holds(a))
                    moves += moveColumn(side, a);
            if (sweep > 0 && moves <= static_cast<double>(m_enough * m_enough) * before)
                break;
            before = sweep == 0 ? moves : before;
        }
    }

    double moveColumn(Side side, Index a)
    {
        Matrix<Scalar>& U = factor(side);
        const Partition parts = partition(U.rows());
        m_work.blocks.run(parts.count(), [&](Index part, int) {
            const Index first = parts.first(part), count = parts.size(part);
            m_wide.segment(first, count) = residual(side, a, first, count).template cast<double>();
        });
        auto u = m_column.head(U.rows());
        if (!bestColumn(m_work.constraint(side), m_work.unit, static_cast<double>(m_G(a, a)), m_wide.head(U.rows()), u))
            return 0;
        const double moves = (u - U.col(a).template cast<double>()).squaredNorm();
        U.col(a) = u.template cast<Scalar>();
        return moves;
    }

    Work<Scalar> m_work;
    int m_sweepsH, m_sweepsW;
    Scalar m_enough;
    WholeProducts<Scalar> m_products;
    const Matrix<Scalar>* m_C = nullptr; ///< of the side that is moved
    Matrix<Scalar> m_G;
    std::vector<SimplexRows<Scalar>> m_simplexes; ///< by thread
    Vector<Scalar> m_residual;
    Vector<double> m_wide, m_column;
    std::shared_ptr<VarianceMatching<Scalar>> m_matching; ///< null if it is not asked for
    Vector<double> m_sums;                                ///< of the rows of the side that is moved
};

} // namespace

template <class Scalar>
Steps<Scalar> sweepConstrained(const Work<Scalar>& work, int sweepsH, int sweepsW, Scalar enough)
{
    const auto alternation = std::make_shared<ConstrainedAlternation<Scalar>>(work, sweepsH, sweepsW, enough);
    return {.coefficients = [alternation] { alternation->move(Side::Coefficients); },
            .basis = [alternation] { alternation->move(Side::Basis); },
            .fit = [alternation] { return alternation->fit(); },
            .bestScale = [alternation] { return alternation->bestScale(); },
            .rescaled = [alternation](const ColumnScales&) { alternation->changed(); }};
}

bool servedByConstrainedSweeps(Demand demand)
{
    return demand == Demand::Smoothness || demand == Demand::UpperBound || demand == Demand::UnitNorm ||
           demand == Demand::Sparseness || demand == Demand::FixedSum || demand == Demand::LargestSum ||
           demand == Demand::LockedEntries || demand == Demand::SoftLocks || demand == Demand::VarianceMatching;
}

template Steps<float> sweepConstrained(const Work<float>&, int, int, float);
template Steps<double> sweepConstrained(const Work<double>&, int, int, double);

} // namespace nmf
