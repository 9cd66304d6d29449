#include "ui/plot/bar_grid.h"

#include "ui/plot/numbers.h"
#include "ui/plot/reduce.h"

#include <QEvent>
#include <QPainter>
#include <QPainterPath>

#include <algorithm>
#include <cmath>

namespace nmf::ui
{

namespace
{

constexpr int inset = 4; // between a tile's border and what it shows
constexpr double nameShare = 0.5;

std::span<const double> valuesOf(const BarGrid::Tile& tile)
{
    return {tile.values->col(tile.column).data(), std::size_t(tile.values->rows())};
}

bool isSound(const BarGrid::Tile& tile)
{
    return tile.values && tile.column >= 0 && tile.column < tile.values->cols() && tile.values->rows() > 0;
}

/// Where a value stands between the two ends of a stretch of pixels.
double placeOf(double value, const ValueRange& range, double from, double to)
{
    return from + (std::clamp(value, range.low, range.high) - range.low) / (range.high - range.low) * (to - from);
}

QRect insideOf(const QRect& tile)
{
    return tile.adjusted(inset, inset, -inset, -inset);
}

/// The rows that share the pixel column `pixel` of `width`.
IndexRange rowsAt(Index rows, int pixel, int width)
{
    const IndexRange all{0, rows};
    const Index begin = partBegin(all, pixel, width);
    return {begin, std::min(rows, std::max(partBegin(all, pixel + 1, width), begin + 1))};
}

/// Of the rows that share a pixel, the one that is seen: the farthest from zero.
Index seenRow(std::span<const double> values, const IndexRange& rows)
{
    Index seen = rows.begin;
    for (Index row = rows.begin; row < rows.end; ++row)
        if (std::abs(values[std::size_t(row)]) > std::abs(values[std::size_t(seen)]))
            seen = row;
    return seen;
}

} // namespace

std::vector<Index> farthestFromZero(std::span<const double> values, int count)
{
    const auto farther = [&](Index a, Index b) {
        const double left = std::abs(values[std::size_t(a)]), right = std::abs(values[std::size_t(b)]);
        return left != right ? left > right : a < b;
    };
    std::vector<Index> kept; // a heap with the nearest to zero on top
    double least = 0;
    for (std::size_t i = 0; i < values.size() && count > 0; ++i) {
        if (!(std::abs(values[i]) > least))
            continue;
        if (int(kept.size()) == count) {
            std::pop_heap(kept.begin(), kept.end(), farther);
            kept.pop_back();
        }
        kept.push_back(Index(i));
        std::push_heap(kept.begin(), kept.end(), farther);
        if (int(kept.size()) == count)
            least = std::abs(values[std::size_t(kept.front())]);
    }
    std::sort(kept.begin(), kept.end(), farther);
    return kept;
}

BarGrid::BarGrid(QWidget* parent) : TileArea(parent)
{
    setAccessibleName(tr("Entries of the components"));
    setPlaceholder(tr("No components yet."));
}

void BarGrid::setTiles(std::vector<Tile> tiles)
{
    std::erase_if(tiles, [](const Tile& tile) { return !isSound(tile); });
    if (tiles.size() != m_tiles.size())
        setAccessibleDescription(tr("%n component(s)", nullptr, int(tiles.size())));
    m_tiles = std::move(tiles);
    if (m_contrast == Contrast::Shared)
        setContrast(m_contrast);
    labelTiles();
}

void BarGrid::labelTiles()
{
    std::vector<TileLabel> labels;
    labels.reserve(m_tiles.size());
    for (const Tile& tile : m_tiles)
        labels.push_back(tile.label);
    const QSize minimum = m_look == Look::Largest ? QSize(120, 5 * lineHeight() + 2 * inset) : QSize(110, 60);
    setLabels(std::move(labels), {}, minimum);
}

void BarGrid::setLook(Look look)
{
    m_look = look;
    labelTiles();
}

void BarGrid::setContrast(Contrast contrast)
{
    m_contrast = contrast;
    Extremes all;
    for (const Tile& tile : m_tiles) {
        const Extremes own = extremes(valuesOf(tile));
        all = {std::min(all.lowest, own.lowest), std::max(all.highest, own.highest)};
    }
    m_sharedRange = spanOf(colorMaps().front(), all.lowest, m_sharedMaximum > 0 ? m_sharedMaximum : all.highest);
    viewport()->update();
}

void BarGrid::setSharedMaximum(double maximum)
{
    m_sharedMaximum = maximum;
    setContrast(m_contrast);
}

void BarGrid::setNames(std::function<QString(Index)> names)
{
    m_names = std::move(names);
    viewport()->update();
}

void BarGrid::setDescription(std::function<QString(int, Index, double)> description)
{
    m_description = std::move(description);
}

QString BarGrid::nameOf(Index row) const
{
    return m_names ? m_names(row) : QString::number(row + 1);
}

int BarGrid::lineHeight() const
{
    return fontMetrics().height() + 1;
}

ValueRange BarGrid::rangeOf(const Tile& tile) const
{
    if (m_contrast == Contrast::Shared)
        return m_sharedRange;
    const Extremes own = extremes(valuesOf(tile));
    return spanOf(colorMaps().front(), own.lowest, own.highest);
}

std::vector<Index> BarGrid::largestRows(const Tile& tile, int height) const
{
    return farthestFromZero(valuesOf(tile), std::max(1, height / lineHeight()));
}

void BarGrid::changeEvent(QEvent* event)
{
    TileArea::changeEvent(event);
    if (event->type() == QEvent::FontChange)
        labelTiles();
}

void BarGrid::paintPictures(QPainter& painter, const Scene& scene)
{
    for (int i = scene.begin; i < scene.end; ++i) {
        const QRect room = scene.layout.pictureOf(i).translated(scene.offset);
        painter.setPen(QPen(scene.style.grid, 1));
        painter.setBrush(Qt::NoBrush);
        painter.drawRect(room.adjusted(0, 0, -1, -1));
        const Tile& tile = m_tiles[std::size_t(i)];
        if (m_look == Look::Largest)
            paintLargest(painter, insideOf(room), tile, scene.style);
        else if (m_look == Look::Bars || tile.values->rows() < 2)
            paintBars(painter, insideOf(room), tile, scene.style);
        else
            paintCurve(painter, insideOf(room), tile, scene.style);
    }
}

void BarGrid::paintLargest(QPainter& painter, const QRect& room, const Tile& tile, const PlotStyle& style) const
{
    const QFontMetrics metrics = fontMetrics();
    const ValueRange range = rangeOf(tile);
    const std::span<const double> values = valuesOf(tile);
    const std::vector<Index> rows = largestRows(tile, room.height());
    std::vector<QString> names;
    int nameWidth = 0;
    for (const Index row : rows) {
        names.push_back(metrics.elidedText(nameOf(row), Qt::ElideRight, int(room.width() * nameShare)));
        nameWidth = std::max(nameWidth, metrics.horizontalAdvance(names.back()));
    }
    const int barsFrom = room.left() + nameWidth + 5;
    const double zero = placeOf(0, range, barsFrom, room.right());
    int top = room.top();
    painter.setPen(style.text);
    for (std::size_t i = 0; i < rows.size(); ++i, top += lineHeight()) {
        const QRect line(room.left(), top, nameWidth, lineHeight());
        painter.drawText(QPoint(line.right() - metrics.horizontalAdvance(names[i]), top + metrics.ascent()), names[i]);
        const double end = placeOf(values[std::size_t(rows[i])], range, barsFrom, room.right());
        painter.fillRect(QRectF(QPointF(zero, top + 3), QPointF(end, top + lineHeight() - 3)).normalized(),
                         style.seriesColor(values[std::size_t(rows[i])] < 0 ? 1 : 0));
    }
}

void BarGrid::paintBars(QPainter& painter, const QRect& room, const Tile& tile, const PlotStyle& style) const
{
    const std::span<const double> values = valuesOf(tile);
    const ValueRange range = rangeOf(tile);
    const Index count = Index(values.size());
    const auto heightOf = [&](double value) { return placeOf(value, range, room.bottom() + 1, room.top()); };
    const double pitch = double(room.width()) / double(count);
    const double width = pitch >= 3 ? pitch - 1 : std::max(1.0, pitch);
    const Index parts = std::min<Index>(count, room.width());
    for (Index part = 0; part < parts; ++part) {
        const IndexRange rows = rowsAt(count, int(part), int(parts));
        const Index seen = seenRow(values, rows);
        const double value = values[std::size_t(seen)];
        const bool marked = tile.marked ? tile.marked(seen) : value < 0;
        const double x = room.left() + double(rows.begin) * pitch;
        const QRectF bar(QPointF(x, heightOf(value)), QPointF(x + width, heightOf(0)));
        painter.fillRect(bar.normalized(), style.seriesColor(marked ? 1 : 0));
    }
}

void BarGrid::paintCurve(QPainter& painter, const QRect& room, const Tile& tile, const PlotStyle& style) const
{
    const std::span<const double> values = valuesOf(tile);
    const ValueRange range = rangeOf(tile);
    const Index count = Index(values.size());
    const auto heightOf = [&](double value) { return placeOf(value, range, room.bottom() + 1, room.top()); };
    const double zero = heightOf(0);
    const QColor color = style.seriesColor(0);
    std::vector<double> places(values.size());
    for (std::size_t i = 0; i < places.size(); ++i)
        places[i] = room.left() + double(i) * (room.width() - 1) / double(count - 1);
    const ThinCurve curve = thinned(places, values, places.front(), places.back(), room.width());
    QPolygonF line;
    for (std::size_t i = 0; i < curve.x.size(); ++i)
        if (std::isfinite(curve.y[i]))
            line << QPointF(curve.x[i], heightOf(curve.y[i]));
    if (line.isEmpty())
        return;
    QPolygonF area = line;
    area << QPointF(line.last().x(), zero) << QPointF(line.first().x(), zero);
    QColor faint = color;
    faint.setAlpha(70);
    painter.setPen(Qt::NoPen);
    painter.setBrush(faint);
    painter.drawPolygon(area);
    painter.setPen(QPen(color, 0));
    painter.drawPolyline(line);
}

Index BarGrid::rowAt(const Tile& tile, QPoint inPicture) const
{
    const QRect room = insideOf({QPoint(0, 0), tileLayout().picture});
    if (!room.contains(inPicture))
        return -1;
    const std::span<const double> values = valuesOf(tile);
    if (m_look != Look::Largest)
        return seenRow(values, rowsAt(Index(values.size()), inPicture.x() - room.left(), room.width()));
    const std::vector<Index> rows = largestRows(tile, room.height());
    const std::size_t line = std::size_t((inPicture.y() - room.top()) / lineHeight());
    return line < rows.size() ? rows[line] : -1;
}

void BarGrid::pressAt(int index, QPoint inPicture)
{
    const Tile& tile = m_tiles[std::size_t(index)];
    if (const Index row = rowAt(tile, inPicture); row >= 0)
        emit pressed(tile.label.component, row);
}

QString BarGrid::describe(int index, QPoint inPicture)
{
    const Tile& tile = m_tiles[std::size_t(index)];
    const std::span<const double> values = valuesOf(tile);
    const Index row = rowAt(tile, inPicture);
    if (row < 0)
        return {};
    emit hovered(tile.label.component, row, values[std::size_t(row)]);
    if (m_description)
        return m_description(tile.label.component, row, values[std::size_t(row)]);
    return tr("component %1, %2: %3")
        .arg(tile.label.component + 1)
        .arg(nameOf(row), shortNumber(values[std::size_t(row)]));
}

FigureTable BarGrid::table() const
{
    const Index rows = m_tiles.empty() ? 0 : m_tiles.front().values->rows();
    if (!FigureTable::isHandy(rows, Index(m_tiles.size()) + 1))
        return {};
    FigureTable table{.header = {tr("feature")}};
    for (const Tile& tile : m_tiles)
        table.header << (tile.label.name.isEmpty() ? tr("component %1").arg(tile.label.component + 1)
                                                   : tile.label.name);
    for (Index i = 0; i < rows; ++i) {
        QStringList& row = table.rows.emplace_back(QStringList{nameOf(i)});
        for (const Tile& tile : m_tiles)
            row << (i < tile.values->rows() ? exactNumber((*tile.values)(i, tile.column)) : QString());
    }
    return table;
}

} // namespace nmf::ui
