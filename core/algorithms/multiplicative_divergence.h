#pragma once

#include "core/algorithms/divergence_pass.h"
#include "core/algorithms/locked_rows.h"
#include "core/algorithms/multiplier.h"
#include "core/algorithms/trace_bound.h"
#include "core/algorithms/variance_matching.h"

#include <algorithm>
#include <cmath>

namespace nmf
{

/// The row that minimises the majorising function of the Kullback-Leibler divergence among those of the constraint's
/// sum: u_a ← u_a N_a/(D_a + l1 + μ), with μ the root that gives the sum (Leplat, Gillis & Idier 2021). Where the sum
/// is the largest that may be, μ is zero if the row keeps it by itself.
template <class Scalar>
void keepSum(const Eigen::Ref<const Eigen::Matrix<Scalar, 1, Eigen::Dynamic>, 0, Eigen::InnerStride<>>& numerator,
             const Vector<Scalar>& denominator, double l1, const Constraint& constraint, Scalar floor,
             Eigen::Ref<Eigen::Matrix<Scalar, 1, Eigen::Dynamic>, 0, Eigen::InnerStride<>> u);

/// U ← U ∘ (N ⊘ D)^γ, N and D from a walk over the data. The walk that tells the fit after an iteration is the one that
/// the next half begins with.
template <class Scalar>
class MultiplicativeAlternation
{
public:
    /// Moves these factors, which live as long.
    MultiplicativeAlternation(const Work<Scalar>& work, Factors<Scalar>& factors)
        : m_work(work), m_factors(factors), m_pass(work), m_matching(varianceMatching(work)),
          m_floor(smallestEntry(work)), m_exponent(static_cast<Scalar>(work.divergence.exponent())),
          m_denominators(work.factors.rank()), m_locked(work), m_bound(work.together.traceBound),
          m_diagonal(std::min(work.V.rows(), work.V.cols())), m_start(m_bound > 0 ? m_diagonal : 0, work.factors.rank())
    {
        if (isTried(Side::Basis) || isTried(Side::Coefficients))
            m_before.resize(std::max(work.V.rows(), work.V.cols()), work.factors.rank());
        for (const Side side : {Side::Basis, Side::Coefficients}) {
            Matrix<Scalar>& U = factorOf(side);
            m_locked.begin(side, U);
            U = U.cwiseMax(m_floor);
            m_locked.restore(side, 0, U);
        }
        scaleDownToBound(m_factors, m_bound);
    }

    void move(Side side)
    {
        if (isTried(side)) {
            moveTrying(side);
            return;
        }
        if (m_next != side || !m_ready)
            walk(side, false);
        apply(side);
        m_ready = m_fitKnown = false;
        m_next = other(side);
    }

    /// The factors have been changed from outside.
    void forget() { m_ready = m_fitKnown = false; }

    Fit fit()
    {
        if (!m_fitKnown)
            walk(m_next, true);
        Fit fit = m_pass.fit();
        if (m_matching)
            fit.objective += m_matching->price(m_factors);
        return fit;
    }

    double bestScale()
    {
        walk(Side::Coefficients, false);
        return bestScaleOf(m_pass, m_factors);
    }

private:
    static Side other(Side side) { return side == Side::Basis ? Side::Coefficients : Side::Basis; }
    Matrix<Scalar>& factorOf(Side side) { return side == Side::Basis ? m_factors.W : m_factors.Ht; }

    /// Below β = 2 the rule is not sure to descend with an L2 penalty, but for the exact one of β = 1.
    bool isTried(Side side) const
    {
        return m_pass.hasDenominators() && m_work.divergence.beta < 2 && m_work.penalty(side).l2 > 0;
    }

    /// The step is made shorter until the objective falls.
    void moveTrying(Side side)
    {
        constexpr int mostTries = 12;
        if (m_next != side || !m_ready || !m_fitKnown)
            walk(side, true);
        const double before = m_pass.fit().objective;
        Matrix<Scalar>& U = factorOf(side);
        m_before.topRows(U.rows()) = U;
        const Scalar exponent = m_exponent;
        bool falls = false;
        for (int tried = 0; tried < mostTries && !falls; ++tried, m_exponent /= 2) {
            U = m_before.topRows(U.rows());
            apply(side);
            walk(other(side), true);
            falls = m_pass.fit().objective <= before;
        }
        m_exponent = exponent;
        if (falls)
            return;
        U = m_before.topRows(U.rows());
        m_ready = m_fitKnown = false;
        m_next = other(side);
    }

    /// The sums for this side are known.
    void apply(Side side)
    {
        Matrix<Scalar>& U = factorOf(side);
        if (!m_pass.hasDenominators())
            m_denominators = factorOf(other(side)).template cast<double>().colwise().sum().template cast<Scalar>();
        if (m_matching)
            m_matching->begin(side, U);
        m_locked.begin(side, U);
        const Constraint& constraint = m_work.constraint(side);
        const Partition parts = partition(U.rows());
        m_work.blocks.run(parts.count(), [&](Index part, int) {
            const Index first = parts.first(part), count = parts.size(part);
            if (constraint.sum > 0 || constraint.largestSum > 0) {
                for (Index row = first; row < first + count; ++row)
                    keepSum<Scalar>(m_pass.numerator(side).row(row), m_denominators, m_work.penalty(side).l1,
                                    constraint, m_floor, U.row(row));
                return;
            }
            // What has a share in the trace waits for the multiplier.
            const Index waiting = m_bound > 0 ? std::clamp<Index>(m_diagonal - first, 0, count) : 0;
            for (Index a = 0; a < U.cols(); ++a)
                improve(side, a, first + waiting, U.col(a).segment(first + waiting, count - waiting).array());
            m_locked.restore(side, first, U.middleRows(first, count));
        });
        if (m_bound > 0)
            keepBound(side, U);
    }

    /// The rows with a share in the trace, μ times that share being part of what is minimised: under it their rule is
    /// the usual one with a denominator of their own.
    void keepBound(Side side, Matrix<Scalar>& U)
    {
        const auto F = factorOf(other(side)).topRows(m_diagonal);
        m_start = U.topRows(m_diagonal);
        const auto excess = [&](double multiplier) {
            for (Index a = 0; a < U.cols(); ++a)
                for (Index i = 0; i < m_diagonal; ++i)
                    U(i, a) = underMultiplier(side, i, a, multiplier * static_cast<double>(F(i, a)));
            return diagonalSum<Scalar>(U.topRows(m_diagonal), F) - m_bound;
        };
        double& multiplier = m_multipliers[side == Side::Basis ? 1 : 0];
        multiplier = smallestMultiplier(excess, multiplier, boundSlack<Scalar> * m_bound);
    }

    /// What becomes of an entry of the start that has this price besides.
    Scalar underMultiplier(Side side, Index row, Index a, double price) const
    {
        const Penalty& penalty = m_work.penalty(side);
        const double u = static_cast<double>(m_start(row, a));
        const double above = static_cast<double>(m_pass.numerator(side)(row, a));
        const Scalar unweighted = m_pass.hasDenominators() ? m_pass.denominator(side)(row, a) : m_denominators(a);
        const double below = static_cast<double>(unweighted) + penalty.l1 + price;
        if (!(below > static_cast<double>(tiny<Scalar>)))
            return m_start(row, a);
        const double moved = m_pass.hasDenominators()
                                 ? u * std::pow(above / (below + penalty.l2 * u), static_cast<double>(m_exponent))
                                 : 2 * u * above / (below + std::sqrt(below * below + 4 * penalty.l2 * u * above));
        return std::max(static_cast<Scalar>(moved), m_floor);
    }

    void walk(Side side, bool withFit)
    {
        const bool basis = side == Side::Basis;
        m_pass.run(m_factors.W, m_factors.Ht, {.basis = basis, .coefficients = !basis, .fit = withFit});
        m_next = side;
        m_ready = true;
        m_fitKnown = withFit;
    }

    template <class Entries>
    void improve(Side side, Index a, Index first, Entries u) const
    {
        const Penalty& penalty = side == Side::Basis ? m_work.onW : m_work.onH;
        const auto l1 = static_cast<Scalar>(penalty.l1), l2 = static_cast<Scalar>(penalty.l2);
        const auto above = m_pass.numerator(side).col(a).segment(first, u.size()).array();
        if (!m_pass.hasDenominators()) {
            const Scalar below = m_denominators(a) + l1;
            // Without influence on the fit an entry stays.
            if (!(below > tiny<Scalar>))
                return;
            if (m_matching) {
                matched(u, above, below, first);
                return;
            }
            if (l2 > 0)
                u = (2 * u * above / (below + (below * below + 4 * l2 * u * above).sqrt())).max(m_floor);
            else
                u = (u * above / below).max(m_floor);
            return;
        }
        const auto below = m_pass.denominator(side).col(a).segment(first, u.size()).array() + l1 + l2 * u;
        const auto ratio = above / below.max(tiny<Scalar>);
        if (m_exponent == 1)
            u = (u * ratio).max(m_floor);
        else if (m_exponent == Scalar(0.5))
            u = (u * ratio.sqrt()).max(m_floor);
        else
            u = (u * ratio.pow(m_exponent)).max(m_floor);
    }

    /// With the pull towards the variances, for β = 1.
    template <class Entries, class Above>
    void matched(Entries& u, const Above& above, Scalar below, Index first) const
    {
        const auto up = above + m_matching->above().segment(first, u.size()).array();
        const auto down = below + m_matching->below().segment(first, u.size()).array();
        u = (u * up / down).max(m_floor);
    }

    Work<Scalar> m_work;
    Factors<Scalar>& m_factors;
    DivergencePass<Scalar> m_pass;
    std::shared_ptr<VarianceMatching<Scalar>> m_matching; ///< null if it is not asked for
    Scalar m_floor, m_exponent;
    Matrix<Scalar> m_before;       ///< the factor before a step that is tried
    Vector<Scalar> m_denominators; ///< for β = 1
    LockedRows<Scalar> m_locked;
    double m_bound;                   ///< on the trace; 0 for none
    Index m_diagonal;                 ///< how many rows of each factor have a share in it
    Matrix<Scalar> m_start;           ///< these rows before they move
    double m_multipliers[2] = {0, 0}; ///< of the last time
    Side m_next = Side::Coefficients;
    bool m_ready = false, m_fitKnown = false;
};

/// Multiplicative updates for every β-divergence: H by the rule, then W.
template <class Scalar>
Steps<Scalar> multiplyForDivergence(const Work<Scalar>& work);

} // namespace nmf
