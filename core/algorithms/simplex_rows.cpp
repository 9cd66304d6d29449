#include "core/algorithms/simplex_rows.h"

#include <algorithm>
#include <limits>

namespace nmf
{

template <class Scalar>
SimplexRows<Scalar>::SimplexRows(Index rank, const Constraint& constraint)
    : m_rank(rank), m_sum(constraint.sum > 0 ? constraint.sum : constraint.largestSum)
{
    const Index entries = constraint.sum > 0 ? rank : rank + 1;
    m_G.setZero(entries, entries);
    m_u.setZero(entries);
    m_slope.setZero(entries);
}

template <class Scalar>
void SimplexRows<Scalar>::operator()(const Matrix<Scalar>& G, Scalar l1, const ConstMatrixRef<Scalar>& C, int exchanges,
                                     MatrixRef<Scalar> U)
{
    m_G.topLeftCorner(m_rank, m_rank) = G.template cast<double>();
    for (Index row = 0; row < U.rows(); ++row) {
        m_u.head(m_rank) = U.row(row).template cast<double>();
        if (m_u.size() > m_rank)
            m_u(m_rank) = std::max(m_sum - m_u.head(m_rank).sum(), 0.0);
        m_slope.noalias() = m_G * m_u;
        m_slope.head(m_rank).array() +=
            static_cast<double>(l1) - C.row(row).template cast<double>().transpose().array();
        bool moved = false;
        for (int made = 0; made < exchanges && exchange(); ++made)
            moved = true;
        if (!moved)
            continue;
        // What rounding has taken from the sum.
        m_u *= m_sum / m_u.sum();
        U.row(row) = m_u.head(m_rank).template cast<Scalar>();
    }
}

/// Moves weight from the entry that gives most to the one that pulls most; false if there is nothing to gain.
template <class Scalar>
bool SimplexRows<Scalar>::exchange()
{
    constexpr double nothing = 1e-14;
    Index to = 0, from = -1;
    const double lowest = m_slope.minCoeff(&to);
    double best = 0;
    for (Index b = 0; b < m_u.size(); ++b) {
        const double drop = m_slope(b) - lowest;
        if (!(m_u(b) > 0) || !(drop > nothing * std::max(std::abs(m_slope(b)), std::abs(lowest))))
            continue;
        const double bend = std::max(m_G(to, to) + m_G(b, b) - 2 * m_G(to, b), std::numeric_limits<double>::min());
        const double step = std::min(drop / bend, m_u(b)), gain = step * (drop - step * bend / 2);
        if (gain > best) {
            best = gain;
            from = b;
        }
    }
    if (from < 0)
        return false;
    const double bend = m_G(to, to) + m_G(from, from) - 2 * m_G(to, from), drop = m_slope(from) - lowest;
    const bool all = !(drop < bend * m_u(from));
    const double step = all ? m_u(from) : drop / bend;
    m_u(to) += step;
    m_u(from) = all ? 0 : m_u(from) - step;
    m_slope += step * (m_G.col(to) - m_G.col(from));
    return step > 0;
}

template class SimplexRows<float>;
template class SimplexRows<double>;

} // namespace nmf
