#include "ui/pages/stability_views.h"

#include "ui/plot/column_layout.h"

#include <QLocale>
#include <QSplitter>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>

namespace nmf::ui
{

StabilityViews::StabilityViews(const StabilityJob& job, Selection& selection, QWidget* parent)
    : QWidget(parent), m_job(job), m_selection(selection), m_objectives(new LinePlot), m_components(new QStackedWidget),
      m_images(new ImageGrid), m_bars(new BarGrid), m_consensusTitle(new QLabel), m_consensus(new Heatmap)
{
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins({});
    auto* halves = new QSplitter(Qt::Horizontal);
    halves->setChildrenCollapsible(false);
    layout->addWidget(halves);
    halves->addWidget(objectivesAndComponents());
    halves->addWidget(samples());
    m_pause.setSingleShot(true);
    m_pause.setInterval(100);
    connect(&m_pause, &QTimer::timeout, this, &StabilityViews::refresh);
    connect(&job, &StabilityJob::agreementChanged, this, &StabilityViews::showSoon);
    connectSelection();
    refresh();
}

QWidget* StabilityViews::objectivesAndComponents()
{
    auto* half = new QWidget;
    auto* layout = new QVBoxLayout(half);
    layout->setContentsMargins({});
    layout->setSpacing(2);
    layout->addWidget(new QLabel(tr("Objectives, the best first: a point opens its run")));
    layout->addWidget(m_objectives, 2);
    layout->addWidget(new QLabel(tr("Components of the best run, and in how many runs they are found (cosine from %1)")
                                     .arg(QLocale().toString(foundFrom))));
    layout->addWidget(m_components, 3);
    m_components->addWidget(m_images);
    m_components->addWidget(m_bars);
    m_objectives->setObjectName("stability-objectives");
    m_objectives->setAxisNames(tr("run"), tr("objective"));
    m_objectives->setWholeTicks();
    m_objectives->setPlaceholder(tr("The objectives of the runs appear here, once the study is started"));
    m_objectives->setDescription([this](int, double place, double objective) {
        const auto run = runAt(place);
        return run ? tr("run %1: objective %2").arg(run->key.run + 1).arg(QLocale().toString(objective, 'g', 7))
                   : QString();
    });
    m_images->setObjectName("stability-images");
    m_bars->setObjectName("stability-bars");
    for (TileArea* gallery : {static_cast<TileArea*>(m_images), static_cast<TileArea*>(m_bars)})
        gallery->setPlaceholder(tr("Components appear here when two runs are done"));
    return half;
}

QWidget* StabilityViews::samples()
{
    auto* half = new QWidget;
    auto* layout = new QVBoxLayout(half);
    layout->setContentsMargins({});
    layout->setSpacing(2);
    m_consensusTitle->setWordWrap(true);
    layout->addWidget(m_consensusTitle);
    layout->addWidget(m_consensus, 1);
    m_consensus->setObjectName("stability-consensus");
    m_consensus->setAxisNames(tr("sample"), tr("sample"));
    m_consensus->setColorMap(colorMap("viridis"));
    m_consensus->setPlaceholder(tr("Which samples stand together appears here when two runs are done"));
    m_consensus->setDescription([this](Index row, Index column, double share) {
        return tr("%1 and %2: together in %3 % of the runs")
            .arg(sampleName(row), sampleName(column), QLocale().toString(100 * share, 'f', 0));
    });
    const auto names = [this](Index place) { return sampleName(place); };
    m_consensus->setRowNames(names);
    m_consensus->setColumnNames(names);
    return half;
}

void StabilityViews::connectSelection()
{
    connect(m_objectives, &LinePlot::pointClicked, this, [this](int, double place, double) {
        if (const auto run = runAt(place))
            emit chosen(run->key.run);
    });
    connect(m_consensus, &Heatmap::clicked, this, [this](int, int place) {
        m_selection.selectSample(static_cast<int>(m_job.agreement().samples[static_cast<std::size_t>(place)]));
    });
    connect(&m_selection, &Selection::sampleChanged, this, &StabilityViews::showSample);
}

void StabilityViews::showSoon()
{
    if (!m_pause.isActive())
        m_pause.start();
}

void StabilityViews::refresh()
{
    showObjectives();
    showComponents();
    showConsensus();
    markRun(m_marked);
}

std::shared_ptr<const RankFit> StabilityViews::runAt(double place) const
{
    const RankFits& runs = m_job.agreement().runs;
    const long index = std::lround(place) - 1;
    return index >= 0 && index < static_cast<long>(runs.size()) ? runs[static_cast<std::size_t>(index)] : nullptr;
}

void StabilityViews::markRun(int run)
{
    m_marked = run;
    const RankFits& runs = m_job.agreement().runs;
    const auto found = std::ranges::find(runs, run, [](const auto& one) { return one->key.run; });
    m_objectives->setMarker(found == runs.end() ? std::nullopt
                                                : std::optional(static_cast<double>(found - runs.begin()) + 1));
}

void StabilityViews::showObjectives()
{
    std::vector<double> x, y;
    for (const auto& run : m_job.agreement().runs) {
        x.push_back(static_cast<double>(x.size()) + 1);
        y.push_back(run->last.objective);
    }
    if (x.empty())
        return m_objectives->clear();
    // What differs by less than a ten-thousandth is of one level.
    constexpr double noteworthy = 1e-3;
    m_objectives->setAlwaysShown({.lowest = y.front(), .highest = y.front() * (1 + noteworthy)});
    m_objectives->setCurve(0, {.look = LinePlot::Look::Points});
    m_objectives->setPoints(0, std::move(x), std::move(y));
}

QString StabilityViews::captionOf(Index component) const
{
    const RunAgreement& agreement = m_job.agreement();
    if (agreement.components.empty())
        return QString::number(component + 1);
    return tr("%1 · found in %2 of %3")
        .arg(component + 1)
        .arg(agreement.components[static_cast<std::size_t>(component)].runs)
        .arg(agreement.runs.size());
}

void StabilityViews::showComponents()
{
    const RankFits& runs = m_job.agreement().runs;
    const auto& dataset = m_job.fits().dataset();
    if (runs.empty() || !runs.front()->factors || !dataset) {
        m_images->setTiles({});
        return m_bars->setTiles({});
    }
    const auto factors = runs.front()->factors;
    // Shares the factors, of which W is a part.
    const std::shared_ptr<const Matrix<double>> W(factors, &factors->W);
    const Axis& axis = dataset->features;
    std::vector<ImageGrid::Tile> images;
    std::vector<BarGrid::Tile> bars;
    for (const Index component : orderByEnergy(*factors)) {
        const TileLabel label{.component = static_cast<int>(component), .caption = captionOf(component)};
        images.push_back({.label = label,
                          .values = W,
                          .column = component,
                          .height = static_cast<int>(axis.height),
                          .width = static_cast<int>(axis.width),
                          .channels = static_cast<int>(axis.channels)});
        bars.push_back({.label = label, .values = W, .column = component});
    }
    if (axis.kind == Axis::Kind::Pixels) {
        m_components->setCurrentWidget(m_images);
        return m_images->setTiles(std::move(images));
    }
    m_components->setCurrentWidget(m_bars);
    m_bars->setLook(axis.kind == Axis::Kind::Ordered ? BarGrid::Look::Curve : BarGrid::Look::Largest);
    m_bars->setNames([dataset](Index row) { return QString::fromStdString(dataset->features.label(row)); });
    m_bars->setTiles(std::move(bars));
}

void StabilityViews::showConsensus()
{
    const RunAgreement& agreement = m_job.agreement();
    if (!agreement.together) {
        m_consensusTitle->setText(tr("Consensus: in how many runs two samples have the same strongest component"));
        m_consensus->setColumns({});
        return m_consensus->clear();
    }
    const auto all = agreement.runs.front()->labels.size();
    m_consensusTitle->setText(
        tr("Consensus of %1: clustered by how often two have the same strongest component; the strip is the best run's")
            .arg(agreement.samples.size() == all ? tr("%n sample(s)", nullptr, static_cast<int>(all))
                                                 : tr("%1 of %2 samples").arg(agreement.samples.size()).arg(all)));
    std::vector<int> marks;
    for (const Index sample : agreement.samples)
        marks.push_back(agreement.runs.front()->labels[static_cast<std::size_t>(sample)]);
    m_consensus->setMatrix(agreement.together, Heatmap::Orientation::Upright, agreement.tree->order);
    m_consensus->setColumns({agreement.tree->order, agreement.tree, std::move(marks)});
    showSample(m_selection.sample());
}

void StabilityViews::showSample(int sample)
{
    const std::vector<Index>& samples = m_job.agreement().samples;
    const auto found = std::ranges::find(samples, static_cast<Index>(sample));
    const int place = found == samples.end() ? -1 : static_cast<int>(found - samples.begin());
    m_consensus->selectRow(place);
    m_consensus->selectColumn(place);
}

QString StabilityViews::sampleName(Index place) const
{
    const auto& dataset = m_job.fits().dataset();
    const std::vector<Index>& samples = m_job.agreement().samples;
    if (!dataset || place < 0 || static_cast<std::size_t>(place) >= samples.size())
        return {};
    return QString::fromStdString(dataset->samples.label(samples[static_cast<std::size_t>(place)]));
}

} // namespace nmf::ui
