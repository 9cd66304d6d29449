#include "ui/plot/axis_range.h"
#include "ui/plot/color_maps.h"
#include "ui/plot/reduce.h"
#include "ui/plot/tile_image.h"
#include "ui/plot/tile_layout.h"

#include <QImage>
#include <QTest>

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>

namespace nmf::ui
{

/// What is thinned, scaled or rounded for the screen, by laws.
class TestReduce : public QObject
{
    Q_OBJECT

private slots:
    void everyCellKeepsTheMaximumOfWhatItCovers_data();
    void everyCellKeepsTheMaximumOfWhatItCovers();
    void bothWaysOfReadingMemoryAgree();
    void orderMovesRows();
    void numbersThatAreMissingNeverHideOthers();
    void magnitudeKeepsTheSign();
    void extremesLeaveOutWhatIsNotFinite();
    void thinCurveKeepsTheExtremesOfEachPixel();
    void thinCurveLeavesShortCurvesAlone();
    void steadyScaleNeverCutsAndRarelyMoves();
    void rangesHoldTheData_data();
    void rangesHoldTheData();
    void mapsBeginDarkAndZeroIsTheMiddleOfDivergingOnes();
    void enlargedPixelsStaySquares();
    void shrunkPixelsAreMeansOfColours();
    void tilesNeverOverlapAndFit_data();
    void tilesNeverOverlapAndFit();
};

namespace
{

constexpr double missing = std::numeric_limits<double>::quiet_NaN();

Matrix<double> randomTable(Index rows, Index columns)
{
    std::mt19937 generator(7);
    std::uniform_real_distribution<double> uniform(-1, 1);
    return Matrix<double>::NullaryExpr(rows, columns, [&] { return uniform(generator); });
}

} // namespace

void TestReduce::everyCellKeepsTheMaximumOfWhatItCovers_data()
{
    QTest::addColumn<int>("rows");
    QTest::addColumn<int>("columns");
    QTest::addColumn<int>("targetRows");
    QTest::addColumn<int>("targetColumns");
    QTest::newRow("as it is") << 7 << 11 << 20 << 20;
    QTest::newRow("columns only") << 7 << 101 << 20 << 10;
    QTest::newRow("both") << 53 << 101 << 10 << 10;
    QTest::newRow("one cell") << 53 << 101 << 1 << 1;
    QTest::newRow("one row, many columns") << 1 << 10007 << 5 << 640;
}

void TestReduce::everyCellKeepsTheMaximumOfWhatItCovers()
{
    QFETCH(int, rows);
    QFETCH(int, columns);
    QFETCH(int, targetRows);
    QFETCH(int, targetColumns);
    const Matrix<double> table = randomTable(rows, columns);
    const IndexRange allRows{0, rows}, allColumns{0, columns};
    const Matrix<double> cells =
        reduceMaximum(MatrixView::upright(table), allRows, allColumns, targetRows, targetColumns);
    QCOMPARE(cells.rows(), std::min<Index>(rows, targetRows));
    QCOMPARE(cells.cols(), std::min<Index>(columns, targetColumns));
    Index covered = 0;
    for (Index r = 0; r < cells.rows(); ++r)
        for (Index c = 0; c < cells.cols(); ++c) {
            const Index top = partBegin(allRows, r, cells.rows()), bottom = partBegin(allRows, r + 1, cells.rows());
            const Index left = partBegin(allColumns, c, cells.cols());
            const Index right = partBegin(allColumns, c + 1, cells.cols());
            covered += (bottom - top) * (right - left);
            QCOMPARE(cells(r, c), table.block(top, left, bottom - top, right - left).maxCoeff());
        }
    QCOMPARE(covered, table.size());
}

void TestReduce::bothWaysOfReadingMemoryAgree()
{
    const Matrix<double> table = randomTable(37, 211);
    const Matrix<double> turned = table.transpose();
    const IndexRange rows{3, 35}, columns{10, 200};
    const Matrix<double> a = reduceMaximum(MatrixView::upright(table), rows, columns, 9, 31);
    const Matrix<double> b = reduceMaximum(MatrixView::transposed(turned), rows, columns, 9, 31);
    QCOMPARE(a, b);
}

void TestReduce::orderMovesRows()
{
    const Matrix<double> table = randomTable(4, 3);
    const std::vector<Index> order = {2, 0, 3, 1};
    const Matrix<double> cells = reduceMaximum(MatrixView::upright(table, order), {0, 4}, {0, 3}, 9, 9);
    for (Index r = 0; r < 4; ++r)
        for (Index c = 0; c < 3; ++c)
            QCOMPARE(cells(r, c), table(order[std::size_t(r)], c));
}

void TestReduce::numbersThatAreMissingNeverHideOthers()
{
    Matrix<double> table(1, 40);
    table.setConstant(missing);
    table(0, 13) = 0.5;
    const Matrix<double> cells = reduceMaximum(MatrixView::upright(table), {0, 1}, {0, 40}, 1, 4);
    QVERIFY(std::isnan(cells(0, 0)));
    QCOMPARE(cells(0, 1), 0.5);
    QVERIFY(std::isnan(cells(0, 3)));
}

void TestReduce::magnitudeKeepsTheSign()
{
    Matrix<double> table(1, 6);
    table << 1, -3, 2, missing, 0.5, -0.25;
    const Matrix<double> cells =
        reduceMaximum(MatrixView::upright(table), {0, 1}, {0, 6}, 1, 2, Keep::LargestMagnitude);
    QCOMPARE(cells(0, 0), -3.0);
    QCOMPARE(cells(0, 1), 0.5);
}

void TestReduce::extremesLeaveOutWhatIsNotFinite()
{
    std::vector<double> values(21, 0.25);
    values[3] = missing;
    values[9] = -2;
    values[17] = 4;
    QCOMPARE(extremes(values).lowest, -2.0);
    QCOMPARE(extremes(values).highest, 4.0);
    values[18] = std::numeric_limits<double>::infinity();
    QCOMPARE(extremes(values).highest, 4.0);
    QCOMPARE(extremes(std::vector<double>{missing}).highest, 0.0);
}

void TestReduce::thinCurveKeepsTheExtremesOfEachPixel()
{
    std::vector<double> x(100000), y(100000);
    std::mt19937 generator(5);
    std::uniform_real_distribution<double> uniform(0, 1);
    for (std::size_t i = 0; i < x.size(); ++i) {
        x[i] = double(i);
        y[i] = uniform(generator);
    }
    y[61234] = 9;
    y[61235] = -9;
    const ThinCurve curve = thinned(x, y, 1000, 90000, 300);
    QVERIFY(curve.x.size() <= 4 * 302);
    QVERIFY(std::is_sorted(curve.x.begin(), curve.x.end()));
    QCOMPARE(*std::max_element(curve.y.begin(), curve.y.end()), 9.0);
    QCOMPARE(*std::min_element(curve.y.begin(), curve.y.end()), -9.0);
    QCOMPARE(curve.x.front(), 999.0);
    QCOMPARE(curve.x.back(), 90001.0);
    for (std::size_t i = 0; i < curve.x.size(); ++i)
        QCOMPARE(curve.y[i], y[std::size_t(curve.x[i])]);
}

void TestReduce::thinCurveLeavesShortCurvesAlone()
{
    const std::vector<double> x = {1, 2, 3}, y = {3, missing, 1};
    QCOMPARE(thinned(x, y, 1, 3, 100).x, x);
    QCOMPARE(thinned(x, y, 1, 3, 100, Spacing::Logarithmic).x, x);
    QVERIFY(thinned({}, {}, 0, 1, 100).x.empty());
}

void TestReduce::steadyScaleNeverCutsAndRarelyMoves()
{
    double shown = 0;
    int moves = 0;
    for (int frame = 0; frame < 1000; ++frame) {
        const double maximum = 5 + 0.2 * std::sin(frame);
        const double next = steadyMaximum(shown, maximum);
        QVERIFY(next >= maximum);
        moves += next != shown;
        shown = next;
    }
    QVERIFY(moves <= 2);
    QVERIFY(steadyMaximum(10, 1) < 2);
    QCOMPARE(steadyMaximum(10, missing), 0.0);
}

void TestReduce::rangesHoldTheData_data()
{
    QTest::addColumn<double>("lowest");
    QTest::addColumn<double>("highest");
    QTest::addColumn<bool>("logarithmic");
    QTest::newRow("falling loss") << 120.0 << 1150.0 << false;
    QTest::newRow("nearly the same") << 1.0 << 1.0 + 1e-14 << false;
    QTest::newRow("the same") << 3.0 << 3.0 << false;
    QTest::newRow("zero") << 0.0 << 0.0 << false;
    QTest::newRow("negative") << -5.0 << -4.0 << false;
    QTest::newRow("decades") << 1e-9 << 1e3 << true;
    QTest::newRow("half a decade") << 100.0 << 300.0 << true;
    QTest::newRow("one value, logarithmic") << 100.0 << 100.0 << true;
}

void TestReduce::rangesHoldTheData()
{
    QFETCH(double, lowest);
    QFETCH(double, highest);
    QFETCH(bool, logarithmic);
    const Spacing spacing = logarithmic ? Spacing::Logarithmic : Spacing::Linear;
    for (const AxisRange range : {snugRange(lowest, highest, spacing), roundRange(lowest, highest, spacing),
                                  growingRange({0, 1}, lowest, highest, spacing)}) {
        QVERIFY(range.lower <= lowest);
        QVERIFY(range.upper >= highest);
        QVERIFY(range.lower < range.upper);
        QVERIFY(!logarithmic || range.lower > 0);
    }
}

void TestReduce::mapsBeginDarkAndZeroIsTheMiddleOfDivergingOnes()
{
    QVERIFY(colorMaps().size() >= 7);
    for (const ColorMap& map : colorMaps()) {
        QCOMPARE(&colorMap(map.id), &map);
        for (const QRgb color : map.colors)
            QCOMPARE(qAlpha(color), 255);
        const ValueRange range = spanOf(map, -1, 3);
        if (map.kind == ColorMap::Kind::Diverging)
            QCOMPARE(range, (ValueRange{-3, 3}));
        else
            QCOMPARE(range, (ValueRange{-1, 3}));
        QVERIFY(spanOf(map, missing, missing).high > spanOf(map, missing, missing).low);
    }
    QCOMPARE(&colorMap("no such map"), &colorMaps().front());
}

void TestReduce::enlargedPixelsStaySquares()
{
    const std::vector<double> numbers = {0, 1, 0.5, missing};
    QImage picture(40, 40, QImage::Format_RGB32);
    picture.fill(Qt::green);
    const ColorMap& gray = colorMap("gray");
    drawNumbers(picture, {10, 10, 20, 20}, {numbers.data(), 2, 2, 1}, gray, {0, 1}, qRgb(255, 0, 0));
    QCOMPARE(picture.pixel(9, 9), qRgb(0, 255, 0));
    QCOMPARE(picture.pixel(10, 10), qRgb(0, 0, 0));
    QCOMPARE(picture.pixel(19, 19), qRgb(0, 0, 0));
    QCOMPARE(picture.pixel(20, 19), qRgb(255, 255, 255));
    QCOMPARE(picture.pixel(15, 25), qRgb(128, 128, 128));
    QCOMPARE(picture.pixel(29, 29), qRgb(255, 0, 0));
    QCOMPARE(picture.pixel(30, 30), qRgb(0, 255, 0));
    // Half outside: nothing beyond the picture is touched.
    drawNumbers(picture, {30, 30, 20, 20}, {numbers.data(), 2, 2, 1}, gray, {0, 1}, qRgb(255, 0, 0));
    QCOMPARE(picture.pixel(39, 39), qRgb(0, 0, 0));
}

void TestReduce::shrunkPixelsAreMeansOfColours()
{
    const int side = 300;
    std::vector<double> numbers(side * side, 0.0);
    for (int y = 0; y < side; ++y)
        for (int x = 0; x < side / 2; ++x)
            numbers[std::size_t(y * side + x)] = x % 2;
    QImage picture(2, 2, QImage::Format_RGB32);
    drawNumbers(picture, picture.rect(), {numbers.data(), side, side, 1}, colorMap("gray"), {0, 1}, 0);
    QCOMPARE(qRed(picture.pixel(0, 0)), 128);
    QCOMPARE(qBlue(picture.pixel(0, 1)), 128);
    QCOMPARE(picture.pixel(1, 0), qRgb(0, 0, 0));

    const std::vector<double> colours = {1, 0, 0, 0, 1, 0};
    QImage two(2, 1, QImage::Format_RGB32);
    drawNumbers(two, two.rect(), {colours.data(), 2, 1, 3}, colorMap("gray"), {0, 1}, 0);
    QCOMPARE(two.pixel(0, 0), qRgb(255, 0, 0));
    QCOMPARE(two.pixel(1, 0), qRgb(0, 255, 0));
}

void TestReduce::tilesNeverOverlapAndFit_data()
{
    QTest::addColumn<int>("count");
    QTest::addColumn<QSize>("viewport");
    QTest::addColumn<QSize>("natural");
    for (const int count : {1, 2, 7, 49, 100, 400})
        for (const QSize viewport : {QSize(300, 200), QSize(760, 430), QSize(200, 900), QSize(40, 40)})
            for (const QSize natural : {QSize(19, 19), QSize(92, 112), QSize()})
                QTest::addRow("%d tiles of %dx%d in %dx%d", count, natural.width(), natural.height(), viewport.width(),
                              viewport.height())
                    << count << viewport << natural;
}

void TestReduce::tilesNeverOverlapAndFit()
{
    QFETCH(int, count);
    QFETCH(QSize, viewport);
    QFETCH(QSize, natural);
    const TileLayout layout = layOutTiles({.count = count,
                                           .viewport = viewport,
                                           .natural = natural,
                                           .captionHeight = 16,
                                           .captionWidth = 60,
                                           .scrollBarWidth = 14});
    for (int i = 0; i < count; ++i) {
        const QRect tile = layout.tile(i);
        QVERIFY(!layout.pictureOf(i).isEmpty());
        QVERIFY(tile.left() >= 0 && tile.top() >= 0 && tile.bottom() < layout.contentHeight + layout.top);
        QVERIFY(viewport.width() < 60 || tile.right() < viewport.width() - (layout.scrolls ? 14 : 0));
        QCOMPARE(layout.at(tile.center()), i);
        QVERIFY(i == 0 || !tile.intersects(layout.tile(i - 1)));
        QVERIFY(i < layout.columns || !tile.intersects(layout.tile(i - layout.columns)));
    }
    QVERIFY(layout.scrolls || layout.tile(count - 1).bottom() < viewport.height());
    QCOMPARE(layout.at({layout.tile(0).left() - 1, layout.tile(0).top()}), -1);
}

} // namespace nmf::ui

QTEST_GUILESS_MAIN(nmf::ui::TestReduce)
#include "tst_reduce.moc"
