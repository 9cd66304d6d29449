#pragma once

#include "ui/plot/figure_table.h"

#include <QImage>
#include <QSize>
#include <QString>

class QPainter;

namespace nmf::ui
{

/// Something drawn that can be copied or saved. What is exported is always drawn on white.
class Figure
{
public:
    virtual ~Figure() = default;

    /// The size on the screen, in pixels of a scale of 1.
    virtual QSize figureSize() const = 0;
    /// Draws all of it into the rectangle from (0, 0) of this size, with the light style.
    virtual void paintFigure(QPainter& painter, QSize size) = 0;
    /// The numbers that are shown; empty if there are none, or too many to be copied at once.
    virtual FigureTable table() const { return {}; }

    /// The figure with `scale` pixels for each of its own.
    QImage image(double scale = 1);

    /// Writes the file whole or not at all; throws nmf::Error with one sentence.
    void savePng(const QString& path, double scale = 2);
    void saveSvg(const QString& path);
    void savePdf(const QString& path);
    /// The table, with commas.
    void saveCsv(const QString& path);
    /// By the ending of the path: .png (of this scale), .svg, .pdf or .csv.
    void save(const QString& path, double scale = 2);
};

/// Puts the figure into the clipboard, as an image of twice its size, as SVG, and as a table if it has one: each
/// program takes what it understands. Returns whether there is a table.
bool copyFigure(Figure& figure);

} // namespace nmf::ui
