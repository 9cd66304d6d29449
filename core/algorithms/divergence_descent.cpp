#include "core/algorithms/divergence_descent.h"

#include "core/algorithms/divergence_line.h"
#include "core/algorithms/divergence_pass.h"
#include "core/algorithms/locked_rows.h"

#include <cmath>
#include <memory>

namespace nmf
{

namespace
{

/// Steps that a row makes in each half of an iteration.
constexpr int stepsAtOnce = 4;
/// The share of the fall that the slope promises which a step must keep (Armijo), and how steps that fail change.
constexpr double promised = 0.01;
constexpr int mostTrials = 20;
constexpr double growth = 10;
/// A fall of this share of the objective is lost in its rounding.
constexpr double rounding = 1e-15;
/// No step is longer than the inverse of this.
constexpr double shortest = 1e-12;
/// Lines at a time: few, for those of a sparse V may be of very different lengths.
constexpr Index linesAtOnce = 8;

/// One thread's memory for a row of a factor, and the search for its step.
template <class Scalar>
class RowDescent
{
public:
    RowDescent(const Work<Scalar>& work, double floor)
        : m_locks{work.lockH, work.lockW}, m_line(work), m_floor(floor), m_u(work.factors.rank()),
          m_gradient(work.factors.rank()), m_before(work.factors.rank()), m_trial(work.factors.rank())
    {
    }

    /// Moves the row that belongs to this line; `step` is where its search begins, and where the next one will.
    void operator()(Side side, Index line, const HeldRows& held, Matrix<Scalar>& U, double& step)
    {
        m_line.load(side, line, held);
        const FactorLock& lock = m_locks[side == Side::Basis ? 1 : 0];
        m_u = U.row(line).template cast<double>().cwiseMax(m_floor);
        m_value = m_line.value(m_u);
        m_line.slope(m_u, m_gradient);
        hold(lock, line);
        for (int made = 0; made < stepsAtOnce && search(step); ++made) {
            // What the move and the change of the slope tell of the curvature is the next step.
            m_before = m_gradient;
            m_line.slope(m_trial, m_gradient);
            hold(lock, line);
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

    /// What is locked has no slope, so that no step moves it.
    void hold(const FactorLock& lock, Index line)
    {
        if (lock.none())
            return;
        for (Index a = 0; a < m_gradient.size(); ++a)
            if (isLocked(lock, line, a))
                m_gradient(a) = 0;
    }

    /// Whether the objective falls by what the slope promises; Lost if that is nothing.
    Trial tryStep(double step)
    {
        m_trial = (m_u - step * m_gradient).cwiseMax(m_floor);
        const double slope = m_gradient.dot(m_trial - m_u);
        if (!(slope < -rounding * std::abs(m_value)))
            return Trial::Lost;
        // Where the model vanishes a loss of β > 2 is flat: a line that came there as a whole would never leave.
        if (m_floor > 0 && (m_trial.array() <= m_floor).all() && m_line.hasData())
            return Trial::Bad;
        const double value = m_line.value(m_trial);
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

    FactorLock m_locks[2];
    DivergenceLine<Scalar> m_line;
    double m_floor;
    Vector<double> m_u, m_gradient, m_before, m_trial;
    double m_value = 0, m_trialValue = 0;
};

template <class Scalar>
class DivergenceDescent
{
public:
    explicit DivergenceDescent(const Work<Scalar>& work)
        : m_work(work), m_pass(work),
          // For β > 2 the loss is flat where the model is zero: what came there would never leave.
          m_floor(work.divergence.beta > 2 ? smallestEntry(work) : Scalar(0)),
          m_rows(static_cast<std::size_t>(work.blocks.threads()),
                 RowDescent<Scalar>(work, static_cast<double>(m_floor)))
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
        const Partition parts{U.rows(), linesAtOnce};
        m_work.blocks.run(parts.count(), [&](Index part, int thread) {
            for (Index line = parts.first(part); line < parts.first(part) + parts.size(part); ++line)
                m_rows[static_cast<std::size_t>(thread)](side, line, held, U,
                                                         m_steps[at(side)][static_cast<std::size_t>(line)]);
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
        return m_pass.fit();
    }

    double bestScale()
    {
        m_pass.run(m_work.factors.W, m_work.factors.Ht, {.coefficients = true});
        return bestScaleOf(m_pass, m_work.factors);
    }

private:
    static std::size_t at(Side side) { return side == Side::Basis ? 1 : 0; }

    Work<Scalar> m_work;
    DivergencePass<Scalar> m_pass;
    Scalar m_floor;
    std::vector<RowDescent<Scalar>> m_rows; ///< by thread
    HeldRows m_held[2];                     ///< by the side that is moved
    std::vector<double> m_steps[2];         ///< of each row
    bool m_fitKnown = false;
};

} // namespace

template <class Scalar>
Steps<Scalar> descendDivergence(const Work<Scalar>& work)
{
    const auto descent = std::make_shared<DivergenceDescent<Scalar>>(work);
    return {.coefficients = [descent] { descent->move(Side::Coefficients); },
            .basis = [descent] { descent->move(Side::Basis); },
            .fit = [descent] { return descent->fit(); },
            .bestScale = [descent] { return descent->bestScale(); },
            .rescaled = [descent](const ColumnScales&) { descent->forget(); },
            .floor = hasLocks(work) ? Scalar(0) : descent->floor()};
}

template Steps<float> descendDivergence(const Work<float>&);
template Steps<double> descendDivergence(const Work<double>&);

} // namespace nmf
