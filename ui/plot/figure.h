#pragma once

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

    /// The figure with `scale` pixels for each of its own.
    QImage image(double scale = 1);

    /// Writes the file whole or not at all; throws nmf::Error with one sentence.
    void savePng(const QString& path, double scale = 2);
    void saveSvg(const QString& path);
    void savePdf(const QString& path);
    /// By the ending of the path: .png, .svg or .pdf.
    void save(const QString& path);
};

/// Puts the figure into the clipboard, as an image of twice its size and as SVG.
void copyFigure(Figure& figure);

} // namespace nmf::ui
