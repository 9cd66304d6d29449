#include "ui/plot/plot_parts.h"

#include "ui/plot/tile_image.h"

#include <QPicture>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>

namespace nmf::ui
{

namespace
{

/// The whole indices that a stretch of an axis shows a part of.
IndexRange indicesIn(const QCPRange& range, Index count)
{
    const Index begin = std::clamp<Index>(Index(std::floor(range.lower + 0.5)), 0, count);
    return {begin, std::clamp<Index>(Index(std::ceil(range.upper + 0.5)), begin, count)};
}

/// Which of `parts` equal parts of a range an index lies in.
Index partOf(const IndexRange& range, Index index, Index parts)
{
    Index part = (index - range.begin) * parts / range.size();
    while (part + 1 < parts && partBegin(range, part + 1, parts) <= index)
        ++part;
    return part;
}

} // namespace

QCustomPlot* makePlot(QWidget* parent)
{
    auto* layout = new QVBoxLayout(parent);
    layout->setContentsMargins(0, 0, 0, 0);
    auto* plot = new QCustomPlot(parent);
    layout->addWidget(plot);
    plot->setPlottingHints(QCP::phFastPolylines | QCP::phCacheLabels);
    plot->setNotAntialiasedElements(QCP::aeAll & ~(QCP::aePlottables | QCP::aeItems));
    plot->setNoAntialiasingOnDrag(true);
    plot->layer(QStringLiteral("main"))->setMode(QCPLayer::lmBuffered);
    plot->setMouseTracking(true);
    plot->setFocusPolicy(Qt::NoFocus);
    plot->setMinimumSize(60, 50);
    plot->axisRect()->setMinimumMargins(QMargins(4, 4, 4, 4));
    for (QCPAxis* axis : plot->axisRect()->axes()) {
        axis->setTickLengthIn(0);
        axis->setTickLengthOut(4);
        axis->setSubTickLengthIn(0);
        axis->setSubTickLengthOut(2);
        axis->setTickLabelPadding(4);
        axis->setLabelPadding(3);
    }
    return plot;
}

void replotLayer(QCustomPlot& plot, const QString& layer)
{
    if (plot.isVisible())
        plot.layer(layer)->replot();
    else
        plot.replot(QCustomPlot::rpQueuedReplot);
}

void paintPlot(QCustomPlot& plot, QPainter& painter, QSize size)
{
    // QCustomPlot draws with a painter of its own only; a picture carries the strokes over.
    QPicture picture;
    QCPPainter recorder(&picture);
    plot.toPainter(&recorder, size.width(), size.height());
    recorder.end();
    painter.drawPicture(0, 0, picture);
}

void IndexTicker::setRoom(const QFontMetrics& metrics, int width)
{
    m_metrics = metrics;
    m_width = width;
}

double IndexTicker::getTickStep(const QCPRange& range)
{
    const double atLeast = range.size() / std::max(1, tickCount());
    for (double power = 1;; power *= 10)
        for (const double step : {1.0, 2.0, 5.0})
            if (step * power >= atLeast)
                return step * power;
}

QString IndexTicker::getTickLabel(double tick, const QLocale&, QChar, int)
{
    const Index index = Index(std::llround(tick));
    if (index < 0 || index >= m_count)
        return {};
    return m_labels ? m_metrics.elidedText(m_labels(index), Qt::ElideRight, m_width) : QString::number(index + 1);
}

QVector<double> OneTwoFiveTicker::createTickVector(double, const QCPRange& range)
{
    QVector<double> ticks;
    for (double power = std::pow(10, std::floor(std::log10(range.lower))); power <= range.upper; power *= 10)
        for (const double step : {1.0, 2.0, 5.0})
            if (step * power >= range.lower && step * power <= range.upper)
                ticks.append(step * power);
    return ticks;
}

HeatCells::HeatCells(QCPAxis* columns, QCPAxis* rows) : QCPAbstractPlottable(columns, rows), m_map(&colorMaps().front())
{
    setSelectable(QCP::stNone);
}

void HeatCells::setView(const MatrixView& view)
{
    m_view = view;
    m_reduced = false;
}

void HeatCells::setColors(const ColorMap& map, const ValueRange& range, QRgb missing)
{
    // Maps that look both ways keep other entries than those that look up.
    m_reduced = m_reduced && map.kind == m_map->kind;
    m_map = &map;
    m_range = range;
    m_missing = missing;
}

void HeatCells::reduce()
{
    const IndexRange rows = indicesIn(mValueAxis->range(), m_view.rows);
    const IndexRange columns = indicesIn(mKeyAxis->range(), m_view.columns);
    const double ratio = mParentPlot->bufferDevicePixelRatio();
    const Index height = std::min<Index>(rows.size(), std::max(1, int(mValueAxis->axisRect()->height() * ratio)));
    const Index width = std::min<Index>(columns.size(), std::max(1, int(mKeyAxis->axisRect()->width() * ratio)));
    if (m_reduced && rows == m_rows && columns == m_columns && m_cells.rows() == height && m_cells.cols() == width)
        return;
    m_rows = rows;
    m_columns = columns;
    const Keep keep = m_map->kind == ColorMap::Kind::Diverging ? Keep::LargestMagnitude : Keep::Largest;
    m_cells = reduceMaximum(m_view, rows, columns, height, width, keep);
    m_reduced = true;
}

Extremes HeatCells::extremesOfAll()
{
    if (m_view.rows <= 0 || m_view.columns <= 0)
        return {};
    reduce();
    const bool everything = m_rows.size() == m_view.rows && m_columns.size() == m_view.columns;
    if (everything)
        return extremes(m_cells);
    const Keep keep = m_map->kind == ColorMap::Kind::Diverging ? Keep::LargestMagnitude : Keep::Largest;
    return extremes(reduceMaximum(m_view, {0, m_view.rows}, {0, m_view.columns}, 64, 64, keep));
}

HeatCells::Place HeatCells::at(const QPointF& pixel)
{
    const Index row = Index(std::llround(mValueAxis->pixelToCoord(pixel.y())));
    const Index column = Index(std::llround(mKeyAxis->pixelToCoord(pixel.x())));
    if (!mKeyAxis->axisRect()->rect().contains(pixel.toPoint()) || row < 0 || row >= m_view.rows || column < 0 ||
        column >= m_view.columns)
        return {};
    reduce();
    if (m_cells.size() == 0 || row < m_rows.begin || row >= m_rows.end || column < m_columns.begin ||
        column >= m_columns.end)
        return {};
    const Index cellRow = partOf(m_rows, row, m_cells.rows()), cellColumn = partOf(m_columns, column, m_cells.cols());
    const double shown = m_cells(cellRow, cellColumn);
    for (Index r = partBegin(m_rows, cellRow, m_cells.rows()); r < partBegin(m_rows, cellRow + 1, m_cells.rows()); ++r)
        for (Index c = partBegin(m_columns, cellColumn, m_cells.cols());
             c < partBegin(m_columns, cellColumn + 1, m_cells.cols()); ++c)
            if (m_view(r, c) == shown)
                return {r, c};
    return {row, column};
}

void HeatCells::draw(QCPPainter* painter)
{
    if (m_view.rows <= 0 || m_view.columns <= 0)
        return;
    reduce();
    const int width = int(m_cells.cols()), height = int(m_cells.rows());
    if (width == 0 || height == 0)
        return;
    if (m_image.size() != QSize(width, height))
        m_image = QImage(width, height, QImage::Format_RGB32);
    const Matrix<double> rowByRow = m_cells.transpose();
    drawNumbers(m_image, m_image.rect(), {rowByRow.data(), width, height, 1}, *m_map, m_range, m_missing);
    const QPointF from(mKeyAxis->coordToPixel(double(m_columns.begin) - 0.5),
                       mValueAxis->coordToPixel(double(m_rows.begin) - 0.5));
    const QPointF to(mKeyAxis->coordToPixel(double(m_columns.end) - 0.5),
                     mValueAxis->coordToPixel(double(m_rows.end) - 0.5));
    const QRectF place = QRectF(from, to).normalized();
    if (painter->modes().testFlag(QCPPainter::pmVectorized)) // viewers blur small pictures that they enlarge
        painter->drawImage(place, m_image.scaled((place.size() * 2).toSize().expandedTo(m_image.size())));
    else
        painter->drawImage(place, m_image);
}

QCPRange HeatCells::getKeyRange(bool& found, QCP::SignDomain) const
{
    found = m_view.columns > 0;
    return {-0.5, double(m_view.columns) - 0.5};
}

QCPRange HeatCells::getValueRange(bool& found, QCP::SignDomain, const QCPRange&) const
{
    found = m_view.rows > 0;
    return {-0.5, double(m_view.rows) - 0.5};
}

QCPRange confined(const QCPRange& range, const QCPRange& bounds, double shortest)
{
    const double size = std::clamp(range.size(), std::min(shortest, bounds.size()), bounds.size());
    const double lower = std::clamp(range.center() - size / 2, bounds.lower, bounds.upper - size);
    return {lower, lower + size};
}

} // namespace nmf::ui
