#include "ui/panels/brush_canvas.h"

#include "ui/plot/tile_image.h"
#include "ui/plot/tile_layout.h"

#include <QImage>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>

#include <algorithm>
#include <cstdlib>
#include <utility>

namespace nmf::ui
{

namespace
{

const QColor darkInk("#0072b2"), brightInk("#d55e00");

QColor colorOf(BrushCanvas::Ink ink)
{
    constexpr int half = 110; // of 255
    if (ink == BrushCanvas::Ink::Marked)
        return {brightInk.red(), brightInk.green(), brightInk.blue(), half};
    return ink == BrushCanvas::Ink::Bright ? Qt::white : Qt::black;
}

} // namespace

BrushCanvas::BrushCanvas(std::shared_ptr<const Matrix<double>> values, Index column, const Axis& axis, QWidget* parent)
    : QWidget(parent), m_values(std::move(values)), m_column(column), m_width(static_cast<int>(axis.width)),
      m_height(static_cast<int>(axis.height)), m_channels(static_cast<int>(axis.channels)),
      m_cursor(m_width / 2, m_height / 2)
{
    setObjectName("brush-canvas");
    setAccessibleName(tr("Picture of the part"));
    setToolTip(tr("Drag to paint; with the keyboard, the arrows move and Return paints"));
    setFocusPolicy(Qt::StrongFocus);
    setCursor(Qt::CrossCursor);
    setMinimumSize(160, 160);
}

void BrushCanvas::setPicture(std::shared_ptr<const Matrix<double>> values, Index column)
{
    m_values = std::move(values);
    m_column = column;
    update();
}

void BrushCanvas::setTool(Tool tool)
{
    m_tool = tool;
    m_corner.reset();
    update();
}

QRect BrushCanvas::room() const
{
    return fitted({m_width, m_height}, rect());
}

QPoint BrushCanvas::positionOf(int x, int y) const
{
    const QRect place = room();
    return place.topLeft() +
           QPoint((2 * x + 1) * place.width() / (2 * m_width), (2 * y + 1) * place.height() / (2 * m_height));
}

QRect BrushCanvas::rectOf(const QRect& pixels) const
{
    const QRect place = room();
    const auto cornerOf = [&](int x, int y) {
        return place.topLeft() + QPoint(x * place.width() / m_width, y * place.height() / m_height);
    };
    const int right = pixels.left() + pixels.width(), bottom = pixels.top() + pixels.height();
    return {cornerOf(pixels.left(), pixels.top()), cornerOf(right, bottom) - QPoint(1, 1)};
}

QPoint BrushCanvas::pixelAt(QPoint position) const
{
    const QRect place = room();
    const QPoint inside = position - place.topLeft();
    return {std::clamp(inside.x() * m_width / place.width(), 0, m_width - 1),
            std::clamp(inside.y() * m_height / place.height(), 0, m_height - 1)};
}

QRect BrushCanvas::rubberBand() const
{
    const QPoint corner = m_corner.value_or(m_cursor);
    return {QPoint(std::min(corner.x(), m_cursor.x()), std::min(corner.y(), m_cursor.y())),
            QPoint(std::max(corner.x(), m_cursor.x()), std::max(corner.y(), m_cursor.y()))};
}

void BrushCanvas::clear()
{
    m_strokes.clear();
    m_corner.reset();
    update();
    emit changed();
}

std::vector<PaintedEntry> BrushCanvas::entries() const
{
    const double most = m_values->col(m_column).maxCoeff();
    std::vector<PaintedEntry> painted;
    for (const auto& [place, ink] : m_strokes) {
        const auto pixel = static_cast<Index>(place.first * m_width + place.second);
        for (int channel = 0; channel < m_channels; ++channel)
            painted.push_back({pixel * m_channels + channel, ink == Ink::Bright ? most : 0});
    }
    return painted;
}

std::vector<Index> BrushCanvas::rows() const
{
    std::vector<Index> rows;
    for (const PaintedEntry& entry : entries())
        rows.push_back(entry.row);
    return rows;
}

void BrushCanvas::cover(const QRect& pixels)
{
    const QRect inside = pixels & QRect(0, 0, m_width, m_height);
    for (int y = inside.top(); y <= inside.bottom(); ++y)
        for (int x = inside.left(); x <= inside.right(); ++x)
            m_strokes[{y, x}] = m_ink;
    update();
    emit changed();
}

void BrushCanvas::touchPixel(QPoint pixel)
{
    m_cursor = pixel;
    cover({pixel - QPoint((m_size - 1) / 2, (m_size - 1) / 2), QSize(m_size, m_size)});
}

void BrushCanvas::beginAt(QPoint pixel)
{
    m_cursor = pixel;
    if (m_tool == Tool::Brush)
        return touchPixel(pixel);
    m_corner = pixel;
    update();
}

void BrushCanvas::mousePressEvent(QMouseEvent* event)
{
    if (event->button() == Qt::LeftButton && room().contains(event->pos()))
        beginAt(pixelAt(event->pos()));
}

void BrushCanvas::mouseMoveEvent(QMouseEvent* event)
{
    if (!(event->buttons() & Qt::LeftButton))
        return;
    const QPoint pixel = pixelAt(event->pos());
    if (m_tool == Tool::Rectangle) {
        if (m_corner)
            m_cursor = pixel;
        return update();
    }
    if (!room().contains(event->pos()))
        return;
    // A quick hand is told of at a few places only: a stroke has no gaps.
    const QPoint from = m_cursor, way = pixel - from;
    const int steps = std::max({1, std::abs(way.x()), std::abs(way.y())});
    for (int step = 1; step <= steps; ++step)
        touchPixel(from + way * step / steps);
}

void BrushCanvas::mouseReleaseEvent(QMouseEvent* event)
{
    if (event->button() != Qt::LeftButton || !m_corner)
        return;
    m_cursor = pixelAt(event->pos());
    actAtCursor();
}

void BrushCanvas::actAtCursor()
{
    if (m_tool == Tool::Brush || !m_corner)
        return beginAt(m_cursor);
    const QRect drawn = rubberBand();
    m_corner.reset();
    cover(drawn);
}

void BrushCanvas::keyPressEvent(QKeyEvent* event)
{
    const auto go = [this](int x, int y) {
        m_cursor = {std::clamp(m_cursor.x() + x, 0, m_width - 1), std::clamp(m_cursor.y() + y, 0, m_height - 1)};
        update();
    };
    switch (event->key()) {
    case Qt::Key_Left:
        return go(-1, 0);
    case Qt::Key_Right:
        return go(1, 0);
    case Qt::Key_Up:
        return go(0, -1);
    case Qt::Key_Down:
        return go(0, 1);
    case Qt::Key_Return:
    case Qt::Key_Enter:
        return actAtCursor();
    default:
        QWidget::keyPressEvent(event);
    }
}

void BrushCanvas::paintEvent(QPaintEvent*)
{
    QImage picture(size(), QImage::Format_RGB32);
    picture.fill(palette().color(QPalette::Window));
    const double* column = m_values->col(m_column).data();
    const ColorMap& map = colorMap("gray");
    drawNumbers(picture, room(), {column, m_width, m_height, m_channels}, map,
                spanOf(map, m_values->col(m_column).minCoeff(), m_values->col(m_column).maxCoeff()),
                palette().color(QPalette::Mid).rgb());
    QPainter painter(this);
    painter.drawImage(0, 0, picture);
    paintStrokes(painter);
    if (m_corner || hasFocus()) {
        painter.setPen(QPen(palette().color(QPalette::Highlight), 2));
        painter.drawRect(rectOf(rubberBand()));
    }
}

void BrushCanvas::paintStrokes(QPainter& painter) const
{
    for (const auto& [at, ink] : m_strokes) {
        const auto& [y, x] = at;
        const QRect pixel = rectOf({x, y, 1, 1});
        painter.fillRect(pixel, colorOf(ink));
        // Which is which is seen without colours, too.
        painter.setPen(ink == Ink::Dark ? darkInk : brightInk);
        if (ink != Ink::Marked) {
            painter.drawRect(pixel.adjusted(0, 0, -1, -1));
            continue;
        }
        // Around all of it: lines between the pixels would hide a picture that has many.
        if (!m_strokes.contains({y, x - 1}))
            painter.drawLine(pixel.topLeft(), pixel.bottomLeft());
        if (!m_strokes.contains({y, x + 1}))
            painter.drawLine(pixel.topRight(), pixel.bottomRight());
        if (!m_strokes.contains({y - 1, x}))
            painter.drawLine(pixel.topLeft(), pixel.topRight());
        if (!m_strokes.contains({y + 1, x}))
            painter.drawLine(pixel.bottomLeft(), pixel.bottomRight());
    }
}

} // namespace nmf::ui
