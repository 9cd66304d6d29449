#include "ui/plot/tile_layout.h"

#include <algorithm>
#include <cmath>

namespace nmf::ui
{

namespace
{

constexpr double pleasantAspect = 1.5; // of a tile that may take any shape
constexpr int largestEnlargement = 32;

int rowsFor(int count, int columns)
{
    return (count + columns - 1) / columns;
}

/// The room for one picture when `columns` stand side by side and all rows are to be seen.
QSizeF roomFor(const TileRequest& request, int columns)
{
    const int rows = rowsFor(request.count, columns);
    return {double(request.viewport.width() - request.gap) / columns - request.gap,
            double(request.viewport.height() - request.gap) / rows - request.gap - request.captionHeight};
}

/// Whole pixels where that costs little size: 3.1 becomes 3, 3.9 stays.
double snapped(double scale, double pixelRatio)
{
    const double devicePixels = scale * pixelRatio;
    const double whole = std::floor(devicePixels);
    return whole >= 1 && whole / devicePixels > 0.85 ? whole / pixelRatio : scale;
}

void place(TileLayout& layout, const TileRequest& request)
{
    const int columns = std::min(layout.columns, std::max(1, layout.count));
    const int tight = layout.picture.width() + layout.gap;
    const int roomy = std::max(layout.picture.width(), request.captionWidth) + layout.gap;
    layout.pitch = std::clamp((request.viewport.width() - layout.gap) / columns, tight, roomy);
    const int used = columns * layout.pitch + layout.gap;
    const int beside = (layout.pitch - tight) / 2;
    layout.left = std::max(0, request.viewport.width() - used) / 2 + layout.gap + beside;
    const int rowHeight = layout.picture.height() + layout.captionHeight + layout.gap;
    layout.contentHeight = layout.rows() * rowHeight + layout.gap;
    layout.top = layout.gap + std::max(0, request.viewport.height() - layout.contentHeight) / 2;
    layout.scrolls = layout.contentHeight > request.viewport.height();
}

struct Fit
{
    int columns = 1;
    double scale = 0;
};

/// The columns that make pictures of fixed proportions largest, each at least so wide.
Fit bestFit(const TileRequest& request, int columnWidth)
{
    Fit best;
    const int least = request.columns > 0 ? std::min(request.columns, request.count) : 1;
    const int most = request.columns > 0 ? least : request.count;
    for (int columns = least; columns <= most; ++columns) {
        const QSizeF room = roomFor(request, columns);
        if (columns > 1 && room.width() < columnWidth)
            break;
        const double scale = std::min(room.width() / request.natural.width(), room.height() / request.natural.height());
        if (scale > best.scale)
            best = {columns, scale};
    }
    return best;
}

/// Pictures of fixed proportions.
TileLayout layOutPictures(const TileRequest& request)
{
    const QSizeF natural = request.natural;
    Fit best = bestFit(request, 0);
    // Captions in full, unless that would cost much of the pictures' size.
    const Fit captioned = bestFit(request, request.captionWidth);
    if (captioned.scale > 0.6 * best.scale)
        best = captioned;
    const int columns = best.columns;
    const double fitting = best.scale;
    const double smallest =
        std::max(request.minimum.width() / natural.width(), request.minimum.height() / natural.height());
    // Where the columns are given, all of them must be seen.
    const int together = request.columns > 0 ? std::max(1, columns) : 1;
    const double widest = std::max(1.0, roomFor(request, together).width()) / natural.width();
    const bool fits = request.zoom == 1 && fitting >= smallest;
    double scale = std::min({std::max(fitting, smallest) * request.zoom, widest, double(largestEnlargement)});
    scale = snapped(scale, request.pixelRatio);
    TileLayout layout{.count = request.count, .captionHeight = request.captionHeight, .gap = request.gap};
    layout.picture = QSizeF(natural * scale).toSize().expandedTo({1, 1});
    layout.columns = fits || request.columns > 0
                         ? columns
                         : std::clamp((request.viewport.width() - request.gap) / (layout.picture.width() + request.gap),
                                      1, std::max(1, request.count));
    place(layout, request);
    return layout;
}

/// Pictures that take any shape: the number of columns whose tiles come nearest to a pleasant shape.
TileLayout layOutFreely(const TileRequest& request)
{
    const QSize minimum = (QSizeF(request.minimum) * request.zoom).toSize();
    const int most = std::clamp((request.viewport.width() - request.gap) / (minimum.width() + request.gap), 1,
                                std::max(1, request.count));
    const int given = std::min(request.columns, std::max(1, request.count));
    int columns = given > 0 ? given : most;
    double best = -1;
    for (int candidate = 1; candidate <= most && given == 0; ++candidate) {
        const QSizeF room = roomFor(request, candidate);
        if (room.height() < minimum.height())
            continue;
        const double aspect = room.width() / room.height() / pleasantAspect;
        const double closeness = std::min(aspect, 1 / aspect);
        if (closeness > best) {
            best = closeness;
            columns = candidate;
        }
    }
    const QSizeF room = roomFor(request, columns);
    TileLayout layout{
        .count = request.count, .columns = columns, .captionHeight = request.captionHeight, .gap = request.gap};
    layout.picture = QSize(int(room.width()), std::max(int(room.height()), minimum.height())).expandedTo({1, 1});
    place(layout, request);
    return layout;
}

} // namespace

QRect TileLayout::tile(int index) const
{
    const int x = left + index % columns * pitch;
    const int y = top + index / columns * (picture.height() + captionHeight + gap);
    return {x, y, picture.width(), picture.height() + captionHeight};
}

QRect TileLayout::pictureOf(int index) const
{
    return {tile(index).topLeft(), picture};
}

QRect TileLayout::captionOf(int index) const
{
    const int beside = (pitch - picture.width()) / 2 - 1;
    return tile(index).adjusted(-beside, picture.height(), beside, 0);
}

int TileLayout::at(QPoint point) const
{
    if (point.x() < left || point.y() < top)
        return -1;
    const int column = (point.x() - left) / pitch;
    const int row = (point.y() - top) / (picture.height() + captionHeight + gap);
    const int index = row * columns + column;
    return column < columns && index < count && tile(index).contains(point) ? index : -1;
}

TileLayout layOutTiles(const TileRequest& request)
{
    const auto layOut = [](const TileRequest& wanted) {
        return wanted.natural.isEmpty() ? layOutFreely(wanted) : layOutPictures(wanted);
    };
    const TileLayout layout = layOut(request);
    if (!layout.scrolls)
        return layout;
    TileRequest narrower = request;
    narrower.viewport.rwidth() -= request.scrollBarWidth;
    TileLayout scrolling = layOut(narrower);
    scrolling.scrolls = true;
    return scrolling;
}

QRect fitted(QSize natural, const QRect& inside)
{
    const QSize size = natural.scaled(inside.size(), Qt::KeepAspectRatio).expandedTo({1, 1});
    return {inside.left() + (inside.width() - size.width()) / 2, inside.top() + (inside.height() - size.height()) / 2,
            size.width(), size.height()};
}

} // namespace nmf::ui
