#include "core/error.h"
#include "tests/support/plots.h"
#include "ui/plot/bar_grid.h"
#include "ui/plot/heatmap.h"
#include "ui/plot/line_plot.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QMimeData>
#include <QPainter>
#include <QSvgRenderer>
#include <QTemporaryDir>

#include <array>
#include <set>

namespace nmf::ui
{

using namespace plots;

/// What the drawing widgets save and copy.
class TestFigures : public QObject
{
    Q_OBJECT

private slots:
    void figuresAreSavedWhole_data();
    void figuresAreSavedWhole();
    void figuresAreWhiteInDarkWindows();
    void figureThatCannotBeSavedSaysWhy();
    void copiedFigureIsPictureAndVectors();
};

void TestFigures::figuresAreSavedWhole_data()
{
    QTest::addColumn<int>("kind");
    QTest::newRow("pictures") << 0;
    QTest::newRow("bars") << 1;
    QTest::newRow("heatmap") << 2;
    QTest::newRow("curves") << 3;
}

namespace
{

/// One of each widget, filled.
struct Widgets
{
    ImageGrid pictures;
    BarGrid bars;
    Heatmap heatmap;
    LinePlot curves;

    Widgets()
    {
        pictures.setTiles(ui::pictures(counting(12, 7), 3, 4));
        bars.setTiles({{.label = {.component = 0, .caption = "1"}, .values = counting(12, 1), .column = 0}});
        heatmap.setMatrix(counting(30, 4));
        curves.setPoints(1, {1, 2, 3}, {3, 2, 1});
        for (QWidget* widget : {(QWidget*)&pictures, (QWidget*)&bars, (QWidget*)&heatmap, (QWidget*)&curves})
            present(*widget, {400, 300});
    }
    Figure& figure(int kind) { return *std::array<Figure*, 4>{&pictures, &bars, &heatmap, &curves}[std::size_t(kind)]; }
};

int coloursIn(const QImage& picture)
{
    std::set<QRgb> colours;
    for (int y = 0; y < picture.height(); ++y)
        for (int x = 0; x < picture.width(); ++x)
            colours.insert(picture.pixel(x, y));
    return int(colours.size());
}

} // namespace

void TestFigures::figuresAreSavedWhole()
{
    QFETCH(int, kind);
    Widgets widgets;
    Figure& figure = widgets.figure(kind);
    QTemporaryDir folder;
    const QSize size = figure.figureSize();
    QCOMPARE(size, QSize(400, 300));
    figure.save(folder.filePath("figure.png"));
    const QImage png(folder.filePath("figure.png"));
    QCOMPARE(png.size(), size * 2);
    QVERIFY(coloursIn(png) > 5);
    figure.save(folder.filePath("figure.svg"));
    QSvgRenderer svg(folder.filePath("figure.svg"));
    QVERIFY(svg.isValid());
    QCOMPARE(svg.viewBox().size(), size);
    QImage drawn(size, QImage::Format_RGB32);
    drawn.fill(Qt::white);
    QPainter painter(&drawn);
    svg.render(&painter);
    painter.end();
    QVERIFY(coloursIn(drawn) > 5);
    figure.save(folder.filePath("figure.pdf"));
    QFile pdf(folder.filePath("figure.pdf"));
    QVERIFY(pdf.open(QIODevice::ReadOnly));
    QVERIFY(pdf.read(5) == "%PDF-" && pdf.size() > 1000);
}

void TestFigures::figuresAreWhiteInDarkWindows()
{
    QPalette dark;
    dark.setColor(QPalette::Window, Qt::black);
    dark.setColor(QPalette::Base, Qt::black);
    dark.setColor(QPalette::Text, Qt::white);
    Widgets widgets;
    for (QWidget* widget :
         {(QWidget*)&widgets.pictures, (QWidget*)&widgets.bars, (QWidget*)&widgets.heatmap, (QWidget*)&widgets.curves})
        widget->setPalette(dark);
    for (int kind = 0; kind < 4; ++kind)
        QCOMPARE(widgets.figure(kind).image(1).pixel(0, 0), qRgb(255, 255, 255));
    QCOMPARE(widgets.heatmap.grab().toImage().pixel(0, 0), qRgb(0, 0, 0));
}

void TestFigures::figureThatCannotBeSavedSaysWhy()
{
    Widgets widgets;
    QVERIFY_EXCEPTION_THROWN(widgets.curves.save("/no/such/folder/figure.png"), Error);
    QVERIFY_EXCEPTION_THROWN(widgets.curves.save("figure.docx"), Error);
}

void TestFigures::copiedFigureIsPictureAndVectors()
{
    Widgets widgets;
    copyFigure(widgets.curves);
    const QMimeData* contents = QGuiApplication::clipboard()->mimeData();
    QVERIFY(contents->hasImage());
    QCOMPARE(qvariant_cast<QImage>(contents->imageData()).size(), QSize(800, 600));
    QVERIFY(contents->data("image/svg+xml").contains("<svg"));
}

} // namespace nmf::ui

QTEST_MAIN(nmf::ui::TestFigures)
#include "tst_figures.moc"
