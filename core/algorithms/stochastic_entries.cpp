#include "core/algorithms/stochastic_entries.h"

#include "core/algorithms/divergence_pass.h"
#include "core/algorithms/weighted_multiplicative.h"
#include "core/algorithms/weighted_pass.h"
#include "core/random_numbers.h"

#include <algorithm>
#include <cmath>
#include <memory>
#include <vector>

namespace nmf
{

namespace
{

/// Steps shrink as 1/(1 + t/t₀)^0.6 with the walks over the data.
constexpr double decayExponent = 0.6;
/// Into how many groups rows and columns are laid out at most: chosen by the data, never by the threads.
constexpr Index mostGroups = 16;
/// Where the loss divides by the model, that is kept above this, and so is the data where it stands for the curvature;
/// the mean of the data is about one.
constexpr double leastModel = 1e-3, leastValue = 1e-2;

template <class Scalar>
class EntryWalk
{
public:
    EntryWalk(const Work<Scalar>& work, const EntrySteps& how)
        : m_work(work), m_how(how), m_floor(work.divergence.quadratic() ? 0 : static_cast<double>(smallestEntry(work))),
          m_groups(std::clamp<Index>(std::min(work.V.rows(), work.V.cols()), 1, mostGroups)),
          m_blocks(static_cast<std::size_t>(m_groups * m_groups)), m_W(work.factors.rank(), work.V.rows()),
          m_H(work.factors.rank(), work.V.cols()), m_sharesW(sharesOf(Side::Basis)),
          m_sharesH(sharesOf(Side::Coefficients)), m_normsW(work.V.rows()), m_normsH(work.V.cols())
    {
        for (Index j = 0; j < work.V.cols(); ++j) {
            const KnownLine line = work.known->line(Side::Coefficients, j);
            for (std::size_t at = 0; at < line.size(); ++at)
                block(groupOf(line.indices[at], work.V.rows()), groupOf(j, work.V.cols()))
                    .push_back({line.indices[at], static_cast<int>(j), line.values[at], line.weight(at)});
        }
    }

    void move()
    {
        m_W = m_work.factors.W.transpose().template cast<double>();
        m_H = m_work.factors.Ht.transpose().template cast<double>();
        const double shrunk = m_how.step / std::pow(1 + static_cast<double>(m_walks) / m_how.decay, decayExponent);
        const double longest = curvature();
        const double step = longest > 0 ? shrunk * (1 - m_how.dropout) / longest : 0;
        for (Index stratum = 0; stratum < m_groups; ++stratum)
            m_work.blocks.run(m_groups, [&](Index group, int) { walk(group, (group + stratum) % m_groups, step); });
        m_work.factors.W = m_W.transpose().template cast<Scalar>();
        m_work.factors.Ht = m_H.transpose().template cast<Scalar>();
        ++m_walks;
    }

private:
    struct Entry
    {
        int row, column;
        double value, weight;
    };

    std::vector<Entry>& block(Index row, Index column)
    {
        return m_blocks[static_cast<std::size_t>(row * m_groups + column)];
    }
    Index groupOf(Index line, Index lines) const { return line * m_groups / lines; }

    /// Of one entry: ω d''(‖w_i‖² + ‖h_j‖²). By a step of its inverse its residual would about vanish.
    double curvature(const Entry& entry, double normW, double normH, double model) const
    {
        return entry.weight * bend(entry.value, model) * (normW + normH);
    }

    /// The second derivative of the loss by the model.
    double bend(double value, double model) const
    {
        if (m_work.divergence.quadratic())
            return 1;
        return std::max(value, leastValue) / std::pow(std::max(model, leastModel), 2);
    }

    /// The largest of any entry for the Frobenius loss; for Kullback-Leibler the mean, since no step is sure.
    double curvature()
    {
        m_normsW = m_W.colwise().squaredNorm();
        m_normsH = m_H.colwise().squaredNorm();
        double largest = 0, sum = 0, count = 0;
        for (const std::vector<Entry>& entries : m_blocks)
            for (const Entry& entry : entries) {
                const double model = m_work.divergence.quadratic() ? 0 : m_W.col(entry.row).dot(m_H.col(entry.column));
                const double one = curvature(entry, m_normsW(entry.row), m_normsH(entry.column), model);
                largest = std::max(largest, one);
                sum += one;
                ++count;
            }
        return m_work.divergence.quadratic() || count == 0 ? largest : sum / count;
    }

    /// What the penalties add is shared out among the entries of a line.
    Vector<double> sharesOf(Side side) const
    {
        Vector<double> shares(m_work.known->lines(side));
        for (Index i = 0; i < shares.size(); ++i)
            shares(i) = 1 / (1 - m_how.dropout) /
                        static_cast<double>(std::max<std::size_t>(m_work.known->line(side, i).size(), 1));
        return shares;
    }

    void walk(Index row, Index column, double step)
    {
        std::vector<Entry>& entries = block(row, column);
        const RandomNumbers random(m_work.seed, 43 + ((m_walks * static_cast<std::uint64_t>(m_groups * m_groups) +
                                                       static_cast<std::uint64_t>(row * m_groups + column))
                                                      << 8));
        for (std::size_t left = entries.size(); left > 1; --left)
            std::swap(entries[left - 1], entries[random.below(left, left)]);
        for (std::size_t at = 0; at < entries.size(); ++at)
            if (m_how.dropout == 0 || random.uniform(entries.size() + 1 + at) >= m_how.dropout)
                move(entries[at], step);
    }

    void move(const Entry& entry, double step)
    {
        auto w = m_W.col(entry.row), h = m_H.col(entry.column);
        const double model = w.dot(h);
        const double residual =
            -entry.weight *
            m_work.divergence.slope(entry.value, m_work.divergence.quadratic() ? model : std::max(model, leastModel)) /
            (1 - m_how.dropout);
        // Where the loss bends more than on the mean, a step of that length would overshoot.
        if (!m_work.divergence.quadratic())
            step = std::min(step, m_how.step / curvature(entry, w.squaredNorm(), h.squaredNorm(), model));
        const double shareW = m_sharesW(entry.row), shareH = m_sharesH(entry.column);
        for (Index a = 0; a < w.size(); ++a) {
            const double before = w(a);
            w(a) = std::max(m_floor,
                            before + step * (residual * h(a) - shareW * (m_work.onW.l1 + m_work.onW.l2 * before)));
            h(a) =
                std::max(m_floor, h(a) + step * (residual * before - shareH * (m_work.onH.l1 + m_work.onH.l2 * h(a))));
        }
    }

    Work<Scalar> m_work;
    EntrySteps m_how;
    double m_floor; ///< of the factors' entries: where the model is zero, Kullback-Leibler is infinite
    Index m_groups;
    std::vector<std::vector<Entry>> m_blocks; ///< of each group of rows by group of columns
    Matrix<double> m_W, m_H;                  ///< k × m, k × n
    Vector<double> m_sharesW, m_sharesH, m_normsW, m_normsH;
    std::uint64_t m_walks = 0;
};

} // namespace

template <class Scalar>
Steps<Scalar> walkEntries(const Work<Scalar>& work, const EntrySteps& how)
{
    const auto walk = std::make_shared<EntryWalk<Scalar>>(work, how);
    // The alternation is there for its fit alone.
    Steps<Scalar> steps =
        work.divergence.quadratic() ? alternateWeighted<Scalar>(work, {}) : multiplyWeighted<Scalar>(work);
    steps.floor = 0;
    steps.coefficients = {};
    steps.basis = [walk] { walk->move(); };
    return steps;
}

template Steps<float> walkEntries(const Work<float>&, const EntrySteps&);
template Steps<double> walkEntries(const Work<double>&, const EntrySteps&);

} // namespace nmf
