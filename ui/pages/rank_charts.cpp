#include "ui/pages/rank_charts.h"

#include <QGridLayout>
#include <QLocale>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>

namespace nmf::ui
{

namespace
{

using Kind = RankFitKey::Kind;

/// Curves of the errors: means, the points that they are the means of, and the limit of the rule.
enum ErrorCurve { TrainingMean, HeldOutMean, PermutedMean, TrainingFits, HeldOutFits, PermutedFits, Limit };
enum AgreementCurve { Cophenetic, Dispersion, Stability };

constexpr double spread = 0.36; // of the points of one rank, beside each other
constexpr Index mostShown = 60; // features and samples of the mask

int meanOf(Kind kind)
{
    return static_cast<int>(kind) + TrainingMean;
}

int pointsOf(Kind kind)
{
    return static_cast<int>(kind) + TrainingFits;
}

double errorOf(const RankFit& fit)
{
    return fit.key.kind == Kind::HeldOut ? fit.heldOutError : fit.last.relativeError;
}

const std::optional<MeanOfRuns>& meanIn(const RankPoint& point, Kind kind)
{
    return kind == Kind::Whole ? point.training : kind == Kind::HeldOut ? point.heldOut : point.permuted;
}

} // namespace

RankCharts::RankCharts(const RankJob& job, QWidget* parent)
    : QWidget(parent), m_job(job), m_errors(new LinePlot), m_agreement(new LinePlot), m_mask(new Heatmap)
{
    auto* grid = new QGridLayout(this);
    grid->setContentsMargins({});
    grid->addWidget(titled(tr("Error: a point opens its fit"), m_errors), 0, 0, 2, 1);
    grid->addWidget(titled(tr("Agreement of the runs"), m_agreement), 0, 1);
    grid->addWidget(titled({}, m_mask, &m_maskTitle), 1, 1);
    grid->setColumnStretch(0, 3);
    grid->setColumnStretch(1, 2);
    m_errors->setObjectName("rank-errors");
    m_errors->setAxisNames(tr("rank"), tr("relative error"));
    m_errors->setDescription([this](int curve, double x, double y) { return describe(curve, x, y); });
    m_errors->setPlaceholder(tr("The errors of each rank appear here, once the study is started"));
    m_agreement->setObjectName("rank-agreement");
    m_agreement->setPlaceholder(tr("How far the runs of a rank agree appears here when two of them are done"));
    m_agreement->setAxisNames(tr("rank"), tr("agreement, 1 is full"));
    m_agreement->setAlwaysShown({.lowest = 0.8, .highest = 1});
    for (LinePlot* plot : {m_errors, m_agreement})
        plot->setWholeTicks();
    m_mask->setObjectName("rank-mask");
    m_mask->setAxisNames(tr("feature"), tr("sample"));
    m_mask->setColorMap(colorMap("viridis"));
    m_mask->setDescription([](Index feature, Index sample, double held) {
        return (held > 0 ? tr("feature %1, sample %2: held out") : tr("feature %1, sample %2: fitted"))
            .arg(feature + 1)
            .arg(sample + 1);
    });
    m_pause.setSingleShot(true);
    m_pause.setInterval(100);
    connect(&m_pause, &QTimer::timeout, this, &RankCharts::refresh);
    connect(&job, &RankJob::pointsChanged, this, &RankCharts::showSoon);
    connect(&job.fits(), &FitJob::fitted, this, &RankCharts::showSoon);
    connect(&job.fits(), &FitJob::phaseChanged, this, &RankCharts::showMask);
    connect(m_errors, &LinePlot::pointClicked, this, &RankCharts::click);
    refresh();
    showMask();
}

QWidget* RankCharts::titled(const QString& title, QWidget* widget, QLabel** label)
{
    auto* box = new QWidget;
    auto* layout = new QVBoxLayout(box);
    layout->setContentsMargins({});
    layout->setSpacing(2);
    auto* text = new QLabel(title);
    layout->addWidget(text);
    layout->addWidget(widget, 1);
    if (label)
        *label = text;
    return box;
}

void RankCharts::showSoon()
{
    if (!m_pause.isActive())
        m_pause.start();
}

void RankCharts::refresh()
{
    showErrors();
    showAgreement();
}

/// The points of one rank stand beside each other in the order of their runs.
double RankCharts::placeOf(const RankFitKey& key) const
{
    const int runs = std::max(2, m_job.fits().plan().runs);
    return static_cast<double>(key.rank) + spread * (static_cast<double>(key.run) / (runs - 1) - 0.5);
}

void RankCharts::showErrors()
{
    const std::vector<RankPoint> points = m_job.points();
    const std::pair<Kind, QString> kinds[] = {
        {Kind::Whole, tr("training")}, {Kind::HeldOut, tr("held out")}, {Kind::Permuted, tr("permuted data")}};
    for (const auto& [kind, name] : kinds) {
        std::vector<double> x, y, fitX, fitY;
        for (const RankPoint& point : points)
            if (const auto& mean = meanIn(point, kind)) {
                x.push_back(static_cast<double>(point.rank));
                y.push_back(mean->mean);
            }
        for (const auto& [key, fit] : m_job.fits().fits())
            if (key.kind == kind && fit->usable()) {
                fitX.push_back(placeOf(key));
                fitY.push_back(errorOf(*fit));
            }
        const int series = static_cast<int>(kind);
        if (fitX.empty()) {
            m_errors->removeCurve(meanOf(kind));
            m_errors->removeCurve(pointsOf(kind));
            continue;
        }
        m_errors->setCurve(pointsOf(kind), {.series = series, .look = LinePlot::Look::Points});
        m_errors->setPoints(pointsOf(kind), std::move(fitX), std::move(fitY));
        m_errors->setCurve(meanOf(kind), {.name = name, .series = series});
        m_errors->setPoints(meanOf(kind), std::move(x), std::move(y));
    }
    showLimit(points);
}

/// Up to where the held-out error is within one standard error of the smallest.
void RankCharts::showLimit(const std::vector<RankPoint>& points)
{
    const MeanOfRuns* least = nullptr;
    for (const RankPoint& point : points)
        if (point.heldOut && (!least || point.heldOut->mean < least->mean))
            least = &*point.heldOut;
    if (!least || points.size() < 2 || least->standardError == 0)
        return m_errors->removeCurve(Limit);
    const double limit = least->mean + least->standardError;
    m_errors->setCurve(
        Limit,
        {.name = tr("smallest + 1 standard error"), .series = static_cast<int>(Kind::HeldOut), .pen = Qt::DashLine});
    m_errors->setPoints(Limit, {static_cast<double>(points.front().rank), static_cast<double>(points.back().rank)},
                        {limit, limit});
}

void RankCharts::showAgreement()
{
    std::vector<double> x[3], y[3];
    const auto add = [&](AgreementCurve curve, const RankPoint& point, double value) {
        x[curve].push_back(static_cast<double>(point.rank));
        y[curve].push_back(value);
    };
    for (const RankPoint& point : m_job.points()) {
        if (point.consensus) {
            add(Cophenetic, point, point.consensus->cophenetic);
            add(Dispersion, point, point.consensus->dispersion);
        }
        if (point.stability)
            add(Stability, point, *point.stability);
    }
    const QString names[] = {tr("cophenetic correlation"), tr("dispersion"), tr("component stability")};
    for (const AgreementCurve curve : {Cophenetic, Dispersion, Stability}) {
        if (x[curve].empty()) {
            m_agreement->removeCurve(curve);
            continue;
        }
        m_agreement->setCurve(curve,
                              {.name = names[curve], .series = 3 + curve, .look = LinePlot::Look::LineAndPoints});
        m_agreement->setPoints(curve, std::move(x[curve]), std::move(y[curve]));
    }
}

void RankCharts::showMask()
{
    const FitJob& fits = m_job.fits();
    const auto& dataset = fits.dataset();
    const double share = fits.plan().heldOut;
    const bool shown = dataset && share > 0 && !dataset->V.isSparse() && dataset->V.rows() > 1 && dataset->V.cols() > 1;
    m_mask->parentWidget()->setVisible(fits.phase() != FitJob::Phase::Empty && share > 0);
    m_mask->setVisible(shown);
    if (!shown) {
        m_maskTitle->setText(tr("Held out are single entries of the sparse table, drawn at random in each run"));
        return m_mask->clear();
    }
    const HeldOutBlocks blocks = heldOutBlocksOf(fits.plan(), *dataset, 0);
    const Index features = std::min(mostShown, dataset->V.rows()), samples = std::min(mostShown, dataset->V.cols());
    auto mask = std::make_shared<Matrix<double>>(features, samples);
    for (Index j = 0; j < samples; ++j)
        for (Index i = 0; i < features; ++i)
            (*mask)(i, j) = blocks.holds(i, j);
    m_maskTitle->setText(tr("Held out in run 1: %1 blocks, of which this is the corner").arg(blocks.groups));
    m_mask->setMatrix(std::move(mask), Heatmap::Orientation::Upright);
}

/// The fit whose point stands there; the best of the rank for a mean, and none for other curves.
std::shared_ptr<const RankFit> RankCharts::fitAt(int curve, double x, double y) const
{
    if (curve == TrainingMean || curve == HeldOutMean) {
        for (const RankPoint& point : m_job.points())
            if (static_cast<double>(point.rank) == x)
                return point.best;
        return nullptr;
    }
    for (const auto& [key, fit] : m_job.fits().fits())
        if (curve == pointsOf(key.kind) && fit->usable() && placeOf(key) == x && errorOf(*fit) == y)
            return fit;
    return nullptr;
}

QString RankCharts::describe(int curve, double x, double y) const
{
    const QString number = QLocale().toString(y, 'g', 4);
    const QString rank = QString::number(std::lround(x));
    switch (curve) {
    case TrainingMean:
        return tr("rank %1, mean relative error %2\na click opens the best fit").arg(rank, number);
    case HeldOutMean:
        return tr("rank %1, mean held-out error %2\na click opens the best fit").arg(rank, number);
    case PermutedMean:
        return tr("rank %1, mean relative error of permuted data %2").arg(rank, number);
    case Limit:
        return tr("one standard error above the smallest held-out error: %1").arg(number);
    default:
        break;
    }
    const std::shared_ptr<const RankFit> fit = fitAt(curve, x, y);
    if (!fit)
        return {};
    const QString run = QString::number(fit->key.run + 1);
    return curve == TrainingFits ? tr("rank %1, run %2: relative error %3").arg(rank, run, number)
           : curve == HeldOutFits
               ? tr("rank %1, run %2: held-out error %3\na click opens the fit of all entries").arg(rank, run, number)
               : tr("rank %1, run %2: relative error of permuted data %3").arg(rank, run, number);
}

void RankCharts::click(int curve, double x, double y)
{
    const std::shared_ptr<const RankFit> fit = fitAt(curve, x, y);
    if (fit && fit->key.kind != Kind::Permuted)
        emit chosen({fit->key.rank, fit->key.run, Kind::Whole});
}

} // namespace nmf::ui
