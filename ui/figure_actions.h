#pragma once

#include "ui/views/view.h"

#include <QAction>
#include <QMenu>

#include <vector>

namespace nmf::ui
{

/// Copies and saves views as figures: the one that has the focus, or one of a menu.
class FigureActions : public QObject
{
    Q_OBJECT

public:
    /// The first view is taken where none has the focus.
    FigureActions(std::vector<View> views, QWidget* window);

    QAction* copy;
    QMenu* save;

signals:
    /// A sentence for the status line.
    void told(const QString& text);
    /// A sentence on what cannot be.
    void refused(const QString& text);

private:
    const View& viewInFocus() const;
    void copyView();
    void chooseFile(const View& view);
    void saveView(const View& view, const QString& path, double scale);

    std::vector<View> m_views;
    QWidget* m_window;
};

} // namespace nmf::ui
