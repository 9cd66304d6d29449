#include "tests/support/promptly.h"
#include "tests/support/study_driver.h"
#include "tests/support/study_watch.h"

#include <QElapsedTimer>

using namespace nmf;
using namespace nmf::ui;
using namespace study_driver;
using Phase = Study::Phase;

/// The orders that a study gives a run: step, pause, stop, go on.
class TestStudyRuns : public QObject
{
    Q_OBJECT

private slots:
    void aRunEndsAndSaysWhy();
    void aRunPausesAndGoesOn();
    void aStepIsExactlyOneIteration();
    void stepsAskedForInARowAreAllMade();
    void halfAStepMovesHThenW();
    void aStepBeginsARunThatRests();
    void aStoppedRunKeepsItsFactors();
    void stoppingWhileTheStartIsComputedLeavesNothingBehind();
    void restartingBeginsAtTheStart();
    void aFinishedRunGoesOnForExactlySoMany();
    void aRunThatWentOnHasTheRecordsOfOneThatNeverRested();
    void aPausedRunGoesOnForExactlySoMany();
    void aRunningRunGetsSoManyOnTop();
    void ordersRightAfterTheEndAreAllObeyed();
    void theWindowsRunHasTheBitsOfTheBatchRun_data();
    void theWindowsRunHasTheBitsOfTheBatchRun();

private:
    study_driver::Files m_files;
};

void TestStudyRuns::aRunEndsAndSaysWhy()
{
    Study study;
    StudyWatch watch(study);
    openNow(study, bars);
    Options options = study.options();
    options.maxIterations = 30;
    options.tolerance = 0;
    study.setOptions(options);
    study.run();
    QCOMPARE(study.phase(), Phase::Running);
    QCOMPARE(study.iterationLimit(), 30);
    QTRY_COMPARE(study.phase(), Phase::Finished);
    QCOMPARE(iterationOf(study), 30);
    QVERIFY(study.snapshot()->ended == Termination::IterationLimit);
    QVERIFY(!study.snapshot()->endSentence.empty());
    QCOMPARE(study.runs().size(), std::size_t{1});
    QCOMPARE(study.runs().back().records.size(), std::size_t{31});
    QCOMPARE(watch.wrong, QStringList());
}

void TestStudyRuns::aRunPausesAndGoesOn()
{
    Study study;
    StudyWatch watch(study);
    openNow(study, bars);
    runEndlessly(study);
    for (int time = 0; time < 5; ++time) {
        study.runOrPause();
        QCOMPARE(study.phase(), Phase::Paused);
        settle(study);
        const int held = iterationOf(study);
        QTest::qWait(60);
        QCOMPARE(iterationOf(study), held);
        study.runOrPause();
        QCOMPARE(study.phase(), Phase::Running);
        QTRY_VERIFY(iterationOf(study) > held);
    }
    QCOMPARE(study.runs().size(), std::size_t{1});
    QCOMPARE(watch.wrong, QStringList());
}

void TestStudyRuns::aStepIsExactlyOneIteration()
{
    Study study;
    StudyWatch watch(study);
    openNow(study, bars);
    pauseInTheMiddle(study);
    for (int time = 0; time < 10; ++time) {
        const int before = iterationOf(study);
        study.step();
        QTRY_VERIFY(iterationOf(study) != before);
        QCOMPARE(iterationOf(study), before + 1);
        QVERIFY(!study.snapshot()->betweenHalves);
        QCOMPARE(study.phase(), Phase::Paused);
    }
    settle(study);
    // A step from the middle of a run holds it.
    study.run();
    QTest::qWait(50);
    study.step();
    QCOMPARE(study.phase(), Phase::Paused);
    settle(study);
    QVERIFY(!study.snapshot()->betweenHalves);
    QCOMPARE(watch.wrong, QStringList());
}

void TestStudyRuns::stepsAskedForInARowAreAllMade()
{
    Study study;
    openNow(study, bars);
    study.setOptions(endless(study.options()));
    for (int time = 0; time < 25; ++time)
        study.step();
    QTRY_COMPARE(iterationOf(study), 25);
    settle(study);
    QCOMPARE(iterationOf(study), 25);
    QCOMPARE(study.phase(), Phase::Paused);
}

void TestStudyRuns::halfAStepMovesHThenW()
{
    Study study;
    StudyWatch watch(study);
    openNow(study, bars);
    // Extrapolated HALS shows the best pair so far, whichever half found it.
    Options plain = study.options();
    plain.algorithm = {"hals", {}};
    study.setOptions(plain);
    pauseInTheMiddle(study);
    const auto before = study.snapshot();
    study.halfStep();
    QTRY_VERIFY(study.snapshot() != before);
    const auto between = study.snapshot();
    QVERIFY(between->betweenHalves);
    QCOMPARE(between->record.iteration, before->record.iteration);
    QVERIFY(*between->W == *before->W);
    QVERIFY(*between->Ht != *before->Ht);
    study.halfStep();
    QTRY_VERIFY(study.snapshot() != between);
    const auto after = study.snapshot();
    QVERIFY(!after->betweenHalves);
    QCOMPARE(after->record.iteration, before->record.iteration + 1);
    QVERIFY(*after->Ht == *between->Ht);
    QVERIFY(*after->W != *between->W);
    // From between the halves, a step makes the iteration whole.
    study.halfStep();
    QTRY_VERIFY(study.snapshot()->betweenHalves);
    study.step();
    QTRY_COMPARE(iterationOf(study), after->record.iteration + 1);
    settle(study);
    QVERIFY(!study.snapshot()->betweenHalves);
    QCOMPARE(iterationOf(study), after->record.iteration + 1);
    QCOMPARE(watch.wrong, QStringList());
}

void TestStudyRuns::aStepBeginsARunThatRests()
{
    Study study;
    openNow(study, bars);
    study.step();
    QCOMPARE(study.phase(), Phase::Paused);
    QTRY_COMPARE(iterationOf(study), 1);
    settle(study);
    QCOMPARE(iterationOf(study), 1);

    openNow(study, m_files.good);
    study.halfStep();
    QTRY_VERIFY(study.snapshot() && study.snapshot()->betweenHalves);
    settle(study);
    QCOMPARE(iterationOf(study), 0);
    QCOMPARE(study.phase(), Phase::Paused);
}

void TestStudyRuns::aStoppedRunKeepsItsFactors()
{
    Study study;
    StudyWatch watch(study);
    openNow(study, bars);
    for (const bool paused : {false, true}) {
        runEndlessly(study);
        if (paused)
            study.pause();
        QElapsedTimer timer;
        timer.start();
        study.stop();
        QTRY_COMPARE(study.phase(), Phase::Finished);
        QVERIFY2(timer.elapsed() < promptly, qPrintable(QString::number(timer.elapsed())));
        QVERIFY(study.snapshot()->ended == Termination::Stopped);
        const auto kept = study.snapshot();
        QTest::qWait(60);
        QCOMPARE(study.snapshot(), kept);
    }
    QCOMPARE(study.runs().size(), std::size_t{2});
    QCOMPARE(watch.wrong, QStringList());
}

void TestStudyRuns::stoppingWhileTheStartIsComputedLeavesNothingBehind()
{
    Study study;
    StudyWatch watch(study);
    openNow(study, QStringLiteral("sample:swimmer"));
    Options options = endless(study.options());
    options.rank = 60;
    study.setOptions(options);
    for (int time = 0; time < 10; ++time) {
        study.run();
        QTest::qWait(time % 3);
        study.stop();
        QTRY_VERIFY(study.phase() == Phase::Ready || study.phase() == Phase::Finished);
        QCOMPARE(study.phase() == Phase::Finished, study.snapshot() != nullptr);
        for (const RunHistory& run : study.runs())
            QVERIFY(!run.records.empty());
    }
    runEndlessly(study);
    QCOMPARE(watch.wrong, QStringList());
    QCOMPARE(watch.errors, QStringList());
}

void TestStudyRuns::restartingBeginsAtTheStart()
{
    Study study;
    StudyWatch watch(study);
    openNow(study, bars);
    runEndlessly(study);
    const std::uint64_t first = study.snapshot()->run;
    const double start = study.runs().back().records.front().objective;
    study.restart();
    QCOMPARE(study.phase(), Phase::Running);
    QTRY_VERIFY(study.snapshot()->run == first + 1);
    QCOMPARE(study.runs().size(), std::size_t{2});
    QCOMPARE(study.runs().back().records.front().iteration, 0);
    QCOMPARE(study.runs().back().records.front().objective, start);
    QCOMPARE(watch.wrong, QStringList());
}

void TestStudyRuns::aFinishedRunGoesOnForExactlySoMany()
{
    Study study;
    StudyWatch watch(study);
    openNow(study, bars);
    study.run();
    QTRY_COMPARE(study.phase(), Phase::Finished);
    for (const int more : {1, 17, 40}) {
        const int before = iterationOf(study);
        study.continueFor(more);
        QCOMPARE(study.phase(), Phase::Running);
        QCOMPARE(study.iterationLimit(), before + more);
        QTRY_COMPARE(study.phase(), Phase::Finished);
        QCOMPARE(iterationOf(study), before + more);
    }
    const int before = iterationOf(study);
    study.step();
    QTRY_COMPARE(study.phase(), Phase::Finished);
    QCOMPARE(iterationOf(study), before + 1);
    QCOMPARE(study.runs().size(), std::size_t{1});
    QCOMPARE(watch.wrong, QStringList());
}

void TestStudyRuns::aRunThatWentOnHasTheRecordsOfOneThatNeverRested()
{
    // The end of multiplicative rules turns what is nearly zero to zero, which is taken back when the run goes on.
    Study study;
    openNow(study, QStringLiteral("sample:swimmer"));
    Options options = study.options();
    options.algorithm.id = "mu";
    options.initializer.id = "random";
    options.precision = Precision::Single;
    options.maxIterations = 60;
    options.tolerance = 0;
    study.setOptions(options);
    study.run();
    QTRY_COMPARE_WITH_TIMEOUT(study.phase(), Phase::Finished, patiently);
    const Result rested = factorize(study.dataset(), options);
    const auto objectivesOf = [](const std::vector<Record>& records) {
        std::vector<double> objectives;
        for (const Record& record : records)
            objectives.push_back(record.objective);
        return objectives;
    };
    QCOMPARE(objectivesOf(study.runs().back().records), objectivesOf(rested.history));
    study.continueFor(10);
    QTRY_COMPARE_WITH_TIMEOUT(study.phase(), Phase::Finished, patiently);
    options.maxIterations = 70;
    const Result through = factorize(study.dataset(), options);
    QVERIFY(through.history[60].objective != rested.history[60].objective);
    QCOMPARE(objectivesOf(study.runs().back().records), objectivesOf(through.history));
}

void TestStudyRuns::aPausedRunGoesOnForExactlySoMany()
{
    Study study;
    StudyWatch watch(study);
    openNow(study, bars);
    pauseInTheMiddle(study);
    const int before = iterationOf(study);
    study.continueFor(12);
    QCOMPARE(study.phase(), Phase::Running);
    QCOMPARE(study.iterationLimit(), before + 12);
    QTRY_COMPARE(study.phase(), Phase::Finished);
    QCOMPARE(iterationOf(study), before + 12);
    QCOMPARE(watch.wrong, QStringList());
}

void TestStudyRuns::aRunningRunGetsSoManyOnTop()
{
    Study study;
    StudyWatch watch(study);
    openNow(study, QStringLiteral("sample:swimmer"));
    Options options = study.options();
    options.maxIterations = 200;
    options.tolerance = 0;
    study.setOptions(options);
    study.run();
    study.continueFor(30);
    QCOMPARE(study.phase(), Phase::Running);
    QCOMPARE(study.iterationLimit(), 230);
    QTRY_COMPARE_WITH_TIMEOUT(study.phase(), Phase::Finished, patiently);
    QCOMPARE(iterationOf(study), 230);
    QCOMPARE(watch.wrong, QStringList());
}

void TestStudyRuns::ordersRightAfterTheEndAreAllObeyed()
{
    Study study;
    StudyWatch watch(study);
    openNow(study, bars);
    Options options = study.options();
    options.maxIterations = 3;
    study.setOptions(options);
    study.run();
    QTRY_COMPARE(study.phase(), Phase::Finished);
    for (int time = 0; time < 40; ++time) {
        study.continueFor(10'000'000);
        QTest::qWait(time % 4);
        study.stop();
        QTRY_COMPARE(study.phase(), Phase::Finished);

        study.step();
        study.run();
        QTRY_COMPARE(study.phase(), Phase::Finished);

        study.continueFor(10'000'000);
        study.pause();
        QCOMPARE(study.phase(), Phase::Paused);
        study.step();
        study.halfStep();
        QTest::qWait(time % 4);
        study.stop();
        QTRY_COMPARE(study.phase(), Phase::Finished);
    }
    // And it is at rest.
    const auto kept = study.snapshot();
    QTest::qWait(100);
    QCOMPARE(study.snapshot(), kept);
    QCOMPARE(watch.wrong, QStringList());
}

void TestStudyRuns::theWindowsRunHasTheBitsOfTheBatchRun_data()
{
    QTest::addColumn<QString>("algorithm");
    QTest::addColumn<bool>("single");
    QTest::addColumn<bool>("disturbed");
    for (const char* algorithm : {"hals", "mu", "ehals"})
        for (const bool single : {false, true})
            for (const bool disturbed : {false, true})
                QTest::addRow("%s, %s%s", algorithm, single ? "single" : "double", disturbed ? ", disturbed" : "")
                    << algorithm << single << disturbed;
}

void TestStudyRuns::theWindowsRunHasTheBitsOfTheBatchRun()
{
    QFETCH(QString, algorithm);
    QFETCH(bool, single);
    QFETCH(bool, disturbed);
    Study study;
    openNow(study, QStringLiteral("sample:swimmer"));
    Options options = study.options();
    options.algorithm.id = algorithm.toStdString();
    options.precision = single ? Precision::Single : Precision::Double;
    options.initializer.id = "random";
    options.maxIterations = 60;
    options.tolerance = 0;
    study.setOptions(options);
    if (disturbed)
        for (int time = 0; time < 9; ++time)
            time % 3 ? study.halfStep() : study.step();
    QTest::qWait(disturbed ? 50 : 0);
    study.run();
    while (disturbed && study.phase() == Phase::Running) {
        study.runOrPause();
        QTest::qWait(3);
        study.run();
        QTest::qWait(3);
        if (study.runs().size() > 1)
            break;
    }
    if (study.runs().size() > 1) // the end came just before the last order, which began anew
        QTRY_COMPARE_WITH_TIMEOUT(iterationOf(study), 60, patiently);
    QTRY_COMPARE_WITH_TIMEOUT(study.phase(), Phase::Finished, patiently);
    options.threads = 1;
    const Result batch = factorize(study.dataset(), options);
    QCOMPARE(iterationOf(study), 60);
    QVERIFY(*study.snapshot()->W == batch.factors.W);
    QVERIFY(*study.snapshot()->Ht == batch.factors.Ht);
    const std::vector<Record>& records = study.runs().front().records;
    QCOMPARE(records.size(), batch.history.size());
    for (std::size_t i = 0; i < records.size(); ++i)
        QCOMPARE(records[i].objective, batch.history[i].objective);
}

QTEST_GUILESS_MAIN(TestStudyRuns)
#include "tst_study_runs.moc"
