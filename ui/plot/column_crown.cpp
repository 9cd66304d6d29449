#include "ui/plot/column_crown.h"

#include <algorithm>

namespace nmf::ui
{

namespace
{

constexpr int treeHeight = 46, markHeight = 9; // pixels

}

void TreeLines::setTree(const std::shared_ptr<const Hierarchy>& tree)
{
    m_forks.clear();
    const std::size_t leaves = tree->order.size();
    std::vector<double> place(leaves + tree->mergers.size()), foot(place.size(), 0.0);
    for (std::size_t at = 0; at < leaves; ++at)
        place[std::size_t(tree->order[at])] = double(at);
    for (std::size_t i = 0; i < tree->mergers.size(); ++i) {
        const Merger& merger = tree->mergers[i];
        const auto one = std::size_t(merger.one), other = std::size_t(merger.other);
        m_forks.push_back({place[one], foot[one], place[other], foot[other], merger.height});
        place[leaves + i] = (place[one] + place[other]) / 2;
        foot[leaves + i] = merger.height;
    }
    const double top = tree->mergers.empty() ? 0 : tree->mergers.back().height;
    mValueAxis->setRange(0, top > 0 ? 1.04 * top : 1);
}

void TreeLines::draw(QCPPainter* painter)
{
    painter->setPen(QPen(m_color, 1));
    painter->setAntialiasing(false);
    for (const Fork& fork : m_forks) {
        const QPointF leftTop = pixelOf(fork.left, fork.height), rightTop = pixelOf(fork.right, fork.height);
        painter->drawLine(QLineF(pixelOf(fork.left, fork.leftFoot), leftTop));
        painter->drawLine(QLineF(leftTop, rightTop));
        painter->drawLine(QLineF(rightTop, pixelOf(fork.right, fork.rightFoot)));
    }
}

void MarkStripe::draw(QCPPainter* painter)
{
    painter->setPen(Qt::NoPen);
    painter->setAntialiasing(false);
    for (std::size_t first = 0; first < m_marks.size();) {
        std::size_t end = first;
        while (end < m_marks.size() && m_marks[end] == m_marks[first])
            ++end;
        if (m_marks[first] >= 0) {
            painter->setBrush(m_style.seriesColor(m_marks[first]));
            painter->drawRect(QRectF(pixelOf(double(first) - 0.5, 0), pixelOf(double(end) - 0.5, 1)).normalized());
        }
        first = end;
    }
}

ColumnCrown::ColumnCrown(QCustomPlot& plot) : m_plot(plot), m_margins(new QCPMarginGroup(&plot))
{
    m_plot.xAxis->axisRect()->setMarginGroup(QCP::msLeft | QCP::msRight, m_margins);
    m_plot.plotLayout()->setRowSpacing(1);
}

void ColumnCrown::set(const ColumnLayout& columns)
{
    showTree(columns.tree);
    showMarks(columns);
    applyTheme(m_style);
}

void ColumnCrown::applyTheme(const PlotStyle& style)
{
    m_style = style;
    if (m_tree)
        m_tree->setColor(style.faintText);
    if (m_marks)
        m_marks->setStyle(style);
}

/// A row without visible axes whose columns are those of the heatmap.
QCPAxisRect* ColumnCrown::addRow(int row, int height)
{
    auto* rect = new QCPAxisRect(&m_plot); // owned by the layout
    m_plot.plotLayout()->insertRow(row);
    m_plot.plotLayout()->addElement(row, 0, rect);
    rect->setMinimumSize(10, height);
    rect->setMaximumSize(QWIDGETSIZE_MAX, height);
    rect->setAutoMargins(QCP::msLeft | QCP::msRight);
    rect->setMargins({});
    rect->setMinimumMargins({});
    rect->setMarginGroup(QCP::msLeft | QCP::msRight, m_margins);
    rect->setRangeDrag({});
    rect->setRangeZoom({});
    for (QCPAxis* axis : rect->axes()) {
        axis->setVisible(false);
        axis->grid()->setVisible(false);
    }
    QCPAxis* places = rect->axis(QCPAxis::atBottom);
    places->setRange(m_plot.xAxis->range());
    QObject::connect(m_plot.xAxis, qOverload<const QCPRange&>(&QCPAxis::rangeChanged), places,
                     qOverload<const QCPRange&>(&QCPAxis::setRange));
    return rect;
}

void ColumnCrown::removeRow(QCPAxisRect*& rect)
{
    m_plot.plotLayout()->remove(rect);
    m_plot.plotLayout()->simplify();
    rect = nullptr;
}

void ColumnCrown::showTree(const std::shared_ptr<const Hierarchy>& tree)
{
    if (!tree && m_treeRect) {
        m_plot.removePlottable(m_tree);
        m_tree = nullptr;
        removeRow(m_treeRect);
    }
    if (!tree)
        return;
    if (!m_treeRect) {
        m_treeRect = addRow(0, treeHeight);
        m_tree = new TreeLines(m_treeRect->axis(QCPAxis::atBottom), m_treeRect->axis(QCPAxis::atLeft));
    }
    m_tree->setTree(tree);
}

void ColumnCrown::showMarks(const ColumnLayout& columns)
{
    if (columns.marks.empty() && m_markRect) {
        m_plot.removePlottable(m_marks);
        m_marks = nullptr;
        removeRow(m_markRect);
    }
    if (columns.marks.empty())
        return;
    if (!m_markRect) {
        m_markRect = addRow(m_treeRect ? 1 : 0, markHeight);
        m_marks = new MarkStripe(m_markRect->axis(QCPAxis::atBottom), m_markRect->axis(QCPAxis::atLeft));
        m_markRect->axis(QCPAxis::atLeft)->setRange(0, 1);
    }
    std::vector<int> marks = columns.marks;
    if (columns.order.size() == marks.size())
        for (std::size_t place = 0; place < marks.size(); ++place)
            marks[place] = columns.marks[std::size_t(columns.order[place])];
    m_marks->setMarks(std::move(marks));
}

} // namespace nmf::ui
