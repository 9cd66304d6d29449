#include "ui/status_line.h"

#include "ui/model/run_status.h"

namespace nmf::ui
{

namespace
{

constexpr int wholeBar = 1000;

}

StatusLine::StatusLine(const Study& study, QStatusBar* bar)
    : QObject(bar), m_study(study), m_text(new QLabel), m_remaining(new QLabel), m_progress(new QProgressBar)
{
    m_text->setObjectName("status");
    m_progress->setMaximumWidth(220);
    m_progress->setTextVisible(false);
    m_progress->setAccessibleName(tr("Progress"));
    m_progress->setRange(0, wholeBar);
    bar->addWidget(m_text, 1);
    bar->addPermanentWidget(m_remaining);
    bar->addPermanentWidget(m_progress);
    // The line of text is for reading: five times a second is enough, and it costs a layout of the status bar.
    m_pause.setSingleShot(true);
    m_pause.setInterval(200);
    connect(&study, &Study::snapshotChanged, this, [this] {
        if (!m_pause.isActive())
            m_pause.start();
    });
    connect(&m_pause, &QTimer::timeout, this, &StatusLine::show);
    connect(&study, &Study::phaseChanged, this, &StatusLine::show);
    connect(&study, &Study::loadingChanged, this, &StatusLine::show);
    connect(&study, &Study::loadingProgress, this,
            [this](double fraction) { m_progress->setValue(static_cast<int>(wholeBar * fraction)); });
    show();
}

void StatusLine::show()
{
    const RunStatus status = runStatus(m_study);
    m_text->setText(status.text);
    m_remaining->setText(status.remaining);
    m_progress->setVisible(status.progress >= 0 || m_study.loading());
    if (status.progress >= 0 && !m_study.loading())
        m_progress->setValue(static_cast<int>(wholeBar * status.progress));
}

} // namespace nmf::ui
