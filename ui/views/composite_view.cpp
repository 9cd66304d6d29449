#include "ui/views/composite_view.h"

#include <QHBoxLayout>
#include <QSignalBlocker>

#include <algorithm>
#include <utility>

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
    : QWidget(parent), m_selection(selection), m_image(new CompositeImage), m_list(new QListWidget),
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
        tr("Tick up to eight parts, which selects them in all views; each is drawn in its colour, from black to its "
           "own largest number, and their lights are added"));
    m_list->setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Expanding);
    m_list->setFixedWidth(m_list->fontMetrics().averageCharWidth() * 18);
    connect(m_list, &QListWidget::itemChanged, this, &CompositeView::tick);
    connect(&selection, &Selection::componentsChanged, this, &CompositeView::color);
}

void CompositeView::show(const std::shared_ptr<const Snapshot>& snapshot)
{
    const int parts = static_cast<int>(snapshot->order.size());
    const bool others = m_list->count() != parts || !m_snapshot || m_snapshot->dataset != snapshot->dataset;
    m_snapshot = snapshot;
    if (m_list->count() != parts)
        fill(parts);
    if (std::exchange(m_begins, false) || others)
        choose(snapshot->order);
    color();
}

void CompositeView::fill(int parts)
{
    const QSignalBlocker quiet(m_list);
    m_list->clear();
    for (int part = 0; part < parts; ++part)
        m_list->addItem(tr("Part %1").arg(part + 1));
}

void CompositeView::choose(const std::vector<Index>& order)
{
    if (m_selection.components().size() > 1)
        return;
    std::vector<int> parts;
    for (std::size_t i = std::min(tickedFirst, order.size()); i-- > 0;)
        parts.push_back(static_cast<int>(order[i]));
    // What is looked at elsewhere stays the current one.
    parts.push_back(m_selection.component());
    m_selection.selectComponents(parts);
}

void CompositeView::tick(const QListWidgetItem* item)
{
    const int part = m_list->row(item);
    const bool selected = std::ranges::find(m_selection.components(), part) != m_selection.components().end();
    if ((item->checkState() == Qt::Checked) == selected)
        return;
    // One that would have no colour is not selected here.
    if (!selected && std::ranges::find(m_parts, none) == m_parts.end())
        mark();
    else
        m_selection.toggleComponent(part);
}

void CompositeView::color()
{
    const std::vector<int>& selected = m_selection.components();
    for (int& part : m_parts)
        if (std::ranges::find(selected, part) == selected.end())
            part = none;
    for (const int part : selected) {
        const auto room = std::ranges::find(m_parts, none);
        if (room != m_parts.end() && std::ranges::find(m_parts, part) == m_parts.end())
            *room = part;
    }
    mark();
    draw();
}

void CompositeView::mark()
{
    const QSignalBlocker quiet(m_list);
    const bool full = std::ranges::find(m_parts, none) == m_parts.end();
    for (int part = 0; part < m_list->count(); ++part)
        markItem(part, full);
}

void CompositeView::markItem(int part, bool full)
{
    QListWidgetItem* item = m_list->item(part);
    const auto place = std::ranges::find(m_parts, part);
    const bool shown = place != m_parts.end();
    const bool selected = std::ranges::find(m_selection.components(), part) != m_selection.components().end();
    const QColor color =
        shown ? CompositeImage::colors()[static_cast<std::size_t>(place - m_parts.begin())] : QColor(Qt::transparent);
    item->setIcon(swatch(color, m_list->fontMetrics().height()));
    item->setFlags(selected || !full ? Qt::ItemIsEnabled | Qt::ItemIsSelectable | Qt::ItemIsUserCheckable
                                     : Qt::ItemIsSelectable);
    item->setCheckState(selected ? Qt::Checked : Qt::Unchecked);
    item->setToolTip(shown || !full ? QString()
                     : selected     ? tr("Selected, but there are eight colours: it is drawn when another part is "
                                             "unticked.")
                                    : tr("There are eight colours: untick another part first."));
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
