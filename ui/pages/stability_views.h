#pragma once

#include "ui/model/selection.h"
#include "ui/model/stability_job.h"
#include "ui/plot/bar_grid.h"
#include "ui/plot/heatmap.h"
#include "ui/plot/image_grid.h"
#include "ui/plot/line_plot.h"

#include <QLabel>
#include <QStackedWidget>
#include <QTimer>
#include <QWidget>

namespace nmf::ui
{

/// How far the runs of one rank agree: their objectives, the components of the best with how often they are found, and
/// which samples stand together.
class StabilityViews : public QWidget
{
    Q_OBJECT

public:
    StabilityViews(const StabilityJob& job, Selection& selection, QWidget* parent = nullptr);

    Figure* consensus() { return m_consensus; }

public slots:
    /// Marks a run among the objectives; −1: none.
    void markRun(int run);

signals:
    /// The user clicked the objective of a run.
    void chosen(int run);

private:
    QWidget* objectivesAndComponents();
    QWidget* samples();
    void connectSelection();
    void showSoon();
    void refresh();
    void showObjectives();
    void showComponents();
    void showConsensus();
    void showSample(int sample);
    QString captionOf(Index component) const;
    QString sampleName(Index place) const;
    /// The run at a place of the objectives, from 1; null if there is none.
    std::shared_ptr<const RankFit> runAt(double place) const;

    const StabilityJob& m_job;
    Selection& m_selection;
    LinePlot* m_objectives;
    QStackedWidget* m_components;
    ImageGrid* m_images;
    BarGrid* m_bars;
    QLabel* m_consensusTitle;
    Heatmap* m_consensus;
    int m_marked = -1;
    QTimer m_pause; ///< runs may come by the thousand
};

} // namespace nmf::ui
