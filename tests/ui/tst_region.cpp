#include "tests/support/pointer.h"
#include "tests/support/window_driver.h"
#include "ui/panels/brush_canvas.h"

#include <QAbstractButton>
#include <QComboBox>
#include <QDialog>
#include <QLabel>
#include <QSpinBox>

using namespace nmf;
using namespace nmf::ui;
using namespace window_driver;
using Phase = Study::Phase;

/// A component begins anew where the user marks a picture, by mouse and keys in the window.
class TestRegion : public QObject, WindowTest
{
    Q_OBJECT

private slots:
    void initTestCase() { prepare(); }
    void init() { beginAfresh(); }
    void cleanup() { QCOMPARE(complaints(), QStringList()); }

    void aRectangleIsWhereThePartBegins();
    void thePicturesAreMeans();
    void pixelsAreMarkedByKeysAndBrush_data();
    void pixelsAreMarkedByKeysAndBrush();
    void whatIsNoPictureHasNoRegion();

private:
    /// The bars after a few iterations, and the dialog for a component of them.
    static std::unique_ptr<MainWindow> windowWithDialog(int component)
    {
        auto window = shownWindow();
        openByCard(*window, "bars");
        Options options = window->study().options();
        options.algorithm = {"hals", {}};
        options.maxIterations = 3;
        options.tolerance = 0;
        window->study().setOptions(options);
        runToTheEnd(*window);
        window->editor().settle();
        window->editor().stack().clear();
        window->selection().selectComponent(component);
        window->findChild<QAction*>("component-from-region")->trigger();
        return window;
    }

    static BrushCanvas* canvasOf(MainWindow& window)
    {
        return window.findChild<QDialog*>("region-dialog")->findChild<BrushCanvas*>();
    }

    template <class Widget = QAbstractButton>
    static Widget* control(MainWindow& window, const char* name)
    {
        return window.findChild<QDialog*>("region-dialog")->findChild<Widget*>(name);
    }
};

void TestRegion::aRectangleIsWhereThePartBegins()
{
    const auto window = windowWithDialog(1);
    const auto before = window->study().snapshot();
    const Index width = before->dataset->features.width;
    BrushCanvas* canvas = canvasOf(*window);
    auto* apply = control(*window, "region-apply");
    QVERIFY(canvas->isVisible() && !apply->isEnabled());
    // From the lower right to the upper left, which is the same.
    QTest::mousePress(canvas, Qt::LeftButton, {}, canvas->positionOf(2, 1));
    pointer::drag(*canvas, canvas->positionOf(1, 1));
    QVERIFY(canvas->isEmpty());
    pointer::drag(*canvas, canvas->positionOf(1, 0));
    QTest::mouseRelease(canvas, Qt::LeftButton, {}, canvas->positionOf(1, 0));
    const std::vector<Index> marked{1, 2, width + 1, width + 2};
    QCOMPARE(canvas->rows(), marked);
    click(apply);
    QTRY_COMPARE(window->editor().stack().index(), 1);
    QTRY_VERIFY(window->study().snapshot()->run == window->study().runs().back().number);
    const ComponentEdit expected =
        begunFromRegion(*before->dataset, before->options, {*before->W, *before->Ht}, 1, marked);
    QVERIFY(window->study().options().start->W == expected.factors.W);
    QVERIFY(window->study().options().start->Ht == expected.factors.Ht);
    window->findChild<QAction*>("undo")->trigger();
    QTRY_COMPARE(window->editor().stack().index(), 0);
    QTRY_VERIFY(*window->study().snapshot()->W == *before->W);
}

void TestRegion::thePicturesAreMeans()
{
    const auto window = windowWithDialog(0);
    auto* picture = control<QComboBox>(*window, "region-picture");
    QTRY_VERIFY(picture->isEnabled());
    QVERIFY(control<QLabel>(*window, "region-state")->text().isEmpty());
    BrushCanvas* canvas = canvasOf(*window);
    const auto& snapshot = window->study().snapshot();
    const Matrix<double> pictures =
        regionPictures(*snapshot->dataset, snapshot->options, {*snapshot->W, *snapshot->Ht}, 0);
    // What is painted bright has the largest number of the picture beneath.
    canvas->setInk(BrushCanvas::Ink::Bright);
    QTest::mouseClick(canvas, Qt::LeftButton, {}, canvas->positionOf(0, 0));
    for (const int index : {1, 0}) {
        picture->setCurrentIndex(index);
        QCOMPARE(canvas->entries().front().value, pictures.col(index).maxCoeff());
    }
}

void TestRegion::pixelsAreMarkedByKeysAndBrush_data()
{
    QTest::addColumn<bool>("brush");
    QTest::newRow("rectangle") << false;
    QTest::newRow("brush") << true;
}

void TestRegion::pixelsAreMarkedByKeysAndBrush()
{
    QFETCH(bool, brush);
    const auto window = windowWithDialog(2);
    const Index width = window->study().dataset()->features.width;
    BrushCanvas* canvas = canvasOf(*window);
    if (brush) {
        control(*window, "region-brush")->click();
        control<QSpinBox>(*window, "region-brush-size")->setValue(1);
    }
    // The mouse has put the cursor there; a click is a rectangle of one.
    QTest::mouseClick(canvas, Qt::LeftButton, {}, canvas->positionOf(0, 0));
    QTest::keyClick(canvas, Qt::Key_Down);
    QTest::keyClick(canvas, Qt::Key_Return);
    QTest::keyClick(canvas, Qt::Key_Right);
    QTest::keyClick(canvas, Qt::Key_Down);
    QTest::keyClick(canvas, Qt::Key_Return);
    const std::vector<Index> corners{0, width, 2 * width + 1}, all{0, width, width + 1, 2 * width, 2 * width + 1};
    QCOMPARE(canvas->rows(), brush ? corners : all);
    auto* apply = control(*window, "region-apply");
    QVERIFY(apply->isEnabled());
    click(control(*window, "region-clear"));
    QVERIFY(canvas->isEmpty() && !apply->isEnabled());
}

void TestRegion::whatIsNoPictureHasNoRegion()
{
    const auto window = shownWindow();
    openNow(*window, m_good);
    runToTheEnd(*window);
    window->selection().selectComponent(0);
    QVERIFY(window->findChild<QAction*>("component-from-worst")->isEnabled());
    QVERIFY(!window->findChild<QAction*>("component-from-region")->isEnabled());
}

QTEST_MAIN(TestRegion)
#include "tst_region.moc"
