#pragma once

#include "ui/model/study.h"

#include <QAction>
#include <QPalette>

namespace nmf::ui
{

/// The orders to a run, as actions for menus and toolbars: they know their keys, their icons, and when they make sense.
class RunActions : public QObject
{
    Q_OBJECT

public:
    RunActions(Study& study, QWidget* window);

    QAction* runOrPause;
    QAction* step;
    QAction* halfStep;
    QAction* stop;
    QAction* restart;
    QAction* continueRun;

    QList<QAction*> all() const { return {runOrPause, step, halfStep, stop, restart, continueRun}; }
    /// Draws the icons in the palette's colours.
    void dress(const QPalette& palette);

private:
    void showPhase();

    Study& m_study;
    QPalette m_palette;
};

} // namespace nmf::ui
