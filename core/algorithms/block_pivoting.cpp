#include "core/algorithms/block_pivoting.h"

#include "core/algorithms/active_set.h"

#include <Eigen/Cholesky>

#include <algorithm>
#include <limits>

namespace nmf
{

namespace
{

/// Of the largest entry of a right-hand side: what is smaller counts as zero. G has a unit diagonal there, so this
/// holds for data of any size.
constexpr double zero = 1e-12;

/// The least pivot of the Cholesky factorization of a matrix of unit diagonal; zero or less if it breaks down.
double leastPivot(const Matrix<double>& G, Matrix<double>& scratch)
{
    scratch = G;
    double least = 1;
    for (Index a = 0; a < G.cols(); ++a) {
        const double pivot = scratch(a, a);
        least = std::min(least, pivot);
        if (!(pivot > 0))
            return pivot;
        const Index rest = G.cols() - a - 1;
        const auto below = scratch.col(a).tail(rest);
        for (Index b = 0; b < rest; ++b)
            scratch.col(a + 1 + b).tail(rest - b) -= below(b) / pivot * below.tail(rest - b);
    }
    return least;
}

} // namespace

BlockPivoting::BlockPivoting(Index mostRows, Index rank)
    : m_rank(rank), m_words(static_cast<std::size_t>(rank + 63) / 64), m_G(rank, rank), m_factor(rank, rank),
      m_right(rank, mostRows), m_C(rank, mostRows), m_X(rank, mostRows), m_Y(rank, mostRows), m_start(rank, mostRows),
      m_activeX(rank, mostRows), m_activeY(rank, mostRows), m_size(rank),
      m_keys(static_cast<std::size_t>(mostRows) * m_words), m_rows(static_cast<std::size_t>(mostRows))
{
    m_free.reserve(static_cast<std::size_t>(rank));
    m_bad.reserve(static_cast<std::size_t>(rank));
    m_active.reserve(static_cast<std::size_t>(mostRows));
}

std::vector<BlockPivoting> pivotingForEach(int threads, Index mostRows, Index rank)
{
    std::vector<BlockPivoting> all;
    all.reserve(static_cast<std::size_t>(threads));
    for (int thread = 0; thread < threads; ++thread)
        all.emplace_back(mostRows, rank);
    return all;
}

template <class Scalar>
void BlockPivoting::operator()(const Matrix<Scalar>& G, Scalar l1, const ConstMatrixRef<Scalar>& C, MatrixRef<Scalar> U,
                               const std::vector<Index>& locked)
{
    const Index rows = U.rows();
    m_G = G.template cast<double>();
    scaleGram(static_cast<double>(std::numeric_limits<Scalar>::epsilon()), locked);
    for (Index a = 0; a < m_rank; ++a) {
        if (m_size(a) == 0) {
            m_C.row(a).head(rows).setZero();
            m_start.row(a).head(rows).setZero();
            continue;
        }
        m_C.row(a).head(rows) = ((C.col(a).array() - l1).template cast<double>() / m_size(a)).matrix().transpose();
        // What is locked has its share of the right-hand side, and no influence beyond.
        for (const Index b : locked)
            m_C.row(a).head(rows) -=
                static_cast<double>(G(b, a)) / m_size(a) * U.col(b).template cast<double>().transpose();
        m_start.row(a).head(rows) = (U.col(a).template cast<double>() * m_size(a)).transpose();
    }
    solveRows(rows);
    for (Index a = 0; a < m_rank; ++a) {
        if (m_size(a) > 0)
            U.col(a) = (m_X.row(a).head(rows).transpose() / m_size(a)).template cast<Scalar>();
        else if (l1 > 0 && !std::binary_search(locked.begin(), locked.end(), a))
            U.col(a).setZero();
    }
}

/// Brings the diagonal to one. Components that are all but combinations of others are told apart by a little ridge.
void BlockPivoting::scaleGram(double precision, const std::vector<Index>& locked)
{
    for (Index a = 0; a < m_rank; ++a)
        m_size(a) = m_G(a, a) > tiny<double> ? std::sqrt(m_G(a, a)) : 0;
    for (const Index a : locked)
        m_size(a) = 0;
    for (Index a = 0; a < m_rank; ++a)
        for (Index b = 0; b < m_rank; ++b)
            m_G(a, b) = a == b ? 1 : m_size(a) == 0 || m_size(b) == 0 ? 0 : m_G(a, b) / m_size(a) / m_size(b);
    m_ridge = leastPivot(m_G, m_factor) <= 32 * precision ? 1024 * precision : 0;
    m_G.diagonal().array() += m_ridge;
}

void BlockPivoting::solveRows(Index rows)
{
    m_active.clear();
    std::fill(m_keys.begin(), m_keys.end(), Word{0});
    for (Index row = 0; row < rows; ++row) {
        m_active.push_back(row);
        m_rows[static_cast<std::size_t>(row)] = {m_rank + 1, 3};
        for (Index a = 0; a < m_rank; ++a)
            if (m_start(a, row) > 0)
                flip(row, a);
    }
    for (Index round = 0; round < 5 * m_rank + 5 && !m_active.empty(); ++round) {
        solveGroups();
        std::erase_if(m_active, [this](Index row) { return exchange(row); });
    }
    for (const Index row : m_active)
        fallBack(row);
    if (m_ridge > 0)
        keepTheBetter(rows);
}

/// Solves the active rows, those with equal sets together, and their gradients.
void BlockPivoting::solveGroups()
{
    const auto keyBefore = [this](Index one, Index two) {
        const auto order =
            std::lexicographical_compare_three_way(key(one), key(one) + m_words, key(two), key(two) + m_words);
        return order == 0 ? one < two : order < 0;
    };
    std::sort(m_active.begin(), m_active.end(), keyBefore);
    for (std::size_t first = 0; first < m_active.size();) {
        std::size_t last = first + 1;
        while (last < m_active.size() &&
               std::equal(key(m_active[first]), key(m_active[first]) + m_words, key(m_active[last])))
            ++last;
        solveGroup(first, last);
        first = last;
    }
    const auto count = static_cast<Index>(m_active.size());
    for (Index i = 0; i < count; ++i)
        m_activeX.col(i) = m_X.col(m_active[static_cast<std::size_t>(i)]);
    m_activeY.leftCols(count).noalias() = m_G * m_activeX.leftCols(count);
    for (Index i = 0; i < count; ++i) {
        const Index row = m_active[static_cast<std::size_t>(i)];
        m_Y.col(row) = m_activeY.col(i) - m_C.col(row);
    }
}

void BlockPivoting::solveGroup(std::size_t first, std::size_t last)
{
    m_free.clear();
    for (Index a = 0; a < m_rank; ++a)
        if (isFree(m_active[first], a))
            m_free.push_back(a);
    const auto size = static_cast<Index>(m_free.size()), count = static_cast<Index>(last - first);
    auto factor = m_factor.topLeftCorner(size, size);
    auto right = m_right.topLeftCorner(size, count);
    for (Index b = 0; b < size; ++b)
        for (Index a = b; a < size; ++a)
            factor(a, b) = m_G(m_free[static_cast<std::size_t>(a)], m_free[static_cast<std::size_t>(b)]);
    for (Index i = 0; i < count; ++i)
        for (Index a = 0; a < size; ++a)
            right(a, i) = m_C(m_free[static_cast<std::size_t>(a)], m_active[first + static_cast<std::size_t>(i)]);
    if (size > 0) {
        MatrixRef<double> inPlace(factor);
        const Eigen::LLT<MatrixRef<double>> cholesky(inPlace);
        cholesky.solveInPlace(right);
    }
    for (Index i = 0; i < count; ++i) {
        auto x = m_X.col(m_active[first + static_cast<std::size_t>(i)]);
        x.setZero();
        for (Index a = 0; a < size; ++a)
            x(m_free[static_cast<std::size_t>(a)]) = right(a, i);
    }
}

/// Moves the variables that break the conditions of optimality to the other set; true if there are none. All of them at
/// once as long as their number falls now and then, else one at a time, which cannot go in a circle.
bool BlockPivoting::exchange(Index row)
{
    const double limit = zero * m_C.col(row).cwiseAbs().maxCoeff();
    m_bad.clear();
    for (Index a = 0; a < m_rank; ++a)
        if ((isFree(row, a) ? m_X(a, row) : m_Y(a, row)) < -limit)
            m_bad.push_back(a);
    if (m_bad.empty()) {
        m_X.col(row) = m_X.col(row).cwiseMax(0);
        return true;
    }
    Row& state = m_rows[static_cast<std::size_t>(row)];
    const auto count = static_cast<Index>(m_bad.size());
    if (count < state.fewest) {
        state.fewest = count;
        state.budget = 3;
    } else if (state.budget > 0) {
        --state.budget;
    } else {
        m_bad.erase(m_bad.begin(), m_bad.end() - 1);
    }
    for (const Index a : m_bad)
        flip(row, a);
    return false;
}

void BlockPivoting::fallBack(Index row)
{
    m_X.col(row) = activeSetSolution(m_G, m_C.col(row));
}

/// With a ridge the solution is not quite that of G: a row that had been better stays.
void BlockPivoting::keepTheBetter(Index rows)
{
    const auto value = [this](const auto& x, Index row) {
        return 0.5 * x.dot(m_G * x) - 0.5 * m_ridge * x.squaredNorm() - m_C.col(row).dot(x);
    };
    for (Index row = 0; row < rows; ++row)
        if (m_start.col(row).minCoeff() >= 0 && value(m_start.col(row), row) < value(m_X.col(row), row))
            m_X.col(row) = m_start.col(row);
}

template void BlockPivoting::operator()(const Matrix<float>&, float, const ConstMatrixRef<float>&, MatrixRef<float>,
                                        const std::vector<Index>&);
template void BlockPivoting::operator()(const Matrix<double>&, double, const ConstMatrixRef<double>&, MatrixRef<double>,
                                        const std::vector<Index>&);

} // namespace nmf
