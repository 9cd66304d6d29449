#include "tests/support/pointer.h"
#include "tests/support/window_driver.h"
#include "ui/plot/image_grid.h"
#include "ui/plot/tile_drag.h"

#include <QComboBox>
#include <QScrollBar>

using namespace nmf;
using namespace nmf::ui;
using namespace window_driver;

namespace
{

/// A gallery of six tiles, three side by side, which can be dragged.
struct Gallery
{
    ImageGrid grid;
    TileDrag* drag = new TileDrag(&grid);
    QSignalSpy dropped{drag, &TileDrag::dropped};
    QWidget* view = grid.viewport();

    explicit Gallery(int count = 6)
    {
        const auto values = std::make_shared<const Matrix<double>>(Matrix<double>::Ones(16, count));
        std::vector<ImageGrid::Tile> tiles;
        // Components are not numbered as they stand.
        for (int tile = 0; tile < count; ++tile)
            tiles.push_back({.label = {.component = 10 + tile, .caption = QString::number(tile)},
                             .values = values,
                             .column = tile,
                             .height = 4,
                             .width = 4,
                             .channels = 1});
        grid.setColumns(3);
        grid.resize(400, 300);
        grid.setTiles(std::move(tiles));
        grid.show();
    }

    /// A place in a tile: 0 is its left edge, 1 its right one.
    QPoint in(int component, double across) const
    {
        const QRect rect = grid.rectOf(component);
        return {rect.left() + static_cast<int>(across * rect.width()), rect.center().y()};
    }

    void take(int component, QPoint to)
    {
        QTest::mousePress(view, Qt::LeftButton, {}, grid.rectOf(component).center());
        pointer::drag(*view, to);
    }
    void letGo(QPoint at) { QTest::mouseRelease(view, Qt::LeftButton, {}, at); }
};

} // namespace

/// Tiles are dragged to another place, and so are the components they stand for.
class TestTileDrag : public QObject, WindowTest
{
    Q_OBJECT

private slots:
    void initTestCase() { prepare(); }
    void init() { beginAfresh(); }
    void cleanup()
    {
        // Qt says of a release that nobody wants that nobody wanted it.
        complaints().removeIf([](const QString& text) { return text.startsWith("Mouse event "); });
        QCOMPARE(complaints(), QStringList());
    }

    void aTileGoesWhereItIsDropped_data();
    void aTileGoesWhereItIsDropped();
    void aClickThatTremblesIsNoDrag();
    void whatWasBegunIsLeft_data();
    void whatWasBegunIsLeft();
    void theGalleryScrollsAtItsEdges();
    void aPartIsDraggedInTheWindow_data();
    void aPartIsDraggedInTheWindow();
};

void TestTileDrag::aTileGoesWhereItIsDropped_data()
{
    QTest::addColumn<int>("over");
    QTest::addColumn<double>("across");
    QTest::addColumn<bool>("moves");
    QTest::addColumn<int>("before");
    QTest::newRow("before the first") << 10 << 0.2 << true << 10;
    QTest::newRow("behind the first is where it is") << 10 << 0.8 << false << 0;
    QTest::newRow("on itself") << 11 << 0.3 << false << 0;
    QTest::newRow("on the right half of itself") << 11 << 0.9 << false << 0;
    QTest::newRow("before its neighbour is where it is") << 12 << 0.3 << false << 0;
    QTest::newRow("at the end of a row") << 12 << 0.8 << true << 13;
    QTest::newRow("in another row") << 14 << 0.3 << true << 14;
    QTest::newRow("behind all") << 15 << 0.8 << true << -1;
}

void TestTileDrag::aTileGoesWhereItIsDropped()
{
    QFETCH(int, over);
    QFETCH(double, across);
    QFETCH(bool, moves);
    QFETCH(int, before);
    Gallery gallery;
    const QPoint at = gallery.in(over, across);
    gallery.take(11, gallery.in(11, 0.5) + QPoint(40, 0));
    QVERIFY(gallery.drag->active());
    pointer::drag(*gallery.view, at);
    QCOMPARE(gallery.drag->indicator().isVisible(), moves);
    if (moves) {
        // Beside the tile, nearer to that edge than to the other.
        const QRect bar = gallery.drag->indicator().geometry(), tile = gallery.grid.rectOf(over);
        QVERIFY(bar.top() == tile.top() && bar.height() > tile.height() / 2);
        QVERIFY(!bar.intersects(tile));
        QCOMPARE(bar.center().x() < tile.center().x(), across < 0.5);
    }
    gallery.letGo(at);
    QVERIFY(!gallery.drag->active() && !gallery.drag->indicator().isVisible());
    QCOMPARE(gallery.dropped.count(), moves ? 1 : 0);
    if (moves)
        QCOMPARE(gallery.dropped.front(), QVariantList({11, before}));
}

void TestTileDrag::aClickThatTremblesIsNoDrag()
{
    Gallery gallery;
    QSignalSpy selected(&gallery.grid, &TileArea::selected);
    const QPoint at = gallery.in(12, 0.5);
    gallery.take(12, at + QPoint(2, 2));
    QVERIFY(!gallery.drag->active());
    gallery.letGo(at + QPoint(2, 2));
    QCOMPARE(selected.count(), 1);
    // With the button up, the pointer drags nothing.
    pointer::hover(*gallery.view, gallery.in(10, 0.1));
    QVERIFY(!gallery.drag->active());
    // Ctrl adds to what is chosen, and between tiles there is nothing to drag.
    QTest::mousePress(gallery.view, Qt::LeftButton, Qt::ControlModifier, at);
    pointer::drag(*gallery.view, gallery.in(10, 0.1));
    gallery.letGo(gallery.in(10, 0.1));
    QTest::mousePress(gallery.view, Qt::LeftButton, {}, {1, 1});
    pointer::drag(*gallery.view, gallery.in(10, 0.1));
    gallery.letGo(gallery.in(10, 0.1));
    QCOMPARE(gallery.dropped.count(), 0);
}

void TestTileDrag::whatWasBegunIsLeft_data()
{
    QTest::addColumn<QString>("how");
    for (const char* how : {"Escape", "another button", "the tile is gone", "the button is up"})
        QTest::newRow(how) << how;
}

void TestTileDrag::whatWasBegunIsLeft()
{
    QFETCH(QString, how);
    Gallery gallery;
    const QPoint at = gallery.in(10, 0.1);
    gallery.take(14, at);
    QVERIFY(gallery.drag->active() && gallery.drag->indicator().isVisible());
    if (how == "Escape")
        QTest::keyClick(&gallery.grid, Qt::Key_Escape);
    else if (how == "another button")
        QTest::mousePress(gallery.view, Qt::RightButton, {}, at);
    else if (how == "the tile is gone")
        gallery.grid.setTiles({});
    else
        pointer::hover(*gallery.view, at);
    if (how != "the tile is gone")
        QVERIFY(!gallery.drag->active() && !gallery.drag->indicator().isVisible());
    gallery.letGo(at);
    QCOMPARE(gallery.dropped.count(), 0);
    QVERIFY(!gallery.drag->active());
}

void TestTileDrag::theGalleryScrollsAtItsEdges()
{
    Gallery gallery(90);
    QScrollBar* bar = gallery.grid.verticalScrollBar();
    QVERIFY(bar->maximum() > 0);
    gallery.take(10, {20, gallery.view->height() - 1});
    QTRY_COMPARE(bar->value(), bar->maximum());
    // It goes where it was last held, among the last ones.
    gallery.letGo({20, gallery.view->height() - 1});
    QCOMPARE(gallery.dropped.count(), 1);
    QVERIFY(gallery.dropped.front().at(1).toInt() > 90);
}

void TestTileDrag::aPartIsDraggedInTheWindow_data()
{
    QTest::addColumn<int>("order");
    QTest::newRow("ordered by share") << 0;
    QTest::newRow("ordered by sparseness") << 1;
}

void TestTileDrag::aPartIsDraggedInTheWindow()
{
    QFETCH(int, order);
    const auto window = shownWindow();
    openByCard(*window, "bars");
    window->study().setOptions([&] {
        Options options = window->study().options();
        options.maxIterations = 3;
        return options;
    }());
    runToTheEnd(*window);
    window->editor().settle();
    window->editor().stack().clear();
    auto* box = window->findChild<QComboBox*>("montage-order");
    auto* grid = window->findChild<ImageGrid*>("basis-images");
    box->setCurrentIndex(order);
    const auto shown = [&] {
        std::vector<Index> components;
        for (const TileLabel& label : grid->tileLabels())
            components.push_back(label.component);
        return components;
    };
    if (order == 1)
        QTRY_VERIFY(shown() != window->study().shownOrder());
    std::vector<Index> wanted = shown();
    const std::vector<Index> before = window->study().shownOrder();
    const auto dragged = static_cast<int>(wanted[2]), first = static_cast<int>(wanted[0]);
    wanted.erase(wanted.begin() + 2);
    wanted.insert(wanted.begin(), dragged);
    const QPoint to = grid->rectOf(first).center() - QPoint(grid->rectOf(first).width() / 3, 0);
    QTest::mousePress(grid->viewport(), Qt::LeftButton, {}, grid->rectOf(dragged).center());
    pointer::drag(*grid->viewport(), to);
    QTest::mouseRelease(grid->viewport(), Qt::LeftButton, {}, to);
    QCOMPARE(shown(), wanted);
    QCOMPARE(window->study().shownOrder(), wanted);
    QCOMPARE(box->currentIndex(), 0);
    QVERIFY(window->findChild<QAction*>("undo")->text().contains(QStringLiteral("moving part %1").arg(dragged + 1)));
    press(*window, Qt::Key_Z, Qt::ControlModifier);
    QCOMPARE(window->study().shownOrder(), before);
}

QTEST_MAIN(TestTileDrag)
#include "tst_tile_drag.moc"
