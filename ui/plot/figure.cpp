#include "ui/plot/figure.h"

#include "core/error.h"

#include <QBuffer>
#include <QClipboard>
#include <QGuiApplication>
#include <QMimeData>
#include <QPainter>
#include <QPdfWriter>
#include <QSaveFile>
#include <QSvgGenerator>

#include <algorithm>

namespace nmf::ui
{

namespace
{

constexpr int resolution = 96; // what a screen of scale 1 has, so that a point is as large in every format

void writeWhole(const QString& path, const QByteArray& bytes)
{
    QSaveFile file(path);
    const auto fail = [&] {
        throw Error("The figure could not be written to " + path.toStdString() + ": " +
                    file.errorString().toStdString() + "; choose another folder or make room.");
    };
    if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size() || !file.commit())
        fail();
}

QByteArray svgBytes(Figure& figure)
{
    QBuffer buffer;
    QSvgGenerator generator;
    generator.setOutputDevice(&buffer);
    generator.setResolution(resolution);
    generator.setSize(figure.figureSize());
    generator.setViewBox(QRect(QPoint(0, 0), figure.figureSize()));
    generator.setTitle(QCoreApplication::applicationName());
    QPainter painter(&generator);
    figure.paintFigure(painter, figure.figureSize());
    painter.end();
    return buffer.data();
}

QByteArray pdfBytes(Figure& figure)
{
    QBuffer buffer;
    buffer.open(QIODevice::WriteOnly);
    QPdfWriter writer(&buffer);
    writer.setResolution(resolution);
    writer.setPageSize(QPageSize(QSizeF(figure.figureSize()) * 72.0 / resolution, QPageSize::Point));
    writer.setPageMargins(QMarginsF());
    QPainter painter(&writer);
    figure.paintFigure(painter, figure.figureSize());
    painter.end();
    return buffer.data();
}

} // namespace

QImage Figure::image(double scale)
{
    const QSize pixels = (QSizeF(figureSize()) * scale).toSize().expandedTo({1, 1});
    QImage picture(pixels, QImage::Format_RGB32);
    if (picture.isNull())
        throw Error("The figure is too large for an image; choose a smaller scale.");
    picture.setDevicePixelRatio(scale);
    picture.fill(Qt::white);
    QPainter painter(&picture);
    paintFigure(painter, figureSize());
    return picture;
}

void Figure::savePng(const QString& path, double scale)
{
    QBuffer buffer;
    buffer.open(QIODevice::WriteOnly);
    if (!image(scale).save(&buffer, "PNG"))
        throw Error("The figure could not be written as PNG to " + path.toStdString() + "; try SVG.");
    writeWhole(path, buffer.data());
}

void Figure::saveSvg(const QString& path)
{
    writeWhole(path, svgBytes(*this));
}

void Figure::savePdf(const QString& path)
{
    writeWhole(path, pdfBytes(*this));
}

void Figure::saveCsv(const QString& path)
{
    const FigureTable numbers = table();
    if (numbers.isEmpty())
        throw Error("This figure shows no numbers, or too many for a table: save it as a picture, or the matrix itself "
                    "by File > Export results.");
    writeWhole(path, numbers.separated().toUtf8());
}

void Figure::save(const QString& path, double scale)
{
    const QString lower = path.toLower();
    if (lower.endsWith(".png"))
        savePng(path, scale);
    else if (lower.endsWith(".svg"))
        saveSvg(path);
    else if (lower.endsWith(".pdf"))
        savePdf(path);
    else if (lower.endsWith(".csv"))
        saveCsv(path);
    else
        throw Error("No kind of figure is known for " + path.toStdString() +
                    "; end the name in .png, .svg, .pdf or .csv.");
}

bool copyFigure(Figure& figure)
{
    auto* contents = new QMimeData; // owned by the clipboard
    QImage picture = figure.image(2);
    picture.setDevicePixelRatio(1);
    contents->setImageData(picture);
    contents->setData("image/svg+xml", svgBytes(figure));
    const FigureTable numbers = figure.table();
    if (!numbers.isEmpty()) {
        contents->setText(numbers.tabbed());
        contents->setData("text/csv", numbers.separated().toUtf8());
    }
    QGuiApplication::clipboard()->setMimeData(contents);
    return !numbers.isEmpty();
}

} // namespace nmf::ui
