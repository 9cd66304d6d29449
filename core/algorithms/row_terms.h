#pragma once

#include "core/algorithms/variance_matching.h"
#include "core/demand.h"

namespace nmf
{

/// What is asked of one row of a factor, while the others stay, besides L1 and L2: what that adds to the objective and
/// to its slope, and where the row may be. Keeps its scratch memory.
template <class Scalar>
class RowTerms
{
public:
    /// `matching`: null if the variances are not matched. Overlap counts under the losses that are not quadratic;
    /// elsewhere it is in the Gram matrix. No entry falls below `floor`.
    RowTerms(const Work<Scalar>& work, std::shared_ptr<const VarianceMatching<Scalar>> matching, double floor);

    /// The row of U, the factor on this side, that is meant from here on.
    void load(Side side, Index row, const Matrix<Scalar>& U);
    double value(const Vector<double>& u) const;
    void addSlope(const Vector<double>& u, Vector<double>& slope) const;
    /// Takes what is locked out of a slope, so that no step along it moves that.
    void hold(Vector<double>& slope) const;
    /// Replaces u by the nearest row that is allowed; what is locked stays as it is in `before`.
    void project(const Vector<double>& before, Vector<double>& u) const;

private:
    void gatherNeighbours(Index row, const Matrix<Scalar>& U);

    Penalty m_penalties[2];
    Constraint m_constraints[2];
    FactorLock m_locks[2];
    Grid m_grids[2];
    std::shared_ptr<const VarianceMatching<Scalar>> m_matching;
    double m_floor;
    std::size_t m_at = 0; ///< the side
    Index m_row = 0;
    double m_neighbours = 0, m_neighboursSquares = 0; ///< their number, and the sum of the squares of their entries
    Vector<double> m_neighboursSum;
    double m_wanted = 0, m_push = 0;
};

/// Whether anything but L1, L2 and locks is asked that it serves.
template <class Scalar>
bool hasRowTerms(const Work<Scalar>& work);

/// What it serves.
bool servedByRowTerms(Demand demand);

/// What the terms that the walks over V do not know add to the objective, of both factors.
template <class Scalar>
double rowTermsPrice(const Work<Scalar>& work, VarianceMatching<Scalar>* matching);

/// Calls move(row, thread) for all rows on this side, `atOnce` of them in a block. Rows that depend on each other are
/// not moved at the same time, so that the objective falls with each.
template <class Scalar, class Move>
void forRows(const Work<Scalar>& work, Side side, Index atOnce, const Move& move)
{
    const Partition parts{work.V.rowsOf(side), atOnce};
    const bool smooth = work.penalty(side).smoothness > 0;
    // Neighbours have different colours.
    for (const Index colour : {0, 1})
        if (colour == 0 || smooth)
            work.blocks.run(parts.count(), [&](Index part, int thread) {
                for (Index row = parts.first(part); row < parts.first(part) + parts.size(part); ++row)
                    if (!smooth || work.grid(side).colour(row) == colour)
                        move(row, thread);
            });
}

} // namespace nmf
