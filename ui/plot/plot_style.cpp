#include "ui/plot/plot_style.h"

#include <QPalette>
#include <qcustomplot.h>

namespace nmf::ui
{

namespace
{

QColor mixed(const QColor& from, const QColor& to, double share)
{
    return QColor::fromRgbF(float(from.redF() + share * (to.redF() - from.redF())),
                            float(from.greenF() + share * (to.greenF() - from.greenF())),
                            float(from.blueF() + share * (to.blueF() - from.blueF())));
}

// Both lists keep the hues of Okabe and Ito's palette; lightness is moved until each stands out from its background.
std::vector<QColor> seriesOnLight()
{
    return {"#0072b2", "#d55e00", "#00855f", "#b8568f", "#8a6a00", "#3a8fc4", "#4d4d4d"};
}

std::vector<QColor> seriesOnDark()
{
    return {"#56b4e9", "#f0913a", "#2fc49a", "#e08fc0", "#e8d848", "#9db8ff", "#d0d0d0"};
}

} // namespace

bool isDark(const QPalette& palette)
{
    return palette.color(QPalette::Window).lightness() < 128;
}

PlotStyle PlotStyle::from(const QPalette& palette)
{
    const QColor background = palette.color(QPalette::Base);
    const QColor text = palette.color(QPalette::Text);
    const bool dark = isDark(palette);
    return {.background = background,
            .text = text,
            .faintText = mixed(text, background, 0.35),
            .axis = mixed(text, background, 0.45),
            .grid = mixed(text, background, dark ? 0.84 : 0.88),
            .accent = dark ? QColor("#ffb000") : QColor("#d95f02"),
            .missing = mixed(text, background, 0.7),
            .series = dark ? seriesOnDark() : seriesOnLight()};
}

PlotStyle PlotStyle::light()
{
    QPalette palette;
    palette.setColor(QPalette::Window, Qt::white);
    palette.setColor(QPalette::Base, Qt::white);
    palette.setColor(QPalette::Text, QColor("#202020"));
    return from(palette);
}

QColor PlotStyle::seriesColor(int number) const
{
    return series[std::size_t(number) % series.size()];
}

void applyStyle(QCustomPlot& plot, const PlotStyle& style)
{
    plot.setBackground(style.background);
    const QFont font = plot.font();
    for (QCPAxisRect* rect : plot.axisRects())
        for (QCPAxis* axis : rect->axes()) {
            axis->setBasePen(QPen(style.axis, 0));
            axis->setTickPen(QPen(style.axis, 0));
            axis->setSubTickPen(QPen(style.axis, 0));
            axis->setTickLabelColor(style.text);
            axis->setLabelColor(style.text);
            axis->setTickLabelFont(font);
            axis->setLabelFont(font);
            axis->grid()->setPen(QPen(style.grid, 0));
            axis->grid()->setSubGridPen(QPen(style.grid, 0));
            axis->grid()->setZeroLinePen(QPen(style.grid, 0));
        }
    if (!plot.legend)
        return;
    QColor behind = style.background;
    behind.setAlpha(225);
    plot.legend->setBrush(behind);
    plot.legend->setBorderPen(QPen(style.grid, 0));
    plot.legend->setTextColor(style.text);
    plot.legend->setFont(font);
}

} // namespace nmf::ui
