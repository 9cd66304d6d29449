#include "tests/support/study_driver.h"
#include "tests/support/study_watch.h"
#include "ui/model/component_editor.h"

using namespace nmf;
using namespace nmf::ui;
using namespace study_driver;
using Phase = Study::Phase;

namespace
{

Options hals(const Study& study, int iterations)
{
    Options options = study.options();
    options.algorithm = {"hals", {}};
    options.maxIterations = iterations;
    options.tolerance = 0;
    return options;
}

/// A study whose run rests at its end, and an editor for it.
struct Edited
{
    Study study;
    StudyWatch watch{study};
    ComponentEditor editor{study};
    QSignalSpy refused{&editor, &ComponentEditor::refused};

    explicit Edited(int iterations = 10)
    {
        openNow(study, bars);
        study.setOptions(hals(study, iterations));
        study.run();
        QTRY_COMPARE(study.phase(), Phase::Finished);
        editor.settle();
        editor.stack().clear();
    }

    /// Waits until an edit is made and what it led to is shown.
    void await(const std::function<void()>& edit)
    {
        editor.settle();
        const int index = editor.stack().index();
        edit();
        QTRY_COMPARE(editor.stack().index(), index + 1);
        QTRY_VERIFY(study.snapshot()->run == study.runs().back().number);
    }

    /// Takes the last edit back and waits for what was before.
    void undo()
    {
        editor.undo();
        QTRY_VERIFY(study.snapshot()->run == study.runs().back().number);
    }
};

using Order = std::function<void(ComponentEditor&)>;

} // namespace

Q_DECLARE_METATYPE(Order)

/// Edits of components as a person makes them: the run goes on from each, and each is undone.
class TestComponentEditor : public QObject
{
    Q_OBJECT

private slots:
    void anEditIsGoneOnFromAndUndone_data();
    void anEditIsGoneOnFromAndUndone();
    void aRunningRunGoesOnFromAnEdit();
    void anEditOfThePastBeginsThere();
    void aLockedPartStaysToTheBit();
    void aLockedRowStaysToo();
    void paintedPixelsStayUntilTheyAreReleased();
    void theAlgorithmGivesWayWhereItServesNoLock();
    void labelsAreUndone();
    void namesStayWithTheirParts();
    void partsAreMovedByHand();
    void aChangeOfTheModelIsUndone();
    void anotherRankIsUndoneToTheFactorsOfBefore();
    void anotherRankLeavesTheGivenStart();
    void whatCannotBeDoneIsRefused();
    void otherDataHaveNothingToUndo();
};

void TestComponentEditor::anEditIsGoneOnFromAndUndone_data()
{
    QTest::addColumn<Order>("order");
    QTest::addColumn<int>("more");
    QTest::newRow("delete") << Order([](ComponentEditor& editor) { editor.remove(1); }) << -1;
    QTest::newRow("duplicate") << Order([](ComponentEditor& editor) { editor.duplicate(0); }) << 1;
    QTest::newRow("merge") << Order([](ComponentEditor& editor) { editor.merge(0, 2); }) << -1;
    QTest::newRow("split") << Order([](ComponentEditor& editor) { editor.split(3); }) << 1;
    QTest::newRow("from the worst") << Order([](ComponentEditor& editor) { editor.beginFromWorst(2); }) << 0;
    QTest::newRow("from a sample") << Order([](ComponentEditor& editor) { editor.beginFromSample(2, 5); }) << 0;
    QTest::newRow("from a region") << Order([](ComponentEditor& editor) {
        editor.beginFromRegion(2, {0, 1, 5, 6});
    }) << 0;
    QTest::newRow("lock") << Order([](ComponentEditor& editor) { editor.setLocked(Side::Basis, 2, true); }) << 0;
    QTest::newRow("soft lock") << Order([](ComponentEditor& editor) { editor.setSoft(Side::Basis, 2, 0.05); }) << 0;
    QTest::newRow("paint") << Order([](ComponentEditor& editor) { editor.paint(2, {{0, 1}, {1, 0}}); }) << 0;
}

void TestComponentEditor::anEditIsGoneOnFromAndUndone()
{
    QFETCH(Order, order);
    QFETCH(int, more);
    Edited edited(4);
    Study& study = edited.study;
    const auto before = study.snapshot();
    const std::vector<Record> records = study.runs().back().records;
    edited.await([&] { order(edited.editor); });
    QCOMPARE(study.phase(), Phase::Paused);
    QCOMPARE(study.options().rank, before->options.rank + more);
    QCOMPARE(study.snapshot()->options.rank, before->options.rank + more);
    QVERIFY(study.options().start);
    const Frame& begin = study.history().of(study.snapshot()->run).front();
    QVERIFY(begin.W->isApprox(study.options().start->W, 1e-12) && begin.Ht->isApprox(study.options().start->Ht, 1e-12));
    const Options after = study.options();

    edited.undo();
    QVERIFY(study.snapshot()->W == before->W || *study.snapshot()->W == *before->W);
    QVERIFY(*study.snapshot()->Ht == *before->Ht);
    QVERIFY(study.options().start == before->options.start);
    QVERIFY(study.options().lockW == before->options.lockW);
    QCOMPARE(study.phase(), Phase::Finished);
    QCOMPARE(study.runs().back().records.size(), records.size());
    QCOMPARE(study.snapshot()->record.objective, records.back().objective);

    edited.editor.redo();
    QTRY_VERIFY(study.snapshot()->run == study.runs().back().number);
    QVERIFY(study.options().start == after.start);
    QCOMPARE(study.phase(), Phase::Paused);
    QCOMPARE(edited.refused.count(), 0);
    QCOMPARE(edited.watch.wrong, QStringList());
    QCOMPARE(edited.watch.errors, QStringList());
}

void TestComponentEditor::aRunningRunGoesOnFromAnEdit()
{
    Edited edited;
    runEndlessly(edited.study);
    QTRY_VERIFY(edited.study.snapshot()->run == edited.study.runs().back().number);
    edited.await([&] { edited.editor.remove(0); });
    QCOMPARE(edited.study.phase(), Phase::Running);
    QTRY_VERIFY(iterationOf(edited.study) > 0);
    edited.undo();
    QCOMPARE(edited.study.phase(), Phase::Running);
    edited.study.stop();
    QCOMPARE(edited.watch.wrong, QStringList());
}

void TestComponentEditor::anEditOfThePastBeginsThere()
{
    Edited edited;
    Study& study = edited.study;
    study.showFrame(study.snapshot()->run, 3);
    const auto then = study.shown();
    edited.await([&] { edited.editor.setLocked(Side::Basis, 0, true); });
    QVERIFY(study.showsNewest());
    QVERIFY(study.options().start->W == *then->W);
    edited.undo();
    QCOMPARE(iterationOf(study), 3);
    QVERIFY(*study.snapshot()->W == *then->W);
}

void TestComponentEditor::aLockedPartStaysToTheBit()
{
    Edited edited(3);
    Study& study = edited.study;
    const Matrix<double> W = *study.snapshot()->W;
    edited.await([&] { edited.editor.setLocked(Side::Basis, 1, true); });
    QVERIFY(edited.editor.isLocked(Side::Basis, 1) && !edited.editor.isLocked(Side::Basis, 0));
    study.continueFor(5);
    QTRY_COMPARE(study.phase(), Phase::Finished);
    QVERIFY(study.snapshot()->W->col(1) == W.col(1));
    QVERIFY(study.snapshot()->W->col(0) != W.col(0));
    edited.await([&] { edited.editor.setLocked(Side::Basis, 1, false); });
    study.continueFor(5);
    QTRY_COMPARE(study.phase(), Phase::Finished);
    QVERIFY(study.snapshot()->W->col(1) != W.col(1));
}

void TestComponentEditor::aLockedRowStaysToo()
{
    Edited edited(3);
    Study& study = edited.study;
    const Matrix<double> Ht = *study.snapshot()->Ht;
    edited.await([&] { edited.editor.setLocked(Side::Coefficients, 1, true); });
    study.continueFor(5);
    QTRY_COMPARE(study.phase(), Phase::Finished);
    QVERIFY(study.snapshot()->Ht->col(1) == Ht.col(1));
    QVERIFY(study.snapshot()->Ht->col(0) != Ht.col(0));
}

void TestComponentEditor::paintedPixelsStayUntilTheyAreReleased()
{
    Edited edited(3);
    Study& study = edited.study;
    edited.await([&] { edited.editor.paint(0, {{2, 0.75}, {3, 0.75}}); });
    study.continueFor(5);
    QTRY_COMPARE(study.phase(), Phase::Finished);
    QCOMPARE((*study.snapshot()->W)(2, 0), 0.75);
    QCOMPARE((*study.snapshot()->W)(3, 0), 0.75);
    edited.await([&] { edited.editor.release(0); });
    study.continueFor(5);
    QTRY_COMPARE(study.phase(), Phase::Finished);
    QVERIFY((*study.snapshot()->W)(2, 0) != 0.75);
}

void TestComponentEditor::theAlgorithmGivesWayWhereItServesNoLock()
{
    Edited edited(3);
    Study& study = edited.study;
    Options options = study.options();
    options.algorithm = {"online", {}};
    study.setOptions(options);
    study.restart();
    QTRY_COMPARE(study.phase(), Phase::Finished);
    QSignalSpy told(&edited.editor, &ComponentEditor::told);
    edited.await([&] { edited.editor.setLocked(Side::Basis, 0, true); });
    QVERIFY(study.options().algorithm.id != "online");
    QCOMPARE(told.count(), 1);
    QCOMPARE(edited.watch.errors, QStringList());
}

void TestComponentEditor::labelsAreUndone()
{
    Edited edited;
    Study& study = edited.study;
    edited.editor.rename(1, "  the   nose ");
    QCOMPARE(componentName(study.labels(), 1), std::string("the nose"));
    edited.editor.recolor(1, "#0072b2");
    edited.undo();
    QCOMPARE(colorOf(study.labels(), 1), std::string());
    QCOMPARE(componentName(study.labels(), 1), std::string("the nose"));
    edited.undo();
    QCOMPARE(componentName(study.labels(), 1), std::string("2"));
    edited.editor.redo();
    QCOMPARE(componentName(study.labels(), 1), std::string("the nose"));
    // What changes nothing is nothing to undo.
    const int index = edited.editor.stack().index();
    edited.editor.rename(1, "the nose");
    QCOMPARE(edited.editor.stack().index(), index);
}

void TestComponentEditor::namesStayWithTheirParts()
{
    Edited edited;
    Study& study = edited.study;
    edited.editor.rename(2, "nose");
    edited.await([&] { edited.editor.remove(0); });
    QCOMPARE(componentName(study.labels(), 1), std::string("nose"));
    // A restart begins with the same parts.
    study.restart();
    QCOMPARE(componentName(study.runs().back().labels, 1), std::string("nose"));
    QTRY_VERIFY(study.phase() == Phase::Finished && study.snapshot()->run == study.runs().back().number);
    edited.undo();
    QCOMPARE(componentName(study.labels(), 2), std::string("nose"));
    edited.undo();
    QCOMPARE(componentName(study.labels(), 2), std::string("3"));
    // Those of another start are others.
    edited.editor.redo();
    Options options = study.options();
    options.rank = 3;
    study.setOptions(options);
    study.restart();
    QVERIFY(study.runs().back().labels == ComponentLabels{});
}

void TestComponentEditor::partsAreMovedByHand()
{
    Edited edited;
    Study& study = edited.study;
    const std::vector<Index> energy = study.snapshot()->order;
    QVERIFY(study.shownOrder() == energy);
    edited.editor.move(energy[0], 1);
    std::vector<Index> wanted = energy;
    std::swap(wanted[0], wanted[1]);
    QVERIFY(study.shownOrder() == wanted);
    // At the end there is nowhere to go.
    edited.editor.move(wanted.back(), 1);
    QVERIFY(study.shownOrder() == wanted);
    edited.editor.orderByEnergy();
    QVERIFY(study.shownOrder() == energy);
    edited.undo();
    QVERIFY(study.shownOrder() == wanted);
}

void TestComponentEditor::aChangeOfTheModelIsUndone()
{
    Edited edited;
    Study& study = edited.study;
    const Options before = study.options();
    for (const double weight : {0.1, 0.2, 0.3}) {
        Options options = study.options();
        options.onW.l2 = options.onH.l2 = weight;
        study.setOptions(options);
    }
    // Changes in a row are one; to take it back it need not have settled.
    edited.editor.undo();
    QCOMPARE(study.options().onW.l2, before.onW.l2);
    QCOMPARE(study.runs().size(), std::size_t{1});
    edited.editor.redo();
    QCOMPARE(study.options().onW.l2, 0.3);
}

void TestComponentEditor::anotherRankIsUndoneToTheFactorsOfBefore()
{
    Edited edited;
    Study& study = edited.study;
    runEndlessly(study);
    QTRY_VERIFY(study.snapshot()->run == study.runs().back().number);
    study.pause();
    settle(study);
    const auto before = study.snapshot();
    edited.editor.settle();
    Options options = study.options();
    options.rank = 3;
    study.setOptions(options);
    QTRY_VERIFY(study.snapshot()->options.rank == 3);
    edited.undo();
    QCOMPARE(study.options().rank, before->options.rank);
    QTRY_COMPARE(iterationOf(study), before->record.iteration);
    QVERIFY(*study.snapshot()->W == *before->W);
}

void TestComponentEditor::anotherRankLeavesTheGivenStart()
{
    Edited edited;
    Study& study = edited.study;
    edited.await([&] { edited.editor.setLocked(Side::Basis, 0, true); });
    QSignalSpy said(&study, &Study::message);
    Options options = study.options();
    options.rank = 3;
    study.setOptions(options);
    QVERIFY(!study.options().start && study.options().lockW.none());
    QCOMPARE(said.count(), 1);
    QTRY_VERIFY(study.snapshot()->options.rank == 3);
    QCOMPARE(edited.watch.errors, QStringList());
}

void TestComponentEditor::whatCannotBeDoneIsRefused()
{
    Study study;
    ComponentEditor editor(study);
    QSignalSpy refused(&editor, &ComponentEditor::refused);
    editor.remove(0);
    QCOMPARE(refused.count(), 1);
    openNow(study, bars);
    Options options = hals(study, 3);
    options.rank = 1;
    study.setOptions(options);
    study.run();
    QTRY_COMPARE(study.phase(), Phase::Finished);
    const int index = editor.stack().index();
    editor.remove(0);
    QTRY_COMPARE(refused.count(), 2);
    QVERIFY(refused.back().front().toString().contains("only part"));
    QVERIFY(editor.stack().index() <= index + 1);
    QCOMPARE(study.options().rank, Index{1});
}

void TestComponentEditor::otherDataHaveNothingToUndo()
{
    Edited edited;
    edited.await([&] { edited.editor.remove(0); });
    openNow(edited.study, QStringLiteral("sample:worked-example"));
    QVERIFY(!edited.editor.stack().canUndo());
    QTest::qWait(20);
    edited.editor.undo();
    QCOMPARE(edited.study.phase(), Phase::Ready);
}

QTEST_GUILESS_MAIN(TestComponentEditor)
#include "tst_component_editor.moc"
