#include "ui/plot/image_grid.h"

#include "ui/plot/numbers.h"
#include "ui/plot/reduce.h"
#include "ui/plot/tile_image.h"

#include <QKeyEvent>
#include <QPainter>
#include <QWheelEvent>

#include <algorithm>
#include <cmath>

namespace nmf::ui
{

namespace
{

std::span<const double> valuesOf(const ImageGrid::Tile& tile)
{
    return {tile.values->col(tile.column).data(), std::size_t(tile.height) * std::size_t(tile.width * tile.channels)};
}

bool isSound(const ImageGrid::Tile& tile)
{
    return tile.values && tile.column >= 0 && tile.column < tile.values->cols() && tile.height > 0 && tile.width > 0 &&
           (tile.channels == 1 || tile.channels == 3) &&
           Index(tile.height) * tile.width * tile.channels <= tile.values->rows();
}

QSize sizeOf(const ImageGrid::Tile& tile)
{
    return {tile.width, tile.height};
}

/// Fewest pixels on a side of a part of pictures.
constexpr int smallestPart = 4;

/// A part of the picture that is so much smaller, with the same pixel at the same share of its width and height.
QRect zoomed(const QRect& part, QPoint fixed, double factor, QSize whole)
{
    const int width =
        std::clamp(int(std::lround(part.width() * factor)), std::min(smallestPart, whole.width()), whole.width());
    const int height =
        std::clamp(int(std::lround(part.height() * factor)), std::min(smallestPart, whole.height()), whole.height());
    const double acrossShare = (fixed.x() - part.x() + 0.5) / part.width();
    const double downShare = (fixed.y() - part.y() + 0.5) / part.height();
    const int x = int(std::lround(fixed.x() + 0.5 - acrossShare * width));
    const int y = int(std::lround(fixed.y() + 0.5 - downShare * height));
    return {std::clamp(x, 0, whole.width() - width), std::clamp(y, 0, whole.height() - height), width, height};
}

QRect scaled(const QRect& rect, double ratio)
{
    const QPoint from(int(std::lround(rect.x() * ratio)), int(std::lround(rect.y() * ratio)));
    return {from, QSize(int(std::lround(rect.width() * ratio)), int(std::lround(rect.height() * ratio)))};
}

} // namespace

ImageGrid::ImageGrid(QWidget* parent) : TileArea(parent), m_map(&colorMaps().front())
{
    setAccessibleName(tr("Pictures of the components"));
    setPlaceholder(tr("No components yet."));
}

void ImageGrid::setTiles(std::vector<Tile> tiles)
{
    std::erase_if(tiles, [](const Tile& tile) { return !isSound(tile); });
    const QSize natural = tiles.empty() ? QSize() : sizeOf(tiles.front());
    if (tiles.size() != m_tiles.size())
        setAccessibleDescription(tr("%n picture(s) of %1 × %2 pixels", nullptr, int(tiles.size()))
                                     .arg(natural.width())
                                     .arg(natural.height()));
    // Of pictures of another size it would be another part.
    if (!tiles.empty() && !m_tiles.empty() && natural != sizeOf(m_tiles.front()))
        m_region = {};
    m_tiles = std::move(tiles);
    m_sharedRangeKnown = false;
    labelTiles();
}

void ImageGrid::labelTiles()
{
    std::vector<TileLabel> labels;
    labels.reserve(m_tiles.size());
    for (const Tile& tile : m_tiles)
        labels.push_back(tile.label);
    setLabels(std::move(labels), m_tiles.empty() ? QSize() : shownOf(m_tiles.front()).size(), {26, 26});
}

void ImageGrid::setRegion(const QRect& region)
{
    m_region = region;
    labelTiles();
}

QRect ImageGrid::shownOf(const Tile& tile) const
{
    const QRect whole(QPoint(0, 0), sizeOf(tile));
    const QRect part = m_region & whole;
    return part.isEmpty() ? whole : part;
}

void ImageGrid::setColorMap(const ColorMap& map)
{
    m_map = &map;
    m_sharedRangeKnown = false;
    viewport()->update();
}

void ImageGrid::setContrast(Contrast contrast)
{
    m_contrast = contrast;
    viewport()->update();
}

void ImageGrid::setSharedMaximum(double maximum)
{
    m_sharedMaximum = maximum;
    m_sharedRangeKnown = false;
    viewport()->update();
}

void ImageGrid::setDescription(std::function<QString(int, int, int, double)> description)
{
    m_description = std::move(description);
}

QString ImageGrid::scaleText() const
{
    const bool diverging = m_map->kind == ColorMap::Kind::Diverging;
    if (m_contrast == Contrast::PerTile)
        return diverging ? tr("each tile from − to + its own largest value")
                         : tr("each tile from 0 to its own maximum");
    findSharedRange();
    return tr("all tiles from %1 to %2").arg(shortNumber(m_sharedRange.low), shortNumber(m_sharedRange.high));
}

void ImageGrid::findSharedRange() const
{
    if (m_sharedRangeKnown)
        return;
    Extremes all;
    for (const Tile& tile : m_tiles) {
        const Extremes own = extremes(valuesOf(tile));
        all = {std::min(all.lowest, own.lowest), std::max(all.highest, own.highest)};
    }
    m_sharedRange = spanOf(*m_map, all.lowest, m_sharedMaximum > 0 ? m_sharedMaximum : all.highest);
    m_sharedRangeKnown = true;
}

ValueRange ImageGrid::rangeOf(const Tile& tile) const
{
    if (m_contrast == Contrast::Shared)
        return m_sharedRange;
    const Extremes own = extremes(valuesOf(tile));
    return spanOf(*m_map, own.lowest, own.highest);
}

void ImageGrid::paintPictures(QPainter& painter, const Scene& scene)
{
    if (m_contrast == Contrast::Shared)
        findSharedRange();
    const QSize pixels = (QSizeF(scene.size) * scene.pixelRatio).toSize();
    if (m_frame.size() != pixels)
        m_frame = QImage(pixels, QImage::Format_RGB32);
    if (m_frame.isNull())
        return;
    m_frame.setDevicePixelRatio(1);
    m_frame.fill(scene.style.background);
    for (int i = scene.begin; i < scene.end; ++i) {
        const Tile& tile = m_tiles[std::size_t(i)];
        const QRect place = fitted(shownOf(tile).size(), scene.layout.pictureOf(i)).translated(scene.offset);
        paintTile(tile, scaled(place, scene.pixelRatio), scene.style.missing.rgb());
    }
    m_frame.setDevicePixelRatio(scene.pixelRatio);
    painter.drawImage(QPoint(0, 0), m_frame);
}

void ImageGrid::paintTile(const Tile& tile, const QRect& place, QRgb missing)
{
    const QRect shown = shownOf(tile);
    const double* values = valuesOf(tile).data();
    if (shown.size() != sizeOf(tile)) {
        m_part.clear();
        for (int y = shown.top(); y <= shown.bottom(); ++y) {
            const double* row = values + (std::ptrdiff_t(y) * tile.width + shown.left()) * tile.channels;
            m_part.insert(m_part.end(), row, row + std::ptrdiff_t(shown.width()) * tile.channels);
        }
        values = m_part.data();
    }
    // The range is that of the whole picture: looking closer changes no colour.
    drawNumbers(m_frame, place, {values, shown.width(), shown.height(), tile.channels}, *m_map, rangeOf(tile), missing);
}

std::optional<QPoint> ImageGrid::pixelAt(const Tile& tile, QPoint inPicture) const
{
    const QRect shown = shownOf(tile);
    const QRect place = fitted(shown.size(), QRect(QPoint(0, 0), tileLayout().picture));
    if (!place.contains(inPicture))
        return {};
    return QPoint(shown.x() + (inPicture.x() - place.x()) * shown.width() / place.width(),
                  shown.y() + (inPicture.y() - place.y()) * shown.height() / place.height());
}

void ImageGrid::pressAt(int index, QPoint inPicture)
{
    const Tile& tile = m_tiles[std::size_t(index)];
    if (const std::optional<QPoint> pixel = pixelAt(tile, inPicture))
        emit pressed(tile.label.component, pixel->x(), pixel->y());
}

void ImageGrid::wheelEvent(QWheelEvent* event)
{
    const QPoint inside = event->position().toPoint() + scrolled();
    const int index = tileLayout().at(inside);
    if (!(event->modifiers() & Qt::ShiftModifier) || index < 0)
        return TileArea::wheelEvent(event);
    const Tile& tile = m_tiles[std::size_t(index)];
    event->accept();
    const auto pixel = pixelAt(tile, inside - tileLayout().pictureOf(index).topLeft());
    if (!pixel)
        return;
    constexpr double step = 0.8;
    const QRect part = zoomed(shownOf(tile), *pixel, std::pow(step, event->angleDelta().y() / 120.0), sizeOf(tile));
    setRegion(part.size() == sizeOf(tile) ? QRect() : part);
}

bool ImageGrid::event(QEvent* event)
{
    // Esc leads back from the part before it leads out of anything else.
    if (event->type() == QEvent::ShortcutOverride && static_cast<QKeyEvent*>(event)->key() == Qt::Key_Escape &&
        !m_region.isEmpty()) {
        event->accept();
        return true;
    }
    return TileArea::event(event);
}

void ImageGrid::keyPressEvent(QKeyEvent* event)
{
    if (event->key() != Qt::Key_Escape || m_region.isEmpty())
        return TileArea::keyPressEvent(event);
    setRegion({});
}

QString ImageGrid::describe(int index, QPoint inPicture)
{
    const Tile& tile = m_tiles[std::size_t(index)];
    const auto pixel = pixelAt(tile, inPicture);
    if (!pixel)
        return {};
    const auto [x, y] = std::pair(pixel->x(), pixel->y());
    const double* values = valuesOf(tile).data() + std::ptrdiff_t(y * tile.width + x) * tile.channels;
    double sum = 0;
    QStringList numbers;
    for (int channel = 0; channel < tile.channels; ++channel) {
        sum += values[channel];
        numbers << shortNumber(values[channel]);
    }
    emit hovered(tile.label.component, x, y, sum / tile.channels);
    if (m_description)
        return m_description(tile.label.component, x, y, sum / tile.channels);
    // What people count starts at 1.
    return tr("component %1, pixel x %2, y %3: %4")
        .arg(tile.label.component + 1)
        .arg(x + 1)
        .arg(y + 1)
        .arg(numbers.join(QStringLiteral(", ")));
}

FigureTable ImageGrid::table() const
{
    if (m_tiles.empty())
        return {};
    const Tile& first = m_tiles.front();
    const Index rows = Index(first.height) * first.width * first.channels;
    if (!FigureTable::isHandy(rows, Index(m_tiles.size()) + 3))
        return {};
    FigureTable table{.header = {tr("pixel x"), tr("pixel y"), tr("channel")}};
    for (const Tile& tile : m_tiles)
        table.header << (tile.label.name.isEmpty() ? tr("component %1").arg(tile.label.component + 1)
                                                   : tile.label.name);
    for (Index i = 0; i < rows; ++i) {
        const Index pixel = i / first.channels;
        QStringList& row = table.rows.emplace_back(QStringList{QString::number(pixel % first.width + 1),
                                                               QString::number(pixel / first.width + 1),
                                                               QString::number(i % first.channels + 1)});
        for (const Tile& tile : m_tiles)
            row << (std::size_t(i) < valuesOf(tile).size() ? exactNumber(valuesOf(tile)[std::size_t(i)]) : QString());
    }
    return table;
}

} // namespace nmf::ui
