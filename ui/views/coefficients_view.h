#pragma once

#include "ui/model/selection.h"
#include "ui/model/study.h"
#include "ui/plot/bar_grid.h"
#include "ui/plot/heatmap.h"
#include "ui/plot/image_grid.h"
#include "ui/views/coefficients_order.h"

#include <QComboBox>
#include <QStackedWidget>
#include <QWidget>

namespace nmf::ui
{

/// H as a heatmap: a row for each component in the order of the basis, a column for each sample. Where the samples are
/// pixels each row is a map, where they are ordered it is a curve, unless the heatmap is wanted.
class CoefficientsView : public QWidget, public Figure
{
    Q_OBJECT

public:
    CoefficientsView(Study& study, Selection& selection, QWidget* parent = nullptr);

    Figure* figure() { return this; }
    /// Paints through the colour map with this id.
    void setColors(const QString& id);
    QSize figureSize() const override { return shown().figureSize(); }
    void paintFigure(QPainter& painter, QSize size) override { shown().paintFigure(painter, size); }
    FigureTable table() const override { return shown().table(); }

private:
    void makeHeader(QLayout* layout);
    void connectSelection(Selection& selection);
    Figure& shown() const;
    void draw();
    void drawHeatmap(const Snapshot& snapshot);
    void drawMaps(const Snapshot& snapshot);
    void drawCurves(const Snapshot& snapshot);
    void takeColors();
    void nameAxes();
    /// The gallery that suits the samples; null if the heatmap does.
    TileArea* gallery() const;

    Study& m_study;
    QStackedWidget* m_stack;
    Heatmap* m_heatmap;
    ImageGrid* m_maps;
    BarGrid* m_curves;
    CoefficientsOrder* m_order;
    QComboBox* m_look;
    QComboBox* m_scaling;
    QComboBox* m_colors;
    std::shared_ptr<const Dataset> m_named; ///< whose samples the axis names
    ComponentLabels m_labels;               ///< as the heatmap has them
};

} // namespace nmf::ui
