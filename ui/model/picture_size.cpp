#include "ui/model/picture_size.h"

#include "core/pictures.h"

#include <algorithm>

namespace nmf::ui
{

namespace
{

std::string textOf(QSize size)
{
    return std::to_string(size.height()) + " × " + std::to_string(size.width());
}

} // namespace

QSize scaledSize(QSize size, Index longestSide)
{
    const auto longest = static_cast<int>(std::min<Index>(longestSide, std::max(size.width(), size.height())));
    if (longestSide <= 0 || longest >= std::max(size.width(), size.height()))
        return size;
    return size.scaled(longest, longest, Qt::KeepAspectRatio).expandedTo({1, 1});
}

Dataset scaledPictures(Dataset pictures, Index longestSide)
{
    const Axis axis = pictures.features;
    if (axis.kind != Axis::Kind::Pixels || longestSide <= 0)
        return pictures;
    const QSize from(static_cast<int>(axis.width), static_cast<int>(axis.height)), to = scaledSize(from, longestSide);
    if (to == from)
        return pictures;
    Matrix<double> values(Index{to.width()} * to.height() * axis.channels, pictures.V.cols());
    for (Index j = 0; j < values.cols(); ++j)
        values.col(j) = resized(pictures.V.column(j), axis, to.height(), to.width());
    pictures.V =
        pictures.V.isSingle() ? DataMatrix(Matrix<float>(values.cast<float>())) : DataMatrix(std::move(values));
    pictures.features = Axis::pixels(to.height(), to.width(), axis.channels);
    pictures.truth = nullptr;
    pictures.notes.push_back(scalingNote(from, to));
    return pictures;
}

std::string scalingNote(QSize from, QSize to)
{
    return "Pictures were made smaller, from " + textOf(from) + " to " + textOf(to) + " pixels (height × width).";
}

} // namespace nmf::ui
