#pragma once

#include "core/dataset.h"
#include "core/factors.h"

#include <QImage>

namespace nmf::ui
{

/// How a montage is laid out.
struct MontageLayout
{
    Index columns = 1, rows = 1;
    Index enlarged = 1; ///< a pixel of a part is a square of so many pixels of the picture…
    Index reduced = 1;  ///< …or a square of so many pixels of a part is one, with the largest value in it
    Index tileWidth = 1, tileHeight = 1;
    static constexpr Index gap = 2;

    Index width() const { return columns * (tileWidth + gap) + gap; }
    Index height() const { return rows * (tileHeight + gap) + gap; }
};

/// The layout for so many images of this size: about square, a small image enlarged, and all of it within 8192 × 8192.
MontageLayout montageLayout(Index count, const Axis& pixels);

/// The columns of W as images, the component with the largest energy first, row by row. Each has its own contrast: 0 is
/// black, its largest entry white. Three channels are red, green and blue; of any other number the mean is shown.
QImage basisMontage(const Factors<double>& factors, const Axis& features);

} // namespace nmf::ui
