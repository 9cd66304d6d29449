#include "ui/views/basis_view.h"

#include "ui/model/settings.h"
#include "ui/views/linking.h"
#include "ui/views/live.h"
#include "ui/views/sample_picture.h"

#include <QHBoxLayout>
#include <QLocale>
#include <QVBoxLayout>

namespace nmf::ui
{

namespace
{

TileLabel labelOf(const Snapshot& snapshot, const ComponentLabels& labels, Index component)
{
    const double percent = 100 * snapshot.shares[static_cast<std::size_t>(component)];
    const QString name = QString::fromStdString(componentName(labels, component));
    return {.component = static_cast<int>(component),
            .caption = QStringLiteral("%1 · %2 %").arg(name, QLocale().toString(percent, 'f', 1)),
            .brief = name,
            .mark = QColor(QString::fromStdString(colorOf(labels, component))),
            .locked = snapshot.options.lockW.holds(component),
            .name = hasName(labels, component) ? name : QString()};
}

} // namespace

BasisView::BasisView(Study& study, Selection& selection, QWidget* parent)
    : QWidget(parent), m_study(study), m_stack(new QStackedWidget), m_images(new ImageGrid), m_bars(new BarGrid),
      m_colors(new QComboBox), m_contrast(new QComboBox), m_scale(new QLabel)
{
    auto* header = new QHBoxLayout;
    header->setContentsMargins(6, 4, 6, 0);
    auto* title = new QLabel(tr("Basis W"));
    QFont bold = font();
    bold.setBold(true);
    title->setFont(bold);
    header->addWidget(title);
    header->addWidget(m_scale, 1);
    header->addWidget(m_contrast);
    header->addWidget(m_colors);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins({});
    layout->setSpacing(4);
    layout->addLayout(header);
    layout->addWidget(m_stack, 1);
    m_stack->addWidget(m_images);
    m_stack->addWidget(m_bars);
    m_images->setObjectName("basis-images");
    m_bars->setObjectName("basis-bars");
    m_images->setPlaceholder(tr("Press Space to run: the parts appear here"));
    m_bars->setPlaceholder(tr("Press Space to run: the parts appear here"));
    m_scale->setForegroundRole(QPalette::PlaceholderText);
    m_contrast->setObjectName("basis-contrast");
    m_contrast->setAccessibleName(tr("Contrast of the basis"));
    m_contrast->addItems({tr("Contrast per tile"), tr("Contrast shared")});
    m_contrast->setToolTip(tr("Whether the brightest colour stands for each tile's own maximum or for that of all"));
    m_colors->setObjectName("basis-colors");
    m_colors->setAccessibleName(tr("Colours of the basis"));
    for (const ColorMap& map : colorMaps())
        if (map.kind == ColorMap::Kind::Sequential)
            m_colors->addItem(map.name, map.id);

    m_colors->setCurrentIndex(std::max(0, m_colors->findData(Settings().text("basis/colors", "gray"))));
    m_images->setColorMap(colorMap(m_colors->currentData().toString()));
    connect(m_colors, &QComboBox::activated, this, [this] {
        m_images->setColorMap(colorMap(m_colors->currentData().toString()));
        Settings().setText("basis/colors", m_colors->currentData().toString());
    });
    connect(m_contrast, &QComboBox::activated, this, [this](int index) {
        m_images->setContrast(index == 1 ? ImageGrid::Contrast::Shared : ImageGrid::Contrast::PerTile);
        m_bars->setContrast(index == 1 ? BarGrid::Contrast::Shared : BarGrid::Contrast::PerTile);
        showScale();
    });
    linkTiles(*m_images, selection, Tiles::Components);
    linkTiles(*m_bars, selection, Tiles::Components);
    linkEntries(*m_images, study, selection, Tiles::Components, Entries::Features);
    linkEntries(*m_bars, study, selection, Tiles::Components, Entries::Features);
    new Live(this, study, [this] { draw(); });
    showScale();
}

Figure* BasisView::figure()
{
    return m_stack->currentWidget() == m_images ? static_cast<Figure*>(m_images) : m_bars;
}

void BasisView::showScale()
{
    // Bars have one colour.
    m_colors->setVisible(m_stack->currentWidget() == m_images);
    m_scale->setText(m_stack->currentWidget() == m_bars
                         ? (m_contrast->currentIndex() == 1 ? tr("one scale for all") : tr("each to its own maximum"))
                         : m_images->scaleText());
}

void BasisView::draw()
{
    const auto& snapshot = m_study.shown();
    if (!snapshot) {
        m_images->setTiles({});
        m_bars->setTiles({});
        const auto& dataset = m_study.dataset();
        const bool images = !dataset || dataset->features.kind == Axis::Kind::Pixels;
        m_stack->setCurrentWidget(images ? static_cast<QWidget*>(m_images) : m_bars);
    } else if (snapshot->dataset->features.kind == Axis::Kind::Pixels) {
        drawImages(*snapshot);
    } else {
        drawBars(*snapshot);
    }
    showScale();
}

void BasisView::drawImages(const Snapshot& snapshot)
{
    const Axis& axis = snapshot.dataset->features;
    std::vector<ImageGrid::Tile> tiles;
    for (const Index component : m_study.shownOrder())
        tiles.push_back({.label = labelOf(snapshot, m_study.labels(), component),
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
    for (const Index component : m_study.shownOrder())
        tiles.push_back(
            {.label = labelOf(snapshot, m_study.labels(), component), .values = snapshot.W, .column = component});
    m_bars->setLook(lookOf(*snapshot.dataset));
    m_bars->setNames(
        [dataset = snapshot.dataset](Index row) { return QString::fromStdString(dataset->features.label(row)); });
    m_bars->setTiles(std::move(tiles));
    m_stack->setCurrentWidget(m_bars);
}

} // namespace nmf::ui
