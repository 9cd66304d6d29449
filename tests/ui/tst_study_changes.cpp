#include "tests/support/promptly.h"
#include "tests/support/study_driver.h"
#include "tests/support/study_watch.h"

using namespace nmf;
using namespace nmf::ui;
using namespace study_driver;
using Phase = Study::Phase;

/// What other options and other data do to a run.
class TestStudyChanges : public QObject
{
    Q_OBJECT

private slots:
    void otherOptionsBeginARunAnew_data();
    void otherOptionsBeginARunAnew();
    void anotherAlgorithmGoesOn_data();
    void anotherAlgorithmGoesOn();
    void anotherAlgorithmBetweenHalvesMakesTheIterationWhole();
    void otherLimitsHoldAtOnce();
    void impossibleOptionsEndTheRunWithASentence();
    void otherDataWhileRunningAreRunOn();
    void dataThatCannotBeFactorizedAreOpenedButNotRun();
    void aFinishedRunForgetsNothingWhenOptionsChange();

private:
    study_driver::Files m_files;
};

void TestStudyChanges::otherOptionsBeginARunAnew_data()
{
    QTest::addColumn<QString>("what");
    for (const char* what : {"rank", "seed", "initializer", "precision", "threads"})
        QTest::newRow(what) << what;
}

void TestStudyChanges::otherOptionsBeginARunAnew()
{
    QFETCH(QString, what);
    Study study;
    StudyWatch watch(study);
    openNow(study, bars);
    runEndlessly(study);
    for (const bool paused : {false, true}) {
        if (paused) {
            study.pause();
            settle(study);
        }
        const std::uint64_t before = study.snapshot()->run;
        Options options = study.options();
        if (what == "rank")
            ++options.rank;
        else if (what == "seed")
            ++options.seed;
        else if (what == "initializer")
            options.initializer.id = options.initializer.id == "random" ? "nndsvd" : "random";
        else if (what == "precision")
            options.precision = options.precision == Precision::Double ? Precision::Single : Precision::Double;
        else
            options.threads = options.threads == 1 ? 2 : 1;
        study.setOptions(options);
        QCOMPARE(study.phase(), paused ? Phase::Paused : Phase::Running);
        QTRY_VERIFY(study.snapshot()->run == before + 1);
        QCOMPARE(study.snapshot()->options.rank, options.rank);
        QCOMPARE(study.snapshot()->options.seed, options.seed);
        QVERIFY(study.snapshot()->options.initializer == options.initializer);
        QVERIFY(study.snapshot()->options.precision == options.precision);
        if (paused) {
            settle(study);
            QCOMPARE(iterationOf(study), 0);
        }
    }
    QCOMPARE(watch.wrong, QStringList());
}

void TestStudyChanges::anotherAlgorithmGoesOn_data()
{
    QTest::addColumn<int>("phase");
    QTest::newRow("running") << 0;
    QTest::newRow("paused") << 1;
    QTest::newRow("finished") << 2;
}

void TestStudyChanges::anotherAlgorithmGoesOn()
{
    QFETCH(int, phase);
    Study study;
    StudyWatch watch(study);
    openNow(study, bars);
    runEndlessly(study);
    for (const char* algorithm : {"mu", "hals", "mu"}) {
        if (phase == 1) {
            study.pause();
            settle(study);
        } else if (phase == 2) {
            study.stop();
            QTRY_COMPARE(study.phase(), Phase::Finished);
        }
        const int before = iterationOf(study);
        Options options = study.options();
        options.algorithm.id = algorithm;
        study.setOptions(options);
        if (phase == 1)
            study.run();
        else if (phase == 2)
            study.continueFor(10'000'000);
        QCOMPARE(study.phase(), Phase::Running);
        QTRY_COMPARE(study.snapshot()->options.algorithm.id, std::string(algorithm));
        QTRY_VERIFY(iterationOf(study) > before);
    }
    QCOMPARE(study.runs().size(), std::size_t{1});
    QCOMPARE(watch.wrong, QStringList());
}

void TestStudyChanges::anotherAlgorithmBetweenHalvesMakesTheIterationWhole()
{
    Study study;
    StudyWatch watch(study);
    openNow(study, bars);
    study.step();
    study.halfStep();
    QTRY_VERIFY(study.snapshot() && study.snapshot()->betweenHalves);
    Options options = study.options();
    options.algorithm.id = "mu";
    study.setOptions(options);
    study.step();
    QTRY_COMPARE(iterationOf(study), 2);
    settle(study);
    QCOMPARE(iterationOf(study), 2);
    QVERIFY(!study.snapshot()->betweenHalves);
    study.halfStep();
    QTRY_VERIFY(study.snapshot()->betweenHalves);
    options.algorithm.id = "hals";
    study.setOptions(options);
    study.stop();
    QTRY_COMPARE(study.phase(), Phase::Finished);
    QCOMPARE(watch.wrong, QStringList());
}

void TestStudyChanges::otherLimitsHoldAtOnce()
{
    Study study;
    openNow(study, bars);
    runEndlessly(study);
    Options options = study.options();
    options.maxIterations = iterationOf(study);
    study.setOptions(options);
    QTRY_COMPARE(study.phase(), Phase::Finished);
    QVERIFY(study.snapshot()->ended == Termination::IterationLimit);
    QCOMPARE(study.runs().size(), std::size_t{1});
}

void TestStudyChanges::impossibleOptionsEndTheRunWithASentence()
{
    Study study;
    StudyWatch watch(study);
    openNow(study, bars);
    runEndlessly(study);
    Options options = study.options();
    const Index possible = options.rank;
    options.rank = 100'000'000;
    study.setOptions(options);
    QTRY_COMPARE(study.phase(), Phase::Finished);
    QCOMPARE(watch.errors.size(), 1);
    const auto kept = study.snapshot();
    QVERIFY(kept);
    QTest::qWait(100);
    QCOMPARE(study.snapshot(), kept);
    study.run();
    QCOMPARE(watch.errors.size(), 2);
    QCOMPARE(study.phase(), Phase::Finished);
    options.rank = possible;
    study.setOptions(options);
    study.run();
    QTRY_VERIFY(study.snapshot()->run > kept->run);
    QCOMPARE(watch.wrong, QStringList());
}

void TestStudyChanges::otherDataWhileRunningAreRunOn()
{
    Study study;
    StudyWatch watch(study);
    openNow(study, bars);
    runEndlessly(study);
    for (const QString& source : {m_files.good, QStringLiteral("sample:swimmer"), bars}) {
        openNow(study, source);
        QCOMPARE(study.phase(), Phase::Running);
        QCOMPARE(study.runs().size(), std::size_t{1});
        QTRY_VERIFY(iterationOf(study) > 0);
    }
    study.pause();
    openNow(study, m_files.good);
    QCOMPARE(study.phase(), Phase::Ready);
    QVERIFY(!study.snapshot());
    QCOMPARE(watch.wrong, QStringList());
}

void TestStudyChanges::dataThatCannotBeFactorizedAreOpenedButNotRun()
{
    Study study;
    StudyWatch watch(study);
    openNow(study, m_files.negative);
    QCOMPARE(study.dataFacts().negatives, Index{1});
    study.run();
    QCOMPARE(study.phase(), Phase::Ready);
    QCOMPARE(watch.errors.size(), 1);
    study.step();
    QCOMPARE(study.phase(), Phase::Ready);
    QCOMPARE(watch.errors.size(), 2);

    // The sentence comes after the news that the data are there, which would wipe it off.
    openNow(study, bars);
    runEndlessly(study);
    QStringList heard;
    connect(&study, &Study::opened, this, [&heard] { heard << "opened"; });
    connect(&study, &Study::message, this, [&heard] { heard << "message"; });
    study.open(m_files.negative);
    QTRY_COMPARE(heard, QStringList({"opened", "message"}));
    QCOMPARE(study.phase(), Phase::Ready);
    QCOMPARE(watch.wrong, QStringList());
}

void TestStudyChanges::aFinishedRunForgetsNothingWhenOptionsChange()
{
    Study study;
    openNow(study, bars);
    study.run();
    QTRY_COMPARE(study.phase(), Phase::Finished);
    const auto kept = study.snapshot();
    Options options = study.options();
    ++options.rank;
    study.setOptions(options);
    QTest::qWait(60);
    QCOMPARE(study.phase(), Phase::Finished);
    QCOMPARE(study.snapshot(), kept);
    study.run();
    QTRY_VERIFY(study.snapshot() != kept);
    QCOMPARE(study.snapshot()->options.rank, options.rank);
    QCOMPARE(study.runs().size(), std::size_t{2});
}

QTEST_GUILESS_MAIN(TestStudyChanges)
#include "tst_study_changes.moc"
