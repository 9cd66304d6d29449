#include "ui/views/coefficients_view.h"

#include "ui/model/settings.h"
#include "ui/views/linking.h"
#include "ui/views/live.h"
#include "ui/widgets/flow_layout.h"

#include <QVBoxLayout>

#include <algorithm>

namespace nmf::ui
{

namespace
{

TileLabel labelOf(const Snapshot& snapshot, const ComponentLabels& labels, Index component)
{
    return {.component = static_cast<int>(component),
            .caption = QString::fromStdString(componentName(labels, component)),
            .mark = QColor(QString::fromStdString(colorOf(labels, component))),
            .locked = snapshot.options.lockH.holds(component) || snapshot.options.lockH.softly(component),
            .name = hasName(labels, component) ? QString::fromStdString(componentName(labels, component)) : QString()};
}

} // namespace

CoefficientsView::CoefficientsView(Study& study, Selection& selection, QWidget* parent)
    : QWidget(parent), m_study(study), m_stack(new QStackedWidget), m_heatmap(new Heatmap), m_maps(new ImageGrid),
      m_curves(new BarGrid), m_order(new CoefficientsOrder(*m_heatmap)), m_look(new QComboBox),
      m_scaling(new QComboBox), m_colors(new QComboBox)
{
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins({});
    layout->setSpacing(2);
    makeHeader(layout);
    layout->addWidget(m_stack, 1);
    for (QWidget* look :
         {static_cast<QWidget*>(m_heatmap), static_cast<QWidget*>(m_maps), static_cast<QWidget*>(m_curves)})
        m_stack->addWidget(look);
    m_heatmap->setObjectName("coefficients");
    m_heatmap->setAxisNames(tr("component"), tr("sample"));
    m_heatmap->setScale(Heatmap::Scale::Steady);
    m_maps->setObjectName("coefficients-maps");
    m_curves->setObjectName("coefficients-curves");
    m_curves->setLook(BarGrid::Look::Curve);
    takeColors();
    connectSelection(selection);
    new Live(this, study, [this] { draw(); });
}

void CoefficientsView::makeHeader(QLayout* layout)
{
    // In several lines where the window is narrow.
    auto* header = new FlowLayout(6);
    header->setContentsMargins(6, 2, 6, 0);
    header->addWidget(m_order);
    for (QComboBox* box : {m_look, m_scaling, m_colors})
        header->addWidget(box);
    static_cast<QBoxLayout*>(layout)->addLayout(header);
    m_look->setObjectName("coefficients-look");
    m_look->setAccessibleName(tr("How the coefficients are drawn"));
    m_look->addItems({tr("As samples lie"), tr("Heatmap")});
    m_look->setToolTip(tr("A map for each component where samples are pixels, a curve where they have an order"));
    m_scaling->setObjectName("coefficients-scaling");
    m_scaling->setAccessibleName(tr("Scale of the coefficients"));
    m_scaling->addItems({tr("Scaled to a basis of norm 1"), tr("As solved")});
    m_scaling->setToolTip(
        tr("Of a component's size only the product of its column of W and its row of H is determined"));
    m_colors->setObjectName("coefficients-colors");
    m_colors->setAccessibleName(tr("Colours of the coefficients"));
    m_colors->setToolTip(tr("The colours of the coefficients, from zero to the largest number"));
    for (const ColorMap& map : colorMaps())
        if (map.kind == ColorMap::Kind::Sequential)
            m_colors->addItem(map.name, map.id);
    m_colors->setCurrentIndex(std::max(0, m_colors->findData(Settings().text("coefficients/colors", "viridis"))));
    connect(m_look, &QComboBox::activated, this, &CoefficientsView::draw);
    connect(m_scaling, &QComboBox::activated, this, &CoefficientsView::draw);
    connect(m_order, &CoefficientsOrder::changed, this, &CoefficientsView::draw);
    connect(m_colors, &QComboBox::activated, this, [this] {
        takeColors();
        Settings().setText("coefficients/colors", m_colors->currentData().toString());
    });
}

void CoefficientsView::connectSelection(Selection& selection)
{
    linkCoefficients(*m_heatmap, m_study, selection);
    linkTiles(*m_maps, selection, Tiles::Components);
    linkTiles(*m_curves, selection, Tiles::Components);
    linkEntries(*m_maps, m_study, selection, Tiles::Components, Entries::Samples);
    linkEntries(*m_curves, m_study, selection, Tiles::Components, Entries::Samples);
}

void CoefficientsView::setColors(const QString& id)
{
    m_colors->setCurrentIndex(std::max(0, m_colors->findData(id)));
    takeColors();
}

void CoefficientsView::takeColors()
{
    const ColorMap& map = colorMap(m_colors->currentData().toString());
    m_heatmap->setColorMap(map);
    m_maps->setColorMap(map);
}

TileArea* CoefficientsView::gallery() const
{
    const auto& dataset = m_study.dataset();
    if (dataset && dataset->samples.kind == Axis::Kind::Pixels)
        return m_maps;
    if (dataset && dataset->samples.kind == Axis::Kind::Ordered)
        return m_curves;
    return nullptr;
}

Figure& CoefficientsView::shown() const
{
    QWidget* look = m_stack->currentWidget();
    if (look == m_maps)
        return *m_maps;
    if (look == m_curves)
        return *m_curves;
    return *m_heatmap;
}

void CoefficientsView::nameAxes()
{
    m_named = m_study.dataset();
    if (!m_named || (m_named->samples.kind == Axis::Kind::Plain && m_named->samples.names.empty()))
        m_heatmap->setColumnNames({});
    else
        m_heatmap->setColumnNames(
            [dataset = m_named](Index sample) { return QString::fromStdString(dataset->samples.label(sample)); });
}

void CoefficientsView::draw()
{
    if (m_named != m_study.dataset())
        nameAxes();
    TileArea* suited = gallery();
    m_look->setVisible(suited != nullptr);
    const bool asHeatmap = !suited || m_look->currentIndex() == 1;
    m_stack->setCurrentWidget(asHeatmap ? static_cast<QWidget*>(m_heatmap) : suited);
    m_colors->setVisible(asHeatmap || suited == m_maps);
    m_order->setVisible(asHeatmap);
    const auto& snapshot = m_study.shown();
    if (!snapshot) {
        m_heatmap->clear();
        m_maps->setTiles({});
        m_curves->setTiles({});
    } else if (asHeatmap) {
        drawHeatmap(*snapshot);
    } else {
        suited == m_maps ? drawMaps(*snapshot) : drawCurves(*snapshot);
    }
}

void CoefficientsView::drawHeatmap(const Snapshot& snapshot)
{
    // While numbers change many times a second the scale's end holds still; what stays on the screen has it exact.
    m_heatmap->setScale(m_study.phase() == Study::Phase::Running && !snapshot.ended ? Heatmap::Scale::Steady
                                                                                    : Heatmap::Scale::Exact);
    m_order->present({.dataset = snapshot.dataset,
                      .Ht = m_scaling->currentIndex() == 0 ? snapshot.scaledHt : snapshot.Ht,
                      .components = m_study.shownOrder()});
    if (m_labels == m_study.labels())
        return;
    m_labels = m_study.labels();
    m_heatmap->setRowNames(
        [labels = m_labels](Index component) { return QString::fromStdString(componentName(labels, component)); });
}

void CoefficientsView::drawMaps(const Snapshot& snapshot)
{
    const Axis& axis = snapshot.dataset->samples;
    std::vector<ImageGrid::Tile> tiles;
    for (const Index component : m_study.shownOrder())
        tiles.push_back({.label = labelOf(snapshot, m_study.labels(), component),
                         .values = m_scaling->currentIndex() == 0 ? snapshot.scaledHt : snapshot.Ht,
                         .column = component,
                         .height = static_cast<int>(axis.height),
                         .width = static_cast<int>(axis.width),
                         .channels = static_cast<int>(axis.channels)});
    m_maps->setTiles(std::move(tiles));
}

void CoefficientsView::drawCurves(const Snapshot& snapshot)
{
    std::vector<BarGrid::Tile> tiles;
    for (const Index component : m_study.shownOrder())
        tiles.push_back({.label = labelOf(snapshot, m_study.labels(), component),
                         .values = m_scaling->currentIndex() == 0 ? snapshot.scaledHt : snapshot.Ht,
                         .column = component});
    m_curves->setNames(
        [dataset = snapshot.dataset](Index sample) { return QString::fromStdString(dataset->samples.label(sample)); });
    m_curves->setTiles(std::move(tiles));
}

} // namespace nmf::ui
