#pragma once

#include "core/algorithms/row_terms.h"

#include <algorithm>
#include <cmath>

namespace nmf
{

/// One thread's memory for a row of a factor, and the search for its step: gradient steps projected on what the row may
/// be. The step comes from the curvature that the last one met (Barzilai & Borwein 1988) and is made shorter by
/// Armijo's rule. A Line is told the row's line of V and what it needs of the other factor by load(), and then tells
/// the objective and its slope.
template <class Scalar, class Line>
class RowDescent
{
public:
    RowDescent(const Work<Scalar>& work, Line line, const RowTerms<Scalar>& terms, double floor, int stepsAtOnce)
        : m_line(std::move(line)), m_terms(terms), m_floor(floor), m_stepsAtOnce(stepsAtOnce), m_u(work.factors.rank()),
          m_gradient(work.factors.rank()), m_before(work.factors.rank()), m_trial(work.factors.rank())
    {
    }

    /// Moves the row that belongs to this line; `step` is where its search begins, and where the next one will.
    void operator()(Side side, Index line, const typename Line::Held& held, Matrix<Scalar>& U, double& step)
    {
        m_line.load(side, line, held);
        if constexpr (requires { m_line.nothingKnown(); })
            if (m_line.nothingKnown())
                return;
        m_terms.load(side, line, U);
        m_u = U.row(line).template cast<double>().cwiseMax(m_floor);
        m_value = valueOf(m_u);
        slopeOf(m_u);
        for (int made = 0; made < m_stepsAtOnce && search(step); ++made) {
            // What the move and the change of the slope tell of the curvature is the next step.
            m_before = m_gradient;
            slopeOf(m_trial);
            m_u -= m_trial;
            m_before -= m_gradient;
            const double moved = m_u.squaredNorm(), bent = m_u.dot(m_before);
            step = bent > moved * shortest ? moved / bent : std::min(step * growth, 1 / shortest);
            m_u = m_trial;
            m_value = m_trialValue;
        }
        U.row(line) = m_u.template cast<Scalar>();
    }

private:
    enum class Trial { Good, Bad, Lost };

    /// The share of the fall that the slope promises which a step must keep (Armijo), and how steps that fail change.
    static constexpr double promised = 0.01, growth = 10;
    static constexpr int mostTrials = 20;
    /// A fall of this share of the objective is lost in its rounding.
    static constexpr double rounding = 1e-15;
    /// No step is longer than the inverse of this.
    static constexpr double shortest = 1e-12;

    double valueOf(const Vector<double>& u) { return m_line.value(u) + m_terms.value(u); }

    /// At the u of the last value.
    void slopeOf(const Vector<double>& u)
    {
        m_line.slope(u, m_gradient);
        m_terms.addSlope(u, m_gradient);
        m_terms.hold(m_gradient);
    }

    /// Whether the objective falls by what the slope promises; Lost if that is nothing.
    Trial tryStep(double step)
    {
        m_trial = m_u - step * m_gradient;
        m_terms.project(m_u, m_trial);
        const double slope = m_gradient.dot(m_trial - m_u);
        if (!(slope < -rounding * std::abs(m_value)))
            return Trial::Lost;
        // Where the model vanishes a loss of β > 2 is flat: a line that came there as a whole would never leave.
        if constexpr (requires { m_line.hasData(); })
            if (m_floor > 0 && (m_trial.array() <= m_floor).all() && m_line.hasData())
                return Trial::Bad;
        const double value = valueOf(m_trial);
        if (!(value - m_value <= promised * slope))
            return Trial::Bad;
        m_trialValue = value;
        return Trial::Good;
    }

    /// The first of the steps α, α/10, … that is short enough; false if there is none. A step that is too short to be
    /// seen grows.
    bool search(double& step)
    {
        double tried = step;
        Trial trial = tryStep(tried);
        for (int longer = 0; trial == Trial::Lost && longer < mostTrials; ++longer)
            trial = tryStep(tried *= growth);
        for (int shorter = 0; trial == Trial::Bad && shorter < mostTrials; ++shorter)
            trial = tryStep(tried /= growth);
        if (trial == Trial::Good)
            step = tried;
        return trial == Trial::Good;
    }

    Line m_line;
    RowTerms<Scalar> m_terms;
    double m_floor;
    int m_stepsAtOnce;
    double m_value = 0, m_trialValue = 0;
    Vector<double> m_u, m_gradient, m_before, m_trial;
};

} // namespace nmf
