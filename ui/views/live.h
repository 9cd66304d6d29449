#pragma once

#include "ui/model/study.h"

#include <QEvent>
#include <QWidget>

#include <functional>

namespace nmf::ui
{

/// Calls `draw` when the study shows another snapshot, or other labels, and the view can be seen; a view that was
/// hidden is drawn when it is shown.
class Live : public QObject
{
public:
    Live(QWidget* view, Study& study, std::function<void()> draw) : QObject(view), m_view(view), m_draw(std::move(draw))
    {
        view->installEventFilter(this);
        connect(&study, &Study::shownChanged, this, &Live::refresh);
        connect(&study, &Study::labelsChanged, this, &Live::refresh);
    }

    void refresh()
    {
        m_late = !m_view->isVisible();
        if (!m_late)
            m_draw();
    }

    bool eventFilter(QObject* watched, QEvent* event) override
    {
        if (event->type() == QEvent::Show && m_late) {
            m_late = false;
            m_draw();
        }
        return QObject::eventFilter(watched, event);
    }

private:
    QWidget* m_view;
    std::function<void()> m_draw;
    bool m_late = false;
};

} // namespace nmf::ui
