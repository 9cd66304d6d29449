#include "ui/model/montage.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>
#include <vector>

namespace nmf::ui
{

namespace
{

uchar grayOf(double value, double largest)
{
    if (!(value > 0) || !(largest > 0))
        return 0;
    return static_cast<uchar>(std::lround(255 * std::min(value / largest, 1.0)));
}

constexpr double missing = std::numeric_limits<double>::quiet_NaN();

/// A value as a gray; a missing one as a stripe of a colour that no value has.
QRgb colourOf(double value, double largest, Index x, Index y)
{
    if (std::isnan(value))
        return (x + y) % 4 < 2 ? qRgb(214, 148, 36) : qRgb(120, 72, 0);
    const uchar gray = grayOf(value, largest);
    return qRgb(gray, gray, gray);
}

double largestFinite(const Vector<double>& values)
{
    double largest = 0;
    for (const double value : values)
        if (std::isfinite(value))
            largest = std::max(largest, value);
    return largest;
}

bool isStored(const DataMatrix& V, Index row, Index column)
{
    bool stored = !V.isSparse();
    if (!stored)
        V.visitStored(column, [&](Index at, double) { stored = stored || at == row; });
    return stored;
}

/// A sample; what is unknown is missing.
Vector<double> knownColumn(const Dataset& dataset, Index sample, Gaps gaps)
{
    Vector<double> values = dataset.V.column(sample);
    if (dataset.V.isSparse() && gaps == Gaps::Unknown) {
        values.setConstant(missing);
        dataset.V.visitStored(sample, [&](Index row, double value) { values(row) = value; });
    }
    if (dataset.weights) {
        const Vector<double> weights = dataset.weights->column(sample);
        for (Index i = 0; i < values.size(); ++i)
            if (weights(i) == 0)
                values(i) = missing;
    }
    return values;
}

QImage imagesOf(const Dataset& dataset, int columns, int rows, Gaps gaps)
{
    constexpr Index gap = 1;
    const Axis& axis = dataset.features;
    const Index count = std::min<Index>(dataset.V.cols(), Index{columns} * rows);
    columns = static_cast<int>(std::min<Index>(columns, count));
    rows = static_cast<int>((count + columns - 1) / columns);
    QImage image(static_cast<int>(columns * (axis.width + gap) - gap),
                 static_cast<int>(rows * (axis.height + gap) - gap), QImage::Format_ARGB32);
    image.fill(Qt::transparent);
    double largest = 0;
    for (Index sample = 0; sample < count; ++sample)
        largest = std::max(largest, largestFinite(dataset.V.column(sample)));
    for (Index sample = 0; sample < count; ++sample) {
        const Vector<double> values = knownColumn(dataset, sample, gaps);
        const Index left = sample % columns * (axis.width + gap), top = sample / columns * (axis.height + gap);
        for (Index y = 0; y < axis.height; ++y) {
            auto* line = reinterpret_cast<QRgb*>(image.scanLine(static_cast<int>(top + y))) + left;
            for (Index x = 0; x < axis.width; ++x)
                line[x] = colourOf(values((y * axis.width + x) * axis.channels), largest, x, y);
        }
    }
    return image;
}

QImage tableOf(const Dataset& dataset, Gaps gaps, Index side)
{
    const Index rows = std::min(dataset.V.rows(), side), columns = std::min(dataset.V.cols(), side);
    const bool zeroUnlessKept = dataset.V.isSparse() && gaps == Gaps::Zero;
    Matrix<double> cells = Matrix<double>::Constant(rows, columns, zeroUnlessKept ? 0 : missing);
    for (Index sample = 0; sample < dataset.V.cols(); ++sample) {
        const Index column = sample * columns / dataset.V.cols();
        Vector<double> weights;
        if (dataset.weights)
            weights = dataset.weights->column(sample);
        dataset.V.visitStored(sample, [&](Index row, double value) {
            if (weights.size() > 0 && weights(row) == 0)
                return;
            double& cell = cells(row * rows / dataset.V.rows(), column);
            if (std::isfinite(value))
                cell = std::isnan(cell) ? std::max(value, 0.0) : std::max(cell, value);
        });
    }
    const double largest = largestFinite(cells.reshaped());
    QImage image(static_cast<int>(columns), static_cast<int>(rows), QImage::Format_RGB32);
    for (Index row = 0; row < rows; ++row) {
        auto* line = reinterpret_cast<QRgb*>(image.scanLine(static_cast<int>(row)));
        for (Index column = 0; column < columns; ++column)
            line[column] = colourOf(cells(row, column), largest, column, row);
    }
    return image;
}

/// The numbers of 0…count−1 that the cell stands for, of so many cells: from, to.
std::pair<Index, Index> cellRange(Index cell, Index cells, Index count)
{
    return {(cell * count + cells - 1) / cells, ((cell + 1) * count + cells - 1) / cells};
}

/// The first unknown row of a stretch of a column; `bottom` if all are known.
Index firstUnknown(const Dataset& dataset, Index column, Index top, Index bottom, Gaps gaps)
{
    if (!dataset.V.isSparse()) {
        while (top < bottom && !isUnknown(dataset, top, column))
            ++top;
        return top;
    }
    // One walk over what is kept, for there is no quick look at an entry.
    std::vector<bool> known(static_cast<std::size_t>(bottom - top), gaps == Gaps::Zero);
    dataset.V.visitStored(column, [&](Index row, double value) {
        if (row >= top && row < bottom)
            known[static_cast<std::size_t>(row - top)] = !std::isnan(value);
    });
    for (Index row = top; dataset.weights && row < bottom; ++row)
        if ((*dataset.weights)(row, column) == 0)
            known[static_cast<std::size_t>(row - top)] = false;
    return top + (std::ranges::find(known, false) - known.begin());
}

std::optional<DataFacts::Place> placeInTable(const Dataset& dataset, QPoint point, Gaps gaps, Index side)
{
    const Index rows = std::min(dataset.V.rows(), side), columns = std::min(dataset.V.cols(), side);
    if (point.x() < 0 || point.y() < 0 || point.x() >= columns || point.y() >= rows)
        return {};
    const auto [top, bottom] = cellRange(point.y(), rows, dataset.V.rows());
    const auto [left, right] = cellRange(point.x(), columns, dataset.V.cols());
    for (Index column = left; column < right; ++column)
        if (const Index row = firstUnknown(dataset, column, top, bottom, gaps); row < bottom)
            return DataFacts::Place{row, column};
    return DataFacts::Place{top, left};
}

} // namespace

bool isUnknown(const Dataset& dataset, Index row, Index column, Gaps gaps)
{
    return std::isnan(dataset.V(row, column)) || (dataset.weights && (*dataset.weights)(row, column) == 0) ||
           (gaps == Gaps::Unknown && !isStored(dataset.V, row, column));
}

std::optional<DataFacts::Place> placeInMontage(const Dataset& dataset, QPoint point, int columns, int rows, Gaps gaps,
                                               Index side)
{
    if (dataset.features.kind != Axis::Kind::Pixels)
        return placeInTable(dataset, point, gaps, side);
    const Axis& axis = dataset.features;
    const Index count = std::min<Index>(dataset.V.cols(), Index{columns} * rows);
    const Index across = std::min<Index>(columns, count), width = axis.width + 1, height = axis.height + 1;
    const Index x = point.x() % width, y = point.y() % height;
    const Index sample = point.y() / height * across + point.x() / width;
    if (point.x() < 0 || point.y() < 0 || point.x() / width >= across || sample >= count || x == axis.width ||
        y == axis.height)
        return {};
    return DataFacts::Place{(y * axis.width + x) * axis.channels, sample};
}

QImage montageOf(const Dataset& dataset, int columns, int rows, Gaps gaps, Index side)
{
    if (dataset.V.size() == 0)
        return {};
    return dataset.features.kind == Axis::Kind::Pixels ? imagesOf(dataset, columns, rows, gaps)
                                                       : tableOf(dataset, gaps, side);
}

} // namespace nmf::ui
