#include "ui/views/basis_view.h"

#include "ui/model/settings.h"
#include "ui/plot/tile_drag.h"
#include "ui/views/linking.h"
#include "ui/views/live.h"
#include "ui/views/sample_picture.h"

#include <QHBoxLayout>
#include <QLocale>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>

namespace nmf::ui
{

namespace
{

QString percent(double share)
{
    return BasisView::tr("%1 %").arg(QLocale().toString(100 * share, 'f', 1));
}

/// How much of a column is in use: "214 px, 59.3 %".
QString supportOf(const Snapshot& snapshot, double share)
{
    const Axis& features = snapshot.dataset->features;
    const auto used = std::lround(share * static_cast<double>(snapshot.W->rows() / features.channels));
    return (features.kind == Axis::Kind::Pixels ? BasisView::tr("%1 px, %2") : BasisView::tr("%1 rows, %2"))
        .arg(used)
        .arg(percent(share));
}

} // namespace

BasisView::BasisView(Study& study, Selection& selection, QWidget* parent)
    : QWidget(parent), m_study(study), m_stack(new QStackedWidget), m_images(new ImageGrid), m_bars(new BarGrid),
      m_composite(new CompositeView(selection)), m_colors(new QComboBox), m_contrast(new QComboBox),
      m_scale(new ElidedLabel), m_controls(new MontageControls), m_together(new QToolButton), m_solo(selection, nullptr)
{
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins({});
    layout->setSpacing(4);
    makeHeader(layout);
    layout->addWidget(m_stack, 1);
    makeGalleries(selection);
    setColors(Settings().text("basis/colors", "gray"));
    listen();
    new Live(this, study, [this] { draw(); });
    arrange();
}

void BasisView::makeHeader(QBoxLayout* layout)
{
    auto* header = new QHBoxLayout;
    header->setContentsMargins(6, 4, 6, 0);
    auto* title = new QLabel(tr("Basis W"));
    QFont bold = font();
    bold.setBold(true);
    title->setFont(bold);
    header->addWidget(title);
    header->addWidget(m_scale, 1);
    for (QWidget* control : std::initializer_list<QWidget*>{m_together, m_controls, m_contrast, m_colors})
        header->addWidget(control);
    layout->addLayout(header);
    m_scale->setForegroundRole(QPalette::PlaceholderText);
    m_scale->setObjectName("basis-scale");
    m_together->setObjectName("basis-together");
    m_together->setText(tr("Together"));
    m_together->setToolTip(tr("The selected parts, up to eight, in one picture, each in a colour of its own"));
    m_together->setCheckable(true);
    m_together->setAutoRaise(true);
    m_contrast->setObjectName("basis-contrast");
    m_contrast->setAccessibleName(tr("Contrast of the basis"));
    m_contrast->addItems({tr("Contrast per tile"), tr("Contrast shared")});
    m_contrast->setToolTip(tr("Whether the brightest colour stands for each tile's own maximum or for that of all"));
    m_colors->setObjectName("basis-colors");
    m_colors->setAccessibleName(tr("Colours of the basis"));
    m_colors->setToolTip(tr("The colours of the basis, from zero to the largest number"));
    for (const ColorMap& map : colorMaps())
        if (map.kind == ColorMap::Kind::Sequential)
            m_colors->addItem(map.name, map.id);
}

void BasisView::makeGalleries(Selection& selection)
{
    m_images->setObjectName("basis-images");
    m_bars->setObjectName("basis-bars");
    for (TileArea* gallery : {static_cast<TileArea*>(m_images), static_cast<TileArea*>(m_bars)}) {
        m_stack->addWidget(gallery);
        gallery->setPlaceholder(tr("Press Space to run: the parts appear here"));
        m_solo.watch(gallery);
        linkTiles(*gallery, selection, Tiles::Components);
        connect(new TileDrag(gallery), &TileDrag::dropped, this, &BasisView::place); // the gallery owns it
    }
    linkEntries(*m_images, m_study, selection, Tiles::Components, Entries::Features);
    linkEntries(*m_bars, m_study, selection, Tiles::Components, Entries::Features);
    m_stack->addWidget(m_composite);
}

void BasisView::listen()
{
    connect(m_colors, &QComboBox::activated, this, [this] {
        setColors(m_colors->currentData().toString());
        Settings().setText("basis/colors", m_colors->currentData().toString());
    });
    connect(m_contrast, &QComboBox::activated, this, [this](int index) {
        m_images->setContrast(index == 1 ? ImageGrid::Contrast::Shared : ImageGrid::Contrast::PerTile);
        m_bars->setContrast(index == 1 ? BarGrid::Contrast::Shared : BarGrid::Contrast::PerTile);
        showScale();
    });
    connect(m_controls, &MontageControls::changed, this, &BasisView::arrange);
    connect(m_together, &QToolButton::toggled, this, [this](bool together) {
        if (together)
            m_composite->begin();
        draw();
    });
    connect(&m_solo, &SoloTile::changed, this, &BasisView::draw);
    connect(&m_meter, &PartMeter::measured, this, &BasisView::draw);
}

void BasisView::arrange()
{
    for (TileArea* gallery : {static_cast<TileArea*>(m_images), static_cast<TileArea*>(m_bars)}) {
        gallery->setGap(m_controls->gap());
        gallery->setColumns(m_controls->columns());
    }
    m_order.clear();
    draw();
}

void BasisView::place(int component, int before)
{
    std::vector<Index> order = m_order;
    if (std::erase(order, Index{component}) == 0)
        return;
    order.insert(std::ranges::find(order, Index{before}), Index{component});
    // What is ordered by a measure begins to be ordered by hand as it stands.
    m_controls->setOrder(MontageControls::Order::Share);
    emit rearranged(component, order);
}

Figure* BasisView::figure()
{
    if (m_stack->currentWidget() == m_composite)
        return m_composite->figure();
    return m_stack->currentWidget() == m_images ? static_cast<Figure*>(m_images) : m_bars;
}

void BasisView::setColors(const QString& id)
{
    m_colors->setCurrentIndex(std::max(0, m_colors->findData(id)));
    m_images->setColorMap(colorMap(m_colors->currentData().toString()));
}

bool BasisView::areImages() const
{
    const auto& dataset = m_study.dataset();
    return !dataset || dataset->features.kind == Axis::Kind::Pixels;
}

void BasisView::showScale()
{
    const bool together = m_stack->currentWidget() == m_composite;
    m_together->setVisible(areImages());
    // Bars have one colour, and parts in one picture one each.
    m_colors->setVisible(m_stack->currentWidget() == m_images);
    m_contrast->setVisible(!together);
    m_controls->setVisible(!together);
    if (m_stack->currentWidget() == m_images)
        m_scale->setText(m_images->scaleText());
    else
        m_scale->setText(!together && m_contrast->currentIndex() == 1 ? tr("one scale for all")
                                                                      : tr("each to its own maximum"));
}

std::vector<Index> BasisView::partsOf(const Snapshot& snapshot)
{
    using Order = MontageControls::Order;
    const Order wanted = m_controls->order();
    const PartMeasures* measures = m_meter.measuresOf(snapshot);
    // While a run goes on parts that hop about could not be watched.
    const bool steady = !snapshot.resting && wanted != Order::Share && m_order.size() == snapshot.order.size();
    if (!steady)
        m_order = wanted == Order::Share || !measures ? m_study.shownOrder()
                  : wanted == Order::Sparseness       ? measures->bySparseness
                                                      : measures->bySimilarity;
    return m_solo.shownOf(m_order);
}

TileLabel BasisView::labelOf(const Snapshot& snapshot, Index component) const
{
    using Caption = MontageControls::Caption;
    const auto at = static_cast<std::size_t>(component);
    const PartMeasures* measures = m_meter.measuresOf(snapshot);
    QString told = percent(snapshot.shares[at]);
    if (m_controls->caption() == Caption::Sparseness)
        told = measures ? QLocale().toString(measures->sparseness[at], 'f', 3) : QStringLiteral("…");
    if (m_controls->caption() == Caption::Support)
        told = measures ? supportOf(snapshot, measures->support[at]) : QStringLiteral("…");
    const ComponentLabels& labels = m_study.labels();
    const QString name = QString::fromStdString(componentName(labels, component));
    return {.component = static_cast<int>(component),
            .caption = QStringLiteral("%1 · %2").arg(name, told),
            .brief = name,
            .mark = QColor(QString::fromStdString(colorOf(labels, component))),
            .locked = snapshot.options.lockW.holds(component) || snapshot.options.lockW.softly(component),
            .name = hasName(labels, component) ? name : QString()};
}

void BasisView::draw()
{
    const auto& snapshot = m_study.shown();
    if (!snapshot) {
        m_images->setTiles({});
        m_bars->setTiles({});
        m_stack->setCurrentWidget(areImages() ? static_cast<QWidget*>(m_images) : m_bars);
        showScale();
        return;
    }
    if (m_controls->order() != MontageControls::Order::Share ||
        m_controls->caption() != MontageControls::Caption::Share)
        m_meter.measure(snapshot);
    if (snapshot->dataset->features.kind != Axis::Kind::Pixels) {
        drawBars(*snapshot);
    } else if (m_together->isChecked()) {
        m_composite->show(snapshot);
        m_stack->setCurrentWidget(m_composite);
    } else {
        drawImages(*snapshot);
    }
    showScale();
}

void BasisView::drawImages(const Snapshot& snapshot)
{
    const Axis& axis = snapshot.dataset->features;
    std::vector<ImageGrid::Tile> tiles;
    for (const Index component : partsOf(snapshot))
        tiles.push_back({.label = labelOf(snapshot, component),
                         .values = snapshot.W,
                         .column = component,
                         .height = static_cast<int>(axis.height),
                         .width = static_cast<int>(axis.width),
                         .channels = static_cast<int>(axis.channels)});
    m_images->setTiles(std::move(tiles));
    m_stack->setCurrentWidget(m_images);
}

void BasisView::drawBars(const Snapshot& snapshot)
{
    std::vector<BarGrid::Tile> tiles;
    for (const Index component : partsOf(snapshot))
        tiles.push_back({.label = labelOf(snapshot, component), .values = snapshot.W, .column = component});
    m_bars->setLook(lookOf(*snapshot.dataset));
    m_bars->setNames(
        [dataset = snapshot.dataset](Index row) { return QString::fromStdString(dataset->features.label(row)); });
    m_bars->setTiles(std::move(tiles));
    m_stack->setCurrentWidget(m_bars);
}

} // namespace nmf::ui
