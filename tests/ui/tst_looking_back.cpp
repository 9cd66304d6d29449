#include "tests/support/promptly.h"
#include "tests/support/study_driver.h"
#include "tests/support/study_watch.h"

using namespace nmf;
using namespace nmf::ui;
using namespace study_driver;
using Phase = Study::Phase;

namespace
{

/// Plain HALS, which remembers nothing but the factors, for exactly so many iterations.
Options hals(const Study& study, int iterations)
{
    Options options = study.options();
    options.algorithm = {"hals", {}};
    options.maxIterations = iterations;
    options.tolerance = 0;
    return options;
}

void runToTheEnd(Study& study, int iterations)
{
    study.setOptions(hals(study, iterations));
    study.run();
    QTRY_COMPARE(study.phase(), Phase::Finished);
    QCOMPARE(iterationOf(study), iterations);
}

} // namespace

/// The past of runs as a study keeps it: shown, and gone on from.
class TestLookingBack : public QObject
{
    Q_OBJECT

private slots:
    void aRunKeepsItsFirstIterationsAndItsEnd();
    void aFrameIsTheRunAsItWas();
    void showingAFrameChangesNothingElse();
    void theRunGoesOnWhileItsPastIsShown();
    void aFrameKeepsTheOrderOfTheEnd();
    void theEndOfAnotherRunIsShown();
    void aNewRunIsShownAtOnce();
    void aRunTakenUpInItsMiddleGoesOnToTheSameBits();
    void aRunTakenUpAtItsEndIsAtItsEnd();
    void theNewestIsAPlaceWhileTheRunGoesOn();
    void aRunBeginsWithGivenFactors();
    void oldRunsAreForgotten();
    void largeFactorsAreKeptAtRestAlone();
    void otherDataHaveNoPast();
};

void TestLookingBack::aRunKeepsItsFirstIterationsAndItsEnd()
{
    Study study;
    openNow(study, bars);
    runToTheEnd(study, 100);
    const std::vector<Frame>& frames = study.history().of(study.runs().back().number);
    for (int iteration = 0; iteration <= 16; ++iteration)
        QCOMPARE(frames.at(static_cast<std::size_t>(iteration)).record.iteration, iteration);
    QCOMPARE(frames.back().record.iteration, 100);
    QVERIFY(frames.size() < 45);
    for (const Frame& frame : frames)
        QCOMPARE(frame.record.objective,
                 study.runs().back().records[static_cast<std::size_t>(frame.record.iteration)].objective);
}

void TestLookingBack::aFrameIsTheRunAsItWas()
{
    Study study;
    openNow(study, bars);
    runToTheEnd(study, 30);
    for (const int iteration : {0, 7}) {
        const Result then = factorize(study.dataset(), hals(study, iteration));
        const Frame* frame = study.history().at(study.runs().back().number, iteration);
        QVERIFY(*frame->W == then.factors.W && *frame->Ht == then.factors.Ht);
    }
}

void TestLookingBack::showingAFrameChangesNothingElse()
{
    Study study;
    openNow(study, bars);
    runToTheEnd(study, 40);
    const auto newest = study.snapshot();
    const std::uint64_t run = newest->run;
    QSignalSpy shown(&study, &Study::shownChanged), changed(&study, &Study::snapshotChanged);
    study.showFrame(run, 5);
    QCOMPARE(shown.count(), 1);
    QCOMPARE(study.shown()->record.iteration, 5);
    QCOMPARE(study.shown()->run, run);
    QVERIFY(!study.showsNewest());
    QCOMPARE(study.snapshot(), newest);
    QCOMPARE(study.phase(), Phase::Finished);
    // What nobody knows changes nothing.
    study.showFrame(run + 7, 5);
    QCOMPARE(study.shown()->record.iteration, 5);
    study.showFrame(run, 40);
    QVERIFY(study.showsNewest());
    QCOMPARE(study.shown(), newest);
    study.showFrame(run, 3);
    study.showNewest();
    QCOMPARE(study.shown(), newest);
    QCOMPARE(changed.count(), 0);
}

void TestLookingBack::theRunGoesOnWhileItsPastIsShown()
{
    Study study;
    StudyWatch watch(study);
    openNow(study, bars);
    runEndlessly(study);
    study.showFrame(study.snapshot()->run, 1);
    const auto past = study.shown();
    QCOMPARE(past->record.iteration, 1);
    const int before = iterationOf(study);
    QTRY_VERIFY(iterationOf(study) > before + 10);
    QCOMPARE(study.shown(), past);
    study.showNewest();
    QVERIFY(study.shown()->record.iteration > before);
    QCOMPARE(watch.wrong, QStringList());
}

void TestLookingBack::aFrameKeepsTheOrderOfTheEnd()
{
    Study study;
    openNow(study, bars);
    runToTheEnd(study, 60);
    study.showFrame(study.snapshot()->run, 0);
    QVERIFY(study.shown()->order == study.snapshot()->order);
}

void TestLookingBack::theEndOfAnotherRunIsShown()
{
    Study study;
    openNow(study, bars);
    runToTheEnd(study, 20);
    const auto first = study.snapshot();
    study.restart();
    QTRY_VERIFY(study.snapshot()->run != first->run && study.phase() == Phase::Finished);
    study.showRun(first->run);
    QCOMPARE(study.shown(), first);
    const std::optional<RunPlace> place = study.placeOf(first->run);
    QVERIFY(place && place->reached.W == first->W && place->reached.Ht == first->Ht);
    QCOMPARE(place->run.records.back().iteration, 20);
    study.showRun(study.snapshot()->run);
    QVERIFY(study.showsNewest());
}

void TestLookingBack::aNewRunIsShownAtOnce()
{
    Study study;
    openNow(study, bars);
    runToTheEnd(study, 20);
    study.showFrame(study.snapshot()->run, 4);
    study.restart();
    QVERIFY(study.showsNewest());
}

void TestLookingBack::aRunTakenUpInItsMiddleGoesOnToTheSameBits()
{
    Study study;
    StudyWatch watch(study);
    openNow(study, bars);
    runToTheEnd(study, 60);
    const auto straight = study.snapshot();
    const std::vector<Record> records = study.runs().back().records;
    const std::optional<RunPlace> place = study.placeOf(straight->run, 21);
    QVERIFY(place);
    const int middle = place->run.records.back().iteration;
    QVERIFY(middle > 16 && middle <= 21);
    study.adopt(*place);
    QTRY_VERIFY(study.snapshot()->run != straight->run);
    QCOMPARE(study.phase(), Phase::Paused);
    QCOMPARE(iterationOf(study), middle);
    QVERIFY(*study.snapshot()->W == *place->reached.W && *study.snapshot()->Ht == *place->reached.Ht);
    study.run();
    QTRY_COMPARE(study.phase(), Phase::Finished);
    QCOMPARE(iterationOf(study), 60);
    QVERIFY(*study.snapshot()->W == *straight->W && *study.snapshot()->Ht == *straight->Ht);
    const std::vector<Record>& again = study.runs().back().records;
    QCOMPARE(again.size(), records.size());
    for (std::size_t i = 0; i < records.size(); ++i)
        QCOMPARE(again[i].objective, records[i].objective);
    QCOMPARE(study.runs().size(), std::size_t{2});
    QCOMPARE(watch.wrong, QStringList());
}

void TestLookingBack::aRunTakenUpAtItsEndIsAtItsEnd()
{
    Study study;
    openNow(study, bars);
    runToTheEnd(study, 20);
    const auto first = study.snapshot();
    runToTheEnd(study, 10);
    study.adopt(*study.placeOf(first->run));
    QTRY_VERIFY(study.snapshot()->run == first->run + 2);
    QCOMPARE(study.phase(), Phase::Finished);
    // When to end is as it was chosen last.
    QCOMPARE(study.options().maxIterations, 10);
    QVERIFY(study.snapshot()->endSentence == first->endSentence);
    QVERIFY(*study.snapshot()->W == *first->W);
}

void TestLookingBack::theNewestIsAPlaceWhileTheRunGoesOn()
{
    Study study;
    openNow(study, bars);
    runEndlessly(study);
    const std::optional<RunPlace> place = study.placeOf(study.snapshot()->run);
    QVERIFY(place && place->reached.W == study.snapshot()->W);
    QCOMPARE(place->run.records.back().iteration, iterationOf(study));
    QVERIFY(!study.placeOf(99));
}

void TestLookingBack::aRunBeginsWithGivenFactors()
{
    for (const bool running : {false, true}) {
        Study study;
        openNow(study, bars);
        runToTheEnd(study, 5);
        const auto before = study.snapshot();
        if (running)
            runEndlessly(study);
        Options options = hals(study, 10000000);
        options.start = std::make_shared<const Factors<double>>(Factors<double>{*before->W, *before->Ht});
        const std::uint64_t now = study.runs().back().number;
        study.beginWith(options);
        QCOMPARE(study.phase(), running ? Phase::Running : Phase::Paused);
        QTRY_VERIFY(study.snapshot()->run == now + 1);
        const Frame& begin = study.history().of(now + 1).front();
        QCOMPARE(begin.record.iteration, 0);
        QVERIFY(begin.W->isApprox(*before->W, 1e-12) && begin.Ht->isApprox(*before->Ht, 1e-12));
        study.stop();
    }
}

void TestLookingBack::oldRunsAreForgotten()
{
    Study study;
    openNow(study, bars);
    runToTheEnd(study, 20);
    const std::uint64_t first = study.runs().back().number;
    QVERIFY(!study.history().of(first).empty());
    for (int time = 0; time < 20; ++time)
        study.restart();
    QVERIFY(study.runs().front().number > first);
    QVERIFY(study.history().of(first).empty());
    QVERIFY(!study.placeOf(first));
    study.showRun(first);
    QVERIFY(study.showsNewest());
}

void TestLookingBack::largeFactorsAreKeptAtRestAlone()
{
    Study study;
    openNow(study, bars);
    study.setHistoryBudget(64);
    runToTheEnd(study, 50);
    const std::vector<Frame>& frames = study.history().of(study.runs().back().number);
    QCOMPARE(frames.back().record.iteration, 50);
    QVERIFY(frames.size() <= 2);
}

void TestLookingBack::otherDataHaveNoPast()
{
    Study study;
    openNow(study, bars);
    runToTheEnd(study, 20);
    const std::uint64_t run = study.snapshot()->run;
    study.showFrame(run, 5);
    openNow(study, QStringLiteral("sample:worked-example"));
    QVERIFY(!study.shown());
    QVERIFY(study.history().of(run).empty());
}

QTEST_GUILESS_MAIN(TestLookingBack)
#include "tst_looking_back.moc"
