#include "tests/support/plots.h"
#include "ui/plot/bar_grid.h"
#include "ui/plot/column_layout.h"
#include "ui/plot/heatmap.h"

#include <QSignalSpy>

#include <cmath>

namespace nmf::ui
{

using namespace plots;

/// Tiles, bars and heatmaps, by what they hold and tell.
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
};

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

} // namespace nmf::ui

QTEST_MAIN(nmf::ui::TestPlot)
#include "tst_plot.moc"
