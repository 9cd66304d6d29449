#include "ui/views/solo_tile.h"

#include <QKeyEvent>

#include <algorithm>

namespace nmf::ui
{

SoloTile::SoloTile(Selection& selection, QObject* parent) : QObject(parent), m_selection(selection)
{
    // Whatever chooses a part, here it is the part that is shown.
    connect(&selection, &Selection::componentChanged, this, [this](int component) {
        if (active() && component >= 0)
            show(component);
    });
}

void SoloTile::watch(TileArea* gallery)
{
    gallery->installEventFilter(this);
    connect(gallery, &TileArea::activated, this, [this](int component) { show(active() ? -1 : component); });
}

void SoloTile::show(int component)
{
    if (component == m_component)
        return;
    m_component = component;
    if (component >= 0)
        m_selection.selectComponent(component);
    emit changed();
}

std::vector<Index> SoloTile::shownOf(const std::vector<Index>& order)
{
    m_order = order;
    if (std::ranges::find(order, Index{m_component}) == order.end())
        m_component = -1;
    return active() ? std::vector<Index>{m_component} : order;
}

std::optional<std::ptrdiff_t> SoloTile::placeFor(int key) const
{
    const std::ptrdiff_t last = std::ssize(m_order) - 1;
    const std::ptrdiff_t now = std::ranges::find(m_order, Index{m_component}) - m_order.begin();
    switch (key) {
    case Qt::Key_Left:
    case Qt::Key_Up:
    case Qt::Key_PageUp:
        return std::max<std::ptrdiff_t>(now - 1, 0);
    case Qt::Key_Right:
    case Qt::Key_Down:
    case Qt::Key_PageDown:
        return std::min(now + 1, last);
    case Qt::Key_Home:
        return 0;
    case Qt::Key_End:
        return last;
    default:
        return {};
    }
}

bool SoloTile::eventFilter(QObject* watched, QEvent* event)
{
    const bool asked = event->type() == QEvent::ShortcutOverride;
    if (!active() || (!asked && event->type() != QEvent::KeyPress))
        return QObject::eventFilter(watched, event);
    const auto* key = static_cast<QKeyEvent*>(event);
    const bool back = key->key() == Qt::Key_Escape;
    const auto place = placeFor(key->key());
    if ((key->modifiers() & ~Qt::KeypadModifier) || (!back && !place))
        return QObject::eventFilter(watched, event);
    event->accept();
    if (!asked)
        show(back ? -1 : static_cast<int>(m_order[static_cast<std::size_t>(*place)]));
    return true;
}

} // namespace nmf::ui
