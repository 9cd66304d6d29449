#include "core/measures/matching.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>
#include <utility>

namespace nmf
{

namespace
{

/// The columns scaled to length 1; what has no direction (zero or not finite) becomes zero.
Matrix<double> directions(const Matrix<double>& columns)
{
    Matrix<double> result = Matrix<double>::Zero(columns.rows(), columns.cols());
    for (Index a = 0; a < columns.cols(); ++a) {
        // Scaled by the largest entry first: squares of very large or very small entries leave the range of double.
        const double largest = columns.rows() > 0 ? columns.col(a).cwiseAbs().maxCoeff<Eigen::PropagateNaN>() : 0;
        if (!std::isfinite(largest) || largest == 0)
            continue;
        result.col(a) = (columns.col(a) / largest).normalized();
    }
    return result;
}

/// The Hungarian method in its form of shortest augmenting paths. Prices on rows and columns keep every reduced cost,
/// cost − rowPrice − columnPrice, at 0 or above, and at 0 for assigned pairs.
class Assignment
{
public:
    explicit Assignment(Matrix<double> cost)
        : m_cost(std::move(cost)), m_rowPrice(Vector<double>::Zero(m_cost.rows())),
          m_columnPrice(Vector<double>::Zero(m_cost.cols())), m_rowOf(static_cast<std::size_t>(m_cost.cols()), -1),
          m_previous(m_rowOf.size(), -1)
    {
        for (Index row = 0; row < m_cost.rows(); ++row)
            augment(searchFrom(row), row);
    }

    /// The row that each column was given to.
    const std::vector<Index>& rowOf() const { return m_rowOf; }

private:
    /// Dijkstra from a row over reduced costs to the nearest free column; m_previous keeps the way there. −1 in
    /// m_previous stands for the row itself.
    Index searchFrom(Index start)
    {
        const Index count = m_cost.cols();
        Vector<double> distance = Vector<double>::Constant(count, std::numeric_limits<double>::infinity());
        std::vector<bool> settled(m_rowOf.size(), false);
        std::vector<Index> path;
        Index row = start, column = -1;
        double length = 0;
        for (;;) {
            Index nearest = -1;
            for (Index next = 0; next < count; ++next) {
                if (settled[at(next)])
                    continue;
                const double reach = length + m_cost(row, next) - m_rowPrice(row) - m_columnPrice(next);
                if (reach < distance(next)) {
                    distance(next) = reach;
                    m_previous[at(next)] = column;
                }
                if (nearest < 0 || distance(next) < distance(nearest))
                    nearest = next;
            }
            column = nearest;
            length = distance(column);
            if (m_rowOf[at(column)] < 0)
                break;
            settled[at(column)] = true;
            path.push_back(column);
            row = m_rowOf[at(column)];
        }
        m_rowPrice(start) += length;
        for (const Index passed : path) {
            m_rowPrice(m_rowOf[at(passed)]) += length - distance(passed);
            m_columnPrice(passed) -= length - distance(passed);
        }
        return column;
    }

    /// Hands the columns on along the path, so that `start` gets one and no row loses its own.
    void augment(Index column, Index start)
    {
        for (Index previous = m_previous[at(column)]; previous >= 0; previous = m_previous[at(column)]) {
            m_rowOf[at(column)] = m_rowOf[at(previous)];
            column = previous;
        }
        m_rowOf[at(column)] = start;
    }

    static std::size_t at(Index index) { return static_cast<std::size_t>(index); }

    Matrix<double> m_cost;
    Vector<double> m_rowPrice, m_columnPrice;
    std::vector<Index> m_rowOf, m_previous;
};

} // namespace

Matching matchColumns(const Matrix<double>& wanted, const Matrix<double>& found)
{
    assert(wanted.rows() == found.rows());
    const Matrix<double> cosines = directions(wanted).transpose() * directions(found);
    // Where the counts differ, the surplus is matched with nobody, which costs the same for all.
    const Index count = std::max(wanted.cols(), found.cols());
    Matrix<double> cost = Matrix<double>::Zero(count, count);
    cost.topLeftCorner(wanted.cols(), found.cols()) = -cosines;
    const Assignment assignment(std::move(cost));

    const auto size = static_cast<std::size_t>(wanted.cols());
    Matching matching{std::vector<Index>(size, -1), std::vector<double>(size, 0.0)};
    for (Index b = 0; b < found.cols(); ++b) {
        const Index a = assignment.rowOf()[static_cast<std::size_t>(b)];
        if (a >= wanted.cols())
            continue;
        matching.partner[static_cast<std::size_t>(a)] = b;
        matching.cosine[static_cast<std::size_t>(a)] = std::clamp(cosines(a, b), -1.0, 1.0);
    }
    return matching;
}

} // namespace nmf
