#include "ui/plot/composite_image.h"

#include "ui/plot/numbers.h"
#include "ui/plot/plot_style.h"
#include "ui/plot/tile_layout.h"

#include <QHelpEvent>
#include <QPainter>
#include <QToolTip>

#include <algorithm>
#include <array>
#include <cmath>

namespace nmf::ui
{

namespace
{

constexpr int margin = 8;

} // namespace

CompositeImage::CompositeImage(QWidget* parent) : QWidget(parent)
{
    setAccessibleName(tr("Parts in false colours"));
    setMinimumSize(120, 90);
    setFocusPolicy(Qt::StrongFocus);
}

const std::vector<QColor>& CompositeImage::colors()
{
    static const std::vector<QColor> eight{"#d55e00", "#56b4e9", "#009e73", "#f0e442",
                                           "#cc79a7", "#0072b2", "#e69f00", "#ffffff"};
    return eight;
}

void CompositeImage::setParts(std::vector<Part> parts, int height, int width, int channels)
{
    m_parts = std::move(parts);
    std::erase_if(m_parts, [&](const Part& part) {
        return !part.values || part.column < 0 || part.column >= part.values->cols() ||
               Index{height} * width * channels > part.values->rows();
    });
    m_height = height;
    m_width = width;
    m_channels = channels;
    m_picture = {};
    setAccessibleDescription(tr("%n part(s) in one picture", nullptr, static_cast<int>(m_parts.size())));
    update();
}

double CompositeImage::valueAt(const Part& part, int x, int y) const
{
    const Index first = (Index{y} * m_width + x) * m_channels;
    return part.values->col(part.column).segment(first, m_channels).mean();
}

const QImage& CompositeImage::picture() const
{
    if (!m_picture.isNull() || m_width < 1 || m_height < 1)
        return m_picture;
    std::vector<std::array<float, 3>> light(std::size_t(m_width) * std::size_t(m_height));
    for (const Part& part : m_parts) {
        const double largest = part.values->col(part.column).maxCoeff();
        const double scale = largest > 0 && std::isfinite(largest) ? 1 / largest : 0;
        const std::array<float, 3> color{part.color.redF(), part.color.greenF(), part.color.blueF()};
        for (int y = 0; y < m_height; ++y)
            for (int x = 0; x < m_width; ++x) {
                const double value = valueAt(part, x, y) * scale;
                const float share = value > 0 ? static_cast<float>(value) : 0;
                for (std::size_t c = 0; c < 3; ++c)
                    light[std::size_t(y) * std::size_t(m_width) + std::size_t(x)][c] += share * color[c];
            }
    }
    m_picture = QImage(m_width, m_height, QImage::Format_RGB32);
    const auto byte = [](float value) { return static_cast<int>(std::lround(255 * std::min(value, 1.0f))); };
    for (int y = 0; y < m_height; ++y) {
        auto* line = reinterpret_cast<QRgb*>(m_picture.scanLine(y));
        for (int x = 0; x < m_width; ++x) {
            const auto& [red, green, blue] = light[std::size_t(y) * std::size_t(m_width) + std::size_t(x)];
            line[x] = qRgb(byte(red), byte(green), byte(blue));
        }
    }
    return m_picture;
}

int CompositeImage::paintLegend(QPainter* painter, int top, int width) const
{
    const QFontMetrics metrics(font());
    const int side = metrics.ascent(), line = metrics.lineSpacing() + 4;
    int x = margin, y = top;
    for (const Part& part : m_parts) {
        const int wide = side + 4 + metrics.horizontalAdvance(part.name) + 2 * margin;
        if (x > margin && x + wide > width) {
            x = margin;
            y += line;
        }
        if (painter) {
            painter->fillRect(x, y, side, side, part.color);
            painter->drawRect(x, y, side - 1, side - 1);
            painter->drawText(x + side + 4, y + metrics.ascent(), part.name);
        }
        x += wide;
    }
    return m_parts.empty() ? top : y + line;
}

int CompositeImage::legendHeight(int width) const
{
    return paintLegend(nullptr, 0, width);
}

QRect CompositeImage::placeOf(QSize size) const
{
    const QRect room(margin, margin, size.width() - 2 * margin,
                     size.height() - 2 * margin - legendHeight(size.width()) - margin);
    return fitted({m_width, m_height}, room);
}

void CompositeImage::paint(QPainter& painter, QSize size, const PlotStyle& style) const
{
    painter.fillRect(QRect(QPoint(0, 0), size), style.background);
    painter.setFont(font());
    if (m_parts.empty() || picture().isNull()) {
        painter.setPen(style.faintText);
        painter.drawText(QRect(QPoint(0, 0), size), Qt::AlignCenter,
                         tr("Tick the parts to be shown together, or Ctrl+click them in another view"));
        return;
    }
    const QRect place = placeOf(size);
    // Enlarged, pixels stay squares, in formats that would blur them too.
    const bool enlarged = place.width() > m_width;
    painter.drawImage(place, picture().scaled(place.size() * (enlarged ? 2 : 1), Qt::IgnoreAspectRatio,
                                              enlarged ? Qt::FastTransformation : Qt::SmoothTransformation));
    painter.setPen(style.text);
    paintLegend(&painter, place.bottom() + margin, size.width());
}

void CompositeImage::paintFigure(QPainter& painter, QSize size)
{
    paint(painter, size, PlotStyle::light());
}

void CompositeImage::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    paint(painter, size(), PlotStyle::from(palette()));
}

QString CompositeImage::textAt(QPoint point) const
{
    const QRect place = placeOf(size());
    if (m_parts.empty() || !place.contains(point))
        return {};
    const int x = (point.x() - place.x()) * m_width / place.width();
    const int y = (point.y() - place.y()) * m_height / place.height();
    QStringList lines{tr("pixel x %1, y %2").arg(x + 1).arg(y + 1)};
    for (const Part& part : m_parts)
        lines << tr("%1: %2").arg(part.name, shortNumber(valueAt(part, x, y)));
    return lines.join('\n');
}

bool CompositeImage::event(QEvent* event)
{
    if (event->type() != QEvent::ToolTip)
        return QWidget::event(event);
    const auto* help = static_cast<QHelpEvent*>(event);
    QToolTip::showText(help->globalPos(), textAt(help->pos()), this);
    return true;
}

FigureTable CompositeImage::table() const
{
    const Index pixels = Index{m_width} * m_height;
    if (!FigureTable::isHandy(pixels, Index(m_parts.size()) + 2))
        return {};
    FigureTable table{.header = {tr("pixel x"), tr("pixel y")}};
    for (const Part& part : m_parts)
        table.header << part.name;
    for (int y = 0; y < m_height; ++y)
        for (int x = 0; x < m_width; ++x) {
            QStringList& row = table.rows.emplace_back(QStringList{QString::number(x + 1), QString::number(y + 1)});
            for (const Part& part : m_parts)
                row << exactNumber(valueAt(part, x, y));
        }
    return table;
}

} // namespace nmf::ui
