#include "ui/views/residual_view.h"

#include "ui/model/known_column.h"
#include "ui/model/readout.h"
#include "ui/plot/numbers.h"
#include "ui/views/live.h"

#include <QHBoxLayout>
#include <QLocale>
#include <QVBoxLayout>

#include <cmath>
#include <limits>

namespace nmf::ui
{

ResidualView::ResidualView(Study& study, Selection& selection, QWidget* parent)
    : QWidget(parent), m_study(study), m_selection(selection), m_title(new QLabel), m_tabs(new QTabWidget),
      m_heatmap(new Heatmap), m_sample(new SamplePicture(study, selection, Tiles::Others)), m_samples(new BarGrid),
      m_features(new BarGrid), m_histogram(new BarGrid), m_fromSample(new QPushButton(tr("of this sample"))),
      m_fromAll(new QPushButton(tr("of all samples")))
{
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(6, 4, 6, 4);
    layout->setSpacing(4);
    m_title->setObjectName("residual-title");
    m_title->setWordWrap(true);
    layout->addWidget(m_title);
    layout->addWidget(m_tabs, 1);
    layout->addWidget(makeFoot());
    makeTabs();
    linkHeatmap();
    auto* live = new Live(this, study, [this] { draw(); });
    connect(&selection, &Selection::sampleChanged, live, &Live::refresh);
    connect(&selection, &Selection::featureChanged, this, &ResidualView::frame);
    connect(m_tabs, &QTabWidget::currentChanged, this, &ResidualView::drawSample);
    connect(m_tabs, &QTabWidget::currentChanged, this, &ResidualView::showTitle);
    connect(&m_job, &ResidualJob::made, this, &ResidualView::showResiduals);
    connect(&m_job, &ResidualJob::failed, m_title, &QLabel::setText);
    connect(&m_part, &ResidualPart::failed, m_title, &QLabel::setText);
    connect(&m_part, &ResidualPart::ready, this,
            [this](const std::shared_ptr<const Snapshot>& snapshot, const Options& options) {
                if (snapshot->dataset == m_study.dataset())
                    m_study.beginWith(options);
            });
    draw();
}

void ResidualView::makeTabs()
{
    m_tabs->setObjectName("residual-tabs");
    m_tabs->setDocumentMode(true);
    m_heatmap->setObjectName("residual-heatmap");
    m_heatmap->setAxisNames(tr("feature"), tr("sample"));
    m_heatmap->setColorMap(colorMap(QStringLiteral("blue-white-red")));
    m_sample->setObjectName("residual-sample");
    m_sample->setDiverging();
    m_samples->setObjectName("residual-samples");
    m_features->setObjectName("residual-features");
    m_histogram->setObjectName("residual-histogram");
    m_histogram->setLook(BarGrid::Look::Bars);
    for (BarGrid* bars : {m_samples, m_features, m_histogram}) {
        bars->setPlaceholder({});
        bars->setSelectable(false);
    }
    linkEntries(*m_samples, m_study, m_selection, Tiles::Others, Entries::Samples);
    linkEntries(*m_features, m_study, m_selection, Tiles::Others, Entries::Features);
    connect(m_histogram, &BarGrid::pressed, this, [this](int, Index bin) {
        if (const Index sample = m_shown ? m_shown->worstIn(bin).sample : -1; sample >= 0)
            m_selection.selectSample(static_cast<int>(sample));
    });
    m_tabs->addTab(m_heatmap, tr("All"));
    m_tabs->addTab(m_sample, tr("Sample"));
    m_tabs->addTab(m_samples, tr("Samples"));
    m_tabs->addTab(m_features, tr("Features"));
    m_tabs->addTab(m_histogram, tr("Histogram"));
    m_tabs->setTabToolTip(0, tr("V − WH: of the entries that share a pixel the one farthest from zero"));
    m_tabs->setTabToolTip(1, tr("V − WH of the selected sample"));
    m_tabs->setTabToolTip(2, tr("‖V − WH‖ of each sample, the worst first"));
    m_tabs->setTabToolTip(3, tr("‖V − WH‖ of each feature, the worst first"));
    m_tabs->setTabToolTip(4,
                          tr("How many entries of V − WH are how large, outliers in another colour; a click on a bar "
                             "selects the sample of its entry farthest from zero"));
}

QWidget* ResidualView::makeFoot()
{
    auto* foot = new QWidget;
    auto* row = new QHBoxLayout(foot);
    row->setContentsMargins({});
    auto* title = new QLabel(tr("New part from the residual"));
    title->setWordWrap(true);
    row->addWidget(title, 1);
    row->addWidget(m_fromSample);
    row->addWidget(m_fromAll);
    m_fromSample->setObjectName("part-from-sample");
    m_fromAll->setObjectName("part-from-all");
    m_fromSample->setAccessibleName(tr("New part from the residual of this sample"));
    m_fromAll->setAccessibleName(tr("New part from the residual of all samples"));
    m_fromSample->setToolTip(
        tr("Goes on with one component more, which begins as what is left of the selected sample"));
    m_fromAll->setToolTip(
        tr("Goes on with one component more, which begins as the leading part of what is left of all samples"));
    connect(m_fromSample, &QPushButton::clicked, this, [this] { beginPart(Index{m_selection.sample()}); });
    connect(m_fromAll, &QPushButton::clicked, this, [this] { beginPart({}); });
    return foot;
}

void ResidualView::linkHeatmap()
{
    connect(m_heatmap, &Heatmap::hovered, this,
            [this](int row, int column) { m_selection.point(placeOf(row, column)); });
    connect(m_heatmap, &Heatmap::left, &m_selection, &Selection::pointAtNothing);
    connect(m_heatmap, &Heatmap::clicked, this, [this](int row, int column) {
        const Pointed place = placeOf(row, column);
        m_selection.selectSample(place.sample);
        m_selection.selectFeature(place.feature);
    });
    m_heatmap->setDescription(
        [this](Index row, Index column, double) { return readout(placeOf(row, column), m_study); });
}

Pointed ResidualView::placeOf(Index row, Index column) const
{
    if (!m_shown)
        return {};
    const Residuals::Place place = m_shown->placeOf(row, column);
    return {.sample = static_cast<int>(place.sample), .feature = static_cast<int>(place.feature)};
}

Figure* ResidualView::figure()
{
    if (m_tabs->currentWidget() == m_sample)
        return &m_sample->figure();
    for (BarGrid* bars : {m_samples, m_features, m_histogram})
        if (m_tabs->currentWidget() == bars)
            return bars;
    return m_heatmap;
}

void ResidualView::draw()
{
    const auto& snapshot = m_study.shown();
    if (snapshot && (!m_shown || m_shown->snapshot != snapshot))
        m_job.ask(snapshot);
    if (!snapshot || (m_shown && m_shown->snapshot->dataset != snapshot->dataset)) {
        m_shown.reset();
        m_heatmap->clear();
        for (BarGrid* bars : {m_samples, m_features, m_histogram})
            bars->setTiles({});
        m_title->setText(snapshot ? tr("What WH leaves of V is being computed…")
                                  : tr("Here is what WH leaves of V, once there are parts."));
    }
    frame();
    drawSample();
    offer();
}

void ResidualView::offer()
{
    const auto& snapshot = m_study.shown();
    m_fromAll->setEnabled(snapshot != nullptr);
    m_fromSample->setEnabled(snapshot && m_selection.sample() >= 0 && m_selection.sample() < snapshot->Ht->rows());
}

void ResidualView::drawSample()
{
    const auto& snapshot = m_study.shown();
    const Index sample = m_selection.sample();
    if (m_tabs->currentWidget() != m_sample)
        return;
    if (!snapshot || sample < 0 || sample >= snapshot->Ht->rows()) {
        m_sample->clear();
        return;
    }
    const KnownColumn column = knownColumn(*snapshot->dataset, snapshot->options, sample);
    Matrix<double> residual = column.values - *snapshot->W * snapshot->Ht->row(sample).transpose();
    residual = (column.weights.array() > 0).select(residual.array(), std::numeric_limits<double>::quiet_NaN());
    m_sample->showColumn(*snapshot->dataset, std::make_shared<const Matrix<double>>(std::move(residual)), 0,
                         {.caption = nameOfSample(*snapshot->dataset, sample)});
}

void ResidualView::showResiduals(const std::shared_ptr<const Residuals>& residuals)
{
    if (residuals->snapshot->dataset != m_study.dataset())
        return;
    m_shown = residuals;
    showTitle();
    const auto& dataset = residuals->snapshot->dataset;
    m_heatmap->setRowNames([residuals, dataset](Index row) {
        const Index feature = row * dataset->V.rows() / residuals->cells->rows();
        return QString::fromStdString(dataset->features.label(feature));
    });
    const auto sampleOf = [residuals, dataset](Index column) {
        return column * dataset->V.cols() / residuals->cells->cols();
    };
    m_heatmap->setColumnNames(
        [sampleOf, dataset](Index column) { return QString::fromStdString(dataset->samples.label(sampleOf(column))); });
    m_heatmap->setColumnNumbers([sampleOf](Index column) { return QString::number(sampleOf(column) + 1); });
    m_heatmap->setMatrix(residuals->cells, Heatmap::Orientation::Upright);
    frame();
    showLists();
    showHistogram();
}

void ResidualView::showTitle()
{
    if (!m_shown)
        return;
    const QString error = tr("V − WH after iteration %1: relative error %2 %")
                              .arg(m_shown->snapshot->record.iteration)
                              .arg(QLocale().toString(100 * m_shown->relativeError, 'f', 2));
    m_title->setText(m_tabs->currentWidget() == m_histogram ? error + QStringLiteral(". ") + outliersText() : error);
}

QString ResidualView::outliersText() const
{
    const Residuals::Outliers& outliers = m_shown->outliers;
    if (outliers.bound == 0)
        return tr("At least half of the entries leave nothing: there is no bound beyond which others are outliers.");
    return tr("%Ln entries are outliers: farther from zero than %1, which is %2 robust standard deviations (1.4826 "
              "times "
              "the median distance from zero).",
              nullptr, static_cast<int>(std::min<Index>(outliers.count, std::numeric_limits<int>::max())))
        .arg(shortNumber(outliers.bound), QLocale().toString(Residuals::Outliers::deviations));
}

void ResidualView::showLists()
{
    const auto& dataset = m_shown->snapshot->dataset;
    m_samples->setNames([dataset](Index sample) { return QString::fromStdString(dataset->samples.label(sample)); });
    m_samples->setTiles({{.label = {.caption = tr("the worst samples")}, .values = m_shown->ofSamples}});
    m_features->setNames([dataset](Index feature) { return QString::fromStdString(dataset->features.label(feature)); });
    m_features->setTiles({{.label = {.caption = tr("the worst features")}, .values = m_shown->ofFeatures}});
}

void ResidualView::showHistogram()
{
    const Residuals::Histogram& histogram = m_shown->histogram;
    const auto range = [histogram](Index bin) {
        return tr("%1 to %2").arg(shortNumber(histogram.lower(bin)), shortNumber(histogram.lower(bin + 1)));
    };
    m_histogram->setNames(range);
    m_histogram->setDescription(
        [range](int, Index bin, double count) { return tr("%1: %n entries", nullptr, int(count)).arg(range(bin)); });
    const QString reach = shortNumber(histogram.reach);
    m_histogram->setTiles(
        {{.label = {.caption = tr("−%1 to %1; %L2 entries are farther out").arg(reach).arg(histogram.beyond),
                    .brief = tr("−%1 to %1").arg(reach)},
          .values = histogram.counts,
          .marked = [histogram, outliers = m_shown->outliers](Index bin) {
              return outliers.holds((histogram.lower(bin) + histogram.lower(bin + 1)) / 2);
          }}});
}

void ResidualView::frame()
{
    const int sample = m_selection.sample(), feature = m_selection.feature();
    if (!m_shown)
        return;
    m_heatmap->selectColumn(sample < 0 ? -1 : static_cast<int>(m_shown->columnOf(sample)));
    m_heatmap->selectRow(feature < 0 ? -1 : static_cast<int>(m_shown->rowOf(feature)));
}

void ResidualView::beginPart(std::optional<Index> sample)
{
    if (m_study.shown())
        m_part.begin(m_study.shown(), sample);
}

} // namespace nmf::ui
