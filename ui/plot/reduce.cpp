#include "ui/plot/reduce.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace nmf::ui
{

namespace
{

constexpr double missing = std::numeric_limits<double>::quiet_NaN();
constexpr double lowest = -std::numeric_limits<double>::infinity();

/// The larger of two; a NaN on the right never wins.
double larger(double kept, double value)
{
    return value > kept ? value : kept;
}

double fartherFromZero(double kept, double value)
{
    return std::isnan(kept) || std::abs(value) > std::abs(kept) ? value : kept;
}

/// The maximum of a run of neighbours, −∞ if all are NaN. Eight at a time, so that the compiler uses wide registers.
double maximumOfRun(const double* values, Index count)
{
    std::array<double, 8> kept;
    kept.fill(lowest);
    Index i = 0;
    for (; i + 8 <= count; i += 8)
        for (Index lane = 0; lane < 8; ++lane)
            kept[std::size_t(lane)] = larger(kept[std::size_t(lane)], values[i + lane]);
    double maximum = *std::max_element(kept.begin(), kept.end());
    for (; i < count; ++i)
        maximum = larger(maximum, values[i]);
    return maximum;
}

double reduceRun(const double* values, Index count, Index stride, Keep keep)
{
    if (keep == Keep::LargestMagnitude) {
        double kept = missing;
        for (Index i = 0; i < count; ++i)
            kept = fartherFromZero(kept, values[i * stride]);
        return kept;
    }
    double maximum = lowest;
    if (stride == 1)
        maximum = maximumOfRun(values, count);
    else
        for (Index i = 0; i < count; ++i)
            maximum = larger(maximum, values[i * stride]);
    return maximum == lowest ? missing : maximum;
}

double merged(double kept, double value, Keep keep)
{
    if (std::isnan(kept))
        return value;
    return keep == Keep::Largest ? larger(kept, value) : fartherFromZero(kept, value);
}

/// The same for columns that are not neighbours.
double reducePlaces(const MatrixView& view, Index rowPlace, Index begin, Index count, Keep keep)
{
    double kept = missing;
    for (Index place = begin; place < begin + count; ++place)
        kept = merged(kept, view(rowPlace, place), keep);
    return kept;
}

Matrix<double> reduceAlongRows(const MatrixView& view, const std::vector<Index>& rowBegins,
                               const std::vector<Index>& columnBegins, Keep keep)
{
    const Index height = Index(rowBegins.size()) - 1, width = Index(columnBegins.size()) - 1;
    Matrix<double> cells = Matrix<double>::Constant(height, width, missing);
    for (Index r = 0; r < height; ++r)
        for (Index place = rowBegins[std::size_t(r)]; place < rowBegins[std::size_t(r) + 1]; ++place)
            for (Index c = 0; c < width; ++c) {
                const Index begin = columnBegins[std::size_t(c)], count = columnBegins[std::size_t(c) + 1] - begin;
                const double* first = view.row(place) + begin * view.columnStride;
                const double value = !view.columnOrder.empty() ? reducePlaces(view, place, begin, count, keep)
                                     : count == 1              ? *first
                                                               : reduceRun(first, count, view.columnStride, keep);
                cells(r, c) = merged(cells(r, c), value, keep);
            }
    return cells;
}

Matrix<double> reduceAlongColumns(const MatrixView& view, const std::vector<Index>& rowBegins,
                                  const std::vector<Index>& columnBegins, Keep keep)
{
    const Index height = Index(rowBegins.size()) - 1, width = Index(columnBegins.size()) - 1;
    Matrix<double> cells = Matrix<double>::Constant(height, width, missing);
    for (Index c = 0; c < width; ++c)
        for (Index column = columnBegins[std::size_t(c)]; column < columnBegins[std::size_t(c) + 1]; ++column)
            for (Index r = 0; r < height; ++r)
                for (Index place = rowBegins[std::size_t(r)]; place < rowBegins[std::size_t(r) + 1]; ++place)
                    cells(r, c) = merged(cells(r, c), view(place, column), keep);
    return cells;
}

std::vector<Index> partBegins(const IndexRange& range, Index parts)
{
    std::vector<Index> begins;
    for (Index part = 0; part <= parts; ++part)
        begins.push_back(partBegin(range, part, parts));
    return begins;
}

} // namespace

MatrixView MatrixView::transposed(const Matrix<double>& matrix, std::span<const Index> order)
{
    const Index rows = order.empty() ? matrix.cols() : Index(order.size());
    return {matrix.data(), rows, matrix.rows(), matrix.rows(), 1, order};
}

MatrixView MatrixView::upright(const Matrix<double>& matrix, std::span<const Index> order)
{
    const Index rows = order.empty() ? matrix.rows() : Index(order.size());
    return {matrix.data(), rows, matrix.cols(), 1, matrix.rows(), order};
}

Index partBegin(const IndexRange& range, Index part, Index parts)
{
    return range.begin + (range.size() / parts) * part + (range.size() % parts) * part / parts;
}

Matrix<double> reduceMaximum(const MatrixView& view, const IndexRange& rows, const IndexRange& columns,
                             Index targetRows, Index targetColumns, Keep keep)
{
    const Index height = std::min(rows.size(), targetRows);
    const Index width = std::min(columns.size(), targetColumns);
    if (height <= 0 || width <= 0)
        return {};
    const std::vector<Index> rowBegins = partBegins(rows, height);
    const std::vector<Index> columnBegins = partBegins(columns, width);
    // The innermost loop runs along the direction in which the data are neighbours in memory.
    return view.columnStride <= view.rowStride ? reduceAlongRows(view, rowBegins, columnBegins, keep)
                                               : reduceAlongColumns(view, rowBegins, columnBegins, keep);
}

Extremes extremes(std::span<const double> values)
{
    std::array<double, 8> low, high;
    low.fill(-lowest);
    high.fill(lowest);
    for (std::size_t i = 0; i + 8 <= values.size(); i += 8)
        for (std::size_t lane = 0; lane < 8; ++lane) {
            const double value = values[i + lane];
            low[lane] = value < low[lane] ? value : low[lane];
            high[lane] = larger(high[lane], value);
        }
    for (std::size_t i = values.size() / 8 * 8; i < values.size(); ++i) {
        low[0] = values[i] < low[0] ? values[i] : low[0];
        high[0] = larger(high[0], values[i]);
    }
    const Extremes found{*std::min_element(low.begin(), low.end()), *std::max_element(high.begin(), high.end())};
    if (std::isfinite(found.lowest) && std::isfinite(found.highest))
        return found;
    // Rare: no number at all, or an infinity among them.
    Extremes finite{-lowest, lowest};
    for (const double value : values)
        if (std::isfinite(value))
            finite = {std::min(finite.lowest, value), std::max(finite.highest, value)};
    return finite.lowest > finite.highest ? Extremes{} : finite;
}

Extremes extremes(const Matrix<double>& table)
{
    return extremes(std::span(table.data(), std::size_t(table.size())));
}

double steadyMaximum(double shown, double maximum)
{
    if (!(maximum > 0))
        return 0;
    return maximum > shown || maximum < shown / 1.5 ? maximum * 1.1 : shown;
}

ThinCurve thinned(std::span<const double> x, std::span<const double> y, double low, double high, int parts,
                  Spacing spacing)
{
    const std::size_t count = std::min(x.size(), y.size());
    const auto firstInside = std::lower_bound(x.begin(), x.begin() + std::ptrdiff_t(count), low);
    const auto firstBeyond = std::upper_bound(firstInside, x.begin() + std::ptrdiff_t(count), high);
    std::size_t i = std::size_t(firstInside - x.begin());
    std::size_t end = std::size_t(firstBeyond - x.begin());
    i -= i > 0 ? 1 : 0;
    end += end < count ? 1 : 0;

    ThinCurve thin;
    const auto keep = [&](std::size_t point) {
        thin.x.push_back(x[point]);
        thin.y.push_back(y[point]);
    };
    const bool logarithmic = spacing == Spacing::Logarithmic && low > 0;
    const auto part = [&](double at) {
        const double share =
            logarithmic ? (at > 0 ? std::log(at / low) / std::log(high / low) : -1) : (at - low) / (high - low);
        return share < 0 ? -1.0 : std::floor(share * parts);
    };
    if (end - i <= std::size_t(4 * parts)) {
        for (; i < end; ++i)
            keep(i);
        return thin;
    }
    while (i < end) {
        const double here = part(x[i]);
        const std::size_t first = i;
        std::size_t least = i, most = i;
        do {
            least = y[i] < y[least] || std::isnan(y[least]) ? i : least;
            most = y[i] > y[most] || std::isnan(y[most]) ? i : most;
            ++i;
        } while (i < end && part(x[i]) == here);
        std::array<std::size_t, 4> chosen = {first, std::min(least, most), std::max(least, most), i - 1};
        std::for_each(chosen.begin(), std::unique(chosen.begin(), chosen.end()), keep);
    }
    return thin;
}

} // namespace nmf::ui
