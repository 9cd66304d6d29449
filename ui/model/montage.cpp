#include "ui/model/montage.h"

#include <algorithm>
#include <cmath>
#include <limits>

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

QImage imagesOf(const Dataset& dataset, int columns, int rows)
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
        const Vector<double> values = dataset.V.column(sample);
        const Index left = sample % columns * (axis.width + gap), top = sample / columns * (axis.height + gap);
        for (Index y = 0; y < axis.height; ++y) {
            auto* line = reinterpret_cast<QRgb*>(image.scanLine(static_cast<int>(top + y))) + left;
            for (Index x = 0; x < axis.width; ++x)
                line[x] = colourOf(values((y * axis.width + x) * axis.channels), largest, x, y);
        }
    }
    return image;
}

QImage tableOf(const Dataset& dataset, Index side)
{
    const Index rows = std::min(dataset.V.rows(), side), columns = std::min(dataset.V.cols(), side);
    // A cell is missing if it has entries, and all are.
    constexpr double missing = std::numeric_limits<double>::quiet_NaN();
    Matrix<double> cells = Matrix<double>::Constant(rows, columns, dataset.V.isSparse() ? 0 : missing);
    for (Index sample = 0; sample < dataset.V.cols(); ++sample) {
        const Index column = sample * columns / dataset.V.cols();
        dataset.V.visitStored(sample, [&](Index row, double value) {
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

} // namespace

QImage montageOf(const Dataset& dataset, int columns, int rows, Index side)
{
    if (dataset.V.size() == 0)
        return {};
    return dataset.features.kind == Axis::Kind::Pixels ? imagesOf(dataset, columns, rows) : tableOf(dataset, side);
}

} // namespace nmf::ui
