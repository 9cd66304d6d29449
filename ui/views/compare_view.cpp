#include "ui/views/compare_view.h"

#include <QHBoxLayout>
#include <QLocale>
#include <QScrollBar>
#include <QSplitter>
#include <QVBoxLayout>

#include <algorithm>

namespace nmf::ui
{

namespace
{

bool showsPictures(const CompareView::Side& side)
{
    return side.snapshot->dataset->features.kind == Axis::Kind::Pixels;
}

QString nameOfRun(const CompareView::Side& side)
{
    return CompareView::tr("Run %1").arg(side.run.number);
}

} // namespace

CompareView::CompareView(Side left, Side right, QWidget* parent)
    : QWidget(parent, Qt::Window), m_left(std::move(left)), m_right(std::move(right)), m_summary(new QLabel),
      m_curves(new LinePlot)
{
    setAttribute(Qt::WA_DeleteOnClose);
    setObjectName("compare");
    setWindowTitle(tr("%1 beside %2").arg(nameOfRun(m_left), nameOfRun(m_right).toLower()));
    resize(1000, 700);
    auto* layout = new QVBoxLayout(this);
    auto* splitter = new QSplitter(Qt::Vertical);
    auto* galleries = new QWidget;
    auto* row = new QHBoxLayout(galleries);
    row->setContentsMargins({});
    m_summary->setObjectName("compare-summary");
    m_summary->setWordWrap(true);
    m_summary->setText(tr("Looking for the parts that are alike…"));
    layout->addWidget(m_summary);
    layout->addWidget(splitter, 1);
    splitter->addWidget(galleries);
    splitter->addWidget(m_curves);
    splitter->setStretchFactor(0, 3);
    splitter->setStretchFactor(1, 1);
    m_curves->setObjectName("compare-curves");
    addGallery(row, nameOfRun(m_left), "compare-left");
    addGallery(row, nameOfRun(m_right), "compare-right");
    addGallery(row, tr("Second minus first, on the scale of the parts"), "compare-difference");
    linkGalleries();
    drawCurves();
    m_worker.start([this, a = m_left.snapshot, b = m_right.snapshot](const std::stop_token&, const Worker::Tell& tell) {
        const RunComparison comparison = compareBases(*a->W, a->order, *b->W);
        tell([this, comparison] { present(comparison); });
    });
}

TileArea* CompareView::addGallery(QLayout* layout, const QString& title, const QString& id)
{
    auto* column = new QVBoxLayout;
    column->addWidget(new QLabel(title));
    TileArea* gallery = showsPictures(m_left) ? static_cast<TileArea*>(new ImageGrid) : new BarGrid;
    gallery->setObjectName(id);
    gallery->setAccessibleName(title);
    column->addWidget(gallery, 1);
    static_cast<QBoxLayout*>(layout)->addLayout(column, 1);
    m_galleries.push_back(gallery);
    return gallery;
}

void CompareView::linkGalleries()
{
    for (TileArea* one : m_galleries)
        for (TileArea* other : m_galleries) {
            if (one == other)
                continue;
            connect(one, &TileArea::selected, other, &TileArea::select);
            connect(one, &TileArea::zoomChanged, other, &TileArea::setZoom);
            connect(one->verticalScrollBar(), &QScrollBar::valueChanged, other->verticalScrollBar(),
                    &QScrollBar::setValue);
        }
}

void CompareView::drawCurves()
{
    m_curves->setAxisNames(tr("iteration"), tr("relative error"));
    m_curves->setSpacing(Spacing::Linear, Spacing::Logarithmic);
    int id = 0;
    for (const Side* side : {&m_left, &m_right}) {
        std::vector<double> x, y;
        for (const Record& record : side->run.records) {
            x.push_back(record.iteration);
            y.push_back(record.relativeError);
        }
        m_curves->setCurve(id, {.name = QString::fromStdString(side->run.title)});
        m_curves->setPoints(id++, std::move(x), std::move(y));
    }
}

void CompareView::present(const RunComparison& comparison)
{
    // The same captions in all three, so that they lie alike; where there is no room, each says its own.
    std::vector<TileLabel> left, right, difference;
    for (std::size_t i = 0; i < comparison.pairs.size(); ++i) {
        const auto& pair = comparison.pairs[i];
        const bool alone = pair.right < 0;
        const QString one = QString::fromStdString(componentName(m_left.run.labels, pair.left));
        const QString other =
            alone ? tr("none") : QString::fromStdString(componentName(m_right.run.labels, pair.right));
        const QString cosine = alone ? tr("alone") : QLocale().toString(pair.cosine, 'f', 3);
        const TileLabel both{.component = static_cast<int>(i),
                             .caption = QStringLiteral("%1 – %2 · %3").arg(one, other, cosine)};
        for (const auto& [labels, brief] :
             {std::pair(&left, one), std::pair(&right, other), std::pair(&difference, cosine)}) {
            labels->push_back(both);
            labels->back().brief = brief;
        }
    }
    m_largest = std::max(comparison.left->maxCoeff(), comparison.right->maxCoeff());
    fill(m_galleries[0], comparison.left, left);
    fill(m_galleries[1], comparison.right, right);
    fill(m_galleries[2], comparison.difference, difference);
    const auto error = [](const Side& side) { return QLocale().toString(side.snapshot->record.relativeError, 'g', 5); };
    m_summary->setText(
        tr("Parts of length one, each beside the one that is most like it, with their cosine: mean cosine %1. Relative "
           "error %2 beside %3.")
            .arg(QLocale().toString(comparison.meanCosine, 'f', 3), error(m_left), error(m_right)) +
        (comparison.alone > 0 ? QStringLiteral(" ") + tr("Parts without a partner: %1.").arg(comparison.alone)
                              : QString()));
}

void CompareView::fill(TileArea* gallery, const std::shared_ptr<const Matrix<double>>& values,
                       const std::vector<TileLabel>& labels)
{
    const Dataset& dataset = *m_left.snapshot->dataset;
    if (auto* images = qobject_cast<ImageGrid*>(gallery)) {
        std::vector<ImageGrid::Tile> tiles;
        for (std::size_t i = 0; i < labels.size(); ++i)
            tiles.push_back({.label = labels[i],
                             .values = values,
                             .column = static_cast<Index>(i),
                             .height = static_cast<int>(dataset.features.height),
                             .width = static_cast<int>(dataset.features.width),
                             .channels = static_cast<int>(dataset.features.channels)});
        images->setColorMap(colorMap(gallery == m_galleries[2] ? "blue-white-red" : "gray"));
        // The size of a difference is what it tells.
        images->setContrast(gallery == m_galleries[2] ? ImageGrid::Contrast::Shared : ImageGrid::Contrast::PerTile);
        images->setSharedMaximum(m_largest);
        images->setTiles(std::move(tiles));
        return;
    }
    auto* bars = static_cast<BarGrid*>(gallery);
    std::vector<BarGrid::Tile> tiles;
    for (std::size_t i = 0; i < labels.size(); ++i)
        tiles.push_back({.label = labels[i], .values = values, .column = static_cast<Index>(i)});
    bars->setLook(dataset.features.kind == Axis::Kind::Ordered ? BarGrid::Look::Curve : BarGrid::Look::Largest);
    bars->setContrast(gallery == m_galleries[2] ? BarGrid::Contrast::Shared : BarGrid::Contrast::PerTile);
    bars->setNames(
        [data = m_left.snapshot->dataset](Index row) { return QString::fromStdString(data->features.label(row)); });
    bars->setTiles(std::move(tiles));
}

void CompareView::open(const Study& study, std::uint64_t left, std::uint64_t right, QWidget* parent)
{
    const auto sideOf = [&study](std::uint64_t number) {
        const auto run = std::ranges::find(study.runs(), number, &RunHistory::number);
        return run == study.runs().end() ? Side() : Side{*run, run->last};
    };
    Side one = sideOf(left), other = sideOf(right);
    if (!one.snapshot || !other.snapshot)
        return;
    auto* window = new CompareView(std::move(one), std::move(other), parent);
    window->show();
}

} // namespace nmf::ui
