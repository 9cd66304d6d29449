#include "ui/views/parts_view.h"

#include "ui/model/readout.h"
#include "ui/plot/numbers.h"
#include "ui/views/live.h"

#include <QLocale>
#include <QSignalBlocker>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>

namespace nmf::ui
{

namespace
{

constexpr double slidersReach = 1.5; // beyond the largest weight

QLabel* sign(const QString& text)
{
    auto* label = new QLabel(text);
    QFont large = label->font();
    large.setPointSizeF(1.4 * large.pointSizeF());
    label->setFont(large);
    return label;
}

QString percent(double share)
{
    return std::isfinite(share) ? QLocale().toString(100 * share, 'f', 1) + QStringLiteral(" %") : QStringLiteral("∞");
}

double largestOf(const Vector<double>& values)
{
    double largest = 0;
    for (const double value : values)
        largest = value > largest ? value : largest;
    return largest;
}

} // namespace

PartsView::PartsView(Study& study, Selection& selection, QWidget* parent)
    : QWidget(parent), m_study(study), m_selection(selection), m_pages(new QStackedWidget), m_hint(new QLabel),
      m_name(new QLabel), m_count(new QLabel), m_error(new QLabel), m_first(new QSlider(Qt::Horizontal)),
      m_solve(new QPushButton(tr("Solve again"))), m_found(new QPushButton(tr("As found"))),
      m_sample(new SamplePicture(study, selection, Tiles::Others)),
      m_sum(new SamplePicture(study, selection, Tiles::Others)),
      m_residual(new SamplePicture(study, selection, Tiles::Others)), m_strip(new QScrollArea)
{
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins({});
    layout->addWidget(m_pages);
    m_hint->setAlignment(Qt::AlignCenter);
    m_hint->setWordWrap(true);
    m_hint->setForegroundRole(QPalette::PlaceholderText);
    auto* page = new QWidget;
    auto* inside = new QVBoxLayout(page);
    inside->setContentsMargins(6, 2, 6, 2);
    inside->setSpacing(2);
    inside->addWidget(makeHeader());
    inside->addWidget(makeSum(), 1);
    m_pages->addWidget(m_hint);
    m_pages->addWidget(page);
    auto* live = new Live(this, study, [this] { draw(); });
    connect(&selection, &Selection::sampleChanged, this, [this, live] {
        begin();
        live->refresh();
    });
    connect(&m_reconstructor, &Reconstructor::made, this, &PartsView::showMade);
    connect(&m_reconstructor, &Reconstructor::solved, this, [this](const std::map<Index, double>& weights) {
        m_edits.weights = weights;
        ask();
    });
    connect(&m_reconstructor, &Reconstructor::failed, m_error, &QLabel::setText);
    draw();
}

QWidget* PartsView::makeHeader()
{
    auto* header = new QWidget;
    auto* row = new QHBoxLayout(header);
    row->setContentsMargins({});
    m_name->setObjectName("parts-sample");
    m_name->setTextFormat(Qt::PlainText);
    m_name->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    m_error->setObjectName("parts-error");
    m_error->setWordWrap(true);
    m_first->setObjectName("parts-first");
    m_first->setAccessibleName(tr("How many parts are added"));
    m_first->setToolTip(tr("Adds the parts one at a time, the largest first"));
    m_first->setMinimumWidth(90);
    m_solve->setObjectName("parts-solve");
    m_solve->setToolTip(tr("The best weights of the parts that are added"));
    m_found->setObjectName("parts-found");
    m_found->setToolTip(tr("All parts, with the weights of the run"));
    row->addWidget(m_name, 2);
    row->addWidget(m_first, 1);
    row->addWidget(m_count);
    row->addWidget(m_error, 3);
    row->addWidget(m_solve);
    row->addWidget(m_found);
    connect(m_first, &QSlider::valueChanged, this, [this](int count) {
        m_edits.first = count < m_first->maximum() ? std::optional<Index>(count) : std::nullopt;
        ask();
    });
    connect(m_solve, &QPushButton::clicked, this, &PartsView::solve);
    connect(m_found, &QPushButton::clicked, this, [this] {
        begin();
        ask();
    });
    return header;
}

QWidget* PartsView::makeSum()
{
    auto* sum = new QWidget;
    auto* row = new QHBoxLayout(sum);
    row->setContentsMargins({});
    row->setSpacing(2);
    auto* parts = new QWidget;
    m_parts = new QHBoxLayout(parts);
    m_parts->setContentsMargins({});
    m_parts->setSpacing(2);
    m_parts->addStretch();
    m_strip->setWidget(parts);
    m_strip->setWidgetResizable(true);
    m_strip->setFrameShape(QFrame::NoFrame);
    m_strip->setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_strip->setObjectName("parts-strip");
    m_sample->setObjectName("parts-v");
    m_sum->setObjectName("parts-wh");
    m_residual->setObjectName("parts-residual");
    m_residual->setDiverging();
    row->addWidget(m_sample);
    row->addWidget(sign(QStringLiteral("≈")));
    row->addWidget(m_strip, 1);
    row->addWidget(sign(QStringLiteral("=")));
    row->addWidget(m_sum);
    row->addWidget(m_residual);
    return sum;
}

void PartsView::begin()
{
    m_edits = {};
    m_reconstructor.forget();
}

void PartsView::draw()
{
    const auto& snapshot = m_study.shown();
    const int sample = m_selection.sample();
    if (!snapshot || sample < 0 || sample >= snapshot->Ht->rows()) {
        m_shown.reset();
        m_hint->setText(snapshot ? tr("Select a sample, in H or among the data, to see of which parts it is made.")
                                 : tr("Here a sample is taken apart, once there are parts."));
        m_pages->setCurrentIndex(0);
        return;
    }
    if (std::exchange(m_run, snapshot->run) != snapshot->run)
        begin();
    ask();
}

void PartsView::ask()
{
    const auto& snapshot = m_study.shown();
    if (snapshot && m_selection.sample() >= 0 && m_selection.sample() < snapshot->Ht->rows())
        m_reconstructor.ask(snapshot, m_selection.sample(), m_edits);
}

void PartsView::showMade(const std::shared_ptr<const Reconstruction>& made)
{
    if (made->sample != m_selection.sample())
        return;
    m_shown = made;
    const Dataset& dataset = *made->snapshot->dataset;
    auto columns = std::make_shared<Matrix<double>>(made->model.size(), 3);
    // Lists are of the same entries, so that what nobody knows does not crowd out what there is to compare.
    const bool listed = dataset.features.kind != Axis::Kind::Pixels && lookOf(dataset) == BarGrid::Look::Largest;
    columns->col(0) = made->knownColumn();
    columns->col(1) = listed ? made->knownModel() : made->model;
    columns->col(2) = made->residual();
    const double maximum = std::max(largestOf(columns->col(0)), largestOf(made->knownModel()));
    for (SamplePicture* picture : {m_sample, m_sum, m_residual})
        picture->setFixedWidth(widthOfPicture(dataset));
    m_sample->showColumn(dataset, columns, 0, {.caption = QStringLiteral("V")});
    m_sum->showColumn(dataset, columns, 1, {.caption = QStringLiteral("WH")});
    m_residual->showColumn(dataset, columns, 2, {.caption = tr("residual")});
    // One scale, so that the sum is seen to grow towards the sample.
    m_sample->setMaximum(maximum);
    m_sum->setMaximum(maximum);
    showParts();
    showNumbers();
    m_pages->setCurrentIndex(1);
}

PartTile* PartsView::addTile()
{
    auto* tile = new PartTile(m_study, m_selection);
    m_parts->insertWidget(static_cast<int>(m_tiles.size()), tile);
    connect(tile, &PartTile::switched, this, [this](int component, bool on) {
        if (on)
            m_edits.off.erase(component);
        else
            m_edits.off.insert(component);
        ask();
    });
    connect(tile, &PartTile::weightChanged, this, [this](int component, double weight) {
        m_edits.weights[component] = weight;
        ask();
    });
    return tile;
}

void PartsView::showParts()
{
    const std::vector<SamplePart>& parts = m_shown->parts;
    while (m_tiles.size() < parts.size())
        m_tiles.push_back(addTile());
    while (m_tiles.size() > parts.size()) {
        m_tiles.back()->deleteLater();
        m_tiles.pop_back();
    }
    double largest = 0;
    for (const SamplePart& part : parts)
        largest = std::max(largest, part.found);
    const Index first = m_edits.first.value_or(static_cast<Index>(parts.size()));
    for (std::size_t i = 0; i < parts.size(); ++i)
        m_tiles[i]->showPart(*m_shown->snapshot, parts[i], slidersReach * largest, static_cast<Index>(i) < first,
                             m_edits.off.contains(parts[i].component));
}

void PartsView::showNumbers()
{
    const int all = static_cast<int>(m_shown->parts.size());
    const QSignalBlocker quietly(m_first);
    m_first->setRange(0, all);
    m_first->setValue(static_cast<int>(m_edits.first.value_or(all)));
    m_name->setText(nameOfSample(*m_shown->snapshot->dataset, m_shown->sample));
    m_name->setToolTip(m_name->text());
    const auto on = std::ranges::count_if(m_shown->parts, &SamplePart::on);
    m_count->setText(tr("%1 of %2 parts").arg(on).arg(all));
    const bool edited = m_edits != PartEdits();
    m_error->setText(edited ? tr("error %1 (as found %2)").arg(percent(m_shown->error), percent(m_shown->foundError))
                            : tr("error %1").arg(percent(m_shown->error)));
    m_error->setToolTip(tr("‖V − WH‖ / ‖V‖ of this sample, over its known entries"));
    m_solve->setEnabled(on > 0);
    m_found->setEnabled(edited);
}

void PartsView::solve()
{
    if (!m_shown)
        return;
    std::set<Index> off;
    for (const SamplePart& part : m_shown->parts)
        if (!part.on)
            off.insert(part.component);
    m_reconstructor.solve(m_shown->snapshot, m_shown->sample, off);
}

} // namespace nmf::ui
