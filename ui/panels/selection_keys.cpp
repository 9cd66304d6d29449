#include "ui/panels/selection_keys.h"

#include <QKeyEvent>
#include <QWidget>

#include <algorithm>

namespace nmf::ui
{

SelectionKeys::SelectionKeys(const Study& study, Selection& selection, QWidget* window)
    : QObject(window), m_study(study), m_selection(selection)
{
    // Not shortcuts: those would be taken from boxes and sliders. What these do not want arrives at the window.
    window->installEventFilter(this);
}

bool SelectionKeys::eventFilter(QObject*, QEvent* event)
{
    if (event->type() != QEvent::KeyPress)
        return false;
    const auto* key = static_cast<QKeyEvent*>(event);
    const Qt::KeyboardModifiers modifiers = key->modifiers() & ~Qt::KeypadModifier;
    return modifiers == Qt::NoModifier && press(key->key());
}

bool SelectionKeys::press(int key)
{
    switch (key) {
    case Qt::Key_Left:
        return moveSample(-1);
    case Qt::Key_Right:
        return moveSample(1);
    case Qt::Key_Up:
        return moveComponent(-1);
    case Qt::Key_Down:
        return moveComponent(1);
    default:
        return key >= Qt::Key_1 && key <= Qt::Key_9 && selectPlace(key - Qt::Key_1);
    }
}

bool SelectionKeys::selectPlace(Index place)
{
    const std::vector<Index> order = m_study.shown() ? m_study.shownOrder() : std::vector<Index>();
    if (place < 0 || place >= static_cast<Index>(order.size()))
        return false;
    m_selection.selectComponent(static_cast<int>(order[static_cast<std::size_t>(place)]));
    return true;
}

bool SelectionKeys::moveComponent(Index step)
{
    const std::vector<Index> order = m_study.shown() ? m_study.shownOrder() : std::vector<Index>();
    if (order.empty())
        return false;
    const auto now = std::ranges::find(order, Index{m_selection.component()});
    if (now == order.end())
        return selectPlace(0);
    return selectPlace(std::clamp<Index>(now - order.begin() + step, 0, static_cast<Index>(order.size()) - 1));
}

bool SelectionKeys::moveSample(int step)
{
    if (!m_study.dataset() || m_study.dataset()->V.cols() == 0)
        return false;
    const int last = static_cast<int>(m_study.dataset()->V.cols()) - 1;
    m_selection.selectSample(m_selection.sample() < 0 ? 0 : std::clamp(m_selection.sample() + step, 0, last));
    return true;
}

} // namespace nmf::ui
