#pragma once

#include "ui/model/fit_job.h"

#include <QElapsedTimer>
#include <QLabel>
#include <QProgressBar>
#include <QPushButton>
#include <QTimer>
#include <QWidget>

namespace nmf::ui
{

/// The buttons that begin, stop and go on with many fits, and how far these are.
class FitBar : public QWidget
{
    Q_OBJECT

public:
    explicit FitBar(FitJob& job, QWidget* parent = nullptr);

    /// Says this beside the bar until fits begin: what went wrong.
    void complain(const QString& sentence);
    /// Whether there are data to fit, and whether more fits are asked for than were made.
    void setWanted(bool possible, bool more);

signals:
    void startWanted();
    void resumeWanted();

private:
    void press();
    void refresh();
    QString text() const;

    FitJob& m_job;
    QPushButton *m_go, *m_anew;
    QProgressBar* m_progress;
    QLabel* m_text;
    QString m_complaint;
    bool m_possible = false, m_more = false;
    QTimer m_pause;        ///< fits may come by the thousand
    QElapsedTimer m_since; ///< since fits began or were gone on with
    int m_doneBefore = 0;  ///< how many there were then
};

} // namespace nmf::ui
