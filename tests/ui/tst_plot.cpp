#include "core/error.h"
#include "ui/plot/bar_grid.h"
#include "ui/plot/column_layout.h"
#include "ui/plot/heatmap.h"
#include "ui/plot/image_grid.h"
#include "ui/plot/line_plot.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QMimeData>
#include <QPainter>
#include <QSignalSpy>
#include <QSvgRenderer>
#include <QTemporaryDir>
#include <QTest>
#include <QWheelEvent>

#include <array>
#include <cmath>
#include <set>

namespace nmf::ui
{

/// The drawing widgets, by what they hold and tell.
class TestPlot : public QObject
{
    Q_OBJECT

private slots:
    void pictureTellsThePixelUnderThePointer();
    void clickAndKeysMoveTheSelection();
    void selectingFromOutsideTellsNobody();
    void zoomedGalleryScrollsToTheSelection();
    void unsoundTilesAreLeftOut();
    void barsAreTheLargestFirst();
    void barTellsTheRowUnderThePointer();
    void heatmapTellsTheEntryUnderThePointer_data();
    void heatmapTellsTheEntryUnderThePointer();
    void crowdedHeatmapTellsTheMaximumThatIsSeen();
    void columnsStandInAnOrderUnderTheirTree();
    void wheelZoomsWithinTheDataAndEscapeShowsAll();
    void steadyScaleHoldsStill();
    void curveTellsThePointUnderThePointer();
    void aClickTellsThePointThatItIsNear();
    void longCurvesAreThinned();
    void growingCurveKeepsItsAxesForAWhile();
    void curvesSurviveWhatCannotBeDrawn();
    void anEmptyPlotSaysWhatWillBeThere();
    void figuresAreSavedWhole_data();
    void figuresAreSavedWhole();
    void figuresAreWhiteInDarkWindows();
    void figureThatCannotBeSavedSaysWhy();
    void copiedFigureIsPictureAndVectors();
};

namespace
{

using Table = std::shared_ptr<const Matrix<double>>;

Table counting(Index rows, Index columns)
{
    Matrix<double> table(rows, columns);
    for (Index i = 0; i < table.size(); ++i)
        table.data()[i] = double(i);
    return std::make_shared<const Matrix<double>>(std::move(table));
}

std::vector<ImageGrid::Tile> pictures(const Table& table, int height, int width)
{
    std::vector<ImageGrid::Tile> tiles;
    for (int i = 0; i < table->cols(); ++i)
        tiles.push_back({.label = {.component = i, .caption = QStringLiteral("%1 · 1.0 %").arg(i + 1)},
                         .values = table,
                         .column = i,
                         .height = height,
                         .width = width});
    return tiles;
}

void present(QWidget& widget, QSize size = {600, 400})
{
    widget.resize(size);
    widget.show();
    QVERIFY(QTest::qWaitForWindowExposed(&widget));
    QCoreApplication::processEvents();
}

/// The innermost widget at a point, which gets the events of the pointer.
QWidget& innermost(QWidget& widget, QPointF at)
{
    QWidget* child = widget.childAt(at.toPoint());
    return child ? *child : widget;
}

/// A pointer without buttons, at a point of a widget.
void point(QWidget& widget, QPointF at)
{
    QWidget& target = innermost(widget, at);
    QMouseEvent event(QEvent::MouseMove, target.mapFromGlobal(widget.mapToGlobal(at)), widget.mapToGlobal(at),
                      Qt::NoButton, Qt::NoButton, Qt::NoModifier);
    QCoreApplication::sendEvent(&target, &event);
}

void turnWheel(QWidget& widget, QPointF at, int delta, Qt::KeyboardModifiers modifiers = Qt::NoModifier)
{
    QWidget& target = innermost(widget, at);
    QWheelEvent event(target.mapFromGlobal(widget.mapToGlobal(at)), widget.mapToGlobal(at), {}, {0, delta},
                      Qt::NoButton, modifiers, Qt::NoScrollPhase, false);
    QCoreApplication::sendEvent(&target, &event);
    QCoreApplication::processEvents();
}

} // namespace

void TestPlot::pictureTellsThePixelUnderThePointer()
{
    ImageGrid grid;
    grid.setTiles(pictures(counting(12, 5), 3, 4));
    present(grid);
    QSignalSpy hovered(&grid, &ImageGrid::hovered);
    QSignalSpy left(&grid, &TileArea::left);
    const QRect picture = grid.tileLayout().pictureOf(2);
    const QPoint pixel = picture.topLeft() + QPoint(picture.width() * 3 / 4 + 2, picture.height() / 3 + 2);
    point(*grid.viewport(), pixel);
    QCOMPARE(hovered.size(), 1);
    QCOMPARE(hovered[0], (QVariantList{2, 3, 1, 24.0 + 1 * 4 + 3}));
    QCOMPARE(grid.componentAt(pixel), 2);
    point(*grid.viewport(), QPoint(1, 1));
    QCOMPARE(left.size(), 1);
}

void TestPlot::clickAndKeysMoveTheSelection()
{
    ImageGrid grid;
    grid.setTiles(pictures(counting(12, 9), 3, 4));
    present(grid);
    QSignalSpy selected(&grid, &TileArea::selected);
    QSignalSpy activated(&grid, &TileArea::activated);
    QTest::mouseClick(grid.viewport(), Qt::LeftButton, {}, grid.rectOf(4).center());
    QCOMPARE(selected.back(), QVariantList{4});
    QTest::keyClick(&grid, Qt::Key_Right);
    QCOMPARE(selected.back(), QVariantList{5});
    QTest::keyClick(&grid, Qt::Key_Up);
    QCOMPARE(selected.back(), QVariantList{5 - grid.tileLayout().columns});
    QTest::keyClick(&grid, Qt::Key_End);
    QCOMPARE(selected.back(), QVariantList{8});
    QTest::keyClick(&grid, Qt::Key_Right);
    QCOMPARE(grid.selectedComponent(), 8);
    QTest::keyClick(&grid, Qt::Key_Return);
    QCOMPARE(activated.back(), QVariantList{8});
}

void TestPlot::selectingFromOutsideTellsNobody()
{
    ImageGrid grid;
    grid.setTiles(pictures(counting(12, 9), 3, 4));
    QSignalSpy selected(&grid, &TileArea::selected);
    grid.select(3);
    QCOMPARE(grid.selectedComponent(), 3);
    QVERIFY(selected.isEmpty());
}

void TestPlot::zoomedGalleryScrollsToTheSelection()
{
    ImageGrid grid;
    grid.setTiles(pictures(counting(12, 40), 3, 4));
    present(grid);
    QVERIFY(!grid.tileLayout().scrolls);
    grid.setZoom(4);
    QVERIFY(grid.tileLayout().scrolls);
    QVERIFY(!grid.viewport()->rect().contains(grid.rectOf(39)));
    grid.select(39);
    QVERIFY(grid.viewport()->rect().contains(grid.rectOf(39)));
    turnWheel(*grid.viewport(), {300, 200}, -120, Qt::ControlModifier);
    QVERIFY(grid.zoom() < 4);
}

void TestPlot::unsoundTilesAreLeftOut()
{
    ImageGrid grid;
    std::vector<ImageGrid::Tile> tiles = pictures(counting(12, 3), 3, 4);
    tiles[0].height = 4;
    tiles[1].column = 3;
    tiles[2].values = nullptr;
    grid.setTiles(tiles);
    present(grid);
    QCOMPARE(grid.tileLayout().count, 0);
}

void TestPlot::barsAreTheLargestFirst()
{
    const std::vector<double> values = {0, 3, -5, std::nan(""), 3, 1};
    QCOMPARE(farthestFromZero(values, 3), (std::vector<Index>{2, 1, 4}));
    QCOMPARE(farthestFromZero(values, 10), (std::vector<Index>{2, 1, 4, 5}));
    QVERIFY(farthestFromZero(values, 0).empty());
}

void TestPlot::barTellsTheRowUnderThePointer()
{
    BarGrid grid;
    std::vector<BarGrid::Tile> tiles;
    for (int i = 0; i < 3; ++i)
        tiles.push_back({.label = {.component = i}, .values = counting(20, 3), .column = i});
    grid.setTiles(tiles);
    present(grid);
    QSignalSpy hovered(&grid, &BarGrid::hovered);
    point(*grid.viewport(), grid.rectOf(1).topLeft() + QPoint(20, 8));
    QCOMPARE(hovered.back(), (QVariantList{1, QVariant::fromValue<Index>(19), 39.0}));
    for (const BarGrid::Look look : {BarGrid::Look::Bars, BarGrid::Look::Curve}) {
        grid.setLook(look);
        QCoreApplication::processEvents();
        point(*grid.viewport(), grid.rectOf(1).topLeft() + QPoint(5, 8));
        QCOMPARE(hovered.back(), (QVariantList{1, QVariant::fromValue<Index>(0), 20.0}));
    }
}

void TestPlot::heatmapTellsTheEntryUnderThePointer_data()
{
    QTest::addColumn<int>("row");
    QTest::addColumn<int>("column");
    QTest::newRow("first") << 0 << 0;
    QTest::newRow("middle") << 2 << 7;
    QTest::newRow("last") << 4 << 11;
}

void TestPlot::heatmapTellsTheEntryUnderThePointer()
{
    QFETCH(int, row);
    QFETCH(int, column);
    Heatmap heatmap;
    const Table table = counting(12, 5);
    heatmap.setMatrix(table, Heatmap::Orientation::Transposed, {4, 2, 0, 1, 3});
    present(heatmap);
    QSignalSpy hovered(&heatmap, &Heatmap::hovered);
    QSignalSpy clicked(&heatmap, &Heatmap::clicked);
    const QPointF at = heatmap.positionOf(row, column);
    point(heatmap, at);
    QCOMPARE(hovered.back(), (QVariantList{row, column, (*table)(column, row)}));
    QWidget* plot = heatmap.childAt(at.toPoint());
    QTest::mouseClick(plot, Qt::LeftButton, {}, plot->mapFrom(&heatmap, at.toPoint()));
    QCOMPARE(clicked.back(), (QVariantList{row, column}));
    QCOMPARE(heatmap.selectedRow(), row);
    QVERIFY(heatmap.positionOf(4, 0).y() < heatmap.positionOf(3, 0).y());
}

void TestPlot::crowdedHeatmapTellsTheMaximumThatIsSeen()
{
    Matrix<double> matrix = Matrix<double>::Zero(100000, 3);
    matrix(54321, 1) = 7;
    Heatmap heatmap;
    heatmap.setMatrix(std::make_shared<const Matrix<double>>(matrix));
    present(heatmap);
    QCOMPARE(heatmap.valueRange().high, 7.0);
    QSignalSpy hovered(&heatmap, &Heatmap::hovered);
    bool seen = false;
    for (int dx = -1; dx <= 1; ++dx) {
        point(heatmap, heatmap.positionOf(1, 54321) + QPointF(dx, 0));
        seen = seen || hovered.back() == QVariantList{1, 54321, 7.0};
    }
    QVERIFY(seen);
}

void TestPlot::wheelZoomsWithinTheDataAndEscapeShowsAll()
{
    Heatmap heatmap;
    heatmap.setMatrix(counting(200, 5));
    present(heatmap);
    const auto all = heatmap.visibleColumns();
    QCOMPARE(all, (std::pair{-0.5, 199.5}));
    turnWheel(heatmap, {300, 150}, 480);
    const auto zoomed = heatmap.visibleColumns();
    QVERIFY(zoomed.second - zoomed.first < 190);
    QVERIFY(zoomed.first >= all.first && zoomed.second <= all.second);
    turnWheel(heatmap, {300, 150}, -4800);
    QCOMPARE(heatmap.visibleColumns(), all);
    turnWheel(heatmap, {300, 150}, 48000);
    QVERIFY(heatmap.visibleColumns().second - heatmap.visibleColumns().first >= 3.9);
    QTest::keyClick(&heatmap, Qt::Key_Escape);
    QCOMPARE(heatmap.visibleColumns(), all);
}

void TestPlot::columnsStandInAnOrderUnderTheirTree()
{
    Heatmap heatmap;
    heatmap.setMatrix(counting(3, 4), Heatmap::Orientation::Upright);
    present(heatmap);
    const double top = heatmap.positionOf(0, 0).y();
    Matrix<double> distance(4, 4);
    distance << 0, 5, 1, 6, 5, 0, 6, 2, 1, 6, 0, 7, 6, 2, 7, 0;
    const auto tree = std::make_shared<const Hierarchy>(averageLinkage(distance));
    QCOMPARE(tree->order, (std::vector<Index>{0, 2, 1, 3}));
    heatmap.setColumns({tree->order, tree, {0, 1, 0, 1}});
    QCoreApplication::processEvents();
    QVERIFY(heatmap.positionOf(0, 2).x() < heatmap.positionOf(0, 1).x());
    QVERIFY2(heatmap.positionOf(0, 0).y() > top + 20, "The tree needs room above the columns.");
    // Signals and the table speak of the table's columns.
    QSignalSpy clicked(&heatmap, &Heatmap::clicked);
    auto* canvas = heatmap.findChild<QWidget*>();
    QTest::mouseClick(canvas, Qt::LeftButton, {}, canvas->mapFromParent(heatmap.positionOf(1, 2).toPoint()));
    QCOMPARE(clicked.value(0), (QVariantList{1, 2}));
    QCOMPARE(heatmap.selectedColumn(), 2);
    QCOMPARE(heatmap.table().header.mid(1), (QStringList{"1", "3", "2", "4"}));
    QCOMPARE(heatmap.table().rows[0].mid(1), (QStringList{"0", "6", "3", "9"}));
    heatmap.setColumns({});
    QCoreApplication::processEvents();
    QCOMPARE(heatmap.positionOf(0, 0).y(), top);
    QVERIFY(heatmap.positionOf(0, 2).x() > heatmap.positionOf(0, 1).x());
}

void TestPlot::steadyScaleHoldsStill()
{
    Heatmap heatmap;
    heatmap.setScale(Heatmap::Scale::Steady);
    present(heatmap);
    heatmap.setMatrix(std::make_shared<const Matrix<double>>(Matrix<double>::Constant(8, 3, 5.0)));
    const ValueRange first = heatmap.valueRange();
    QVERIFY(first.high >= 5);
    heatmap.setMatrix(std::make_shared<const Matrix<double>>(Matrix<double>::Constant(8, 3, 5.2)));
    QCOMPARE(heatmap.valueRange(), first);
    heatmap.setScale(Heatmap::Scale::Exact);
    QCOMPARE(heatmap.valueRange(), (ValueRange{0, 5.2}));
    heatmap.clear();
    QCoreApplication::processEvents();
}

void TestPlot::curveTellsThePointUnderThePointer()
{
    LinePlot plot;
    plot.setPoints(1, {0, 1, 2, 3}, {10, 8, 6, 5});
    plot.setPoints(2, {0, 1, 2, 3}, {4, 3, 2, 1});
    present(plot);
    QSignalSpy hovered(&plot, &LinePlot::hovered);
    QSignalSpy clicked(&plot, &LinePlot::clicked);
    point(plot, plot.positionOf(2, 2) + QPointF(3, 5));
    QCOMPARE(hovered.back(), (QVariantList{2, 2.0, 2.0}));
    point(plot, plot.positionOf(1, 8) + QPointF(3, -5));
    QCOMPARE(hovered.back(), (QVariantList{1, 1.0, 8.0}));
    const QPoint at = plot.positionOf(2, 5).toPoint();
    QWidget* inside = plot.childAt(at);
    QTest::mouseClick(inside, Qt::LeftButton, {}, inside->mapFrom(&plot, at));
    QVERIFY(std::abs(clicked.back()[0].toDouble() - 2) < 0.02);
}

void TestPlot::aClickTellsThePointThatItIsNear()
{
    LinePlot plot;
    plot.setWholeTicks();
    std::vector<double> x, y;
    for (int i = 0; i < 3000; ++i) {
        x.push_back(i * 0.001);
        y.push_back((i * 37) % 101);
    }
    plot.setCurve(4, {.series = 2, .look = LinePlot::Look::Points});
    plot.setPoints(4, x, y);
    plot.setCurve(5, {.name = QStringLiteral("mean")});
    plot.setPoints(5, {0, 3}, {200, 200});
    present(plot);
    // Points that stand for themselves are all there.
    QCOMPARE(plot.drawnPoints(4), 3000);
    QVERIFY(plot.xRange().first < 0 && plot.xRange().second > 3);
    QSignalSpy clicked(&plot, &LinePlot::pointClicked);
    auto* canvas = plot.findChild<QWidget*>();
    const auto click = [&](double atX, double atY) {
        QTest::mouseClick(canvas, Qt::LeftButton, {}, canvas->mapFromParent(plot.positionOf(atX, atY).toPoint()));
    };
    click(1.5, 150);
    QCOMPARE(clicked.count(), 0); // near nothing
    click(3, 200);
    QCOMPARE(clicked.count(), 1);
    QCOMPARE(clicked[0][0].toInt(), 5);
    plot.removeCurve(5);
    plot.setPoints(4, {1, 1.01, 2}, {10, 60, 20});
    click(1.01, 60);
    QCOMPARE(clicked.count(), 2);
    QCOMPARE(clicked[1], (QVariantList{4, 1.01, 60.0}));
    plot.setAlwaysShown({.lowest = -50, .highest = 70});
    QVERIFY(plot.yRange().first <= -50 && plot.yRange().second >= 70);
}

void TestPlot::longCurvesAreThinned()
{
    LinePlot plot;
    present(plot);
    std::vector<double> x(100000), y(100000);
    for (std::size_t i = 0; i < x.size(); ++i) {
        x[i] = double(i);
        y[i] = 1 + std::sin(double(i));
    }
    plot.setPoints(1, x, y);
    QCoreApplication::processEvents();
    QVERIFY(plot.drawnPoints(1) > 100);
    QVERIFY(plot.drawnPoints(1) <= 4 * plot.width() + 8);
    for (int i = 0; i < 10000; ++i)
        plot.append(1, std::array{100000.0 + i}, std::array{1.0});
    QVERIFY(plot.drawnPoints(1) <= 4 * plot.width() + 2200);
    QVERIFY(plot.xRange().second >= 109999);
}

void TestPlot::growingCurveKeepsItsAxesForAWhile()
{
    LinePlot plot;
    plot.setSpacing(Spacing::Linear, Spacing::Logarithmic);
    plot.setGrowth(LinePlot::Growth::Growing);
    present(plot);
    int moves = 0;
    auto before = std::pair{plot.xRange(), plot.yRange()};
    for (int i = 0; i < 1000; ++i) {
        plot.append(1, std::array{double(i)}, std::array{1000 * std::exp(-i / 60.0) + 1});
        const auto now = std::pair{plot.xRange(), plot.yRange()};
        moves += now != before;
        before = now;
        QVERIFY(now.first.second >= i);
    }
    QVERIFY2(moves < 60, qPrintable(QString::number(moves)));
    plot.setGrowth(LinePlot::Growth::Still);
    QCOMPARE(plot.xRange(), (std::pair{0.0, 999.0}));
}

void TestPlot::curvesSurviveWhatCannotBeDrawn()
{
    LinePlot plot;
    plot.setSpacing(Spacing::Logarithmic, Spacing::Logarithmic);
    present(plot);
    plot.setPoints(1, {}, {});
    plot.setPoints(2, {0, 1}, {0, -1});
    plot.setPoints(3, {1, 2, 3}, {std::nan(""), 4, INFINITY});
    QCoreApplication::processEvents();
    QCOMPARE(plot.drawnPoints(2), 0);
    QCOMPARE(plot.drawnPoints(3), 1);
    plot.removeCurve(3);
    plot.clear();
    QCoreApplication::processEvents();
    plot.append(4, std::array{1.0}, std::array{1.0});
    QCoreApplication::processEvents();
    QCOMPARE(plot.drawnPoints(4), 1);
    // What comes again takes the place of what was there.
    plot.append(4, std::array{1.0, 2.0, 3.0}, std::array{5.0, 4.0, 3.0});
    plot.append(4, std::array{3.0, 4.0}, std::array{2.0, 1.0});
    QCoreApplication::processEvents();
    QCOMPARE(plot.drawnPoints(4), 4);
    plot.append(4, std::array{2.0}, std::array{1.0});
    QCoreApplication::processEvents();
    QCOMPARE(plot.drawnPoints(4), 2);
}

void TestPlot::anEmptyPlotSaysWhatWillBeThere()
{
    LinePlot curves;
    Heatmap table;
    const std::pair<QWidget*, const char*> plots[] = {{&curves, "No curve yet"}, {&table, "No table yet"}};
    curves.setPlaceholder(plots[0].second);
    table.setPlaceholder(plots[1].second);
    for (const auto& [plot, text] : plots) {
        plot->resize(300, 200);
        plot->show();
        const auto* sentence = plot->findChild<PlotPlaceholder*>();
        QVERIFY(sentence->isVisible());
        QCOMPARE(sentence->accessibleName(), QString(text));
        QCOMPARE(sentence->geometry(), plot->rect());
        // Nothing is under the pointer but the sentence, and only with something to draw does it go.
        QCOMPARE(plot->childAt(plot->rect().center()), static_cast<const QWidget*>(sentence));
    }
    curves.setCurve(0, {.name = "empty"});
    QVERIFY(curves.findChild<PlotPlaceholder*>()->isVisible());
    curves.setPoints(0, {1, 2}, {3, 4});
    table.setMatrix(counting(2, 3));
    for (const auto& [plot, text] : plots)
        QVERIFY(!plot->findChild<PlotPlaceholder*>()->isVisible());
    curves.clear();
    table.clear();
    for (const auto& [plot, text] : plots)
        QVERIFY(plot->findChild<PlotPlaceholder*>()->isVisible());
}

void TestPlot::figuresAreSavedWhole_data()
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

void TestPlot::figuresAreSavedWhole()
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

void TestPlot::figuresAreWhiteInDarkWindows()
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

void TestPlot::figureThatCannotBeSavedSaysWhy()
{
    Widgets widgets;
    QVERIFY_EXCEPTION_THROWN(widgets.curves.save("/no/such/folder/figure.png"), Error);
    QVERIFY_EXCEPTION_THROWN(widgets.curves.save("figure.docx"), Error);
}

void TestPlot::copiedFigureIsPictureAndVectors()
{
    Widgets widgets;
    copyFigure(widgets.curves);
    const QMimeData* contents = QGuiApplication::clipboard()->mimeData();
    QVERIFY(contents->hasImage());
    QCOMPARE(qvariant_cast<QImage>(contents->imageData()).size(), QSize(800, 600));
    QVERIFY(contents->data("image/svg+xml").contains("<svg"));
}

} // namespace nmf::ui

QTEST_MAIN(nmf::ui::TestPlot)
#include "tst_plot.moc"
