#pragma once

#include <QColor>

#include <vector>

class QCustomPlot;
class QPalette;

namespace nmf::ui
{

/// The colours of plots and tiles, on a light or a dark window.
struct PlotStyle
{
    QColor background; ///< behind curves and tiles
    QColor text;
    QColor faintText;
    QColor axis;
    QColor grid;
    QColor accent;              ///< what is selected
    QColor missing;             ///< entries that are not numbers
    std::vector<QColor> series; ///< told apart by all kinds of colour vision, readable on the background

    static PlotStyle from(const QPalette& palette);
    static PlotStyle light(); ///< of every exported figure

    /// The colour of the curve with this number, from 0; the list begins again when it is used up.
    QColor seriesColor(int number) const;
};

/// Whether the palette's windows are dark.
bool isDark(const QPalette& palette);

/// Colours and fonts of a plot's background, axes, grid and legend. Does not replot.
void applyStyle(QCustomPlot& plot, const PlotStyle& style);

} // namespace nmf::ui
