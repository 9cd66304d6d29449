#pragma once

#include "ui/model/rank_job.h"
#include "ui/plot/heatmap.h"
#include "ui/plot/line_plot.h"

#include <QLabel>
#include <QTimer>
#include <QWidget>

namespace nmf::ui
{

/// What is known of each rank as curves: errors with a point for each fit, agreement of the runs, and which entries the
/// first run does not see. They fill as fits come.
class RankCharts : public QWidget
{
    Q_OBJECT

public:
    explicit RankCharts(const RankJob& job, QWidget* parent = nullptr);

    LinePlot* errors() { return m_errors; }

signals:
    /// The user clicked the point of a fit.
    void chosen(const nmf::RankFitKey& key);

private:
    void showSoon();
    void refresh();
    void showErrors();
    void showLimit(const std::vector<RankPoint>& points);
    void showAgreement();
    void showMask();
    QWidget* titled(const QString& title, QWidget* widget, QLabel** label = nullptr);
    QString describe(int curve, double x, double y) const;
    void click(int curve, double x, double y);
    std::shared_ptr<const RankFit> fitAt(int curve, double x, double y) const;
    double placeOf(const RankFitKey& key) const;

    const RankJob& m_job;
    LinePlot *m_errors, *m_agreement;
    Heatmap* m_mask;
    QLabel* m_maskTitle = nullptr;
    QTimer m_pause; ///< fits may come by the thousand
};

} // namespace nmf::ui
