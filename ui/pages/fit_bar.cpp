#include "ui/pages/fit_bar.h"

#include <QHBoxLayout>

#include <cmath>

namespace nmf::ui
{

FitBar::FitBar(FitJob& job, QWidget* parent)
    : QWidget(parent), m_job(job), m_go(new QPushButton), m_anew(new QPushButton(tr("Start anew"))),
      m_progress(new QProgressBar), m_text(new QLabel)
{
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins({});
    for (QWidget* widget :
         {static_cast<QWidget*>(m_go), static_cast<QWidget*>(m_anew), static_cast<QWidget*>(m_progress)})
        layout->addWidget(widget);
    layout->addWidget(m_text, 1);
    m_go->setObjectName("fits-go");
    m_anew->setObjectName("fits-anew");
    m_anew->setToolTip(tr("Forgets these fits, and makes others with the present options"));
    m_progress->setObjectName("fits-progress");
    m_progress->setAccessibleName(tr("Fits done"));
    m_progress->setTextVisible(false);
    m_progress->setMaximumWidth(160);
    m_text->setObjectName("fits-text");
    // A long sentence is no demand on the window's width.
    m_text->setMinimumWidth(40);
    m_text->setWordWrap(true);
    connect(m_go, &QPushButton::clicked, this, &FitBar::press);
    connect(m_anew, &QPushButton::clicked, this, &FitBar::startWanted);
    connect(&job, &FitJob::phaseChanged, this, [this] {
        if (m_job.phase() == FitJob::Phase::Running) {
            m_complaint.clear();
            m_since.start();
            m_doneBefore = m_job.done();
        }
        refresh();
    });
    m_pause.setSingleShot(true);
    m_pause.setInterval(100);
    connect(&m_pause, &QTimer::timeout, this, &FitBar::refresh);
    connect(&job, &FitJob::fitted, this, [this] {
        if (!m_pause.isActive())
            m_pause.start();
    });
    connect(&job, &FitJob::cleared, this, &FitBar::refresh);
    connect(&job, &FitJob::failed, this, &FitBar::complain);
    refresh();
}

void FitBar::complain(const QString& sentence)
{
    m_complaint = sentence;
    refresh();
}

void FitBar::setWanted(bool possible, bool more)
{
    m_possible = possible;
    m_more = more;
    refresh();
}

void FitBar::press()
{
    switch (m_job.phase()) {
    case FitJob::Phase::Running:
        return m_job.stop();
    case FitJob::Phase::Stopped:
    case FitJob::Phase::Done:
        return emit resumeWanted();
    case FitJob::Phase::Empty:
        return emit startWanted();
    }
}

void FitBar::refresh()
{
    const FitJob::Phase phase = m_job.phase();
    m_go->setText(phase == FitJob::Phase::Running   ? tr("Stop")
                  : phase == FitJob::Phase::Stopped ? tr("Resume")
                  : phase == FitJob::Phase::Done    ? tr("Add more")
                                                    : tr("Start"));
    m_go->setToolTip(phase == FitJob::Phase::Running
                         ? tr("Gives up the fits that are under way; those that are done stay")
                     : phase == FitJob::Phase::Stopped ? tr("Makes the fits that are left")
                     : phase == FitJob::Phase::Done ? tr("Makes the fits that other ranks or more runs ask for besides")
                                                    : tr("Makes the fits in the background, on all cores"));
    m_go->setEnabled(m_possible && (phase != FitJob::Phase::Done || m_more));
    m_anew->setEnabled(m_possible);
    m_anew->setVisible(phase == FitJob::Phase::Stopped || phase == FitJob::Phase::Done);
    m_progress->setVisible(phase == FitJob::Phase::Running || phase == FitJob::Phase::Stopped);
    m_progress->setRange(0, std::max(1, m_job.total()));
    m_progress->setValue(m_job.done());
    m_text->setText(m_complaint.isEmpty() ? text() : m_complaint);
}

QString FitBar::text() const
{
    if (m_job.phase() == FitJob::Phase::Empty)
        return {};
    const int done = m_job.done(), left = m_job.total() - done;
    const QString count = tr("%1 of %2 fits").arg(done).arg(m_job.total());
    const int made = done - m_doneBefore;
    if (m_job.phase() != FitJob::Phase::Running || made < 3)
        return count;
    const double seconds = static_cast<double>(m_since.elapsed()) / 1000 / made * left;
    return seconds < 90 ? tr("%1, about %2 s left").arg(count).arg(std::ceil(seconds))
                        : tr("%1, about %2 min left").arg(count).arg(std::ceil(seconds / 60));
}

} // namespace nmf::ui
