#include "ui/layouts.h"

#include <QDockWidget>

#include <algorithm>
#include <utility>

namespace nmf::ui
{

Layouts::Layouts(QMainWindow& window, std::function<void()> first)
    : QObject(&window), group(new QActionGroup(this)), m_window(window), m_first(std::move(first))
{
    group->setExclusionPolicy(QActionGroup::ExclusionPolicy::None);
    add(tr("&Explore"), tr("All views beside each other"), m_first);
    add(tr("&Teach"), tr("Basis and loss large, and below them how the parts make up a sample"), [this] {
        apply({{"loss", Qt::RightDockWidgetArea, 0.38}, {"parts", Qt::BottomDockWidgetArea, 0.32}});
    });
    add(tr("&Images"), tr("The basis large, with one component beside it and the parts of a sample below"), [this] {
        apply({{"component", Qt::RightDockWidgetArea, 0.24}, {"parts", Qt::BottomDockWidgetArea, 0.28}});
    });
    for (int i = 0; i < group->actions().size(); ++i)
        group->actions()[i]->setShortcut(QKeySequence(QStringLiteral("Alt+%1").arg(i + 1)));
}

void Layouts::add(const QString& name, const QString& tip, const std::function<void()>& apply)
{
    QAction* action = group->addAction(name);
    action->setStatusTip(tip);
    connect(action, &QAction::triggered, this, apply);
}

void Layouts::apply(const std::vector<Place>& places)
{
    // Tool bars too go back to their places, and what floats comes home.
    m_first();
    const QList<QDockWidget*> docks = m_window.findChildren<QDockWidget*>(QString(), Qt::FindDirectChildrenOnly);
    for (QDockWidget* dock : docks)
        dock->hide();
    for (const auto& [name, area, share] : places) {
        const auto found = std::ranges::find(docks, name, &QDockWidget::objectName);
        if (found == docks.end())
            continue;
        const bool bottom = area == Qt::BottomDockWidgetArea;
        m_window.addDockWidget(area, *found);
        (*found)->show();
        m_window.resizeDocks({*found}, {static_cast<int>(share * (bottom ? m_window.height() : m_window.width()))},
                             bottom ? Qt::Vertical : Qt::Horizontal);
    }
}

} // namespace nmf::ui
