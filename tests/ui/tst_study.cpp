#include "ui/model/study.h"

#include "core/formats/formats.h"
#include "tests/support/study_watch.h"

#include <QElapsedTimer>
#include <QFile>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include <array>
#include <random>

using namespace nmf;
using namespace nmf::ui;
using Phase = Study::Phase;

namespace
{

const QString bars = QStringLiteral("sample:bars");

/// No rule ends a run with these.
Options endless(Options options)
{
    options.maxIterations = 10'000'000;
    options.tolerance = 0;
    return options;
}

void openNow(Study& study, const QString& source)
{
    QSignalSpy opened(&study, &Study::opened);
    study.open(source);
    QVERIFY2(opened.wait(20000), qPrintable(source));
}

/// Waits until the run holds and what it holds is shown.
void settle(Study& study)
{
    QTRY_VERIFY(study.phase() != Phase::Running && study.snapshot() && study.snapshot()->resting);
    auto seen = study.snapshot();
    do {
        seen = study.snapshot();
        QTest::qWait(70);
    } while (seen != study.snapshot());
}

void runEndlessly(Study& study)
{
    study.setOptions(endless(study.options()));
    study.run();
    QTRY_VERIFY(study.snapshot() && study.snapshot()->record.iteration > 0);
}

int iterationOf(const Study& study)
{
    return study.snapshot() ? study.snapshot()->record.iteration : -1;
}

} // namespace

/// A study driven as the window drives it.
class TestStudy : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();

    void aSampleIsOpened();
    void aFileIsOpened();
    void missingEntriesAreUnknownAndSaidToBe();
    void whatCannotBeReadLeavesTheDataAlone_data();
    void whatCannotBeReadLeavesTheDataAlone();
    void loadingIsCancelled();
    void theNewestOrderToOpenCounts();
    void rowsAndColumnsAreExchanged();

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
    void aPausedRunGoesOnForExactlySoMany();
    void aRunningRunGetsSoManyOnTop();
    void ordersRightAfterTheEndAreAllObeyed();

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

    void theWindowsRunHasTheBitsOfTheBatchRun_data();
    void theWindowsRunHasTheBitsOfTheBatchRun();
    void aStudyIsDestroyedInTheMiddleOfAnything();
    void aStormOfOrdersMixesNothingUp_data();
    void aStormOfOrdersMixesNothingUp();

private:
    QString file(const QString& name, const QByteArray& content);

    QTemporaryDir m_folder;
    QString m_good, m_bad, m_negative, m_large;
};

QString TestStudy::file(const QString& name, const QByteArray& content)
{
    QFile file(m_folder.filePath(name));
    if (!file.open(QIODevice::WriteOnly) || file.write(content) != content.size())
        qFatal("The test cannot write its files.");
    return file.fileName();
}

void TestStudy::initTestCase()
{
    QVERIFY(m_folder.isValid());
    m_good = file("good.csv", "1,0,2,3\n0,4,1,0\n3,1,0,2\n2,2,2,1\n5,0,1,2\n");
    m_bad = file("bad.csv", "1,2,3\n4,word,6\n7,8,9\n");
    m_negative = file("negative.csv", "1,2,3\n4,-5,6\n7,8,9\n");
    m_large = file("large.csv", QByteArray("0.123456789,").repeated(1199).append("1\n").repeated(1200));
}

void TestStudy::aSampleIsOpened()
{
    Study study;
    QCOMPARE(study.phase(), Phase::Empty);
    QSignalSpy changed(&study, &Study::datasetChanged), opened(&study, &Study::opened);
    study.open(bars);
    QVERIFY(study.loading());
    QTRY_VERIFY(!study.loading());
    QCOMPARE(study.phase(), Phase::Ready);
    QCOMPARE(changed.count(), 1);
    QCOMPARE(opened.count(), 1);
    QCOMPARE(opened.first().first().toString(), bars);
    QVERIFY(study.dataset() && study.dataset()->V.size() > 0);
    QVERIFY(!study.montage().isNull());
    QCOMPARE(study.dataFacts().negatives, Index{0});
    QVERIFY(!study.snapshot());
}

void TestStudy::aFileIsOpened()
{
    Study study;
    openNow(study, m_good);
    QCOMPARE(study.dataset()->V.rows(), Index{5});
    QCOMPARE(study.dataset()->V.cols(), Index{4});
    QCOMPARE(study.dataset()->V(4, 0), 5.0);
    QVERIFY(study.options().rank <= 4);
}

void TestStudy::missingEntriesAreUnknownAndSaidToBe()
{
    const QString gap = m_folder.filePath("gap.csv");
    QFile file(gap);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write("1,2,3\n2,nan,6\n3,6,9\n4,8,12\n");
    file.close();
    Study study;
    QStringList told;
    connect(&study, &Study::message, this, [&told](Study::Message kind, const QString& text) {
        QCOMPARE(kind, Study::Message::Information);
        told << text;
    });
    openNow(study, gap);
    QCOMPARE(told.size(), 1);
    QVERIFY2(told.first().startsWith("1 of the 12 entries"), qPrintable(told.first()));
    nmf::Options options = study.options();
    QVERIFY(options.nanUnknown);
    options.rank = 1;
    study.setOptions(options);
    study.run();
    QTRY_COMPARE(study.phase(), Phase::Finished);
    QVERIFY(study.snapshot()->record.relativeError < 1e-3);
    QVERIFY(std::abs(study.snapshot()->W->row(1).dot(study.snapshot()->Ht->row(1)) - 4) < 0.1);
    // Complete data are fitted as ever.
    const nmf::Choice standard = nmf::Options().algorithm;
    openNow(study, m_good);
    QVERIFY(!study.options().nanUnknown);
    QCOMPARE(study.options().algorithm.id, standard.id);
    QCOMPARE(told.size(), 1);
}

void TestStudy::whatCannotBeReadLeavesTheDataAlone_data()
{
    QTest::addColumn<QString>("source");
    QTest::addColumn<QString>("named");
    QTest::newRow("a word in a table") << m_bad << "bad.csv";
    QTest::newRow("no such file") << m_folder.filePath("missing.npy") << "missing.npy";
    QTest::newRow("no such sample") << "sample:none"
                                    << "none";
    QTest::newRow("an empty name") << ""
                                   << "";
}

void TestStudy::whatCannotBeReadLeavesTheDataAlone()
{
    QFETCH(QString, source);
    QFETCH(QString, named);
    Study study;
    StudyWatch watch(study);
    QSignalSpy opened(&study, &Study::opened);
    openNow(study, bars);
    runEndlessly(study);
    const auto dataset = study.dataset();
    study.open(source);
    QTRY_VERIFY(!study.loading());
    QCOMPARE(watch.errors.size(), 1);
    QVERIFY2(watch.errors.first().contains(named), qPrintable(watch.errors.first()));
    QVERIFY2(watch.errors.first().endsWith('.'), qPrintable(watch.errors.first()));
    QCOMPARE(study.dataset(), dataset);
    QCOMPARE(opened.count(), 1);
    // The run has not noticed.
    QCOMPARE(study.phase(), Phase::Running);
    const int before = iterationOf(study);
    QTRY_VERIFY(iterationOf(study) > before);
    QCOMPARE(watch.wrong, QStringList());
}

void TestStudy::loadingIsCancelled()
{
    Study study;
    StudyWatch watch(study);
    openNow(study, bars);
    const auto dataset = study.dataset();
    QSignalSpy opened(&study, &Study::opened), progress(&study, &Study::loadingProgress);
    study.open(m_large);
    QTRY_VERIFY(progress.count() > 0 || !study.loading());
    study.cancelLoading();
    QElapsedTimer timer;
    timer.start();
    QTRY_VERIFY(!study.loading());
    QVERIFY2(timer.elapsed() < 2000, qPrintable(QString::number(timer.elapsed())));
    QCOMPARE(study.dataset(), dataset);
    QCOMPARE(opened.count(), 0);
    QCOMPARE(watch.errors, QStringList());
    QCOMPARE(study.phase(), Phase::Ready);

    openNow(study, m_large);
    QCOMPARE(study.dataset()->V.rows(), Index{1200});
    double last = 0;
    for (const QList<QVariant>& arguments : progress) {
        QVERIFY(arguments.first().toDouble() >= 0 && arguments.first().toDouble() <= 1);
        last = std::max(last, arguments.first().toDouble());
    }
    QVERIFY(last > 0.5);
}

void TestStudy::theNewestOrderToOpenCounts()
{
    Study study;
    QSignalSpy opened(&study, &Study::opened), changed(&study, &Study::datasetChanged);
    for (const QString& source : {m_large, bars, m_bad, m_large, m_good})
        study.open(source);
    QTRY_VERIFY(!study.loading());
    QTest::qWait(30);
    QCOMPARE(opened.count(), 1);
    QCOMPARE(changed.count(), 1);
    QCOMPARE(study.dataset()->V.rows(), Index{5});
}

void TestStudy::rowsAndColumnsAreExchanged()
{
    Study study;
    openNow(study, m_good);
    QSignalSpy changed(&study, &Study::datasetChanged);
    study.transpose();
    QTRY_COMPARE(changed.count(), 1);
    QCOMPARE(study.dataset()->V.rows(), Index{4});
    QCOMPARE(study.dataset()->V(0, 4), 5.0);
}

void TestStudy::aRunEndsAndSaysWhy()
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

void TestStudy::aRunPausesAndGoesOn()
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

void TestStudy::aStepIsExactlyOneIteration()
{
    Study study;
    StudyWatch watch(study);
    openNow(study, bars);
    runEndlessly(study);
    study.pause();
    settle(study);
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

void TestStudy::stepsAskedForInARowAreAllMade()
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

void TestStudy::halfAStepMovesHThenW()
{
    Study study;
    StudyWatch watch(study);
    openNow(study, bars);
    // Extrapolated HALS shows the best pair so far, whichever half found it.
    Options plain = study.options();
    plain.algorithm = {"hals", {}};
    study.setOptions(plain);
    runEndlessly(study);
    study.pause();
    settle(study);
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

void TestStudy::aStepBeginsARunThatRests()
{
    Study study;
    openNow(study, bars);
    study.step();
    QCOMPARE(study.phase(), Phase::Paused);
    QTRY_COMPARE(iterationOf(study), 1);
    settle(study);
    QCOMPARE(iterationOf(study), 1);

    openNow(study, m_good);
    study.halfStep();
    QTRY_VERIFY(study.snapshot() && study.snapshot()->betweenHalves);
    settle(study);
    QCOMPARE(iterationOf(study), 0);
    QCOMPARE(study.phase(), Phase::Paused);
}

void TestStudy::aStoppedRunKeepsItsFactors()
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
        QVERIFY2(timer.elapsed() < 2000, qPrintable(QString::number(timer.elapsed())));
        QVERIFY(study.snapshot()->ended == Termination::Stopped);
        const auto kept = study.snapshot();
        QTest::qWait(60);
        QCOMPARE(study.snapshot(), kept);
    }
    QCOMPARE(study.runs().size(), std::size_t{2});
    QCOMPARE(watch.wrong, QStringList());
}

void TestStudy::stoppingWhileTheStartIsComputedLeavesNothingBehind()
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

void TestStudy::restartingBeginsAtTheStart()
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

void TestStudy::aFinishedRunGoesOnForExactlySoMany()
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

void TestStudy::aPausedRunGoesOnForExactlySoMany()
{
    Study study;
    StudyWatch watch(study);
    openNow(study, bars);
    runEndlessly(study);
    study.pause();
    settle(study);
    const int before = iterationOf(study);
    study.continueFor(12);
    QCOMPARE(study.phase(), Phase::Running);
    QCOMPARE(study.iterationLimit(), before + 12);
    QTRY_COMPARE(study.phase(), Phase::Finished);
    QCOMPARE(iterationOf(study), before + 12);
    QCOMPARE(watch.wrong, QStringList());
}

void TestStudy::aRunningRunGetsSoManyOnTop()
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
    QTRY_COMPARE_WITH_TIMEOUT(study.phase(), Phase::Finished, 30000);
    QCOMPARE(iterationOf(study), 230);
    QCOMPARE(watch.wrong, QStringList());
}

void TestStudy::ordersRightAfterTheEndAreAllObeyed()
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

void TestStudy::otherOptionsBeginARunAnew_data()
{
    QTest::addColumn<QString>("what");
    for (const char* what : {"rank", "seed", "initializer", "precision", "threads"})
        QTest::newRow(what) << what;
}

void TestStudy::otherOptionsBeginARunAnew()
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

void TestStudy::anotherAlgorithmGoesOn_data()
{
    QTest::addColumn<int>("phase");
    QTest::newRow("running") << 0;
    QTest::newRow("paused") << 1;
    QTest::newRow("finished") << 2;
}

void TestStudy::anotherAlgorithmGoesOn()
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

void TestStudy::anotherAlgorithmBetweenHalvesMakesTheIterationWhole()
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

void TestStudy::otherLimitsHoldAtOnce()
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

void TestStudy::impossibleOptionsEndTheRunWithASentence()
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

void TestStudy::otherDataWhileRunningAreRunOn()
{
    Study study;
    StudyWatch watch(study);
    openNow(study, bars);
    runEndlessly(study);
    for (const QString& source : {m_good, QStringLiteral("sample:swimmer"), bars}) {
        openNow(study, source);
        QCOMPARE(study.phase(), Phase::Running);
        QCOMPARE(study.runs().size(), std::size_t{1});
        QTRY_VERIFY(iterationOf(study) > 0);
    }
    study.pause();
    openNow(study, m_good);
    QCOMPARE(study.phase(), Phase::Ready);
    QVERIFY(!study.snapshot());
    QCOMPARE(watch.wrong, QStringList());
}

void TestStudy::dataThatCannotBeFactorizedAreOpenedButNotRun()
{
    Study study;
    StudyWatch watch(study);
    openNow(study, m_negative);
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
    study.open(m_negative);
    QTRY_COMPARE(heard, QStringList({"opened", "message"}));
    QCOMPARE(study.phase(), Phase::Ready);
    QCOMPARE(watch.wrong, QStringList());
}

void TestStudy::aFinishedRunForgetsNothingWhenOptionsChange()
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

void TestStudy::theWindowsRunHasTheBitsOfTheBatchRun_data()
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

void TestStudy::theWindowsRunHasTheBitsOfTheBatchRun()
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
        QTRY_COMPARE_WITH_TIMEOUT(iterationOf(study), 60, 30000);
    QTRY_COMPARE_WITH_TIMEOUT(study.phase(), Phase::Finished, 30000);
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

void TestStudy::aStudyIsDestroyedInTheMiddleOfAnything()
{
    for (int time = 0; time < 24; ++time) {
        QElapsedTimer timer;
        {
            Study study;
            if (time % 4 == 0) {
                study.open(m_large);
                QTest::qWait(time % 7);
                timer.start();
                continue;
            }
            openNow(study, bars);
            study.setOptions(endless(study.options()));
            study.run();
            QTest::qWait(time % 7);
            if (time % 4 == 2)
                study.pause();
            if (time % 4 == 3)
                study.open(m_large);
            timer.start();
        }
        QVERIFY2(timer.elapsed() < 2000, qPrintable(QString::number(timer.elapsed())));
        QCoreApplication::processEvents();
    }
}

void TestStudy::aStormOfOrdersMixesNothingUp_data()
{
    QTest::addColumn<unsigned>("seed");
    for (const unsigned seed : {1U, 2U, 3U})
        QTest::addRow("seed %u", seed) << seed;
}

void TestStudy::aStormOfOrdersMixesNothingUp()
{
    QFETCH(unsigned, seed);
    std::mt19937 random(seed);
    const auto below = [&random](unsigned count) { return static_cast<int>(random() % count); };
    Study study;
    StudyWatch watch(study);
    openNow(study, bars);
    const auto change = [&](auto&& edit) {
        Options options = study.options();
        edit(options);
        study.setOptions(options);
    };
    const std::vector<std::function<void()>> orders = {
        [&] { study.run(); },
        [&] { study.run(); },
        [&] { study.pause(); },
        [&] { study.runOrPause(); },
        [&] { study.step(); },
        [&] { study.halfStep(); },
        [&] { study.stop(); },
        [&] { study.restart(); },
        [&] { study.continueFor(1 + below(50)); },
        [&] { study.open(below(2) ? bars : m_good); },
        [&] { study.open(below(2) ? m_bad : m_negative); },
        [&] { study.cancelLoading(); },
        [&] { study.transpose(); },
        [&] { change([&](Options& o) { o.rank = 1 + below(6); }); },
        [&] { change([&](Options& o) { o.seed = static_cast<std::uint64_t>(below(5)); }); },
        [&] { change([&](Options& o) { o.initializer.id = below(2) ? "random" : "nndsvda"; }); },
        [&] {
            change([&](Options& o) {
                o.algorithm.id = std::array{"hals", "mu", "ehals"}[static_cast<std::size_t>(below(3))];
            });
        },
        [&] { change([&](Options& o) { o.maxIterations = below(2) ? below(100) : 100'000; }); },
        [&] { change([&](Options& o) { o.tolerance = below(2) ? 0 : 1e-6; }); },
        [&] { change([&](Options& o) { o.precision = below(2) ? Precision::Single : Precision::Double; }); },
    };
    for (int order = 0; order < 300; ++order) {
        orders[static_cast<std::size_t>(below(static_cast<unsigned>(orders.size())))]();
        // Now and then long enough to see something, however slow the machine.
        if (const int seen = watch.snapshots; order % 10 == 0 && study.phase() == Phase::Running)
            QVERIFY(QTest::qWaitFor([&] { return watch.snapshots > seen || study.phase() != Phase::Running; }, 20000));
        else if (const int pause = below(20); pause > 10)
            QTest::qWait(pause - 10);
    }
    QTRY_VERIFY_WITH_TIMEOUT(!study.loading(), 20000);
    QCOMPARE(watch.wrong.mid(0, 5), QStringList());
    QVERIFY2(watch.snapshots >= 3, qPrintable(QString::number(watch.snapshots)));

    // Nothing is stuck: what runs ends, and a new run on other data is like any other.
    if (study.phase() == Phase::Paused)
        study.run();
    study.stop();
    QTRY_VERIFY(study.phase() == Phase::Ready || study.phase() == Phase::Finished);
    openNow(study, bars);
    study.setOptions({.rank = 4, .maxIterations = 25, .tolerance = 0});
    study.restart();
    QTRY_COMPARE(study.phase(), Phase::Finished);
    const Result batch = factorize(study.dataset(), study.options());
    QVERIFY(*study.snapshot()->W == batch.factors.W);
    QVERIFY(*study.snapshot()->Ht == batch.factors.Ht);
    QCOMPARE(watch.wrong, QStringList());
}

QTEST_GUILESS_MAIN(TestStudy)
#include "tst_study.moc"
