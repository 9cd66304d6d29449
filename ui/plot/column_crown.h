#pragma once

// Seen by the source files of ui/plot only: it brings in qcustomplot.h.

#include "ui/plot/column_layout.h"
#include "ui/plot/plot_style.h"

#include <qcustomplot.h>

#include <optional>

namespace nmf::ui
{

/// A plottable over the places 0 … n − 1 of the columns, which draws for itself and cannot be selected.
class OverColumns : public QCPAbstractPlottable
{
public:
    OverColumns(QCPAxis* columns, QCPAxis* heights) : QCPAbstractPlottable(columns, heights)
    {
        setSelectable(QCP::stNone);
    }

    double selectTest(const QPointF&, bool, QVariant*) const override { return -1; }
    QCPRange getKeyRange(bool& found, QCP::SignDomain) const override { return nothing(found); }
    QCPRange getValueRange(bool& found, QCP::SignDomain, const QCPRange&) const override { return nothing(found); }

protected:
    void drawLegendIcon(QCPPainter*, const QRectF&) const override {}
    QPointF pixelOf(double place, double height) const
    {
        return {mKeyAxis->coordToPixel(place), mValueAxis->coordToPixel(height)};
    }

private:
    static QCPRange nothing(bool& found)
    {
        found = false;
        return {};
    }
};

/// The lines of a tree.
class TreeLines : public OverColumns
{
public:
    using OverColumns::OverColumns;

    void setTree(const std::shared_ptr<const Hierarchy>& tree);
    void setColor(const QColor& color) { m_color = color; }

protected:
    void draw(QCPPainter* painter) override;

private:
    /// A merger: its branches stand at two places, from their own heights up to that of the merger.
    struct Fork
    {
        double left, leftFoot, right, rightFoot, height;
    };
    std::vector<Fork> m_forks;
    QColor m_color;
};

/// A strip with a colour for the mark of each column.
class MarkStripe : public OverColumns
{
public:
    using OverColumns::OverColumns;

    /// In the order of the places.
    void setMarks(std::vector<int> marks) { m_marks = std::move(marks); }
    void setStyle(const PlotStyle& style) { m_style = style; }

protected:
    void draw(QCPPainter* painter) override;

private:
    std::vector<int> m_marks;
    PlotStyle m_style;
};

/// What stands above the columns of a heatmap and moves with them: the tree by which they are ordered, and a strip of
/// colours for the groups that they belong to.
class ColumnCrown
{
public:
    /// In a plot whose x axis counts the columns; all parts are owned by it.
    explicit ColumnCrown(QCustomPlot& plot);

    void set(const ColumnLayout& columns);
    void applyTheme(const PlotStyle& style);

private:
    QCPAxisRect* addRow(int row, int height);
    void removeRow(QCPAxisRect*& rect);
    void showTree(const std::shared_ptr<const Hierarchy>& tree);
    void showMarks(const ColumnLayout& columns);

    QCustomPlot& m_plot;
    QCPMarginGroup* m_margins;
    QCPAxisRect *m_treeRect = nullptr, *m_markRect = nullptr;
    TreeLines* m_tree = nullptr;
    MarkStripe* m_marks = nullptr;
    PlotStyle m_style;
};

} // namespace nmf::ui
