#pragma once

#include "ui/model/stability_job.h"
#include "ui/model/study.h"
#include "ui/pages/fit_bar.h"
#include "ui/pages/stability_views.h"

#include <QLabel>
#include <QPushButton>
#include <QSpinBox>

namespace nmf::ui
{

/// Is this the only answer? Runs of one rank from many starts, how far they agree, and a nudge that tells a minimum
/// from a place where a run is merely stuck.
class StabilityPage : public QWidget
{
    Q_OBJECT

public:
    StabilityPage(Study& study, Selection& selection, QWidget* parent = nullptr);

    StabilityJob& job() { return m_job; }
    Figure* figure() { return m_views->consensus(); }

signals:
    /// The user wants to see a fit.
    void fitWanted(std::shared_ptr<const nmf::Factors<double>> factors, nmf::Options options,
                   std::vector<nmf::Record> history);

private:
    QLayout* makeFields();
    QLayout* makeNudgeRow();
    void listen();
    void start();
    void takeData();
    void takeRank();
    void showWanted();
    void showAgreement();
    void showNudge();
    void choose(int run);
    void pressNudge();
    int chosenRun() const;

    Study& m_study;
    StabilityJob m_job;
    QSpinBox *m_rank = nullptr, *m_runs = nullptr;
    FitBar* m_bar;
    QLabel *m_summary, *m_verdict;
    QPushButton *m_nudge, *m_openLower;
    StabilityViews* m_views;
    QString m_note; ///< what was changed of the options
    int m_chosen = -1;
};

} // namespace nmf::ui
