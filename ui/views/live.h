#pragma once

#include "ui/model/study.h"

#include <QDockWidget>
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
        // A dock that is behind others as a tab is visible to Qt, but lies outside of the window.
        m_late = !m_view->isVisible() || m_view->visibleRegion().isEmpty();
        if (!m_late)
            m_draw();
    }

    bool eventFilter(QObject* watched, QEvent* event) override
    {
        if (event->type() == QEvent::Show)
            for (QWidget* above = m_view; above; above = above->parentWidget())
                if (auto* dock = qobject_cast<QDockWidget*>(above))
                    connect(dock, &QDockWidget::visibilityChanged, this, &Live::catchUp, Qt::UniqueConnection);
        if (event->type() == QEvent::Show || event->type() == QEvent::Resize)
            catchUp();
        return QObject::eventFilter(watched, event);
    }

private:
    void catchUp()
    {
        if (m_late)
            refresh();
    }

    QWidget* m_view;
    std::function<void()> m_draw;
    bool m_late = false;
};

} // namespace nmf::ui
