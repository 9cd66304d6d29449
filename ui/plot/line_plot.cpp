#include "ui/plot/line_plot.h"

#include "ui/plot/axis_range.h"
#include "ui/plot/numbers.h"
#include "ui/plot/plot_parts.h"

#include <QKeyEvent>
#include <QToolTip>

#include <algorithm>
#include <cmath>
#include <limits>

namespace nmf::ui
{

namespace
{

constexpr int clickSlack = 4; // pixels that the pointer may move within a click
constexpr double lineWidth = 2;
constexpr double reach = 10;              // pixels between the pointer and a point that it clicks
constexpr std::size_t mostPoints = 20000; // that are drawn each for itself
constexpr std::size_t spare = 2000;       // points that a growing curve may add before it is thinned again

const QString mainLayer = QStringLiteral("main");
const QString overlayLayer = QStringLiteral("overlay");

/// Whole numbers, whatever the room between them.
class WholeTicker : public QCPAxisTicker
{
protected:
    double getTickStep(const QCPRange& range) override { return std::max(1.0, QCPAxisTicker::getTickStep(range)); }
    int getSubTickCount(double) override { return 0; }
};

} // namespace

/// What the plot is made of; all owned by it.
struct LinePlot::Parts
{
    QCustomPlot* plot;
    QCPItemStraightLine* marker;
    QCPItemTracer* tracer;
};

LinePlot::LinePlot(QWidget* parent) : QWidget(parent), m_xName(tr("iteration")), m_yName(tr("value"))
{
    QCustomPlot* plot = makePlot(this);
    m_parts = std::make_unique<Parts>(Parts{plot, new QCPItemStraightLine(plot), new QCPItemTracer(plot)});
    m_parts->marker->setLayer(overlayLayer);
    m_parts->marker->setVisible(false);
    m_parts->tracer->setLayer(overlayLayer);
    m_parts->tracer->setVisible(false);
    m_parts->tracer->setStyle(QCPItemTracer::tsCircle);
    m_parts->tracer->setSize(9);
    m_parts->tracer->setAntialiased(true);
    plot->setInteractions(QCP::iRangeDrag | QCP::iRangeZoom);
    plot->legend->setVisible(false);
    plot->legend->setIconSize(22, 10);
    plot->legend->setMargins({8, 4, 8, 4});
    plot->legend->setRowSpacing(0);
    plot->axisRect()->insetLayout()->setInsetAlignment(0, Qt::AlignTop | Qt::AlignRight);
    plot->axisRect()->setupFullAxesBox();
    for (QCPAxis* axis : {plot->xAxis2, plot->yAxis2})
        axis->setTicks(false);
    setFocusPolicy(Qt::StrongFocus);
    setAccessibleName(tr("Curves"));
    m_placeholder = new PlotPlaceholder(this);
    listen();
    applyTheme(PlotStyle::from(palette()));
    setAxisNames(m_xName, m_yName);
}

LinePlot::~LinePlot() = default;

void LinePlot::listen()
{
    QCustomPlot* plot = m_parts->plot;
    connect(plot, &QCustomPlot::mousePress, this, &LinePlot::press);
    connect(plot, &QCustomPlot::mouseMove, this, &LinePlot::move);
    connect(plot, &QCustomPlot::mouseRelease, this, &LinePlot::release);
    connect(plot, &QCustomPlot::mouseDoubleClick, this, &LinePlot::resetView);
    connect(plot, &QCustomPlot::mouseWheel, this, [this] { m_following = false; });
    // Before each whole replot, so that wheel, drag and resize all show the points that belong to the new range.
    connect(plot, &QCustomPlot::beforeReplot, this, [this] {
        chooseTickers();
        thinAll();
    });
}

LinePlot::Line& LinePlot::lineOf(int id)
{
    if (m_lines.find(id) == m_lines.end())
        setCurve(id, {});
    return m_lines.at(id);
}

void LinePlot::setCurve(int id, const Curve& curve)
{
    const bool isNew = m_lines.find(id) == m_lines.end();
    Line& line = m_lines[id];
    line.curve = curve;
    if (isNew) {
        line.number = m_arrivals++;
        line.points.setSpacing(m_xSpacing, m_ySpacing);
        line.graph = m_parts->plot->addGraph();
        line.graph->setLayer(mainLayer);
        line.graph->setAdaptiveSampling(true);
        line.graph->setSelectable(QCP::stNone);
    }
    line.graph->setName(curve.name);
    if (curve.name.isEmpty())
        line.graph->removeFromLegend();
    else
        line.graph->addToLegend();
    m_parts->plot->legend->setVisible(m_parts->plot->legend->itemCount() > 1);
    styleLine(line, PlotStyle::from(palette()));
    setAccessibleDescription(tr("%n curve(s)", nullptr, int(m_lines.size())));
    scheduleReplot(true);
}

void LinePlot::setPoints(int id, std::vector<double> x, std::vector<double> y)
{
    Line& line = lineOf(id);
    line.points.set(std::move(x), std::move(y));
    thin(line);
    redraw();
}

void LinePlot::append(int id, std::span<const double> x, std::span<const double> y)
{
    Line& line = lineOf(id);
    CurvePoints& points = line.points;
    if (!x.empty() && !points.empty() && x.front() <= points.x().back()) {
        line.graph->data()->removeAfter(x.front());
        line.graph->data()->remove(x.front());
    }
    for (std::size_t i = points.append(x, y); i < points.size(); ++i)
        if (points.isDrawable(points.x()[i], points.y()[i]))
            line.graph->addData(points.x()[i], points.y()[i]);
    redraw();
    if (points.size() > line.drawn + spare)
        thin(line);
}

void LinePlot::removeCurve(int id)
{
    const auto found = m_lines.find(id);
    if (found == m_lines.end())
        return;
    m_parts->plot->removeGraph(found->second.graph);
    m_lines.erase(found);
    m_parts->plot->legend->setVisible(m_parts->plot->legend->itemCount() > 1);
    redraw();
    scheduleReplot(true);
}

void LinePlot::clear()
{
    m_parts->plot->clearGraphs();
    m_lines.clear();
    m_placeholder->setEmpty(true);
    m_arrivals = 0;
    m_following = true;
    m_parts->tracer->setVisible(false);
    m_parts->plot->legend->setVisible(false);
    scheduleReplot(true);
}

void LinePlot::setAxisNames(const QString& x, const QString& y)
{
    const auto capital = [](const QString& name) { return name.left(1).toUpper() + name.mid(1); };
    m_xName = x;
    m_yName = y;
    m_parts->plot->xAxis->setLabel(capital(x));
    m_parts->plot->yAxis->setLabel(capital(y));
    scheduleReplot(true);
}

void LinePlot::setSpacing(Spacing x, Spacing y)
{
    const auto scale = [](Spacing spacing) {
        return spacing == Spacing::Linear ? QCPAxis::stLinear : QCPAxis::stLogarithmic;
    };
    m_xSpacing = x;
    m_ySpacing = y;
    m_parts->plot->xAxis->setScaleType(scale(x));
    m_parts->plot->yAxis->setScaleType(scale(y));
    m_following = true;
    for (auto& [id, line] : m_lines)
        line.points.setSpacing(x, y);
    redraw();
    scheduleReplot(true);
}

void LinePlot::setWholeTicks()
{
    m_parts->plot->xAxis->setTicker(QSharedPointer<WholeTicker>::create());
    scheduleReplot(true);
}

void LinePlot::setGrowth(Growth growth)
{
    m_growth = growth;
    redraw();
}

void LinePlot::setAlwaysShown(Extremes y)
{
    m_alwaysShown = y;
    redraw();
}

void LinePlot::setMarker(std::optional<double> x)
{
    m_parts->marker->setVisible(x.has_value());
    m_parts->marker->point1->setCoords(x.value_or(0), 0);
    m_parts->marker->point2->setCoords(x.value_or(0), 1);
    replotLayer(*m_parts->plot, overlayLayer);
}

void LinePlot::setDescription(std::function<QString(int, double, double)> description)
{
    m_description = std::move(description);
}

void LinePlot::setPlaceholder(const QString& text)
{
    m_placeholder->setText(text);
}

void LinePlot::redraw()
{
    m_placeholder->setEmpty(std::ranges::all_of(m_lines, [](const auto& one) { return one.second.points.empty(); }));
    scheduleReplot(m_following && follow());
}

/// Sets the ranges to show all; whether they moved.
bool LinePlot::follow()
{
    Extremes x = nothing, y = nothing;
    for (const auto& [id, line] : m_lines) {
        widen(x, line.points.xSpan());
        widen(y, line.points.ySpan());
    }
    if (x.lowest > x.highest || y.lowest > y.highest)
        return false;
    if (m_alwaysShown)
        widen(y, *m_alwaysShown);
    QCPAxis *xAxis = m_parts->plot->xAxis, *yAxis = m_parts->plot->yAxis;
    const AxisRange xShown{xAxis->range().lower, xAxis->range().upper};
    const AxisRange yShown{yAxis->range().lower, yAxis->range().upper};
    const bool growing = m_growth == Growth::Growing;
    // A curve may end at the frame; a point would be cut in half there.
    const bool points =
        std::ranges::any_of(m_lines, [](const auto& one) { return one.second.curve.look == Look::Points; });
    const double margin = points ? std::max(0.04 * (x.highest - x.lowest), 1e-9) : 0;
    const AxisRange xNew = growing                ? growingRange(xShown, x.lowest, x.highest, m_xSpacing)
                           : x.highest > x.lowest ? AxisRange{x.lowest - margin, x.highest + margin}
                                                  : AxisRange{points ? x.lowest - 1 : x.lowest, x.lowest + 1};
    const AxisRange yNew =
        growing ? roundRange(y.lowest, y.highest, m_ySpacing) : snugRange(y.lowest, y.highest, m_ySpacing);
    if (xNew == xShown && yNew == yShown)
        return false;
    xAxis->setRange(xNew.lower, xNew.upper);
    yAxis->setRange(yNew.lower, yNew.upper);
    return true;
}

void LinePlot::scheduleReplot(bool axesMoved)
{
    if (axesMoved)
        m_parts->plot->replot(QCustomPlot::rpQueuedReplot);
    else
        replotLayer(*m_parts->plot, mainLayer);
}

void LinePlot::thin(Line& line)
{
    const QCPAxis* axis = m_parts->plot->xAxis;
    // Points that stand for themselves are all drawn, however many share a column of the screen.
    const bool whole = line.curve.look == Look::Points && line.points.size() <= mostPoints;
    const ThinCurve curve = whole ? ThinCurve{line.points.x(), line.points.y()}
                                  : thinned(line.points.x(), line.points.y(), axis->range().lower, axis->range().upper,
                                            std::max(50, axis->axisRect()->width()), m_xSpacing);
    QVector<QCPGraphData> points;
    points.reserve(int(curve.x.size()));
    for (std::size_t i = 0; i < curve.x.size(); ++i)
        if (line.points.isDrawable(curve.x[i], curve.y[i]))
            points.append({curve.x[i], curve.y[i]});
    line.graph->data()->set(points, true);
    line.drawn = line.points.size();
}

void LinePlot::thinAll()
{
    for (auto& [id, line] : m_lines)
        thin(line);
}

/// Ticks at powers of ten say nothing on an axis that spans less than two of them.
void LinePlot::chooseTickers()
{
    enum Ticks { Even, OneTwoFive, Powers };
    for (QCPAxis* axis : {m_parts->plot->xAxis, m_parts->plot->yAxis}) {
        const QCPRange range = axis->range();
        const double ratio =
            axis->scaleType() == QCPAxis::stLogarithmic && range.lower > 0 ? range.upper / range.lower : 1;
        const Ticks wanted = ratio < 4 ? Even : ratio < 500 ? OneTwoFive : Powers;
        const QCPAxisTicker* ticker = axis->ticker().data();
        const Ticks present = dynamic_cast<const QCPAxisTickerLog*>(ticker)   ? Powers
                              : dynamic_cast<const OneTwoFiveTicker*>(ticker) ? OneTwoFive
                                                                              : Even;
        if (wanted == present)
            continue;
        axis->setTicker(wanted == Even         ? QSharedPointer<QCPAxisTicker>::create()
                        : wanted == OneTwoFive ? QSharedPointer<QCPAxisTicker>(new OneTwoFiveTicker)
                                               : QSharedPointer<QCPAxisTicker>(new QCPAxisTickerLog));
        axis->setNumberFormat(QStringLiteral("gb"));
        axis->setNumberPrecision(wanted == Powers ? 0 : 6);
    }
}

void LinePlot::applyTheme(const PlotStyle& style)
{
    applyStyle(*m_parts->plot, style);
    m_parts->marker->setPen(QPen(style.accent, 1.5));
    m_parts->tracer->setPen(QPen(style.text, 1.5));
    m_parts->tracer->setBrush(style.background);
    for (auto& [id, line] : m_lines)
        styleLine(line, style);
}

void LinePlot::styleLine(Line& line, const PlotStyle& style)
{
    const QColor color =
        line.curve.color.isValid() ? line.curve.color : style.seriesColor(line.curve.series.value_or(line.number));
    QPen pen(color, lineWidth, line.curve.pen);
    pen.setJoinStyle(Qt::BevelJoin);
    line.graph->setAntialiased(true);
    line.graph->setPen(pen);
    line.graph->setLineStyle(line.curve.look == Look::Points ? QCPGraph::lsNone : QCPGraph::lsLine);
    const bool points = line.curve.look != Look::Line;
    line.graph->setScatterStyle(points ? QCPScatterStyle(QCPScatterStyle::ssDisc, color, color, 6) : QCPScatterStyle());
}

std::pair<double, double> LinePlot::xRange() const
{
    return {m_parts->plot->xAxis->range().lower, m_parts->plot->xAxis->range().upper};
}

std::pair<double, double> LinePlot::yRange() const
{
    return {m_parts->plot->yAxis->range().lower, m_parts->plot->yAxis->range().upper};
}

QPointF LinePlot::positionOf(double x, double y) const
{
    const QCustomPlot* plot = m_parts->plot;
    return plot->mapToParent(QPointF(plot->xAxis->coordToPixel(x), plot->yAxis->coordToPixel(y)));
}

int LinePlot::drawnPoints(int id) const
{
    const auto found = m_lines.find(id);
    return found == m_lines.end() ? 0 : found->second.graph->dataCount();
}

void LinePlot::resetView()
{
    m_following = true;
    follow();
    scheduleReplot(true);
}

/// The point nearest in height of the curve nearest to the pixel, at the pixel's place on the x axis; of points that
/// stand for themselves the nearest.
std::optional<LinePlot::Nearest> LinePlot::nearest(QPointF pixel) const
{
    const QCustomPlot* plot = m_parts->plot;
    if (!plot->axisRect()->rect().contains(pixel.toPoint()))
        return {};
    const double place = plot->xAxis->pixelToCoord(pixel.x());
    std::optional<Nearest> found;
    double least = std::numeric_limits<double>::infinity();
    for (const auto& [id, line] : m_lines) {
        const bool scattered = line.curve.look == Look::Points;
        const std::vector<double>&xs = line.points.x(), &ys = line.points.y();
        const auto count = std::ptrdiff_t(line.points.size());
        const auto after = std::ranges::lower_bound(xs, place) - xs.begin();
        for (std::ptrdiff_t i = scattered ? 0 : std::max<std::ptrdiff_t>(0, after - 1);
             i < (scattered ? count : std::min(count, after + 1)); ++i) {
            const double x = xs[std::size_t(i)], y = ys[std::size_t(i)];
            if (!line.points.isDrawable(x, y))
                continue;
            const double distance = std::hypot((scattered ? 1 : 4) * (plot->xAxis->coordToPixel(x) - pixel.x()),
                                               plot->yAxis->coordToPixel(y) - pixel.y());
            if (distance < least)
                found = Nearest{id, x, y};
            least = std::min(least, distance);
        }
    }
    return found;
}

void LinePlot::press(QMouseEvent* event)
{
    m_pressedAt = event->pos();
    setFocus(Qt::MouseFocusReason);
}

void LinePlot::release(QMouseEvent* event)
{
    const bool isClick = (event->pos() - m_pressedAt).manhattanLength() <= clickSlack;
    if (!isClick || event->button() != Qt::LeftButton || !m_parts->plot->axisRect()->rect().contains(event->pos()))
        return;
    emit clicked(m_parts->plot->xAxis->pixelToCoord(event->pos().x()));
    const std::optional<Nearest> point = nearest(event->position());
    if (!point)
        return;
    const QPointF away = m_parts->plot->mapFromParent(positionOf(point->x, point->y).toPoint()) - event->pos();
    if (std::hypot(away.x(), away.y()) <= reach)
        emit pointClicked(point->id, point->x, point->y);
}

void LinePlot::move(QMouseEvent* event)
{
    if (event->buttons() & Qt::LeftButton) {
        m_following = m_following && (event->pos() - m_pressedAt).manhattanLength() <= clickSlack;
        return;
    }
    const std::optional<Nearest> point = nearest(event->position());
    if (!point) {
        leaveEvent(nullptr);
        return;
    }
    m_hovering = true;
    m_parts->tracer->position->setCoords(point->x, point->y);
    m_parts->tracer->setVisible(true);
    replotLayer(*m_parts->plot, overlayLayer);
    const QString name = m_lines.at(point->id).curve.name;
    const QString text = m_description ? m_description(point->id, point->x, point->y)
                                       : QStringLiteral("%1%2 %3: %4")
                                             .arg(name.isEmpty() || m_lines.size() < 2 ? QString() : name + ", ",
                                                  m_xName, shortNumber(point->x), shortNumber(point->y));
    QToolTip::showText(event->globalPosition().toPoint(), text, m_parts->plot);
    emit hovered(point->id, point->x, point->y);
}

void LinePlot::leaveEvent(QEvent*)
{
    if (!m_hovering)
        return;
    m_hovering = false;
    QToolTip::hideText();
    m_parts->tracer->setVisible(false);
    replotLayer(*m_parts->plot, overlayLayer);
    emit left();
}

void LinePlot::keyPressEvent(QKeyEvent* event)
{
    if (event->key() != Qt::Key_Escape)
        return QWidget::keyPressEvent(event);
    resetView();
}

void LinePlot::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    scheduleReplot(true);
}

void LinePlot::changeEvent(QEvent* event)
{
    QWidget::changeEvent(event);
    if (event->type() != QEvent::PaletteChange && event->type() != QEvent::FontChange)
        return;
    applyTheme(PlotStyle::from(palette()));
    scheduleReplot(true);
}

void LinePlot::paintFigure(QPainter& painter, QSize size)
{
    applyTheme(PlotStyle::light());
    const bool marked = m_parts->marker->visible(), traced = m_parts->tracer->visible();
    m_parts->marker->setVisible(false);
    m_parts->tracer->setVisible(false);
    paintPlot(*m_parts->plot, painter, size);
    m_parts->marker->setVisible(marked);
    m_parts->tracer->setVisible(traced);
    applyTheme(PlotStyle::from(palette()));
    scheduleReplot(true);
}

FigureTable LinePlot::table() const
{
    std::size_t points = 0;
    for (const auto& [id, line] : m_lines)
        points += line.points.size();
    if (!FigureTable::isHandy(qint64(points), 3))
        return {};
    FigureTable table{.header = {tr("curve"), m_xName, m_yName}};
    for (const auto& [id, line] : m_lines)
        for (std::size_t i = 0; i < line.points.size(); ++i)
            table.rows.push_back({line.curve.name, exactNumber(line.points.x()[i]), exactNumber(line.points.y()[i])});
    return table;
}

} // namespace nmf::ui
