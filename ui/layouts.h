#pragma once

#include <QActionGroup>
#include <QMainWindow>

#include <functional>
#include <vector>

namespace nmf::ui
{

/// Ready-made places for the docks: to explore, to teach, to look at pictures.
class Layouts : public QObject
{
    Q_OBJECT

public:
    /// `first` puts all docks where they were at the very first start, which is the layout to explore.
    Layouts(QMainWindow& window, std::function<void()> first);

    /// An action for each.
    QActionGroup* group;

private:
    /// Where a dock is, and which share of the window's width, at the bottom of its height, it takes.
    struct Place
    {
        QString dock;
        Qt::DockWidgetArea area;
        double share;
    };

    void add(const QString& name, const QString& tip, const std::function<void()>& apply);
    /// The docks at these places, in this order; the others closed.
    void apply(const std::vector<Place>& places);

    QMainWindow& m_window;
    std::function<void()> m_first;
};

} // namespace nmf::ui
