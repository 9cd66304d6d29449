#pragma once

#include "ui/model/selection.h"
#include "ui/model/study.h"
#include "ui/plot/heatmap.h"

#include <QComboBox>
#include <QWidget>

namespace nmf::ui
{

/// H as a heatmap: a row for each component in the order of the basis, a column for each sample.
class CoefficientsView : public QWidget
{
    Q_OBJECT

public:
    CoefficientsView(Study& study, Selection& selection, QWidget* parent = nullptr);

    Figure* figure() { return m_heatmap; }

private:
    void draw();
    void nameAxes();

    Study& m_study;
    Heatmap* m_heatmap;
    QComboBox* m_scaling;
    QComboBox* m_colors;
    std::shared_ptr<const Dataset> m_named; ///< whose samples the axis names
};

} // namespace nmf::ui
