#include "ui/plot/tile_area.h"

#include <QApplication>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QScrollBar>
#include <QStyle>
#include <QToolTip>
#include <QWheelEvent>

#include <algorithm>
#include <cmath>

namespace nmf::ui
{

namespace
{

constexpr int selectionWidth = 3, furtherWidth = 2;
constexpr int dotGap = 4;
constexpr double zoomStep = 1.2;
constexpr double largestZoom = 20;

/// The width of the dot before a caption and of the space after it.
int dotWidth(const TileLabel& label, const QFontMetrics& metrics)
{
    return label.mark.isValid() ? metrics.ascent() * 2 / 3 + dotGap : 0;
}

/// The same of the padlock, which stands before the dot.
int lockWidth(const TileLabel& label, const QFontMetrics& metrics)
{
    return label.locked ? metrics.ascent() * 3 / 5 + dotGap : 0;
}

/// A padlock on a line of text.
void paintLock(QPainter& painter, int x, int baseline, const QFontMetrics& metrics)
{
    const double width = metrics.ascent() * 3 / 5, height = width * 0.8;
    const QRectF body(x, baseline - height, width, height);
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    const QColor color = painter.pen().color();
    QPen pen(color, std::max(1.2, width / 6));
    painter.setPen(pen);
    painter.setBrush(Qt::NoBrush);
    constexpr int half = 180 * 16; // in sixteenths of a degree
    painter.drawArc(QRectF(x + width / 5, body.top() - width / 2, width * 3 / 5, width), 0, half);
    painter.fillRect(body, color);
    painter.restore();
}

} // namespace

TileArea::TileArea(QWidget* parent) : QAbstractScrollArea(parent), m_style(PlotStyle::from(palette()))
{
    setFocusPolicy(Qt::StrongFocus);
    setFrameShape(QFrame::NoFrame);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    viewport()->setMouseTracking(true);
    viewport()->setAttribute(Qt::WA_OpaquePaintEvent);
    verticalScrollBar()->setSingleStep(24);
}

void TileArea::setPlaceholder(const QString& text)
{
    m_placeholder = text;
    viewport()->update();
}

void TileArea::setSelectable(bool selectable)
{
    m_selectable = selectable;
    setFocusPolicy(selectable ? Qt::StrongFocus : Qt::NoFocus);
}

void TileArea::setGap(int gap)
{
    m_gap = gap;
    relayOut();
}

void TileArea::setColumns(int columns)
{
    m_columns = columns;
    relayOut();
}

QSize TileArea::sizeHint() const
{
    return {480, 360};
}

QSize TileArea::minimumSizeHint() const
{
    return {120, 90};
}

void TileArea::setLabels(std::vector<TileLabel> labels, QSize natural, QSize minimum)
{
    bool same = labels.size() == m_labels.size() && natural == m_natural && minimum == m_minimum;
    m_labels = std::move(labels);
    shapeCaptions();
    // Wider at once, never narrower: captions whose digits change must not move the tiles.
    const int widest = widestCaption() + 2;
    if (!same || widest > m_captionWidth) {
        same = false;
        m_captionWidth = widest;
    }
    m_natural = natural;
    m_minimum = minimum;
    if (!same)
        relayOut();
    viewport()->update();
}

QFont TileArea::captionFont() const
{
    QFont small = font();
    if (small.pointSizeF() > 0)
        small.setPointSizeF(0.85 * small.pointSizeF());
    return small;
}

void TileArea::shapeCaptions()
{
    const QFont small = captionFont();
    m_captions.resize(m_labels.size());
    for (std::size_t i = 0; i < m_labels.size(); ++i) {
        QStaticText& caption = m_captions[i];
        if (caption.text() == m_labels[i].caption && small == m_shapedFont)
            continue;
        caption.setTextFormat(Qt::PlainText);
        caption.setText(m_labels[i].caption);
        caption.prepare({}, small);
    }
    m_shapedFont = small;
}

int TileArea::widthOfCaption(std::size_t tile) const
{
    return int(std::ceil(m_captions[tile].size().width()));
}

int TileArea::widestCaption() const
{
    int widest = 0;
    for (std::size_t tile = 0; tile < m_captions.size(); ++tile)
        widest = std::max(widest, widthOfCaption(tile));
    return widest;
}

TileRequest TileArea::request(QSize viewport, double zoom) const
{
    return {.count = int(m_labels.size()),
            .viewport = viewport,
            .natural = m_natural,
            .minimum = m_minimum,
            .zoom = zoom,
            .captionHeight = QFontMetrics(captionFont()).height() + 3,
            .captionWidth = m_captionWidth,
            .gap = m_gap,
            .columns = m_columns,
            .scrollBarWidth = style()->pixelMetric(QStyle::PM_ScrollBarExtent, nullptr, this),
            .pixelRatio = devicePixelRatioF()};
}

void TileArea::relayOut()
{
    m_layout = layOutTiles(request(maximumViewportSize(), m_zoom));
    setVerticalScrollBarPolicy(m_layout.scrolls ? Qt::ScrollBarAlwaysOn : Qt::ScrollBarAlwaysOff);
    const int height = maximumViewportSize().height();
    verticalScrollBar()->setPageStep(height);
    verticalScrollBar()->setRange(0, m_layout.scrolls ? std::max(0, m_layout.contentHeight - height) : 0);
    viewport()->update();
}

QPoint TileArea::scrolled() const
{
    return {0, verticalScrollBar()->value()};
}

int TileArea::tileOf(int component) const
{
    const auto found = std::find_if(m_labels.begin(), m_labels.end(),
                                    [component](const TileLabel& label) { return label.component == component; });
    return found == m_labels.end() ? -1 : int(found - m_labels.begin());
}

int TileArea::componentAt(QPoint point) const
{
    const int tile = m_layout.at(point + scrolled());
    return tile < 0 ? -1 : m_labels[std::size_t(tile)].component;
}

QRect TileArea::rectOf(int component) const
{
    const int tile = tileOf(component);
    return tile < 0 ? QRect() : m_layout.tile(tile).translated(-scrolled());
}

void TileArea::select(int component)
{
    frame(component < 0 ? std::vector<int>() : std::vector{component});
}

void TileArea::frame(const std::vector<int>& components)
{
    if (components == m_framed)
        return;
    m_framed = components;
    showTile(tileOf(selectedComponent()));
    viewport()->update();
}

void TileArea::setZoom(double zoom)
{
    zoom = std::clamp(zoom, 1 / largestZoom, largestZoom);
    if (std::abs(zoom - 1) < 0.05)
        zoom = 1;
    if (zoom == m_zoom)
        return;
    m_zoom = zoom;
    relayOut();
    emit zoomChanged(m_zoom);
}

void TileArea::showTile(int tile)
{
    if (tile < 0)
        return;
    QScrollBar* bar = verticalScrollBar();
    const QRect rect = m_layout.tile(tile).adjusted(0, -m_layout.gap, 0, m_layout.gap);
    if (rect.top() < bar->value())
        bar->setValue(rect.top());
    else if (rect.bottom() > bar->value() + viewport()->height())
        bar->setValue(rect.bottom() - viewport()->height());
}

void TileArea::choose(int tile)
{
    if (!m_selectable)
        return;
    const int component = tile < 0 ? -1 : m_labels[std::size_t(tile)].component;
    select(component);
    emit selected(component);
}

void TileArea::keyPressEvent(QKeyEvent* event)
{
    const int last = int(m_labels.size()) - 1;
    const int now = tileOf(selectedComponent());
    const int page = std::max(1, viewport()->height() / std::max(1, m_layout.tile(0).height())) * m_layout.columns;
    const auto go = [&](int tile) {
        if (last >= 0)
            choose(std::clamp(now < 0 ? 0 : tile, 0, last));
    };
    switch (event->key()) {
    case Qt::Key_Left:
        return go(now - 1);
    case Qt::Key_Right:
        return go(now + 1);
    case Qt::Key_Up:
        return go(now - m_layout.columns < 0 ? now : now - m_layout.columns);
    case Qt::Key_Down:
        return go(now + m_layout.columns);
    case Qt::Key_PageUp:
        return go(now - page);
    case Qt::Key_PageDown:
        return go(now + page);
    case Qt::Key_Home:
        return go(0);
    case Qt::Key_End:
        return go(last);
    case Qt::Key_Return:
    case Qt::Key_Enter:
        if (now >= 0)
            emit activated(selectedComponent());
        return;
    default:
        break;
    }
    if (event->modifiers() & Qt::ControlModifier) {
        switch (event->key()) {
        case Qt::Key_Plus:
        case Qt::Key_Equal:
            return setZoom(m_zoom * zoomStep);
        case Qt::Key_Minus:
            return setZoom(m_zoom / zoomStep);
        case Qt::Key_0:
            return setZoom(1);
        default:
            break;
        }
    }
    // Not the scroll area's own: other keys belong to the window.
    event->ignore();
}

void TileArea::mousePressEvent(QMouseEvent* event)
{
    const QPoint inside = event->pos() + scrolled();
    const int tile = m_layout.at(inside);
    if (m_selectable && tile >= 0 && event->button() == Qt::LeftButton && event->modifiers() & Qt::ControlModifier) {
        emit toggled(m_labels[std::size_t(tile)].component);
        return;
    }
    if (event->button() == Qt::LeftButton || (event->button() == Qt::RightButton && tile >= 0))
        choose(tile);
    if (tile >= 0 && event->button() == Qt::LeftButton && m_layout.pictureOf(tile).contains(inside))
        pressAt(tile, inside - m_layout.pictureOf(tile).topLeft());
}

void TileArea::mouseDoubleClickEvent(QMouseEvent* event)
{
    const int component = componentAt(event->pos());
    if (event->button() == Qt::LeftButton && component >= 0)
        emit activated(component);
}

void TileArea::mouseMoveEvent(QMouseEvent* event)
{
    hover(event->pos(), event->globalPosition().toPoint());
}

void TileArea::hover(QPoint point, QPoint globalPoint)
{
    const QPoint inside = point + scrolled();
    const int tile = m_layout.at(inside);
    const QRect picture = tile < 0 ? QRect() : m_layout.pictureOf(tile);
    const QString text = picture.contains(inside) ? describe(tile, inside - picture.topLeft()) : QString();
    if (text.isEmpty()) {
        QToolTip::hideText();
        if (m_hovered >= 0)
            emit left();
        m_hovered = -1;
        return;
    }
    m_hovered = tile;
    QToolTip::showText(globalPoint, text, viewport());
}

void TileArea::wheelEvent(QWheelEvent* event)
{
    if (!(event->modifiers() & Qt::ControlModifier))
        return QAbstractScrollArea::wheelEvent(event);
    const int tile = m_layout.at(event->position().toPoint() + scrolled());
    setZoom(m_zoom * std::pow(zoomStep, event->angleDelta().y() / 120.0));
    showTile(tile);
    event->accept();
}

bool TileArea::viewportEvent(QEvent* event)
{
    if (event->type() == QEvent::Leave && m_hovered >= 0) {
        m_hovered = -1;
        emit left();
    }
    return QAbstractScrollArea::viewportEvent(event);
}

void TileArea::resizeEvent(QResizeEvent*)
{
    relayOut();
}

void TileArea::changeEvent(QEvent* event)
{
    QAbstractScrollArea::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        m_style = PlotStyle::from(palette());
    if (event->type() == QEvent::FontChange || event->type() == QEvent::StyleChange) {
        shapeCaptions();
        relayOut();
    }
    viewport()->update();
}

TileArea::Scene TileArea::sceneOf(const TileLayout& layout, const PlotStyle& style, QPoint offset, QSize size,
                                  double pixelRatio) const
{
    const int rowHeight = layout.picture.height() + layout.captionHeight + layout.gap;
    const int firstRow = std::max(0, (-offset.y() - layout.top) / std::max(1, rowHeight));
    const int lastRow = std::max(0, (size.height() - offset.y() - layout.top) / std::max(1, rowHeight));
    return {layout,
            style,
            offset,
            size,
            pixelRatio,
            std::min(layout.count, firstRow * layout.columns),
            std::min(layout.count, (lastRow + 1) * layout.columns)};
}

void TileArea::paintEvent(QPaintEvent*)
{
    QPainter painter(viewport());
    painter.fillRect(viewport()->rect(), m_style.background);
    if (m_labels.empty()) {
        painter.setPen(m_style.faintText);
        painter.drawText(viewport()->rect().adjusted(16, 16, -16, -16), Qt::AlignCenter | Qt::TextWordWrap,
                         m_placeholder);
        return;
    }
    const Scene scene = sceneOf(m_layout, m_style, -scrolled(), viewport()->size(), devicePixelRatioF());
    paintPictures(painter, scene);
    paintCaptions(painter, scene);
    paintFrames(painter, scene);
}

void TileArea::paintCaptions(QPainter& painter, const Scene& scene) const
{
    painter.setPen(scene.style.text);
    painter.setFont(captionFont());
    // All in full or all in brief, so that the gallery reads evenly; only a dot may make one of them brief.
    const bool brief = scene.layout.count > 0 && widestCaption() > scene.layout.captionOf(0).width();
    for (int tile = scene.begin; tile < scene.end; ++tile)
        paintCaption(painter, scene, tile, brief);
}

void TileArea::paintCaption(QPainter& painter, const Scene& scene, int tile, bool brief) const
{
    const TileLabel& label = m_labels[std::size_t(tile)];
    const QRect room = scene.layout.captionOf(tile).translated(scene.offset);
    const QFontMetrics metrics(captionFont());
    const int lock = lockWidth(label, metrics), before = dotWidth(label, metrics) + lock;
    const bool whole = !brief && widthOfCaption(std::size_t(tile)) <= room.width() - before;
    QString text;
    int width = widthOfCaption(std::size_t(tile));
    if (!whole) {
        text = label.brief.isEmpty() ? label.caption.section(QStringLiteral(" · "), 0, 0) : label.brief;
        text = metrics.elidedText(text, Qt::ElideRight, room.width() - before);
        width = metrics.horizontalAdvance(text);
    }
    const int x = room.left() + (room.width() - width - before) / 2;
    const int baseline = room.top() + 2 + metrics.ascent();
    if (lock > 0)
        paintLock(painter, x, baseline, metrics);
    if (before > lock) {
        const double dot = before - lock - dotGap;
        painter.save();
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setPen(Qt::NoPen);
        painter.setBrush(label.mark);
        painter.drawEllipse(QRectF(x + lock, baseline - dot, dot, dot));
        painter.restore();
    }
    if (whole)
        painter.drawStaticText(QPoint(x + before, baseline - metrics.ascent()), m_captions[std::size_t(tile)]);
    else
        painter.drawText(QPoint(x + before, baseline), text);
}

void TileArea::paintFrames(QPainter& painter, const Scene& scene) const
{
    for (const int component : m_framed)
        paintFrame(painter, scene, component, component == m_framed.back() ? selectionWidth : furtherWidth);
}

void TileArea::paintFrame(QPainter& painter, const Scene& scene, int component, int width) const
{
    const int tile = tileOf(component);
    if (tile < scene.begin || tile >= scene.end)
        return;
    QPen pen(scene.style.accent, width);
    pen.setJoinStyle(Qt::MiterJoin);
    painter.setPen(pen);
    painter.setBrush(Qt::NoBrush);
    const double away = width / 2.0;
    painter.drawRect(QRectF(scene.layout.pictureOf(tile).translated(scene.offset)).adjusted(-away, -away, away, away));
}

QSize TileArea::figureSize() const
{
    return {std::max(1, viewport()->width()), std::max({1, viewport()->height(), m_layout.contentHeight})};
}

void TileArea::paintFigure(QPainter& painter, QSize size)
{
    // The same columns as on the screen, also where the gallery is scrolled.
    TileRequest wanted = request(size, m_layout.scrolls ? m_zoom : 1);
    wanted.scrollBarWidth = 0;
    const bool onScreen = size == figureSize();
    const TileLayout layout = onScreen ? m_layout : layOutTiles(wanted);
    const PlotStyle style = PlotStyle::light();
    painter.fillRect(QRect(QPoint(0, 0), size), style.background);
    painter.setFont(font());
    // Two pixels for each of the screen keep squares sharp in vector formats, which carry pictures as pixels.
    const Scene scene = sceneOf(layout, style, {0, 0}, size, 2);
    paintPictures(painter, scene);
    paintCaptions(painter, scene);
}

} // namespace nmf::ui
