#include "core/measures/sparseness.h"
#include "tests/support/window_driver.h"
#include "ui/model/part_measures.h"
#include "ui/plot/composite_image.h"
#include "ui/plot/heatmap.h"
#include "ui/plot/image_grid.h"
#include "ui/views/basis_view.h"

#include <QSpinBox>
#include <QWheelEvent>

using namespace nmf;
using namespace nmf::ui;
using namespace window_driver;

namespace
{

/// Parts of 2 × 2 pixels: the first two alike, the third like neither, the fourth like the third.
std::shared_ptr<const Matrix<double>> fourParts()
{
    auto W = std::make_shared<Matrix<double>>(4, 4);
    *W << 4, 1, 0, 0, //
        2, 1, 0, 0,   //
        0, 0, 3, 1,   //
        0, 0, 0, 1;
    return W;
}

ImageGrid* images(const MainWindow& window)
{
    return window.findChild<ImageGrid*>("basis-images");
}

/// The components in the order of their tiles, by where these are.
std::vector<int> orderOn(const ImageGrid& grid)
{
    std::vector<int> order;
    for (int i = 0; i < grid.tileLayout().count; ++i)
        order.push_back(grid.componentAt(grid.tileLayout().pictureOf(i).center()));
    return order;
}

/// A window whose run of bars has ended.
std::unique_ptr<MainWindow> finished()
{
    auto window = shownWindow();
    openByCard(*window, "bars");
    runToTheEnd(*window);
    return window;
}

void choose(MainWindow& window, const char* box, int index)
{
    auto* combo = window.findChild<QComboBox*>(box);
    QVERIFY(combo);
    combo->setCurrentIndex(index);
}

QStringList captionsOf(ImageGrid& grid)
{
    QStringList captions;
    for (const TileLabel& label : grid.tileLabels())
        captions << label.caption;
    return captions;
}

} // namespace

/// The workbench for pictures: arranging, looking closer, several parts in one picture.
class TestMontage : public QObject, WindowTest
{
    Q_OBJECT

private slots:
    void initTestCase()
    {
        prepare();
        QLocale::setDefault(QLocale::c());
    }
    void init() { beginAfresh(); }
    void cleanup() { QCOMPARE(complaints(), QStringList()); }

    void partsAreMeasuredAndChained();
    void gapAndColumnsAreAsWanted();
    void orderAndCaptionsAreAsWanted();
    void aDoubleClickShowsOnePartAndArrowsLeadOn();
    void allTilesShowTheSameRegion();
    void coloursAreAdded();
    void atMostEightPartsAreShownTogether();
    void whatIsTickedIsSelectedAndTheOtherWayRound();
    void thePictureOfPartsIsAFigure();
};

void TestMontage::partsAreMeasuredAndChained()
{
    const PartMeasures measures = measuresOf(fourParts(), {2, 0, 3, 1});
    QCOMPARE(measures.support, (std::vector<double>{0.5, 0.5, 0.25, 0.5}));
    QCOMPARE(measures.sparseness[2], 1.0);
    for (Index a = 0; a < 4; ++a)
        QCOMPARE(measures.sparseness[std::size_t(a)], sparseness(fourParts()->col(a)));
    QCOMPARE(measures.bySparseness, (std::vector<Index>{2, 0, 3, 1}));
    // From the largest to the most similar, and among equals to the largest.
    QCOMPARE(measures.bySimilarity, (std::vector<Index>{2, 3, 0, 1}));
}

void TestMontage::gapAndColumnsAreAsWanted()
{
    const auto window = finished();
    const TileLayout before = images(*window)->tileLayout();
    window->findChild<QSpinBox*>("montage-tile-gap")->setValue(30);
    QCOMPARE(images(*window)->tileLayout().gap, 30);
    QVERIFY(images(*window)->tileLayout().picture.width() < before.picture.width());
    auto* columns = window->findChild<QSpinBox*>("montage-tile-columns");
    for (const int wanted : {1, 2, before.columns + 1}) {
        columns->setValue(wanted);
        QCOMPARE(images(*window)->tileLayout().columns, wanted);
        QVERIFY(images(*window)->tileLayout().tile(wanted - 1).right() < images(*window)->viewport()->width());
    }
    columns->setValue(1000);
    QVERIFY(images(*window)->tileLayout().columns <= before.count);
    // Remembered.
    const auto next = shownWindow();
    QCOMPARE(next->findChild<QSpinBox*>("montage-tile-gap")->value(), 30);
    QCOMPARE(images(*next)->tileLayout().gap, 30);
}

void TestMontage::orderAndCaptionsAreAsWanted()
{
    const auto window = finished();
    const auto snapshot = window->study().snapshot();
    const PartMeasures measures = measuresOf(snapshot->W, snapshot->order);
    const auto asInts = [](const std::vector<Index>& order) { return std::vector<int>(order.begin(), order.end()); };
    QCOMPARE(orderOn(*images(*window)), asInts(snapshot->order));
    choose(*window, "montage-order", 1);
    QTRY_COMPARE(orderOn(*images(*window)), asInts(measures.bySparseness));
    choose(*window, "montage-order", 2);
    QTRY_COMPARE(orderOn(*images(*window)), asInts(measures.bySimilarity));
    choose(*window, "montage-order", 0);
    choose(*window, "montage-caption", 1);
    const Index first = snapshot->order.front();
    QTRY_COMPARE(captionsOf(*images(*window)).front(),
                 QString("%1 · %2").arg(first + 1).arg(measures.sparseness[std::size_t(first)], 0, 'f', 3));
    choose(*window, "montage-caption", 2);
    const auto pixels = std::lround(measures.support[std::size_t(first)] * double(snapshot->W->rows()));
    QTRY_VERIFY2(captionsOf(*images(*window)).front().startsWith(QString("%1 · %2 px, ").arg(first + 1).arg(pixels)),
                 qPrintable(captionsOf(*images(*window)).front()));
}

void TestMontage::aDoubleClickShowsOnePartAndArrowsLeadOn()
{
    const auto window = finished();
    ImageGrid& grid = *images(*window);
    const std::vector<Index> order = window->study().snapshot()->order;
    const int width = grid.tileLayout().picture.width();
    const auto all = orderOn(grid);
    QTest::mouseDClick(grid.viewport(), Qt::LeftButton, {}, grid.rectOf(int(order[1])).center());
    QCOMPARE(orderOn(grid), std::vector<int>{int(order[1])});
    QVERIFY(grid.tileLayout().picture.width() > width);
    grid.setFocus();
    QTest::keyClick(&grid, Qt::Key_Right);
    QCOMPARE(orderOn(grid), std::vector<int>{int(order[2])});
    QCOMPARE(window->selection().component(), int(order[2]));
    QTest::keyClick(&grid, Qt::Key_Home);
    QTest::keyClick(&grid, Qt::Key_Left);
    QCOMPARE(orderOn(grid), std::vector<int>{int(order[0])});
    QTest::keyClick(&grid, Qt::Key_End);
    QCOMPARE(orderOn(grid), std::vector<int>{int(order.back())});
    // Chosen elsewhere, shown here.
    window->selection().selectComponent(int(order[3]));
    QCOMPARE(orderOn(grid), std::vector<int>{int(order[3])});
    QTest::keyClick(&grid, Qt::Key_Escape);
    QCOMPARE(orderOn(grid), all);
    QTest::keyClick(&grid, Qt::Key_Return);
    QCOMPARE(orderOn(grid), std::vector<int>{int(order[3])});
    // A run of fewer parts than this one shows them all.
    Options options = window->study().options();
    options.rank = 2;
    window->study().setOptions(options);
    runToTheEnd(*window);
    QTRY_COMPARE(grid.tileLayout().count, order[3] < 2 ? 1 : 2);
}

void TestMontage::allTilesShowTheSameRegion()
{
    const auto window = finished();
    ImageGrid& grid = *images(*window);
    const QSize whole(int(window->study().dataset()->features.width), int(window->study().dataset()->features.height));
    QVERIFY(grid.region().isEmpty());
    QSignalSpy hovered(&grid, &ImageGrid::hovered);
    const auto turn = [&](QPoint at, int delta) {
        QWheelEvent wheel(at, grid.viewport()->mapToGlobal(at), {}, {0, delta}, Qt::NoButton, Qt::ShiftModifier,
                          Qt::NoScrollPhase, false);
        QCoreApplication::sendEvent(grid.viewport(), &wheel);
    };
    const QRect picture = grid.tileLayout().pictureOf(1);
    turn(picture.topLeft() + QPoint(2, 2), 120 * 3);
    QVERIFY(grid.region().width() < whole.width() && grid.region().height() < whole.height());
    QCOMPARE(grid.region().topLeft(), QPoint(0, 0));
    // The pointer tells the pixel of the whole picture.
    grid.setRegion(QRect(2, 1, 4, 4));
    const QPoint first = grid.tileLayout().pictureOf(0).topLeft() + QPoint(1, 1);
    QMouseEvent move(QEvent::MouseMove, first, grid.viewport()->mapToGlobal(first), Qt::NoButton, Qt::NoButton,
                     Qt::NoModifier);
    QCoreApplication::sendEvent(grid.viewport(), &move);
    QCOMPARE(hovered.back()[1].toInt(), 2);
    QCOMPARE(hovered.back()[2].toInt(), 1);
    const auto snapshot = window->study().snapshot();
    QCOMPARE(hovered.back()[3].toDouble(), (*snapshot->W)(1 * whole.width() + 2, snapshot->order.front()));
    grid.setFocus();
    QTest::keyClick(&grid, Qt::Key_Escape);
    QVERIFY(grid.region().isEmpty());
    turn(picture.center(), 120);
    turn(picture.center(), -1200);
    QVERIFY(grid.region().isEmpty());
}

void TestMontage::coloursAreAdded()
{
    CompositeImage image;
    const auto W = fourParts();
    image.setParts(
        {{"one", QColor(255, 0, 0), W, 0}, {"two", QColor(0, 0, 255), W, 1}, {"three", QColor(0, 255, 0), W, 2}}, 2, 2,
        1);
    // Each from black to its own largest number.
    QCOMPARE(image.picture().pixelColor(0, 0), QColor(255, 0, 255));
    QCOMPARE(image.picture().pixelColor(1, 0), QColor(128, 0, 255));
    QCOMPARE(image.picture().pixelColor(0, 1), QColor(0, 255, 0));
    QCOMPARE(image.picture().pixelColor(1, 1), QColor(0, 0, 0));
    image.setParts({{"one", QColor(200, 100, 0), W, 0}, {"two", QColor(200, 100, 0), W, 1}}, 2, 2, 1);
    QCOMPARE(image.picture().pixelColor(0, 0), QColor(255, 200, 0));
    // A part that is not there is left out.
    image.setParts({{"five", Qt::white, W, 5}}, 2, 2, 1);
    QVERIFY(image.table().rows.size() == 4 && image.table().header.size() == 2);
}

void TestMontage::atMostEightPartsAreShownTogether()
{
    const auto window = finished();
    auto* together = window->findChild<QToolButton*>("basis-together");
    click(together);
    auto* image = window->findChild<CompositeImage*>("composite");
    auto* list = window->findChild<QListWidget*>("composite-parts");
    QVERIFY(image->isVisible());
    const Index rank = window->study().options().rank;
    QCOMPARE(list->count(), int(rank));
    QVERIFY(rank > 8);
    const auto ticked = [list] {
        int count = 0;
        for (int i = 0; i < list->count(); ++i)
            count += list->item(i)->checkState() == Qt::Checked;
        return count;
    };
    QCOMPARE(ticked(), 4);
    QCOMPARE(list->item(int(window->study().snapshot()->order[0]))->checkState(), Qt::Checked);
    const QImage before = image->picture();
    for (int i = 0; i < list->count(); ++i)
        list->item(i)->setCheckState(Qt::Checked);
    QCOMPARE(ticked(), 8);
    QVERIFY(image->picture() != before);
    QCOMPARE(image->table().header.size(), 2 + 8);
    for (int i = 0; i < list->count(); ++i)
        QCOMPARE(bool(list->item(i)->flags() & Qt::ItemIsUserCheckable), list->item(i)->checkState() == Qt::Checked);
    // Without one there is room for another.
    for (int i = 0; i < list->count() && ticked() == 8; ++i)
        list->item(i)->setCheckState(Qt::Unchecked);
    QCOMPARE(ticked(), 7);
    QVERIFY(list->item(list->count() - 1)->flags() & Qt::ItemIsUserCheckable);
    click(together);
    QVERIFY(images(*window)->isVisible());
    openNow(*window, m_good);
    QVERIFY(!together->isVisible());
}

void TestMontage::whatIsTickedIsSelectedAndTheOtherWayRound()
{
    const auto window = finished();
    Selection& selection = window->selection();
    selection.selectComponents({5, 2});
    auto* together = window->findChild<QToolButton*>("basis-together");
    click(together);
    auto* list = window->findChild<QListWidget*>("composite-parts");
    auto* image = window->findChild<CompositeImage*>("composite");
    // Two are enough to be seen together: no others are put to them.
    QCOMPARE(selection.components(), (std::vector<int>{5, 2}));
    QCOMPARE(image->table().header.mid(2), (QStringList{"Part 6", "Part 3"}));
    list->item(7)->setCheckState(Qt::Checked);
    QCOMPARE(selection.components(), (std::vector<int>{5, 2, 7}));
    QCOMPARE(window->findChild<Heatmap*>("coefficients")->selectedRows(), selection.components());
    selection.toggleComponent(5);
    QCOMPARE(list->item(5)->checkState(), Qt::Unchecked);
    QCOMPARE(image->table().header.mid(2), (QStringList{"Part 3", "Part 8"}));
    // A ninth is selected, and has no colour until there is room.
    for (const int part : {0, 1, 3, 4, 6, 8})
        selection.toggleComponent(part);
    selection.toggleComponent(5);
    QCOMPARE(list->item(5)->checkState(), Qt::Checked);
    QVERIFY(!image->table().header.contains("Part 6"));
    list->item(0)->setCheckState(Qt::Unchecked);
    QVERIFY(image->table().header.contains("Part 6"));
    click(together);
    QCOMPARE(images(*window)->framedComponents(), selection.components());
}

void TestMontage::thePictureOfPartsIsAFigure()
{
    const auto window = finished();
    auto* basis = window->findChild<BasisView*>();
    QVERIFY(basis->figure() == static_cast<Figure*>(images(*window)));
    click(window->findChild<QToolButton*>("basis-together"));
    auto* image = window->findChild<CompositeImage*>("composite");
    QVERIFY(basis->figure() == static_cast<Figure*>(image));
    const QImage exported = basis->figure()->image(1);
    QCOMPARE(exported.pixelColor(1, 1), QColor(Qt::white));
    // The legend has each part's colour.
    for (int i = 0; i < 4; ++i) {
        bool found = false;
        for (int x = 0; x < exported.width() && !found; ++x)
            for (int y = exported.height() / 2; y < exported.height() && !found; ++y)
                found = exported.pixelColor(x, y) == CompositeImage::colors()[std::size_t(i)];
        QVERIFY(found);
    }
    basis->figure()->save(m_folder.filePath("together.svg"));
    QVERIFY(QFileInfo(m_folder.filePath("together.svg")).size() > 1000);
}

QTEST_MAIN(TestMontage)
#include "tst_montage.moc"
