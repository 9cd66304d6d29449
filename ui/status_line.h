#pragma once

#include "ui/model/study.h"

#include <QLabel>
#include <QProgressBar>
#include <QStatusBar>
#include <QTimer>

namespace nmf::ui
{

/// How a run, or a load, is going: a sentence, what is left, a bar.
class StatusLine : public QObject
{
    Q_OBJECT

public:
    StatusLine(const Study& study, QStatusBar* bar);

private:
    void show();

    const Study& m_study;
    QLabel *m_text, *m_remaining;
    QProgressBar* m_progress;
    QTimer m_pause;
};

} // namespace nmf::ui
