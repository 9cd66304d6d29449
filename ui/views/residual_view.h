#pragma once

#include "ui/model/residual_part.h"
#include "ui/model/residuals.h"
#include "ui/views/sample_picture.h"

#include <QLabel>
#include <QPushButton>
#include <QTabWidget>

namespace nmf::ui
{

/// What WH leaves of V: as a heatmap, as the picture of the selected sample, by samples and features, the worst first,
/// and as a histogram; and ways to begin a component from it.
class ResidualView : public QWidget
{
    Q_OBJECT

public:
    ResidualView(Study& study, Selection& selection, QWidget* parent = nullptr);

    /// The tab that is seen.
    Figure* figure();
    const std::shared_ptr<const Residuals>& residuals() const { return m_shown; }

private:
    void makeTabs();
    QWidget* makeFoot();
    void linkHeatmap();
    void draw();
    void drawSample();
    void showResiduals(const std::shared_ptr<const Residuals>& residuals);
    void showLists();
    void showHistogram();
    void showTitle();
    QString outliersText() const;
    void frame();
    void offer();
    void beginPart(std::optional<Index> sample);
    Pointed placeOf(Index row, Index column) const;

    Study& m_study;
    Selection& m_selection;
    ResidualJob m_job;
    ResidualPart m_part;
    std::shared_ptr<const Residuals> m_shown;
    QLabel* m_title;
    QTabWidget* m_tabs;
    Heatmap* m_heatmap;
    SamplePicture* m_sample;
    BarGrid *m_samples, *m_features, *m_histogram;
    QPushButton *m_fromSample, *m_fromAll;
};

} // namespace nmf::ui
