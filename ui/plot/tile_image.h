#pragma once

#include "ui/plot/color_maps.h"

#include <QRect>

class QImage;

namespace nmf::ui
{

/// A picture made of numbers, row by row: value (x, y, channel) is values[(y · width + x) · channels + channel].
struct NumberImage
{
    const double* values = nullptr;
    int width = 0;
    int height = 0;
    int channels = 1; ///< 1: through a colour map; 3: red, green and blue
};

/// Draws the numbers into `place` of an RGB32 picture. Numbers become colours first and only colours are scaled, so no
/// value is invented: enlarged twice or more, pixels stay squares; enlarged less, colours are blended; made smaller,
/// each pixel is the mean colour of those that it covers.
void drawNumbers(QImage& target, const QRect& place, const NumberImage& numbers, const ColorMap& map,
                 const ValueRange& range, QRgb missing);

} // namespace nmf::ui
