#pragma once

#include "ui/model/selection.h"
#include "ui/model/study.h"

#include <QLabel>
#include <QStatusBar>
#include <QTimer>

namespace nmf::ui
{

/// What is known of the place under the pointer, else of what is selected, in the status bar.
class ReadoutLine : public QObject
{
    Q_OBJECT

public:
    ReadoutLine(const Study& study, const Selection& selection, QStatusBar* bar);

private:
    void show();

    const Study& m_study;
    const Selection& m_selection;
    QLabel* m_text;
    QTimer m_pause;
};

} // namespace nmf::ui
