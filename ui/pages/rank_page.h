#pragma once

#include "ui/model/rank_job.h"
#include "ui/model/study.h"
#include "ui/pages/fit_bar.h"
#include "ui/pages/rank_charts.h"

#include <QCheckBox>
#include <QDoubleSpinBox>
#include <QLabel>
#include <QSpinBox>

namespace nmf::ui
{

/// How many parts? Fits of a range of ranks from many starts, in the background; charts that fill as they finish, and
/// the rank that they suggest.
class RankPage : public QWidget
{
    Q_OBJECT

public:
    explicit RankPage(Study& study, QWidget* parent = nullptr);

    RankJob& job() { return m_job; }
    Figure* figure() { return m_charts->errors(); }

signals:
    /// The user wants to see a fit.
    void fitWanted(std::shared_ptr<const nmf::Factors<double>> factors, nmf::Options options,
                   std::vector<nmf::Record> history);

private:
    QLayout* makeFields();
    std::vector<Index> ranks() const;
    void start();
    void takeData();
    void showWanted();
    void showSuggestions();

    Study& m_study;
    RankJob m_job;
    QSpinBox *m_from = nullptr, *m_to = nullptr, *m_runs = nullptr;
    QDoubleSpinBox* m_heldOut = nullptr;
    QCheckBox* m_permuted = nullptr;
    FitBar* m_bar;
    QLabel *m_suggestion, *m_more;
    RankCharts* m_charts;
    QString m_note; ///< what was changed of the options
};

} // namespace nmf::ui
