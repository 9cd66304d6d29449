#include "tests/support/finished_window.h"
#include "tests/support/study_watch.h"
#include "ui/model/result_matrices.h"
#include "ui/panels/brush.h"
#include "ui/plot/image_grid.h"

#include <QContextMenuEvent>
#include <QInputDialog>
#include <QPushButton>
#include <QSpinBox>

using namespace nmf;
using namespace nmf::ui;
using namespace finished_window;
using namespace window_driver;
using Phase = Study::Phase;

/// What is done to components, by mouse and keys in the window.
class TestHands : public QObject, WindowTest
{
    Q_OBJECT

private slots:
    void initTestCase() { prepare(); }
    void init() { beginAfresh(); }
    void cleanup() { QCOMPARE(ownComplaints(), QStringList()); }

    void theMenuChangesComponents_data();
    void theMenuChangesComponents();
    void aPartIsMergedWithAnother();
    void theKeysUndoAndRedo();
    void aPartIsRenamedAndColoured();
    void aPartIsMoved();
    void theContextMenuIsForTheTileUnderThePointer();
    void theMenuKnowsWhatMakesSense();
    void aPartHeldSoftlyMovesALittle();
    void zerosArePainted();
};

void TestHands::theMenuChangesComponents_data()
{
    QTest::addColumn<QString>("id");
    QTest::addColumn<int>("more");
    for (const auto& [id, more] : {std::pair("duplicate", 1), std::pair("split", 1), std::pair("delete", -1),
                                   std::pair("from-worst", 0), std::pair("lock-w", 0), std::pair("lock-h", 0)})
        QTest::newRow(id) << id << more;
}

void TestHands::theMenuChangesComponents()
{
    QFETCH(QString, id);
    QFETCH(int, more);
    const auto window = windowAfter(3);
    const StudyWatch watch(window->study());
    const Index rank = window->study().options().rank;
    act(*window, 1, id);
    awaitEdits(*window, 1);
    QCOMPARE(window->study().options().rank, rank + more);
    // It goes on from there.
    press(*window, Qt::Key_Period);
    QTRY_COMPARE(iterationOf(*window), 1);
    QCOMPARE(watch.wrong, QStringList());
    QVERIFY(!messages(*window)->isVisible());
}

void TestHands::aPartIsMergedWithAnother()
{
    const auto window = windowAfter(3);
    const Index rank = window->study().options().rank;
    window->selection().selectComponent(0);
    auto* menu = window->findChild<QMenu*>("component-menu");
    emit menu->aboutToShow();
    QMenu* partners = nullptr;
    for (QAction* action : menu->actions())
        if (action->menu() && action->text().contains("Merge"))
            partners = action->menu();
    QVERIFY(partners);
    QCOMPARE(partners->actions().size(), static_cast<qsizetype>(rank) - 1);
    partners->actions().front()->trigger();
    awaitEdits(*window, 1);
    QCOMPARE(window->study().options().rank, rank - 1);
}

void TestHands::theKeysUndoAndRedo()
{
    const auto window = windowAfter(3);
    const auto before = window->study().snapshot();
    act(*window, 1, "delete");
    awaitEdits(*window, 1);
    auto* undo = window->findChild<QAction*>("undo");
    QVERIFY2(undo->text().contains("deleting part 2"), qPrintable(undo->text()));
    press(*window, Qt::Key_Z, Qt::ControlModifier);
    awaitEdits(*window, 0);
    QVERIFY(*window->study().snapshot()->W == *before->W);
    QVERIFY(!undo->isEnabled());
    press(*window, Qt::Key_Z, Qt::ControlModifier | Qt::ShiftModifier);
    awaitEdits(*window, 1);
    QCOMPARE(window->study().options().rank, before->options.rank - 1);
}

void TestHands::aPartIsRenamedAndColoured()
{
    const auto window = windowAfter(3);
    act(*window, 1, "rename");
    auto* dialog = window->findChild<QInputDialog*>("component-name");
    QVERIFY(dialog && dialog->isVisible());
    dialog->setTextValue("upper bar");
    dialog->accept();
    QCOMPARE(componentName(window->study().labels(), 1), std::string("upper bar"));
    QVERIFY(window->findChild<ImageGrid*>("basis-images")->table().header.contains("upper bar"));
    const Snapshot& snapshot = *window->study().snapshot();
    const auto matrices = resultMatrices({ResultMatrix::W, ResultMatrix::H}, *snapshot.dataset, snapshot.options,
                                         {*snapshot.W, *snapshot.Ht}, {}, window->study().labels().names);
    QCOMPARE(matrices[0].columnNames[1], std::string("upper bar"));
    QCOMPARE(matrices[0].columnNames[0], std::string("component 1"));
    QCOMPARE(matrices[1].rowNames[1], std::string("upper bar"));
}

void TestHands::aPartIsMoved()
{
    const auto window = windowAfter(3);
    const std::vector<Index> order = window->study().shownOrder();
    act(*window, static_cast<int>(order[0]), "right");
    QVERIFY(window->study().shownOrder()[1] == order[0]);
    auto* gallery = window->findChild<TileArea*>("basis-images");
    QVERIFY(gallery->rectOf(static_cast<int>(order[1])).left() < gallery->rectOf(static_cast<int>(order[0])).left());
    act(*window, static_cast<int>(order[0]), "by-energy");
    QVERIFY(window->study().shownOrder() == order);
}

void TestHands::theContextMenuIsForTheTileUnderThePointer()
{
    const auto window = windowAfter(3);
    auto* gallery = window->findChild<TileArea*>("basis-images");
    auto* menu = window->findChild<QMenu*>("component-menu");
    const QPoint at = gallery->rectOf(2).center();
    QContextMenuEvent event(QContextMenuEvent::Mouse, at, gallery->viewport()->mapToGlobal(at));
    QCoreApplication::sendEvent(gallery->viewport(), &event);
    QCOMPARE(window->selection().component(), 2);
    QTRY_VERIFY(menu->isVisible());
    menu->hide();
}

void TestHands::theMenuKnowsWhatMakesSense()
{
    const auto window = windowAfter(3);
    const auto enabled = [&](const char* id) {
        return window->findChild<QAction*>(QStringLiteral("component-") + id)->isEnabled();
    };
    window->selection().clear();
    for (const char* id : {"lock-w", "rename", "delete", "split", "paint", "release"})
        QVERIFY2(!enabled(id), id);
    window->selection().selectComponent(1);
    QVERIFY(enabled("split") && enabled("delete") && enabled("paint"));
    QVERIFY(!enabled("from-sample") && !enabled("release") && !enabled("by-energy"));
    window->selection().selectSample(3);
    QVERIFY(enabled("from-sample"));
    act(*window, 1, "lock-w");
    awaitEdits(*window, 1);
    QTRY_VERIFY(window->findChild<QAction*>("component-lock-w")->isChecked());
    QCOMPARE(window->selection().component(), 1);
    QVERIFY(!enabled("split") && !enabled("paint") && enabled("delete"));
}

void TestHands::aPartHeldSoftlyMovesALittle()
{
    const auto window = windowAfter(3);
    window->selection().selectComponent(1);
    QAction* freely = window->findChild<QAction*>("component-soft-w-0");
    QVERIFY(freely->isChecked());
    act(*window, 1, "soft-w-1");
    awaitEdits(*window, 1);
    QTRY_VERIFY(window->findChild<QAction*>("component-soft-w-1")->isChecked());
    QVERIFY(!freely->isChecked() && !window->findChild<QAction*>("component-split")->isEnabled());
    const Matrix<double> before = *window->study().shown()->W;
    window->study().continueFor(20);
    QTRY_COMPARE(window->study().phase(), Phase::Finished);
    const Matrix<double> after = *window->study().snapshot()->W;
    const double most = ((after.col(1) - before.col(1)).array() / before.col(1).array().max(1e-300)).abs().maxCoeff();
    QVERIFY2(most > 0 && most <= 0.01 * (1 + 1e-12), qPrintable(QString::number(most)));
    QVERIFY((after.col(0) - before.col(0)).norm() > 0.01 * before.col(0).norm());
    act(*window, 1, "soft-w-0");
    awaitEdits(*window, 2);
    QTRY_VERIFY(window->study().options().lockW.none());
}

void TestHands::zerosArePainted()
{
    const auto window = windowAfter(3);
    act(*window, 1, "paint");
    auto* canvas = window->findChild<BrushCanvas*>();
    QVERIFY(canvas && canvas->isVisible());
    auto* apply = window->findChild<QPushButton*>("brush-apply");
    QVERIFY(!apply->isEnabled());
    window->findChild<QSpinBox*>("brush-size")->setValue(1);
    QTest::mouseClick(canvas, Qt::LeftButton, {}, canvas->positionOf(1, 0));
    QCOMPARE(canvas->entries().size(), std::size_t{1});
    QCOMPARE(canvas->entries().front().row, Index{1});
    canvas->clear();
    QVERIFY(!apply->isEnabled());
    QTest::mouseClick(canvas, Qt::LeftButton, {}, canvas->positionOf(0, 0));
    window->findChild<QAbstractButton*>("brush-one")->click();
    QTest::keyClick(canvas, Qt::Key_Right);
    QTest::keyClick(canvas, Qt::Key_Return);
    QCOMPARE(canvas->entries().size(), std::size_t{2});
    const double most = window->study().shown()->W->col(1).maxCoeff();
    click(apply);
    awaitEdits(*window, 1);
    window->study().continueFor(4);
    QTRY_COMPARE(window->study().phase(), Phase::Finished);
    QCOMPARE((*window->study().snapshot()->W)(0, 1), 0.0);
    QCOMPARE((*window->study().snapshot()->W)(1, 1), most);
    QVERIFY(window->findChild<QAction*>("component-release")->isEnabled());
}

QTEST_MAIN(TestHands)
#include "tst_hands.moc"
