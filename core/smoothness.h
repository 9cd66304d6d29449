#pragma once

#include "core/dataset.h"

namespace nmf
{

/// Which rows of a factor are neighbours: the pixels of an image that touch with a side, channel by channel, or rows
/// that follow each other.
struct Grid
{
    Index height = 1, width = 0, channels = 1;

    static Grid of(const Axis& axis, Index length);

    Index y(Index row) const { return row / (width * channels); }
    Index x(Index row) const { return row / channels % width; }
    /// 0 or 1, as on a chessboard: neighbours have different ones.
    Index colour(Index row) const { return (x(row) + y(row)) % 2; }

    /// Calls visit(neighbour) for each of the two to four.
    template <class Visit>
    void forNeighbours(Index row, const Visit& visit) const
    {
        const Index column = x(row), line = y(row);
        if (column > 0)
            visit(row - channels);
        if (column + 1 < width)
            visit(row + channels);
        if (line > 0)
            visit(row - width * channels);
        if (line + 1 < height)
            visit(row + width * channels);
    }
};

/// ½Σ_a Σ (u_ia − u_ja)², over all pairs of neighbours.
template <class Scalar>
double roughness(const Grid& grid, const Matrix<Scalar>& U);

} // namespace nmf
