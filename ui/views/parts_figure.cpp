#include "ui/views/parts_view.h"

#include <QPainter>

#include <algorithm>

namespace nmf::ui
{

namespace
{

constexpr int signWidth = 24; // of "≈", "+" and "="

}

std::vector<std::pair<QString, SamplePicture*>> PartsView::equation() const
{
    std::vector<std::pair<QString, SamplePicture*>> terms{{QString(), m_sample}};
    if (!m_shown)
        return {};
    for (std::size_t i = 0; i < m_tiles.size() && i < m_shown->parts.size(); ++i)
        if (m_shown->parts[i].on && m_shown->parts[i].weight > 0)
            terms.emplace_back(terms.size() == 1 ? QStringLiteral("≈") : QStringLiteral("+"), &m_tiles[i]->picture());
    terms.emplace_back(QStringLiteral("="), m_sum);
    terms.emplace_back(QString(), m_residual);
    return terms;
}

QSize PartsView::figureSize() const
{
    int width = 1;
    for (const auto& [before, picture] : equation())
        width += picture->width() + (before.isEmpty() ? 0 : signWidth);
    return {width, std::max(1, m_sample->height())};
}

void PartsView::paintFigure(QPainter& painter, QSize size)
{
    painter.fillRect(QRect(QPoint(0, 0), size), Qt::white);
    const QSize own = figureSize();
    const double share = static_cast<double>(size.width()) / own.width();
    const int signRoom = static_cast<int>(signWidth * share);
    int left = 0;
    for (const auto& [before, picture] : equation()) {
        if (!before.isEmpty()) {
            painter.setPen(PlotStyle::light().text);
            painter.drawText(QRect(left, 0, signRoom, size.height()), Qt::AlignCenter, before);
            left += signRoom;
        }
        const QSize room(static_cast<int>(picture->width() * share), size.height());
        painter.save();
        painter.translate(left, 0);
        picture->figure().paintFigure(painter, room);
        painter.restore();
        left += room.width();
    }
}

FigureTable PartsView::table() const
{
    if (!m_shown)
        return {};
    FigureTable table{.header = {tr("component"), tr("weight"), tr("weight found"), tr("added")}};
    for (const SamplePart& part : m_shown->parts)
        table.rows.push_back({QString::number(part.component + 1), exactNumber(part.weight), exactNumber(part.found),
                              part.on ? tr("yes") : tr("no")});
    return table;
}

} // namespace nmf::ui
