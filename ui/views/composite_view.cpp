#include "ui/views/composite_view.h"

#include <QHBoxLayout>
#include <QSignalBlocker>

#include <algorithm>

namespace nmf::ui
{

namespace
{

constexpr int none = -1;
constexpr std::size_t tickedFirst = 4;

QIcon swatch(const QColor& color, int side)
{
    QPixmap pixmap(side, side);
    pixmap.fill(color);
    return pixmap;
}

} // namespace

CompositeView::CompositeView(Selection& selection, QWidget* parent)
    : QWidget(parent), m_image(new CompositeImage), m_list(new QListWidget),
      m_parts(CompositeImage::colors().size(), none)
{
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins({});
    layout->addWidget(m_image, 1);
    layout->addWidget(m_list);
    m_image->setObjectName("composite");
    m_list->setObjectName("composite-parts");
    m_list->setAccessibleName(tr("Parts in the picture"));
    m_list->setToolTip(
        tr("Tick up to eight parts; each is drawn in its colour, from black to its own largest number, and "
           "their lights are added"));
    m_list->setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Expanding);
    m_list->setFixedWidth(m_list->fontMetrics().averageCharWidth() * 18);
    connect(m_list, &QListWidget::itemChanged, this, &CompositeView::tick);
    connect(m_list, &QListWidget::currentRowChanged, &selection, &Selection::selectComponent);
    connect(&selection, &Selection::componentChanged, this, [this](int component) {
        const QSignalBlocker quiet(m_list);
        m_list->setCurrentRow(component);
    });
}

void CompositeView::show(const std::shared_ptr<const Snapshot>& snapshot)
{
    m_snapshot = snapshot;
    if (m_list->count() != static_cast<int>(snapshot->order.size()))
        fill(snapshot->order);
    draw();
}

void CompositeView::fill(const std::vector<Index>& order)
{
    const QSignalBlocker quiet(m_list);
    m_list->clear();
    for (std::size_t part = 0; part < order.size(); ++part)
        m_list->addItem(tr("Part %1").arg(part + 1));
    std::ranges::fill(m_parts, none);
    for (std::size_t i = 0; i < std::min(tickedFirst, order.size()); ++i)
        m_parts[i] = static_cast<int>(order[i]);
    mark();
}

void CompositeView::tick(const QListWidgetItem* item)
{
    const int part = m_list->row(item);
    const bool ticked = item->checkState() == Qt::Checked;
    const auto place = std::ranges::find(m_parts, part);
    const auto room = std::ranges::find(m_parts, none);
    if (ticked && place == m_parts.end() && room != m_parts.end())
        *room = part;
    else if (!ticked && place != m_parts.end())
        *place = none;
    mark();
    draw();
}

void CompositeView::mark()
{
    const QSignalBlocker quiet(m_list);
    const bool full = std::ranges::find(m_parts, none) == m_parts.end();
    for (int part = 0; part < m_list->count(); ++part) {
        QListWidgetItem* item = m_list->item(part);
        const auto place = std::ranges::find(m_parts, part);
        const bool shown = place != m_parts.end();
        const QColor color = shown ? CompositeImage::colors()[static_cast<std::size_t>(place - m_parts.begin())]
                                   : QColor(Qt::transparent);
        item->setIcon(swatch(color, m_list->fontMetrics().height()));
        item->setFlags(shown || !full ? Qt::ItemIsEnabled | Qt::ItemIsSelectable | Qt::ItemIsUserCheckable
                                      : Qt::ItemIsSelectable);
        item->setCheckState(shown ? Qt::Checked : Qt::Unchecked);
        item->setToolTip(shown || !full ? QString() : tr("There are eight colours: untick another part first."));
    }
}

void CompositeView::draw()
{
    if (!m_snapshot)
        return;
    const Axis& pixels = m_snapshot->dataset->features;
    std::vector<CompositeImage::Part> parts;
    for (std::size_t place = 0; place < m_parts.size(); ++place)
        if (m_parts[place] != none)
            parts.push_back({.name = tr("Part %1").arg(m_parts[place] + 1),
                             .color = CompositeImage::colors()[place],
                             .values = m_snapshot->W,
                             .column = m_parts[place]});
    m_image->setParts(std::move(parts), static_cast<int>(pixels.height), static_cast<int>(pixels.width),
                      static_cast<int>(pixels.channels));
}

} // namespace nmf::ui
