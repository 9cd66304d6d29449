#pragma once

#include "core/matrix.h"

#include <span>
#include <vector>

namespace nmf::ui
{

/// A table as it is drawn: entry (row, column) is data[rowOrder(row) · rowStride + columnOrder(column) · columnStride].
/// Owns nothing.
struct MatrixView
{
    const double* data = nullptr;
    Index rows = 0;
    Index columns = 0;
    Index rowStride = 0;
    Index columnStride = 1;
    std::span<const Index> rowOrder = {};    ///< which row of the data is drawn at each place; empty: as they come
    std::span<const Index> columnOrder = {}; ///< the same for columns

    const double* row(Index place) const
    {
        return data + (rowOrder.empty() ? place : rowOrder[std::size_t(place)]) * rowStride;
    }
    Index column(Index place) const { return columnOrder.empty() ? place : columnOrder[std::size_t(place)]; }
    double operator()(Index rowPlace, Index columnPlace) const
    {
        return row(rowPlace)[column(columnPlace) * columnStride];
    }

    /// The columns of `matrix` drawn as rows (Hᵀ as H).
    static MatrixView transposed(const Matrix<double>& matrix, std::span<const Index> order = {});
    /// The matrix as it is.
    static MatrixView upright(const Matrix<double>& matrix, std::span<const Index> order = {});
};

/// The whole numbers begin … end − 1.
struct IndexRange
{
    Index begin = 0;
    Index end = 0;

    Index size() const { return end - begin; }
    bool operator==(const IndexRange&) const = default;
};

/// Which entry stands for all that share a cell of the screen.
enum class Keep {
    Largest,         ///< the maximum
    LargestMagnitude ///< the entry farthest from zero, with its sign
};

/// Where part `part` of `parts` nearly equal parts of a range begins.
Index partBegin(const IndexRange& range, Index part, Index parts);

/// A table of at most targetRows × targetColumns in which each cell keeps the maximum of the entries that it covers;
/// NaN counts only where a cell has nothing else. Nothing is interpolated, so no maximum is invented and none is lost.
Matrix<double> reduceMaximum(const MatrixView& view, const IndexRange& rows, const IndexRange& columns,
                             Index targetRows, Index targetColumns, Keep keep = Keep::Largest);

/// The lowest and highest finite entry of a table; {0, 0} if there is none.
struct Extremes
{
    double lowest = 0;
    double highest = 0;
};
Extremes extremes(const Matrix<double>& table);
Extremes extremes(std::span<const double> values);

/// The end of a colour scale while values change many times a second: it rises at once with a tenth to spare, and falls
/// only when the values have left less than two thirds of it in use.
double steadyMaximum(double shown, double maximum);

/// A curve of at most 4 · parts points that looks like this one on a screen `parts` pixels wide: of the points in each
/// equal part of the range low … high the first, lowest, highest and last, and one point beyond either end. x must
/// rise.
struct ThinCurve
{
    std::vector<double> x;
    std::vector<double> y;
};
enum class Spacing { Linear, Logarithmic };
ThinCurve thinned(std::span<const double> x, std::span<const double> y, double low, double high, int parts,
                  Spacing spacing = Spacing::Linear);

} // namespace nmf::ui
