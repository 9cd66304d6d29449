#pragma once

#include "core/dataset.h"
#include "core/factors.h"

#include <QImage>

#include <filesystem>
#include <vector>

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

/// A montage whose size in pixels somebody has chosen.
struct ExactMontage
{
    int pixel = 4;              ///< a pixel of a part is a square of so many
    int gap = 2;                ///< between parts and around them
    int columns = 0;            ///< 0: about square
    bool shared = false;        ///< one contrast for all parts, else each has its own
    std::vector<QRgb> map = {}; ///< 256 colours for one channel; empty: grays
    QRgb background = 0xff505a64;

    /// Of a montage of so many parts.
    QSize size(Index count, const Axis& pixels) const;
};

/// The columns of W in the order given, row by row; 0 is the first colour, the largest entry the last. Throws Error if
/// it is too large.
QImage exactMontage(const Matrix<double>& W, const std::vector<Index>& order, const Axis& features,
                    const ExactMontage& wanted);

/// Writes a picture whole or not at all, as PNG or TIFF by the ending. Throws Error.
void savePicture(const QImage& picture, const std::filesystem::path& path);

} // namespace nmf::ui
