#include "core/algorithms/row_terms.h"

#include "core/algorithms/locked_rows.h"
#include "core/simplex.h"

#include <cmath>
#include <limits>

namespace nmf
{

namespace
{

/// Σ_{a<b} u_aᵀu_b
template <class Scalar>
double overlapOf(const Matrix<Scalar>& U)
{
    double sum = 0;
    for (Index row = 0; row < U.rows(); ++row) {
        const double total = U.row(row).template cast<double>().sum();
        sum += (total * total - U.row(row).template cast<double>().squaredNorm()) / 2;
    }
    return sum;
}

} // namespace

template <class Scalar>
RowTerms<Scalar>::RowTerms(const Work<Scalar>& work, std::shared_ptr<const VarianceMatching<Scalar>> matching,
                           double floor)
    : m_penalties{work.onH, work.onW},
      m_constraints{work.ofH, work.ofW}, m_locks{work.lockH, work.lockW}, m_grids{work.gridH, work.gridW},
      m_matching(std::move(matching)), m_floor(floor), m_neighboursSum(Vector<double>::Zero(work.factors.rank()))
{
    if (work.divergence.quadratic())
        m_penalties[0].overlap = m_penalties[1].overlap = 0;
}

template <class Scalar>
void RowTerms<Scalar>::load(Side side, Index row, const Matrix<Scalar>& U)
{
    m_at = side == Side::Basis ? 1 : 0;
    m_row = row;
    if (m_penalties[m_at].smoothness > 0)
        gatherNeighbours(row, U);
    m_wanted = m_matching ? m_matching->wanted(row) : 0;
    m_push = m_matching ? m_matching->push(row) : 0;
}

template <class Scalar>
void RowTerms<Scalar>::gatherNeighbours(Index row, const Matrix<Scalar>& U)
{
    m_neighbours = m_neighboursSquares = 0;
    m_neighboursSum.setZero();
    m_grids[m_at].forNeighbours(row, [&](Index other) {
        ++m_neighbours;
        for (Index a = 0; a < U.cols(); ++a) {
            const auto entry = static_cast<double>(U(other, a));
            m_neighboursSum(a) += entry;
            m_neighboursSquares += entry * entry;
        }
    });
}

template <class Scalar>
double RowTerms<Scalar>::value(const Vector<double>& u) const
{
    const Penalty& penalty = m_penalties[m_at];
    double value = 0;
    if (penalty.smoothness > 0)
        value += penalty.smoothness *
                 (m_neighbours * u.squaredNorm() - 2 * m_neighboursSum.dot(u) + m_neighboursSquares) / 2;
    if (penalty.overlap > 0 || m_wanted > 0) {
        const double sum = u.sum();
        value += penalty.overlap * (sum * sum - u.squaredNorm()) / 2;
        if (m_wanted > 0)
            value += sum > 0 ? m_push * sum - m_wanted * std::log(sum) : std::numeric_limits<double>::infinity();
    }
    return value;
}

template <class Scalar>
void RowTerms<Scalar>::addSlope(const Vector<double>& u, Vector<double>& slope) const
{
    const Penalty& penalty = m_penalties[m_at];
    if (penalty.smoothness > 0)
        slope += penalty.smoothness * (m_neighbours * u - m_neighboursSum);
    if (penalty.overlap > 0 || m_wanted > 0) {
        const double sum = u.sum();
        slope.array() += penalty.overlap * (sum - u.array());
        if (m_wanted > 0)
            slope.array() += m_push - m_wanted / std::max(sum, std::numeric_limits<double>::min());
    }
}

template <class Scalar>
void RowTerms<Scalar>::hold(Vector<double>& slope) const
{
    const FactorLock& lock = m_locks[m_at];
    if (lock.none())
        return;
    for (Index a = 0; a < slope.size(); ++a)
        if (isLocked(lock, m_row, a))
            slope(a) = 0;
}

template <class Scalar>
void RowTerms<Scalar>::project(const Vector<double>& before, Vector<double>& u) const
{
    const Constraint& constraint = m_constraints[m_at];
    if (constraint.sum > 0)
        projectOnSimplex(u, constraint.sum);
    u = u.cwiseMax(m_floor);
    if (constraint.largestSum > 0 && u.sum() > constraint.largestSum) {
        projectOnSimplex(u, constraint.largestSum);
        u = u.cwiseMax(m_floor);
    }
    if (!(constraint.upper > 0))
        return;
    u = u.cwiseMin(constraint.upper);
    const FactorLock& lock = m_locks[m_at];
    for (Index a = 0; a < u.size() && !lock.none(); ++a)
        if (isLocked(lock, m_row, a))
            u(a) = before(a);
}

bool servedByRowTerms(Demand demand)
{
    return demand == Demand::Overlap || demand == Demand::Smoothness || demand == Demand::VarianceMatching ||
           demand == Demand::UpperBound || demand == Demand::FixedSum || demand == Demand::LargestSum;
}

template <class Scalar>
bool hasRowTerms(const Work<Scalar>& work)
{
    const bool overlaps = !work.divergence.quadratic() && (work.onW.overlap > 0 || work.onH.overlap > 0);
    return overlaps || work.onW.smoothness > 0 || work.onH.smoothness > 0 || work.together.matchesVariances() ||
           !work.ofW.none() || !work.ofH.none();
}

template <class Scalar>
double rowTermsPrice(const Work<Scalar>& work, VarianceMatching<Scalar>* matching)
{
    double price = matching ? matching->price(work.factors) : 0;
    for (const Side side : {Side::Coefficients, Side::Basis}) {
        const Penalty& penalty = work.penalty(side);
        const Matrix<Scalar>& U = side == Side::Basis ? work.factors.W : work.factors.Ht;
        if (penalty.smoothness > 0)
            price += penalty.smoothness * roughness(work.grid(side), U);
        if (penalty.overlap > 0 && !work.divergence.quadratic())
            price += penalty.overlap * overlapOf(U);
    }
    return price;
}

template class RowTerms<float>;
template class RowTerms<double>;
template bool hasRowTerms(const Work<float>&);
template bool hasRowTerms(const Work<double>&);
template double rowTermsPrice(const Work<float>&, VarianceMatching<float>*);
template double rowTermsPrice(const Work<double>&, VarianceMatching<double>*);

} // namespace nmf
