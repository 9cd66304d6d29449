#pragma once

// Seen by the source files of ui/plot only: it brings in qcustomplot.h.

#include "ui/plot/color_maps.h"
#include "ui/plot/reduce.h"

#include <qcustomplot.h>

#include <functional>
#include <memory>

namespace nmf::ui
{

/// A plot that fills its parent: fast hints, curves and legend in paint buffers of their own, so that new data repaint
/// nothing but themselves.
QCustomPlot* makePlot(QWidget* parent);

/// Replots one buffered layer ("main", "overlay") and nothing else, or all of a plot that is not on the screen yet.
void replotLayer(QCustomPlot& plot, const QString& layer);

/// Draws the plot at any size into any painter, as vectors where the painter's device can hold them.
void paintPlot(QCustomPlot& plot, QPainter& painter, QSize size);

/// Ticks at whole numbers that stand for indices from 0; labels are given by a function and shortened to a width.
class IndexTicker : public QCPAxisTicker
{
public:
    IndexTicker() { setTickOrigin(-1); } // so that labels from 1 read 10, 20, 30

    void setLabels(std::function<QString(Index)> labels) { m_labels = std::move(labels); }
    void setCount(Index count) { m_count = count; }
    void setRoom(const QFontMetrics& metrics, int width);

protected:
    double getTickStep(const QCPRange& range) override;
    int getSubTickCount(double) override { return 0; }
    QString getTickLabel(double tick, const QLocale&, QChar, int) override;

private:
    std::function<QString(Index)> m_labels;
    Index m_count = 0;
    QFontMetrics m_metrics{QFont()};
    int m_width = 100;
};

/// Ticks at 1, 2 and 5 times powers of ten, for logarithmic axes that span one to three of these powers.
class OneTwoFiveTicker : public QCPAxisTicker
{
protected:
    int getSubTickCount(double) override { return 0; }
    QVector<double> createTickVector(double tickStep, const QCPRange& range) override;
};

/// The cells of a heatmap: reduces what is seen to the pixels of the screen when it is drawn.
class HeatCells : public QCPAbstractPlottable
{
public:
    HeatCells(QCPAxis* columns, QCPAxis* rows);

    /// The view's data must outlive the next call.
    void setView(const MatrixView& view);
    void setColors(const ColorMap& map, const ValueRange& range, QRgb missing);
    const MatrixView& view() const { return m_view; }

    /// The lowest and highest entry of all, from the reduced cells where they hold everything.
    Extremes extremesOfAll();
    /// The entry that gives the cell under a pixel its colour; no index if the pixel is outside.
    struct Place
    {
        Index row = -1;
        Index column = -1;
    };
    Place at(const QPointF& pixel);

    double selectTest(const QPointF&, bool, QVariant*) const override { return -1; }
    QCPRange getKeyRange(bool& found, QCP::SignDomain = QCP::sdBoth) const override;
    QCPRange getValueRange(bool& found, QCP::SignDomain = QCP::sdBoth, const QCPRange& = QCPRange()) const override;

protected:
    void draw(QCPPainter* painter) override;
    void drawLegendIcon(QCPPainter*, const QRectF&) const override {}

private:
    void reduce();

    MatrixView m_view;
    const ColorMap* m_map;
    ValueRange m_range{0, 1};
    QRgb m_missing = 0;
    IndexRange m_rows;
    IndexRange m_columns;
    Matrix<double> m_cells; ///< one for each cell of the screen
    bool m_reduced = false;
    QImage m_image;
};

/// A range moved, and shortened if it must be, to lie within bounds; not shorter than `shortest`.
QCPRange confined(const QCPRange& range, const QCPRange& bounds, double shortest);

} // namespace nmf::ui
