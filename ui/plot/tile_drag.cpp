#include "ui/plot/tile_drag.h"

#include <QApplication>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QScrollBar>
#include <QToolTip>

#include <algorithm>
#include <utility>

namespace nmf::ui
{

namespace
{

constexpr int barWidth = 4;
constexpr int scrollMs = 30;

} // namespace

TileDrag::TileDrag(TileArea* gallery)
    : QObject(gallery), m_gallery(*gallery), m_indicator(new QFrame(gallery->viewport()))
{
    m_indicator->setObjectName("drop-indicator");
    m_indicator->setAutoFillBackground(true);
    m_indicator->setBackgroundRole(QPalette::Highlight);
    m_indicator->setAttribute(Qt::WA_TransparentForMouseEvents);
    m_indicator->hide();
    m_scrolling.setInterval(scrollMs);
    connect(&m_scrolling, &QTimer::timeout, this, &TileDrag::scroll);
    gallery->installEventFilter(this);
    gallery->viewport()->installEventFilter(this);
}

bool TileDrag::eventFilter(QObject* watched, QEvent* event)
{
    if (watched == m_gallery.viewport())
        return filterMouse(event);
    return m_active && filterKey(event);
}

bool TileDrag::filterMouse(QEvent* event)
{
    switch (event->type()) {
    case QEvent::MouseButtonPress:
        if (m_active) {
            end();
            return true;
        }
        press(static_cast<const QMouseEvent&>(*event));
        return false;
    case QEvent::MouseMove:
        return move(static_cast<const QMouseEvent&>(*event));
    case QEvent::MouseButtonRelease:
        if (!m_active) {
            m_component = -1;
            return false;
        }
        drop();
        return true;
    default:
        return false;
    }
}

bool TileDrag::filterKey(QEvent* event)
{
    const bool asked = event->type() == QEvent::ShortcutOverride;
    if ((!asked && event->type() != QEvent::KeyPress) || static_cast<QKeyEvent*>(event)->key() != Qt::Key_Escape)
        return false;
    event->accept();
    if (!asked)
        end();
    return true;
}

void TileDrag::press(const QMouseEvent& event)
{
    const bool plain = event.button() == Qt::LeftButton && event.modifiers() == Qt::NoModifier;
    m_component = plain && m_gallery.tileLabels().size() > 1 ? m_gallery.componentAt(event.pos()) : -1;
    m_pressed = event.pos();
}

bool TileDrag::move(const QMouseEvent& event)
{
    if (m_component < 0)
        return false;
    // The button was let go of where nobody told us.
    if (!(event.buttons() & Qt::LeftButton)) {
        end();
        return false;
    }
    m_at = event.pos();
    if (!m_active && (m_at - m_pressed).manhattanLength() < QApplication::startDragDistance())
        return false;
    if (!std::exchange(m_active, true)) {
        QToolTip::hideText();
        m_gallery.viewport()->setCursor(Qt::ClosedHandCursor);
        m_scrolling.start();
    }
    showPlace();
    return true;
}

void TileDrag::drop()
{
    const std::optional<Place> place = placeAt(m_at);
    const int component = m_component;
    end();
    if (!place)
        return;
    const std::vector<TileLabel>& labels = m_gallery.tileLabels();
    const auto tile = static_cast<std::size_t>(place->tile);
    emit dropped(component, tile < labels.size() ? labels[tile].component : -1);
}

void TileDrag::end()
{
    m_active = false;
    m_component = -1;
    m_scrolling.stop();
    m_indicator->hide();
    m_gallery.viewport()->unsetCursor();
}

void TileDrag::showPlace()
{
    const std::optional<Place> place = placeAt(m_at);
    if (place)
        m_indicator->setGeometry(place->bar);
    m_indicator->setVisible(place.has_value());
}

void TileDrag::scroll()
{
    QScrollBar* bar = m_gallery.verticalScrollBar();
    const int height = m_gallery.viewport()->height(), margin = bar->singleStep();
    if (m_at.y() < margin)
        bar->setValue(bar->value() - margin);
    else if (m_at.y() > height - margin)
        bar->setValue(bar->value() + margin);
    showPlace();
}

int TileDrag::tileOf(int component) const
{
    const std::vector<TileLabel>& labels = m_gallery.tileLabels();
    const auto found = std::ranges::find(labels, component, &TileLabel::component);
    return found == labels.end() ? -1 : static_cast<int>(found - labels.begin());
}

std::optional<TileDrag::Place> TileDrag::placeAt(QPoint point) const
{
    const TileLayout& layout = m_gallery.tileLayout();
    // A run that goes on may have taken it away meanwhile.
    const int dragged = tileOf(m_component);
    if (dragged < 0)
        return {};
    const QPoint scrolled(0, m_gallery.verticalScrollBar()->value());
    const QPoint inside = point + scrolled;
    const int rowHeight = layout.picture.height() + layout.captionHeight + layout.gap;
    const int row = std::clamp((inside.y() - layout.top) / rowHeight, 0, layout.rows() - 1);
    const int inRow = std::min(layout.columns, layout.count - row * layout.columns);
    // The left half of a tile is before it, the right half behind it.
    const int middle = inside.x() - layout.left + layout.pitch - layout.picture.width() / 2;
    const int column = std::clamp(middle / layout.pitch, 0, inRow);
    const int tile = row * layout.columns + column;
    if (tile == dragged || tile == dragged + 1)
        return {};
    const QRect beside = layout.tile(column < inRow ? tile : tile - 1).translated(-scrolled);
    const int away = (layout.pitch - layout.picture.width() + barWidth) / 2;
    const int x = column < inRow ? beside.left() - away : beside.right() + 1 + away - barWidth;
    return Place{tile, QRect(std::max(0, x), beside.top(), barWidth, layout.picture.height())};
}

} // namespace nmf::ui
