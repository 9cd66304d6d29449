#include "ui/plot/heatmap.h"

#include "ui/plot/column_crown.h"
#include "ui/plot/numbers.h"
#include "ui/plot/plot_parts.h"
#include "ui/plot/reduce.h"

#include <QKeyEvent>
#include <QToolTip>

#include <algorithm>
#include <cmath>

namespace nmf::ui
{

namespace
{

constexpr double fewestCells = 4; // that a zoomed axis still shows
constexpr int clickSlack = 4;     // pixels that the pointer may move within a click

QCPItemRect* makeFrame(QCustomPlot& plot)
{
    auto* frame = new QCPItemRect(&plot); // owned by the plot
    frame->setLayer(QStringLiteral("overlay"));
    frame->setVisible(false);
    frame->setSelectable(false);
    frame->setBrush(Qt::NoBrush);
    return frame;
}

/// Thin around what is thin.
void fitPen(QCPItemRect& frame, double cellPixels)
{
    QPen pen = frame.pen();
    pen.setWidth(cellPixels < 10 ? 1 : 2);
    frame.setPen(pen);
}

} // namespace

/// What the plot is made of; all owned by it.
struct Heatmap::Parts
{
    QCustomPlot* plot;
    HeatCells* cells;
    QCPColorScale* bar;
    std::vector<QCPItemRect*> rowFrames;
    QCPItemRect* columnFrame;
    QSharedPointer<IndexTicker> rowTicker;
    QSharedPointer<IndexTicker> columnTicker;
    std::unique_ptr<ColumnCrown> crown;
};

Heatmap::Heatmap(QWidget* parent)
    : QWidget(parent), m_map(&colorMaps().front()), m_rowName(tr("component")), m_columnName(tr("sample"))
{
    QCustomPlot* plot = makePlot(this);
    m_parts = std::make_unique<Parts>(Parts{plot,
                                            new HeatCells(plot->xAxis, plot->yAxis),
                                            new QCPColorScale(plot),
                                            {},
                                            makeFrame(*plot),
                                            QSharedPointer<IndexTicker>::create(),
                                            QSharedPointer<IndexTicker>::create(),
                                            nullptr});
    plot->yAxis->setRangeReversed(true);
    plot->yAxis->setTicker(m_parts->rowTicker);
    plot->xAxis->setTicker(m_parts->columnTicker);
    plot->xAxis->grid()->setVisible(false);
    plot->yAxis->grid()->setVisible(false);
    plot->axisRect()->setupFullAxesBox();
    for (QCPAxis* axis : {plot->xAxis2, plot->yAxis2})
        axis->setTicks(false);
    plot->setInteractions(QCP::iRangeDrag | QCP::iRangeZoom);
    plot->axisRect()->setRangeZoom(Qt::Horizontal);
    setFocusPolicy(Qt::StrongFocus);
    setAccessibleName(tr("Heatmap"));
    m_placeholder = new PlotPlaceholder(this);
    makeColorBar();
    m_parts->crown = std::make_unique<ColumnCrown>(*plot);
    listen();
    applyTheme(PlotStyle::from(palette()));
    nameAxes();
}

Heatmap::~Heatmap() = default;

void Heatmap::makeColorBar()
{
    QCustomPlot* plot = m_parts->plot;
    QCPColorScale* bar = m_parts->bar;
    plot->plotLayout()->addElement(0, 1, bar);
    plot->plotLayout()->setColumnSpacing(2);
    bar->setType(QCPAxis::atRight);
    bar->setBarWidth(12);
    bar->setRangeDrag(false);
    bar->setRangeZoom(false);
    auto* margins = new QCPMarginGroup(plot); // owned by the plot
    bar->setMarginGroup(QCP::msTop | QCP::msBottom, margins);
    plot->axisRect()->setMarginGroup(QCP::msTop | QCP::msBottom, margins);
}

void Heatmap::listen()
{
    QCustomPlot* plot = m_parts->plot;
    connect(plot, &QCustomPlot::mousePress, this, &Heatmap::press);
    connect(plot, &QCustomPlot::mouseMove, this, &Heatmap::move);
    connect(plot, &QCustomPlot::mouseRelease, this, &Heatmap::release);
    connect(plot, &QCustomPlot::mouseDoubleClick, this, &Heatmap::resetView);
    connect(plot, &QCustomPlot::mouseWheel, this, [plot](QWheelEvent* event) {
        const bool both = event->modifiers() & Qt::ControlModifier;
        plot->xAxis->axisRect()->setRangeZoom(both ? Qt::Horizontal | Qt::Vertical : Qt::Orientations(Qt::Horizontal));
    });
    const auto changed = qOverload<const QCPRange&>(&QCPAxis::rangeChanged);
    connect(plot->xAxis, changed, this, &Heatmap::confine);
    connect(plot->yAxis, changed, this, &Heatmap::confine);
}

void Heatmap::applyTheme(const PlotStyle& style)
{
    QCustomPlot* plot = m_parts->plot;
    applyStyle(*plot, style);
    QCPAxis* barAxis = m_parts->bar->axis();
    barAxis->setBasePen(QPen(style.axis, 0));
    barAxis->setTickPen(QPen(style.axis, 0));
    barAxis->setTickLabelColor(style.text);
    barAxis->setTickLabelFont(font());
    barAxis->setSubTicks(false);
    barAxis->setTickLengthIn(0);
    barAxis->setTickLengthOut(4);
    barAxis->setNumberPrecision(3);
    for (QCPAxis* axis : barAxis->axisRect()->axes())
        axis->setBasePen(QPen(style.axis, 0));
    QPen pen(style.accent, 2);
    pen.setJoinStyle(Qt::MiterJoin);
    m_parts->columnFrame->setPen(pen);
    for (QCPItemRect* frame : m_parts->rowFrames)
        frame->setPen(pen);
    m_parts->cells->setColors(*m_map, m_range, style.missing.rgb());
    m_parts->crown->applyTheme(style);
    fitTicks();
}

void Heatmap::nameAxes()
{
    const auto capital = [](const QString& name) { return name.left(1).toUpper() + name.mid(1); };
    m_parts->plot->xAxis->setLabel(capital(m_columnName));
    m_parts->plot->yAxis->setLabel(capital(m_rowName));
}

void Heatmap::setMatrix(std::shared_ptr<const Matrix<double>> matrix, Orientation orientation, std::vector<Index> order)
{
    const MatrixView before = m_parts->cells->view();
    const bool reordered = order != m_order;
    m_matrix = std::move(matrix);
    m_orientation = orientation;
    m_order = std::move(order);
    const MatrixView view = viewOf();
    m_placeholder->setEmpty(view.rows == 0 || view.columns == 0);
    m_parts->cells->setView(view);
    if (view.rows == before.rows && view.columns == before.columns && !reordered)
        return updateScale() ? replotAll() : replotData();
    m_parts->rowTicker->setCount(view.rows);
    m_parts->columnTicker->setCount(view.columns);
    setAccessibleDescription(tr("%1 rows, %2 columns").arg(view.rows).arg(view.columns));
    if (view.rows != before.rows || view.columns != before.columns)
        resetView();
    updateScale();
    frameSelection();
    fitTicks();
    replotAll();
}

/// The table as it is drawn. An order of columns that is of another table waits for its own.
MatrixView Heatmap::viewOf() const
{
    if (!m_matrix)
        return {};
    MatrixView view = m_orientation == Orientation::Transposed ? MatrixView::transposed(*m_matrix, m_order)
                                                               : MatrixView::upright(*m_matrix, m_order);
    if (Index(m_columnOrder.size()) == view.columns)
        view.columnOrder = m_columnOrder;
    return view;
}

void Heatmap::setColumns(ColumnLayout columns)
{
    m_parts->crown->set(columns);
    m_columnOrder = std::move(columns.order);
    m_parts->cells->setView(viewOf());
    frameSelection();
    fitTicks();
    replotAll();
}

void Heatmap::setPlaceholder(const QString& text)
{
    m_placeholder->setText(text);
}

void Heatmap::clear()
{
    setMatrix(nullptr);
}

void Heatmap::setColorMap(const ColorMap& map)
{
    m_map = &map;
    QMap<double, QColor> stops;
    for (std::size_t i = 0; i < map.colors.size(); ++i)
        stops.insert(double(i) / 255, QColor(map.colors[i]));
    QCPColorGradient gradient;
    gradient.setColorStops(stops);
    gradient.setLevelCount(256);
    m_parts->bar->setGradient(gradient);
    updateScale();
    replotAll();
}

void Heatmap::setScale(Scale scale)
{
    m_scale = scale;
    if (updateScale())
        replotAll();
}

void Heatmap::setAxisNames(const QString& rows, const QString& columns)
{
    m_rowName = rows;
    m_columnName = columns;
    nameAxes();
    replotAll();
}

void Heatmap::setRowNames(Names names)
{
    m_rowNames = std::move(names);
    fitTicks();
    replotAll();
}

void Heatmap::setColumnNames(Names names)
{
    m_columnNames = std::move(names);
    fitTicks();
    replotAll();
}

void Heatmap::setColumnNumbers(Names numbers)
{
    m_columnNumbers = std::move(numbers);
    fitTicks();
    replotAll();
}

void Heatmap::setDescription(std::function<QString(Index, Index, double)> description)
{
    m_description = std::move(description);
}

/// Whether the scale moved.
bool Heatmap::updateScale()
{
    const Extremes all = m_parts->cells->extremesOfAll();
    ValueRange range = spanOf(*m_map, all.lowest, all.highest);
    if (m_scale == Scale::Steady && all.highest > 0) {
        const double shown = std::max(-m_range.low, m_range.high);
        range = spanOf(*m_map, all.lowest,
                       steadyMaximum(m_range == ValueRange{0, 1} ? 0 : shown, std::max(-all.lowest, all.highest)));
    }
    const bool moved = range != m_range;
    m_range = range;
    m_parts->cells->setColors(*m_map, m_range, PlotStyle::from(palette()).missing.rgb());
    m_parts->bar->setDataRange({m_range.low, m_range.high});
    return moved;
}

void Heatmap::replotData()
{
    replotLayer(*m_parts->plot, QStringLiteral("main"));
}

void Heatmap::replotAll()
{
    m_parts->plot->replot(QCustomPlot::rpQueuedReplot);
}

void Heatmap::resetView()
{
    const MatrixView& view = m_parts->cells->view();
    m_parts->plot->xAxis->setRange(-0.5, std::max(0.5, double(view.columns) - 0.5));
    m_parts->plot->yAxis->setRange(-0.5, std::max(0.5, double(view.rows) - 0.5));
    replotAll();
}

void Heatmap::confine()
{
    const MatrixView& view = m_parts->cells->view();
    if (view.rows <= 0 || view.columns <= 0)
        return;
    const auto within = [](QCPAxis* axis, Index count) {
        axis->setRange(confined(axis->range(), {-0.5, double(count) - 0.5}, fewestCells));
    };
    within(m_parts->plot->xAxis, view.columns);
    within(m_parts->plot->yAxis, view.rows);
    fitTicks();
    frameSelection();
}

void Heatmap::fitTicks()
{
    const QFontMetrics metrics = fontMetrics();
    const QCustomPlot* plot = m_parts->plot;
    const MatrixView& view = m_parts->cells->view();
    // The plot lays out its rectangle later than it makes ticks, so its size is estimated from ours.
    const QSize rect(std::max(1, width() - 110), std::max(1, height() - 2 * metrics.height() - 16));

    m_parts->rowTicker->setTickCount(std::max(1, rect.height() / (metrics.height() + 3)));
    m_parts->rowTicker->setRoom(metrics, metrics.averageCharWidth() * 14);
    m_parts->rowTicker->setLabels([this](Index place) {
        const Index row = rowAtPlace(place);
        return m_rowNames ? m_rowNames(row) : QString::number(row + 1);
    });

    // Names of columns stand side by side, so they are shown only while each column is wide enough for one.
    const double pitch = rect.width() / std::max(1.0, plot->xAxis->range().size());
    const bool named = m_columnNames && pitch > metrics.averageCharWidth() * 6;
    const Index last = std::max<Index>(1, view.columns);
    const int numberWidth =
        metrics.horizontalAdvance(m_columnNumbers ? m_columnNumbers(last - 1) : QString::number(last));
    const double labelWidth = named ? pitch : numberWidth + metrics.averageCharWidth() * 3;
    m_parts->columnTicker->setTickCount(std::max(1, int(std::ceil(rect.width() / labelWidth))));
    m_parts->columnTicker->setRoom(metrics, int(labelWidth) - 4);
    const Names& labels = named ? m_columnNames : m_columnNumbers;
    if (labels)
        m_parts->columnTicker->setLabels([this, labels](Index place) { return labels(columnAtPlace(place)); });
    else if (!m_columnOrder.empty())
        m_parts->columnTicker->setLabels([this](Index place) { return QString::number(columnAtPlace(place) + 1); });
    else
        m_parts->columnTicker->setLabels({});
}

Index Heatmap::placeOfRow(Index row) const
{
    if (m_order.empty())
        return row < m_parts->cells->view().rows ? row : -1;
    const auto found = std::find(m_order.begin(), m_order.end(), row);
    return found == m_order.end() ? -1 : found - m_order.begin();
}

Index Heatmap::rowAtPlace(Index place) const
{
    return m_order.empty() ? place : m_order[std::size_t(place)];
}

Index Heatmap::placeOfColumn(Index column) const
{
    const MatrixView& view = m_parts->cells->view();
    if (view.columnOrder.empty())
        return column < view.columns ? column : -1;
    const auto found = std::find(view.columnOrder.begin(), view.columnOrder.end(), column);
    return found == view.columnOrder.end() ? -1 : found - view.columnOrder.begin();
}

Index Heatmap::columnAtPlace(Index place) const
{
    return m_parts->cells->view().column(place);
}

QPointF Heatmap::positionOf(Index row, Index column) const
{
    const QCustomPlot* plot = m_parts->plot;
    const QPointF inPlot(plot->xAxis->coordToPixel(double(placeOfColumn(column))),
                         plot->yAxis->coordToPixel(double(placeOfRow(row))));
    return plot->mapToParent(inPlot.toPoint());
}

std::pair<double, double> Heatmap::visibleColumns() const
{
    const QCPRange range = m_parts->plot->xAxis->range();
    return {range.lower, range.upper};
}

void Heatmap::selectRow(int row)
{
    selectRows(row < 0 ? std::vector<int>() : std::vector{row});
}

void Heatmap::selectRows(const std::vector<int>& rows)
{
    m_selectedRows = rows;
    frameSelection();
}

void Heatmap::selectColumn(int column)
{
    m_selectedColumn = column;
    frameSelection();
}

void Heatmap::frameSelection()
{
    const MatrixView& view = m_parts->cells->view();
    const double rows = double(view.rows);
    const Index columnPlace = m_selectedColumn < 0 ? -1 : placeOfColumn(m_selectedColumn);
    frameRows();
    fitPen(*m_parts->columnFrame, width() / m_parts->plot->xAxis->range().size());
    m_parts->columnFrame->setVisible(columnPlace >= 0);
    m_parts->columnFrame->topLeft->setCoords(double(columnPlace) - 0.5, -0.5);
    m_parts->columnFrame->bottomRight->setCoords(double(columnPlace) + 0.5, rows - 0.5);
    replotLayer(*m_parts->plot, QStringLiteral("overlay"));
}

void Heatmap::frameRows()
{
    std::vector<QCPItemRect*>& frames = m_parts->rowFrames;
    while (frames.size() < m_selectedRows.size()) {
        frames.push_back(makeFrame(*m_parts->plot));
        frames.back()->setPen(m_parts->columnFrame->pen());
    }
    const double right = double(m_parts->cells->view().columns) - 0.5;
    for (std::size_t i = 0; i < frames.size(); ++i) {
        const int row = i < m_selectedRows.size() ? m_selectedRows[i] : -1;
        const Index place = row < 0 ? -1 : placeOfRow(row);
        fitPen(*frames[i], height() / m_parts->plot->yAxis->range().size());
        frames[i]->setVisible(place >= 0);
        frames[i]->topLeft->setCoords(-0.5, double(place) - 0.5);
        frames[i]->bottomRight->setCoords(right, double(place) + 0.5);
    }
}

QString Heatmap::describe(Index row, Index column, double value) const
{
    if (m_description)
        return m_description(row, column, value);
    const auto named = [](const QString& axis, const Names& names, Index index) {
        return names ? names(index) : QStringLiteral("%1 %2").arg(axis).arg(index + 1);
    };
    return QStringLiteral("%1, %2: %3")
        .arg(named(m_rowName, m_rowNames, row), named(m_columnName, m_columnNames, column), shortNumber(value));
}

void Heatmap::press(QMouseEvent* event)
{
    m_pressedAt = event->pos();
    setFocus(Qt::MouseFocusReason);
}

void Heatmap::release(QMouseEvent* event)
{
    if ((event->pos() - m_pressedAt).manhattanLength() > clickSlack)
        return;
    const HeatCells::Place place = m_parts->cells->at(event->pos());
    if (place.row < 0)
        return;
    const int row = int(rowAtPlace(place.row)), column = int(columnAtPlace(place.column));
    if (event->modifiers() & Qt::ControlModifier) {
        emit toggled(row, column);
        return;
    }
    m_selectedRows = {row};
    m_selectedColumn = column;
    frameSelection();
    emit clicked(row, column);
}

void Heatmap::move(QMouseEvent* event)
{
    const HeatCells::Place place = m_parts->cells->at(event->pos());
    if (place.row < 0) {
        leaveEvent(nullptr);
        return;
    }
    m_hovering = true;
    const Index row = rowAtPlace(place.row), column = columnAtPlace(place.column);
    const double value = m_parts->cells->view()(place.row, place.column);
    QToolTip::showText(event->globalPosition().toPoint(), describe(row, column, value), m_parts->plot);
    emit hovered(int(row), int(column), value);
}

void Heatmap::leaveEvent(QEvent*)
{
    if (!m_hovering)
        return;
    m_hovering = false;
    QToolTip::hideText();
    emit left();
}

void Heatmap::keyPressEvent(QKeyEvent* event)
{
    if (event->key() != Qt::Key_Escape)
        return QWidget::keyPressEvent(event);
    resetView();
}

void Heatmap::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    fitTicks();
}

void Heatmap::changeEvent(QEvent* event)
{
    QWidget::changeEvent(event);
    if (event->type() != QEvent::PaletteChange && event->type() != QEvent::FontChange)
        return;
    applyTheme(PlotStyle::from(palette()));
    frameSelection();
    replotAll();
}

void Heatmap::paintFigure(QPainter& painter, QSize size)
{
    applyTheme(PlotStyle::light());
    m_parts->columnFrame->setVisible(false);
    for (QCPItemRect* frame : m_parts->rowFrames)
        frame->setVisible(false);
    paintPlot(*m_parts->plot, painter, size);
    applyTheme(PlotStyle::from(palette()));
    frameSelection();
    replotAll();
}

FigureTable Heatmap::table() const
{
    const MatrixView& view = m_parts->cells->view();
    const auto visible = [](const QCPRange& range, Index count) {
        const auto first = std::clamp<Index>(Index(std::ceil(range.lower)), 0, count);
        return std::pair(first, std::clamp<Index>(Index(std::floor(range.upper)) + 1, first, count));
    };
    const auto [top, bottom] = visible(m_parts->plot->yAxis->range(), view.rows);
    const auto [left, right] = visible(m_parts->plot->xAxis->range(), view.columns);
    if (!FigureTable::isHandy(bottom - top, right - left))
        return {};
    const auto named = [](const Names& names, Index index) {
        return names ? names(index) : QString::number(index + 1);
    };
    FigureTable table{.header = {m_rowName}};
    for (Index column = left; column < right; ++column)
        table.header << named(m_columnNames, columnAtPlace(column));
    for (Index place = top; place < bottom; ++place) {
        QStringList& row = table.rows.emplace_back(QStringList{named(m_rowNames, rowAtPlace(place))});
        for (Index column = left; column < right; ++column)
            row << exactNumber(view(place, column));
    }
    return table;
}

} // namespace nmf::ui
