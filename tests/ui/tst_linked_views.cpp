#include "tests/support/five_tables.h"
#include "tests/support/pointer.h"
#include "ui/views/parts_view.h"
#include "ui/views/residual_view.h"

#include <QCheckBox>
#include <QDockWidget>
#include <QPushButton>
#include <QSlider>
#include <QSpinBox>
#include <QToolTip>

#include <cmath>

using namespace nmf;
using namespace nmf::ui;
using namespace window_driver;

namespace
{

/// The gallery of the basis that is seen.
TileArea* basisOf(MainWindow& window)
{
    auto* images = window.findChild<TileArea*>("basis-images");
    return images->isVisible() ? images : window.findChild<TileArea*>("basis-bars");
}

QString readoutOf(MainWindow& window)
{
    return window.findChild<QLabel*>("readout")->text();
}

void raise(MainWindow& window, const char* dock)
{
    window.findChild<QDockWidget*>(dock)->raise();
    QTest::qWait(1);
}

/// Clicks the middle of a sample's picture, or of the column, in H.
void clickSample(MainWindow& window, int component, int sample)
{
    auto* heatmap = window.findChild<Heatmap*>("coefficients");
    if (heatmap->isVisible()) {
        pointer::click(*heatmap, heatmap->positionOf(component, sample).toPoint());
        return;
    }
    auto* maps = window.findChild<ImageGrid*>("coefficients-maps");
    QVERIFY(maps->isVisible());
    const QRect tile = maps->tileLayout().pictureOf(0);
    const Axis& axis = window.study().dataset()->samples;
    const QPoint pixel(static_cast<int>(sample % axis.width), static_cast<int>(sample / axis.width));
    pointer::click(*maps->viewport(),
                   tile.topLeft() + QPoint((2 * pixel.x() + 1) * tile.width() / static_cast<int>(2 * axis.width),
                                           (2 * pixel.y() + 1) * tile.height() / static_cast<int>(2 * axis.height)));
}

} // namespace

/// One selection in all views, the parts of a sample, and what is left of it, on data of all kinds.
class TestLinkedViews : public QObject, WindowTest
{
    Q_OBJECT

private slots:
    void initTestCase() { prepare(); }
    void init() { beginAfresh(); }
    void cleanup()
    {
        complaints().removeAll("This plugin does not support raise()");
        QCOMPARE(complaints(), QStringList());
    }

    void pointingSaysWhatIsThere_data() { five_tables::addRows(); }
    void pointingSaysWhatIsThere();
    void aClickTakesASampleApart_data() { five_tables::addRows(); }
    void aClickTakesASampleApart();
    void aComponentHasItsStrongest_data() { five_tables::addRows(); }
    void aComponentHasItsStrongest();
    void whatIsLeftIsShown_data() { five_tables::addRows(); }
    void whatIsLeftIsShown();

    void controlAddsComponentsInAllViews();
    void keysMoveTheSelection();
    void keysAreLeftToWhoWantsThem();
    void partsAreAddedOneAtATime();
    void aPartIsSwitchedOffAndWeighed();
    void solvingAgainFindsTheBestWeights();
    void aNewPartBeginsFromTheResidual_data();
    void aNewPartBeginsFromTheResidual();
    void aPictureOfTheDataIsASample();
    void anotherRunKeepsTheSelection();
    void figuresOfTheNewViewsAreDrawn();
};

void TestLinkedViews::pointingSaysWhatIsThere()
{
    NEEDS_TEST_DATA();
    QFETCH(int, table);
    const auto window = shownWindow();
    five_tables::openAndRun(*window, table);
    const Snapshot& shown = *window->study().shown();
    window->selection().selectSample(1);
    TileArea* basis = basisOf(*window);
    const int component = static_cast<int>(shown.order[0]);
    const QPoint inTile = basis->tileLayout().pictureOf(0).topLeft() + QPoint(8, 9);
    pointer::hover(*basis->viewport(), inTile);
    const Pointed at = window->selection().pointed();
    QCOMPARE(at.component, component);
    QCOMPARE(at.sample, 1);
    QVERIFY(at.feature >= 0);
    const QString text = readoutOf(*window);
    QVERIFY2(text.contains(QStringLiteral(" · component %1 · W ").arg(component + 1)), qPrintable(text));
    QVERIFY2(text.contains("WH ") || text.contains("the model says"), qPrintable(text));
    QTRY_COMPARE(QToolTip::text(), text);
    // A click selects what was pointed at, and keeps saying it.
    pointer::click(*basis->viewport(), inTile);
    QCOMPARE(window->selection().component(), component);
    QCOMPARE(window->selection().feature(), at.feature);
    pointer::hover(*basis->viewport(), {1, 1});
    QVERIFY(window->selection().pointed().nothing());
    QCOMPARE(readoutOf(*window), text);
}

void TestLinkedViews::aClickTakesASampleApart()
{
    NEEDS_TEST_DATA();
    QFETCH(int, table);
    const auto window = shownWindow();
    five_tables::openAndRun(*window, table);
    clickSample(*window, 2, 7);
    const int sample = window->selection().sample();
    QVERIFY(sample >= 0);
    raise(*window, "parts");
    auto* parts = window->findChild<PartsView*>();
    QTRY_VERIFY(parts->reconstruction() && parts->reconstruction()->sample == sample);
    const Snapshot& shown = *window->study().shown();
    const Reconstruction& made = *parts->reconstruction();
    QCOMPARE(made.parts.size(), std::size_t(5));
    const Vector<double> model = *shown.W * shown.Ht->row(sample).transpose();
    QVERIFY((made.model - model).norm() <= 1e-9 * (1 + model.norm()));
    QVERIFY(window->findChild<QLabel*>("parts-error")->text().startsWith("error "));
    // Each piece of the sum is drawn, by what the features are.
    const bool pixels = window->study().dataset()->features.kind == Axis::Kind::Pixels;
    for (const char* name : {"parts-v", "parts-wh", "parts-residual"}) {
        auto* picture = window->findChild<SamplePicture*>(name);
        QVERIFY(picture->isVisible());
        QCOMPARE(qobject_cast<ImageGrid*>(picture->currentWidget()) != nullptr, pixels);
        QCOMPARE(qobject_cast<TileArea*>(picture->currentWidget())->tileLayout().count, 1);
    }
    QCOMPARE(window->findChildren<PartTile*>().size(), 5);
}

void TestLinkedViews::aComponentHasItsStrongest()
{
    NEEDS_TEST_DATA();
    QFETCH(int, table);
    const auto window = shownWindow();
    five_tables::openAndRun(*window, table);
    raise(*window, "component");
    window->selection().selectComponent(1);
    const Snapshot& shown = *window->study().shown();
    const Dataset& dataset = *window->study().dataset();
    Index strongest = 0;
    shown.Ht->col(1).maxCoeff(&strongest);
    auto* pictures = window->findChild<ImageGrid*>("strongest-pictures");
    auto* map = window->findChild<ImageGrid*>("strongest-map");
    auto* list = window->findChild<BarGrid*>("strongest-list");
    if (dataset.samples.kind == Axis::Kind::Pixels) {
        QTRY_VERIFY(map->isVisible());
        pointer::click(*map->viewport(), map->tileLayout().pictureOf(0).center());
        QVERIFY(window->selection().sample() >= 0);
    } else if (dataset.features.kind == Axis::Kind::Pixels) {
        QTRY_VERIFY(pictures->isVisible());
        QTRY_COMPARE(pictures->tileLayout().count, 24);
        pointer::click(*pictures->viewport(), pictures->tileLayout().pictureOf(0).center());
        QCOMPARE(window->selection().sample(), int(strongest));
    } else {
        QTRY_VERIFY(list->isVisible());
        QTRY_COMPARE(list->tileLayout().count, 1);
        pointer::click(*list->viewport(), list->tileLayout().pictureOf(0).topLeft() + QPoint(20, 8));
        QCOMPARE(window->selection().sample(), int(strongest));
    }
    auto* features = window->findChild<BarGrid*>("strongest-features");
    QCOMPARE(features->isVisible(), dataset.features.kind != Axis::Kind::Pixels);
    if (!features->isVisible())
        return;
    Index feature = 0;
    shown.W->col(1).maxCoeff(&feature);
    pointer::click(*features->viewport(), features->tileLayout().pictureOf(0).topLeft() + QPoint(20, 8));
    QCOMPARE(window->selection().feature(), int(feature));
}

void TestLinkedViews::whatIsLeftIsShown()
{
    NEEDS_TEST_DATA();
    QFETCH(int, table);
    const auto window = shownWindow();
    five_tables::openAndRun(*window, table);
    raise(*window, "residuals");
    auto* view = window->findChild<ResidualView*>();
    QTRY_VERIFY(view->residuals() && view->residuals()->snapshot == window->study().shown());
    const Residuals& residuals = *view->residuals();
    QVERIFY(residuals.cells->rows() <= ResidualJob::mostRows && residuals.cells->cols() <= ResidualJob::mostColumns);
    // The loss of the run and the residual are of the same thing.
    QVERIFY(std::abs(residuals.relativeError - window->study().shown()->record.relativeError) < 1e-6);
    auto* tabs = window->findChild<QTabWidget*>("residual-tabs");
    auto* heatmap = window->findChild<Heatmap*>("residual-heatmap");
    // Of the cells that share a pixel the one that is seen is clicked.
    const Index row = residuals.cells->rows() / 2, column = residuals.cells->cols() / 2;
    const QPoint middle = heatmap->positionOf(row, column).toPoint();
    pointer::hover(*heatmap, middle);
    const Pointed pointed = window->selection().pointed();
    pointer::click(*heatmap, middle);
    QCOMPARE(window->selection().sample(), pointed.sample);
    QCOMPARE(window->selection().feature(), pointed.feature);
    QVERIFY(std::abs(residuals.rowOf(pointed.feature) - row) <= residuals.cells->rows() / 20);
    QVERIFY(std::abs(residuals.columnOf(pointed.sample) - column) <= residuals.cells->cols() / 20 + 1);
    tabs->setCurrentIndex(1);
    auto* picture = window->findChild<SamplePicture*>("residual-sample");
    QTRY_COMPARE(qobject_cast<TileArea*>(picture->currentWidget())->tileLayout().count, 1);
    // The first in the list of samples is the worst.
    tabs->setCurrentIndex(2);
    Index worst = 0;
    residuals.ofSamples->col(0).maxCoeff(&worst);
    auto* samples = window->findChild<BarGrid*>("residual-samples");
    QTRY_VERIFY(samples->isVisible() && samples->tileLayout().count == 1);
    QTest::qWait(1);
    pointer::click(*samples->viewport(), samples->tileLayout().pictureOf(0).topLeft() + QPoint(20, 8));
    QCOMPARE(window->selection().sample(), int(worst));
    // So does the outermost bar lead to the sample of the entry farthest out.
    tabs->setCurrentIndex(4);
    auto* histogram = window->findChild<BarGrid*>("residual-histogram");
    QTRY_VERIFY(histogram->isVisible() && histogram->tileLayout().count == 1);
    QTest::qWait(1);
    const QString said = window->findChild<QLabel*>("residual-title")->text();
    QVERIFY2(said.contains("outliers") == (residuals.outliers.bound > 0), qPrintable(said));
    const Index last = residuals.histogram.counts->rows() - 1;
    if (const Index sample = residuals.worstIn(last).sample; sample >= 0) {
        const QRect bars = histogram->tileLayout().pictureOf(0);
        pointer::click(*histogram->viewport(), QPoint(bars.right() - 6, bars.bottom() - 8));
        QCOMPARE(window->selection().sample(), int(sample));
    }
}

void TestLinkedViews::controlAddsComponentsInAllViews()
{
    const auto window = shownWindow();
    openByCard(*window, "bars");
    runToTheEnd(*window);
    TileArea* basis = basisOf(*window);
    pointer::click(*basis->viewport(), basis->rectOf(2).center());
    pointer::click(*basis->viewport(), basis->rectOf(0).center(), Qt::ControlModifier);
    QCOMPARE(window->selection().components(), (std::vector<int>{2, 0}));
    QCOMPARE(basis->framedComponents(), (std::vector<int>{2, 0}));
    auto* heatmap = window->findChild<Heatmap*>("coefficients");
    QCOMPARE(heatmap->selectedRows(), (std::vector<int>{2, 0}));
    // Taken out in another view.
    pointer::click(*heatmap, heatmap->positionOf(2, 4).toPoint(), Qt::ControlModifier);
    QCOMPARE(basis->framedComponents(), std::vector<int>{0});
    QCOMPARE(window->selection().sample(), -1);
}

void TestLinkedViews::keysMoveTheSelection()
{
    const auto window = shownWindow();
    openByCard(*window, "bars");
    runToTheEnd(*window);
    window->setFocus();
    const std::vector<Index> order = window->study().shown()->order;
    press(*window, Qt::Key_3);
    QCOMPARE(window->selection().component(), int(order[2]));
    press(*window, Qt::Key_Down);
    QCOMPARE(window->selection().component(), int(order[3]));
    press(*window, Qt::Key_Up);
    press(*window, Qt::Key_Up);
    QCOMPARE(window->selection().component(), int(order[1]));
    press(*window, Qt::Key_Right);
    press(*window, Qt::Key_Right);
    QCOMPARE(window->selection().sample(), 1);
    press(*window, Qt::Key_Left);
    press(*window, Qt::Key_Left);
    QCOMPARE(window->selection().sample(), 0);
}

void TestLinkedViews::keysAreLeftToWhoWantsThem()
{
    const auto window = shownWindow();
    openByCard(*window, "bars");
    runToTheEnd(*window);
    auto* limit = window->findChild<QSpinBox*>("iterations");
    limit->setFocus();
    limit->selectAll();
    QTest::keyClicks(limit, "321");
    QTest::keyClick(limit, Qt::Key_Up);
    QCOMPARE(limit->value(), 322);
    QCOMPARE(window->selection().component(), -1);
    QCOMPARE(window->selection().sample(), -1);
}

void TestLinkedViews::partsAreAddedOneAtATime()
{
    const auto window = shownWindow();
    openByCard(*window, "bars");
    runToTheEnd(*window);
    window->selection().selectSample(3);
    raise(*window, "parts");
    auto* parts = window->findChild<PartsView*>();
    QTRY_VERIFY(parts->reconstruction());
    auto* first = window->findChild<QSlider*>("parts-first");
    const int all = first->maximum();
    QCOMPARE(all, int(window->study().shown()->W->cols()));
    QCOMPARE(first->value(), all);
    first->setFocus();
    QTest::keyClick(first, Qt::Key_Home);
    QCOMPARE(parts->reconstruction()->model.norm(), 0.0);
    QCOMPARE(parts->reconstruction()->error, 1.0);
    double before = 1;
    for (int count = 1; count <= all; ++count) {
        QTest::keyClick(first, Qt::Key_Right);
        QCOMPARE(std::ranges::count_if(parts->reconstruction()->parts, &SamplePart::on), count);
        QVERIFY(parts->reconstruction()->error <= before + 1e-9);
        before = parts->reconstruction()->error;
    }
    QVERIFY(std::abs(before - parts->reconstruction()->foundError) < 1e-12);
}

void TestLinkedViews::aPartIsSwitchedOffAndWeighed()
{
    const auto window = shownWindow();
    openByCard(*window, "bars");
    runToTheEnd(*window);
    window->selection().selectSample(3);
    raise(*window, "parts");
    auto* parts = window->findChild<PartsView*>();
    QTRY_VERIFY(parts->reconstruction());
    const SamplePart largest = parts->reconstruction()->parts.front();
    const double found = parts->reconstruction()->error;
    auto* on = window->findChild<QCheckBox*>(QStringLiteral("part-on-%1").arg(largest.component));
    on->click();
    QVERIFY(parts->reconstruction()->error > found + 0.1);
    QVERIFY(window->findChild<QLabel*>("parts-error")->text().contains("as found"));
    on->click();
    QVERIFY(std::abs(parts->reconstruction()->error - found) < 1e-12);
    auto* weight = window->findChild<QSlider*>(QStringLiteral("part-weight-%1").arg(largest.component));
    QTest::keyClick(weight, Qt::Key_End);
    QCOMPARE(parts->reconstruction()->parts.front().weight, 1.5 * largest.found);
    QVERIFY(parts->reconstruction()->error > found);
    click(window->findChild<QPushButton*>("parts-found"));
    QCOMPARE(parts->reconstruction()->parts.front().weight, largest.found);
    QVERIFY(!window->findChild<QPushButton*>("parts-found")->isEnabled());
}

void TestLinkedViews::solvingAgainFindsTheBestWeights()
{
    const auto window = shownWindow();
    openByCard(*window, "bars");
    runToTheEnd(*window);
    window->selection().selectSample(3);
    raise(*window, "parts");
    auto* parts = window->findChild<PartsView*>();
    QTRY_VERIFY(parts->reconstruction());
    const double found = parts->reconstruction()->error;
    const Index largest = parts->reconstruction()->parts.front().component;
    auto* weight = window->findChild<QSlider*>(QStringLiteral("part-weight-%1").arg(largest));
    QTest::keyClick(weight, Qt::Key_Home);
    QVERIFY(parts->reconstruction()->error > found + 0.1);
    click(window->findChild<QPushButton*>("parts-solve"));
    QTRY_VERIFY(parts->reconstruction()->error <= found + 1e-9);
    // Another sample begins with nothing changed.
    press(*window, Qt::Key_Right);
    window->selection().selectSample(4);
    QTRY_VERIFY(parts->reconstruction()->sample == 4);
    QVERIFY(!window->findChild<QPushButton*>("parts-found")->isEnabled());
}

void TestLinkedViews::aNewPartBeginsFromTheResidual_data()
{
    QTest::addColumn<QString>("button");
    QTest::newRow("of one sample") << "part-from-sample";
    QTest::newRow("of all samples") << "part-from-all";
}

void TestLinkedViews::aNewPartBeginsFromTheResidual()
{
    QFETCH(QString, button);
    const auto window = shownWindow();
    openByCard(*window, "bars");
    Options options = window->study().options();
    options.rank = 3;
    window->study().setOptions(options);
    runToTheEnd(*window);
    const Matrix<double> before = *window->study().shown()->W;
    const double error = window->study().shown()->record.relativeError;
    raise(*window, "residuals");
    QVERIFY(!window->findChild<QPushButton*>("part-from-sample")->isEnabled());
    window->selection().selectSample(2);
    click(window->findChild<QPushButton*>(button));
    QTRY_COMPARE(window->study().runs().size(), std::size_t{2});
    QTRY_VERIFY(window->study().snapshot()->W->cols() == 4);
    QTRY_VERIFY(rests(*window));
    QCOMPARE(window->study().options().rank, Index{4});
    QVERIFY((window->study().snapshot()->W->leftCols(3) - before).norm() <= 1e-9 * before.norm());
    QVERIFY(window->study().snapshot()->record.relativeError < error);
    QCOMPARE(window->selection().sample(), 2);
}

void TestLinkedViews::aPictureOfTheDataIsASample()
{
    const auto window = shownWindow();
    openByCard(*window, "bars");
    auto* montage = window->findChild<QLabel*>("data-montage");
    const QSize shown = montage->pixmap().deviceIndependentSize().toSize();
    const QPoint corner((montage->width() - shown.width()) / 2, (montage->height() - shown.height()) / 2);
    // The second picture of the first row, of which there are six.
    const QPoint at = corner + QPoint(shown.width() / 4, shown.height() / 8);
    pointer::hover(*montage, at);
    QCOMPARE(window->selection().pointed().sample, 1);
    QVERIFY(readoutOf(*window).contains("V "));
    pointer::click(*montage, at);
    QCOMPARE(window->selection().sample(), 1);
}

void TestLinkedViews::anotherRunKeepsTheSelection()
{
    const auto window = shownWindow();
    openByCard(*window, "bars");
    runToTheEnd(*window);
    window->selection().selectSample(3);
    window->selection().selectComponent(1);
    press(*window, Qt::Key_R);
    QTRY_COMPARE(window->study().phase(), Study::Phase::Finished);
    QCOMPARE(window->selection().sample(), 3);
    // Nor the component, as long as there are as many.
    QCOMPARE(window->selection().component(), 1);
    openNow(*window, m_good);
    QCOMPARE(window->selection().sample(), -1);
}

void TestLinkedViews::figuresOfTheNewViewsAreDrawn()
{
    const auto window = shownWindow();
    openByCard(*window, "bars");
    runToTheEnd(*window);
    window->selection().selectSample(3);
    raise(*window, "parts");
    auto* parts = window->findChild<PartsView*>();
    QTRY_VERIFY(parts->reconstruction());
    const QImage picture = parts->figure()->image();
    QVERIFY(picture.width() > 200);
    // The pictures are dark, the paper is white.
    int dark = 0;
    for (int x = 0; x < picture.width(); ++x)
        dark += qGray(picture.pixel(x, picture.height() / 2)) < 100;
    QVERIFY(dark > 50);
    const FigureTable table = parts->figure()->table();
    QCOMPARE(table.rows.size(), std::size_t(window->study().shown()->W->cols()));
    raise(*window, "residuals");
    auto* residuals = window->findChild<ResidualView*>();
    QTRY_VERIFY(residuals->residuals());
    QVERIFY(!residuals->figure()->table().isEmpty());
}

QTEST_MAIN(TestLinkedViews)
#include "tst_linked_views.moc"
