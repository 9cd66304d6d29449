#include "core/algorithms/divergence_line.h"

#include <algorithm>

namespace nmf
{

namespace
{

/// A model of zero stands for this.
constexpr double smallest = 1e-30;

} // namespace

template <class Scalar>
DivergenceLine<Scalar>::DivergenceLine(const Work<Scalar>& work) : m_work(work), m_arithmetic(work.divergence)
{
    const Index longest = work.known     ? work.known->longestLine()
                          : storedOnly() ? work.V.longestLine()
                                         : std::max(work.V.rows(), work.V.cols());
    if (work.known) {
        m_counts.resize(longest);
        m_sums.resize(work.factors.rank());
    }
    if (work.known || storedOnly())
        m_rows.resize(work.factors.rank(), longest);
    else
        m_own.resize(longest);
    m_data.resize(longest);
    m_ratios.resize(longest);
    m_weights.resize(m_arithmetic.hasWeights() ? longest : 0);
}

template <class Scalar>
void DivergenceLine<Scalar>::load(Side side, Index line, const HeldRows& held)
{
    m_side = side;
    m_held = &held;
    if (m_work.known) {
        loadKnown(m_work.known->line(side, line));
        return;
    }
    if (storedOnly()) {
        const StoredEntries<Scalar> entries = m_work.V.storedEntries(side, line);
        m_count = static_cast<Index>(entries.size());
        for (Index i = 0; i < m_count; ++i) {
            const auto at = static_cast<std::size_t>(i);
            m_data(i) = static_cast<double>(entries.value(at));
            m_rows.col(i) = held.rows.col(entries.indices[at]);
        }
        return;
    }
    m_count = m_work.V.otherRowsOf(side);
    if (side == Side::Basis)
        m_work.V.tile(line, 0, Eigen::Map<Matrix<Scalar>>(m_own.data(), 1, m_count));
    else
        m_work.V.tile(0, line, Eigen::Map<Matrix<Scalar>>(m_own.data(), m_count, 1));
    m_data.head(m_count) = m_own.head(m_count).template cast<double>();
}

template <class Scalar>
void DivergenceLine<Scalar>::loadKnown(const KnownLine& line)
{
    m_count = static_cast<Index>(line.size());
    m_sums.setZero();
    for (Index i = 0; i < m_count; ++i) {
        const auto at = static_cast<std::size_t>(i);
        m_data(i) = line.values[at];
        m_counts(i) = line.weight(at);
        m_rows.col(i) = m_held->rows.col(line.indices[at]);
        m_sums += m_counts(i) * m_rows.col(i);
    }
}

/// Leaves ω v x^(β−2) and ω x^(β−1) for the slope; for the quadratic loss ω(v − x) and nothing.
template <class Scalar>
double DivergenceLine<Scalar>::valueOfKnown(const Vector<double>& u)
{
    const bool quadratic = m_work.divergence.quadratic();
    auto x = m_ratios.head(m_count);
    const auto counts = m_counts.head(m_count);
    x.noalias() = m_rows.leftCols(m_count).transpose() * u;
    double sum = penalty().price(u.sum(), u.squaredNorm());
    for (Index i = 0; i < m_count; ++i)
        sum += m_counts(i) * m_work.divergence(m_data(i), quadratic ? x(i) : std::max(x(i), smallest));
    if (quadratic) {
        x = counts.cwiseProduct(m_data.head(m_count) - x);
        return sum;
    }
    m_arithmetic.ratios(m_data.data(), m_ratios.data(), m_weights.data(), m_count);
    x.array() *= counts.array();
    if (m_arithmetic.hasWeights())
        m_weights.head(m_count).array() *= counts.array();
    return sum;
}

template <class Scalar>
double DivergenceLine<Scalar>::value(const Vector<double>& u)
{
    if (m_work.known)
        return valueOfKnown(u);
    auto x = m_ratios.head(m_count);
    double apart = penalty().price(u.sum(), u.squaredNorm());
    if (storedOnly()) {
        x.noalias() = m_rows.leftCols(m_count).transpose() * u;
        apart += m_held->sums.dot(u) - x.sum();
    } else {
        x.noalias() = m_held->rows.transpose() * u;
    }
    return m_arithmetic.ratiosAndFit(m_data.data(), m_ratios.data(), m_weights.data(), m_count).divergence + apart;
}

template <class Scalar>
void DivergenceLine<Scalar>::slope(const Vector<double>& u, Vector<double>& gradient)
{
    const bool picked = m_work.known || storedOnly();
    if (m_work.known && m_work.divergence.quadratic())
        gradient.setZero();
    else if (!m_arithmetic.hasWeights())
        gradient = m_work.known ? m_sums : m_held->sums;
    else if (picked)
        gradient.noalias() = m_rows.leftCols(m_count) * m_weights.head(m_count);
    else
        gradient.noalias() = m_held->rows * m_weights.head(m_count);
    if (picked)
        gradient.noalias() -= m_rows.leftCols(m_count) * m_ratios.head(m_count);
    else
        gradient.noalias() -= m_held->rows * m_ratios.head(m_count);
    gradient.array() += penalty().l1 + penalty().l2 * u.array();
}

template class DivergenceLine<float>;
template class DivergenceLine<double>;

} // namespace nmf
