#pragma once

#include "core/dataset.h"

#include <QSize>

namespace nmf::ui
{

/// The size, or a smaller one of the same proportions whose longer side has so many pixels; 0: as it is.
QSize scaledSize(QSize size, Index longestSide);

/// The pictures in that size, if they are pictures and larger.
Dataset scaledPictures(Dataset pictures, Index longestSide);

/// "Pictures were made smaller, from 300 × 200 to 150 × 100 pixels (height × width)."
std::string scalingNote(QSize from, QSize to);

} // namespace nmf::ui
