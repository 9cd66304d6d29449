#include "ui/views/strongest_view.h"

#include "ui/model/readout.h"
#include "ui/plot/numbers.h"
#include "ui/views/live.h"

#include <QLocale>
#include <QVBoxLayout>

#include <algorithm>
#include <limits>

namespace nmf::ui
{

namespace
{

constexpr int mostPictures = 24;
/// Pictures of more numbers than this would keep the window waiting.
constexpr Index mostNumbers = 2'000'000;

std::span<const double> columnOf(const Matrix<double>& matrix, Index column)
{
    return {matrix.col(column).data(), static_cast<std::size_t>(matrix.rows())};
}

} // namespace

StrongestView::StrongestView(Study& study, Selection& selection, QWidget* parent)
    : QWidget(parent), m_study(study), m_selection(selection), m_pages(new QStackedWidget), m_looks(new QStackedWidget),
      m_hint(new QLabel(tr("Select a component, in W or in H, to see its strongest samples and features."))),
      m_title(new QLabel), m_featuresTitle(new QLabel), m_pictures(new ImageGrid), m_map(new ImageGrid),
      m_list(new BarGrid), m_features(new BarGrid)
{
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins({});
    layout->addWidget(m_pages);
    auto* page = new QWidget;
    auto* inside = new QVBoxLayout(page);
    inside->setContentsMargins(6, 4, 6, 2);
    inside->setSpacing(2);
    inside->addWidget(m_title);
    inside->addWidget(m_looks, 3);
    inside->addWidget(m_featuresTitle);
    inside->addWidget(m_features, 2);
    m_pages->addWidget(m_hint);
    m_pages->addWidget(page);
    m_hint->setAlignment(Qt::AlignCenter);
    m_hint->setWordWrap(true);
    m_hint->setForegroundRole(QPalette::PlaceholderText);
    for (QLabel* title : {m_title, m_featuresTitle}) {
        title->setTextFormat(Qt::PlainText);
        title->setWordWrap(true);
    }
    m_title->setObjectName("strongest-title");
    m_pictures->setObjectName("strongest-pictures");
    m_map->setObjectName("strongest-map");
    m_list->setObjectName("strongest-list");
    m_features->setObjectName("strongest-features");
    for (TileArea* look : {static_cast<TileArea*>(m_pictures), static_cast<TileArea*>(m_map),
                           static_cast<TileArea*>(m_list), static_cast<TileArea*>(m_features)}) {
        look->setPlaceholder({});
        look->setSelectable(look == m_pictures);
    }
    for (TileArea* look :
         {static_cast<TileArea*>(m_pictures), static_cast<TileArea*>(m_map), static_cast<TileArea*>(m_list)})
        m_looks->addWidget(look);
    m_pictures->setColorMap(colorMap(QStringLiteral("gray")));
    linkTiles(*m_pictures, selection, Tiles::Samples);
    linkEntries(*m_pictures, study, selection, Tiles::Samples, Entries::Features);
    linkEntries(*m_map, study, selection, Tiles::Components, Entries::Samples);
    linkEntries(*m_list, study, selection, Tiles::Components, Entries::Samples);
    linkEntries(*m_features, study, selection, Tiles::Components, Entries::Features);
    auto* live = new Live(this, study, [this] { draw(); });
    connect(&selection, &Selection::componentChanged, live, &Live::refresh);
}

Figure* StrongestView::samplesFigure()
{
    if (m_looks->currentWidget() == m_pictures)
        return m_pictures;
    return m_looks->currentWidget() == m_map ? static_cast<Figure*>(m_map) : m_list;
}

void StrongestView::draw()
{
    const auto& snapshot = m_study.shown();
    const Index component = m_selection.component();
    if (!snapshot || component < 0 || component >= snapshot->W->cols()) {
        m_pages->setCurrentIndex(0);
        return;
    }
    const QString share =
        QLocale().toString(100 * snapshot->shares[static_cast<std::size_t>(component)], 'f', 1) + QStringLiteral(" %");
    const bool map = snapshot->dataset->samples.kind == Axis::Kind::Pixels;
    m_title->setText((map ? tr("Component %1 · %2 of the energy · where it is")
                          : tr("Component %1 · %2 of the energy · its strongest samples"))
                         .arg(component + 1)
                         .arg(share));
    if (map)
        drawMap(*snapshot, component);
    else if (snapshot->dataset->features.kind == Axis::Kind::Pixels)
        drawPictures(*snapshot, component);
    else
        drawList(*snapshot, component);
    drawFeatures(*snapshot, component);
    m_pages->setCurrentIndex(1);
}

void StrongestView::drawPictures(const Snapshot& snapshot, Index component)
{
    const Dataset& dataset = *snapshot.dataset;
    const Index most = std::clamp<Index>(mostNumbers / std::max<Index>(1, dataset.V.rows()), 1, mostPictures);
    const std::vector<Index> samples =
        farthestFromZero(columnOf(*snapshot.scaledHt, component), static_cast<int>(most));
    auto columns = std::make_shared<Matrix<double>>(dataset.V.rows(), static_cast<Index>(samples.size()));
    std::vector<ImageGrid::Tile> tiles;
    for (Index i = 0; i < columns->cols(); ++i) {
        const Index sample = samples[static_cast<std::size_t>(i)];
        columns->col(i) = dataset.V.column(sample);
        const QString weight = shortNumber((*snapshot.scaledHt)(sample, component));
        tiles.push_back({.label = {.component = static_cast<int>(sample),
                                   .caption = nameOfSample(dataset, sample) + QStringLiteral(" · ") + weight,
                                   .brief = weight},
                         .values = columns,
                         .column = i,
                         .height = static_cast<int>(dataset.features.height),
                         .width = static_cast<int>(dataset.features.width),
                         .channels = static_cast<int>(dataset.features.channels)});
    }
    m_pictures->setTiles(std::move(tiles));
    m_looks->setCurrentWidget(m_pictures);
}

void StrongestView::drawMap(const Snapshot& snapshot, Index component)
{
    const Axis& axis = snapshot.dataset->samples;
    m_map->setColorMap(colorMap(QStringLiteral("viridis")));
    m_map->setTiles({{.label = {.component = static_cast<int>(component), .caption = tr("from 0 to its maximum")},
                      .values = snapshot.scaledHt,
                      .column = component,
                      .height = static_cast<int>(axis.height),
                      .width = static_cast<int>(axis.width),
                      .channels = static_cast<int>(axis.channels)}});
    m_looks->setCurrentWidget(m_map);
}

void StrongestView::drawList(const Snapshot& snapshot, Index component)
{
    const bool curve = snapshot.dataset->samples.kind == Axis::Kind::Ordered;
    m_list->setLook(curve ? BarGrid::Look::Curve : BarGrid::Look::Largest);
    m_list->setNames(
        [dataset = snapshot.dataset](Index sample) { return QString::fromStdString(dataset->samples.label(sample)); });
    m_list->setTiles(
        {{.label = {.component = static_cast<int>(component)}, .values = snapshot.scaledHt, .column = component}});
    m_looks->setCurrentWidget(m_list);
}

void StrongestView::drawFeatures(const Snapshot& snapshot, Index component)
{
    // Single pixels have names that tell nobody anything.
    const bool told = snapshot.dataset->features.kind != Axis::Kind::Pixels;
    m_features->setVisible(told);
    m_featuresTitle->setVisible(told);
    m_featuresTitle->setText(tr("Its strongest features"));
    m_features->setNames([dataset = snapshot.dataset](Index feature) {
        return QString::fromStdString(dataset->features.label(feature));
    });
    m_features->setTiles(
        {{.label = {.component = static_cast<int>(component)}, .values = snapshot.W, .column = component}});
}

} // namespace nmf::ui
