#include "core/factorize.h"
#include "core/samples/samples.h"
#include "tests/support/own_settings.h"
#include "tests/support/promptly.h"
#include "tests/support/session_files.h"
#include "tests/support/study_driver.h"
#include "tests/support/study_watch.h"
#include "ui/model/session_keeper.h"

#include <algorithm>

using namespace nmf;
using namespace nmf::ui;
using namespace study_driver;
using Phase = Study::Phase;

namespace
{

void openSessionNow(Study& study, const QString& path)
{
    QSignalSpy opened(&study, &Study::opened);
    study.openSession(path);
    QVERIFY2(opened.wait(20000), qPrintable(path));
    settle(study);
}

/// Runs the bars to the end of so many iterations.
void runFor(Study& study, const QString& algorithm, int iterations)
{
    openNow(study, bars);
    Options options = study.options();
    options.algorithm = {algorithm.toStdString()};
    options.maxIterations = iterations;
    options.tolerance = 0;
    study.setOptions(options);
    study.run();
    QTRY_COMPARE(study.phase(), Phase::Finished);
    settle(study);
}

void saveNow(SessionKeeper& keeper, const QString& path)
{
    QSignalSpy saved(&keeper, &SessionKeeper::saved);
    keeper.save(path);
    QVERIFY(saved.wait(20000));
}

void verifySameFactors(const Study& one, const Study& other)
{
    QVERIFY(*one.snapshot()->W == *other.snapshot()->W);
    QVERIFY(*one.snapshot()->Ht == *other.snapshot()->Ht);
}

} // namespace

/// A study that is saved, opened again and gone on with; what is kept of it meanwhile.
class TestSessionStudy : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void init();
    void anOpenedSessionIsAsItWasSaved();
    void itGoesOnToTheSameBits_data();
    void itGoesOnToTheSameBits();
    void whatRemembersMoreGoesOnDownhill();
    void aPausedRunIsPausedAndGoesOn();
    void betweenTwoHalvesItGoesOnToTheSameBits();
    void aSessionWithoutARunIsData();
    void savingAndOpeningGivesTheSameBytes();
    void whatIsNotSavedIsKnown();
    void aBadSessionLeavesWhatIsOpen();
    void aMissingFileIsAskedForAndTaken();
    void aFailedSaveIsSaid();
    void whatEndsIsKeptForRecovery();
    void whileARunGoesOnItIsKeptByTheClock();
    void whatAnotherLeftIsOpened();
    void aRunningProgramsFileIsNotOffered();
    void aLeftoverThatCannotBeOpenedIsOfferedWithAWarning();

private:
    QString path(const QString& name) const { return m_folder->filePath(name); }
    QString recovery() const { return path("recovery"); }
    QStringList kept() const { return QDir(recovery()).entryList({"*.partscope"}, QDir::Files); }

    std::unique_ptr<QTemporaryDir> m_folder;
    QTemporaryDir m_settings;
};

void TestSessionStudy::initTestCase()
{
    useOwnSettings(m_settings);
}

void TestSessionStudy::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    QVERIFY(m_folder->isValid());
}

void TestSessionStudy::anOpenedSessionIsAsItWasSaved()
{
    Study study;
    SessionKeeper keeper(study, recovery());
    runFor(study, "hals", 12);
    study.restart();
    settle(study);
    saveNow(keeper, path("bars.partscope"));
    Study again;
    StudyWatch watch(again);
    openSessionNow(again, path("bars.partscope"));
    QCOMPARE(again.phase(), Phase::Finished);
    verifySameFactors(study, again);
    QVERIFY(*again.dataset()->V.dense<double>() == *study.dataset()->V.dense<double>());
    QCOMPARE(again.dataset()->title, study.dataset()->title);
    QVERIFY(again.options().algorithm == study.options().algorithm);
    QCOMPARE(again.options().maxIterations, 12);
    QCOMPARE(again.runs().size(), std::size_t{2});
    QCOMPARE(again.runs().front().title, study.runs().front().title);
    QCOMPARE(again.runs().back().records.size(), study.runs().back().records.size());
    QCOMPARE(again.snapshot()->record.objective, study.snapshot()->record.objective);
    QCOMPARE(again.snapshot()->endSentence, study.snapshot()->endSentence);
    QVERIFY(again.snapshot()->notes == study.snapshot()->notes);
    QCOMPARE(again.iterationLimit(), study.iterationLimit());
    QCOMPARE(watch.wrong, QStringList());
    // Another run on it has a number of its own.
    again.restart();
    settle(again);
    QCOMPARE(again.runs().back().number, study.runs().back().number + 1);
    QCOMPARE(watch.wrong, QStringList());
}

void TestSessionStudy::itGoesOnToTheSameBits_data()
{
    QTest::addColumn<QString>("algorithm");
    QTest::addColumn<int>("iterations");
    for (const char* algorithm : {"hals", "bpp"})
        for (const int iterations : {1, 37})
            QTest::addRow("%s after %d", algorithm, iterations) << algorithm << iterations;
}

/// Where the factors are all that an algorithm remembers.
void TestSessionStudy::itGoesOnToTheSameBits()
{
    QFETCH(QString, algorithm);
    QFETCH(int, iterations);
    constexpr int more = 25;
    Study study;
    SessionKeeper keeper(study, recovery());
    runFor(study, algorithm, iterations);
    saveNow(keeper, path("bars.partscope"));
    study.continueFor(more);
    QTRY_COMPARE(iterationOf(study), iterations + more);
    settle(study);
    Study again;
    StudyWatch watch(again);
    openSessionNow(again, path("bars.partscope"));
    again.continueFor(more);
    QTRY_COMPARE(iterationOf(again), iterations + more);
    settle(again);
    verifySameFactors(study, again);
    for (std::size_t i = 0; i < again.runs().back().records.size(); ++i)
        QCOMPARE(again.runs().back().records[i].objective, study.runs().back().records[i].objective);
    QCOMPARE(watch.wrong, QStringList());
}

void TestSessionStudy::whatRemembersMoreGoesOnDownhill()
{
    Study study;
    SessionKeeper keeper(study, recovery());
    runFor(study, "ehals", 20);
    saveNow(keeper, path("bars.partscope"));
    Study again;
    openSessionNow(again, path("bars.partscope"));
    verifySameFactors(study, again);
    const double before = again.snapshot()->record.objective;
    again.continueFor(20);
    QTRY_COMPARE(iterationOf(again), 40);
    settle(again);
    QVERIFY(again.snapshot()->record.objective <= before);
    // And it is said that this is not what an uninterrupted run would have come to.
    const auto& notes = again.snapshot()->notes;
    QVERIFY(std::ranges::any_of(
        notes, [](const std::string& note) { return note.find("taken up at iteration 20") != note.npos; }));
}

void TestSessionStudy::aPausedRunIsPausedAndGoesOn()
{
    Study study;
    SessionKeeper keeper(study, recovery());
    openNow(study, bars);
    Options options = study.options();
    options.algorithm = {"hals"};
    study.setOptions(options);
    pauseInTheMiddle(study);
    saveNow(keeper, path("bars.partscope"));
    Study again;
    StudyWatch watch(again);
    openSessionNow(again, path("bars.partscope"));
    QCOMPARE(again.phase(), Phase::Paused);
    verifySameFactors(study, again);
    const int held = iterationOf(again);
    for (Study* both : {&study, &again}) {
        for (int step = 0; step < 11; ++step)
            both->step();
        QTRY_COMPARE(iterationOf(*both), held + 11);
        settle(*both);
    }
    verifySameFactors(study, again);
    again.run();
    QTRY_VERIFY(iterationOf(again) > held + 11);
    QCOMPARE(watch.wrong, QStringList());
}

void TestSessionStudy::betweenTwoHalvesItGoesOnToTheSameBits()
{
    Study study;
    SessionKeeper keeper(study, recovery());
    openNow(study, bars);
    Options options = endless(study.options());
    options.algorithm = {"hals"};
    study.setOptions(options);
    study.step();
    QTRY_COMPARE(iterationOf(study), 1);
    study.halfStep();
    QTRY_VERIFY(study.snapshot()->betweenHalves);
    settle(study);
    saveNow(keeper, path("bars.partscope"));
    Study again;
    openSessionNow(again, path("bars.partscope"));
    QVERIFY(again.snapshot()->betweenHalves);
    for (Study* both : {&study, &again}) {
        both->halfStep();
        QTRY_VERIFY(!both->snapshot()->betweenHalves);
        both->step();
        QTRY_COMPARE(iterationOf(*both), 3);
        settle(*both);
    }
    verifySameFactors(study, again);
}

void TestSessionStudy::aSessionWithoutARunIsData()
{
    Study study;
    SessionKeeper keeper(study, recovery());
    openNow(study, bars);
    saveNow(keeper, path("bars.partscope"));
    Study again;
    QSignalSpy opened(&again, &Study::opened);
    again.openSession(path("bars.partscope"));
    QVERIFY(opened.wait());
    QCOMPARE(again.phase(), Phase::Ready);
    QVERIFY(!again.snapshot());
    again.step();
    QTRY_COMPARE(iterationOf(again), 1);
}

void TestSessionStudy::savingAndOpeningGivesTheSameBytes()
{
    Study study;
    SessionKeeper keeper(study, recovery());
    runFor(study, "hals", 12);
    saveNow(keeper, path("first.partscope"));
    Study again;
    SessionKeeper other(again, recovery());
    openSessionNow(again, path("first.partscope"));
    QVERIFY(!other.changed());
    saveNow(other, path("second.partscope"));
    const QByteArray first = session_files::contents(path("first.partscope"));
    QVERIFY(!first.isEmpty() && first == session_files::contents(path("second.partscope")));
}

void TestSessionStudy::whatIsNotSavedIsKnown()
{
    Study study;
    SessionKeeper keeper(study, recovery());
    openNow(study, bars);
    QVERIFY(!keeper.changed());
    study.step();
    QTRY_VERIFY(keeper.changed());
    settle(study);
    saveNow(keeper, path("bars.partscope"));
    QVERIFY(!keeper.changed());
    QCOMPARE(keeper.path(), path("bars.partscope"));
    study.step();
    QTRY_VERIFY(keeper.changed());
    settle(study);
    saveNow(keeper, path("bars.partscope"));
    Options options = study.options();
    ++options.maxIterations;
    study.setOptions(options);
    QVERIFY(keeper.changed());
    // Other data have no file yet.
    openNow(study, "sample:worked-example");
    QVERIFY(!keeper.changed() && keeper.path().isEmpty());
}

void TestSessionStudy::aBadSessionLeavesWhatIsOpen()
{
    Study study;
    openNow(study, bars);
    study.step();
    settle(study);
    const auto dataset = study.dataset();
    const auto snapshot = study.snapshot();
    session_files::write(path("bad.partscope"), "PK\x03\x04 and nothing more");
    QSignalSpy messages(&study, &Study::message);
    study.openSession(path("bad.partscope"));
    QVERIFY(messages.wait());
    QVERIFY(messages.first().at(1).toString().contains("bad.partscope"));
    QVERIFY(study.dataset() == dataset && study.snapshot() == snapshot);
}

void TestSessionStudy::aMissingFileIsAskedForAndTaken()
{
    QVERIFY(QDir(m_folder->path()).mkdir("there"));
    session_files::write(path("data.csv"), "1,2,3\n4,5,6.25\n1,0,2\n");
    {
        Study study;
        SessionKeeper keeper(study, recovery());
        keeper.setEmbedding(Embedding::Never);
        openNow(study, path("data.csv"));
        study.step();
        settle(study);
        saveNow(keeper, path("there/linked.partscope"));
    }
    QVERIFY(QFile::rename(path("data.csv"), path("moved.csv")));
    Study study;
    QSignalSpy missing(&study, &Study::dataMissing), opened(&study, &Study::opened);
    study.openSession(path("there/linked.partscope"));
    QVERIFY(missing.wait());
    QVERIFY(missing.first().at(1).toString().contains("data.csv"));
    study.openSession(path("there/linked.partscope"), path("moved.csv"));
    QVERIFY(opened.wait());
    settle(study);
    QCOMPARE(iterationOf(study), 1);
}

void TestSessionStudy::aFailedSaveIsSaid()
{
    Study study;
    SessionKeeper keeper(study, recovery());
    runFor(study, "hals", 2);
    QSignalSpy failed(&keeper, &SessionKeeper::failed), saved(&keeper, &SessionKeeper::saved);
    keeper.save(path("no/such/folder.partscope"));
    // One after the other.
    keeper.save(path("good.partscope"));
    QVERIFY(saved.wait());
    QCOMPARE(failed.count(), 1);
    QVERIFY(failed.first().first().toString().contains("folder.partscope"));
    QCOMPARE(keeper.path(), path("good.partscope"));
}

void TestSessionStudy::whatEndsIsKeptForRecovery()
{
    {
        Study study;
        SessionKeeper keeper(study, recovery());
        QSignalSpy autosaved(&keeper, &SessionKeeper::autosaved);
        runFor(study, "hals", 5);
        QTRY_VERIFY(autosaved.count() > 0);
        QCOMPARE(kept().size(), 1);
        QCOMPARE(readSession((recovery() + '/' + kept().first()).toStdString()).runs.back().records.size(),
                 std::size_t{6});
        // By the clock too, while it runs; and not again when nothing has changed.
        keeper.setAutosaveSeconds(0.02);
        QTest::qWait(100);
        QCOMPARE(autosaved.count(), 1);
        study.restart();
        QTRY_VERIFY(autosaved.count() > 1);
        settle(study);
        QTRY_VERIFY(!keeper.saving());
        saveNow(keeper, path("saved.partscope"));
        QTRY_COMPARE(kept().size(), 0);
        study.step();
        settle(study);
        keeper.autosave();
        QTRY_COMPARE(kept().size(), 1);
    }
    // A program that ends as it should leaves nothing.
    QCOMPARE(kept().size(), 0);
}

void TestSessionStudy::whileARunGoesOnItIsKeptByTheClock()
{
    Study study;
    SessionKeeper keeper(study, recovery());
    keeper.setAutosaveSeconds(0.02);
    openNow(study, bars);
    runEndlessly(study);
    QSignalSpy autosaved(&keeper, &SessionKeeper::autosaved);
    QTRY_VERIFY(autosaved.count() > 1);
    QCOMPARE(study.phase(), Phase::Running);
    study.pause();
    settle(study);
    QTRY_VERIFY(!keeper.saving());
    // What was written last is a session that can be gone on with.
    keeper.autosave();
    QVERIFY(QFile::copy(recovery() + '/' + kept().first(), path("copy.partscope")));
    Study again;
    openSessionNow(again, path("copy.partscope"));
    QCOMPARE(again.phase(), Phase::Paused);
    QVERIFY(iterationOf(again) > 0 && iterationOf(again) <= iterationOf(study));
}

void TestSessionStudy::whatAnotherLeftIsOpened()
{
    {
        Study study;
        SessionKeeper keeper(study, recovery());
        runFor(study, "hals", 5);
        saveNow(keeper, path("mine.partscope"));
        study.step();
        settle(study);
        keeper.autosave();
        QTRY_COMPARE(kept().size(), 1);
        QVERIFY(QFile::copy(recovery() + '/' + kept().first(), path("left.partscope")));
    }
    QVERIFY(QFile::rename(path("left.partscope"), recovery() + "/0123456789ab-Bars.partscope"));
    Study study;
    SessionKeeper keeper(study, recovery());
    const std::vector<Leftover> found = keeper.leftovers();
    QCOMPARE(found.size(), std::size_t{1});
    QCOMPARE(found.front().title, QString("Bars"));
    QVERIFY(!found.front().tried);
    QSignalSpy autosaved(&keeper, &SessionKeeper::autosaved);
    keeper.openLeftover(found.front());
    QTRY_VERIFY(autosaved.count() > 0);
    QCOMPARE(iterationOf(study), 6);
    // It is where it was saved, and has not been saved there yet.
    QCOMPARE(keeper.path(), path("mine.partscope"));
    QVERIFY(keeper.changed());
    QVERIFY(!QFile::exists(found.front().file));
    QCOMPARE(kept().size(), 1);
    QCOMPARE(keeper.leftovers().size(), std::size_t{0});
}

void TestSessionStudy::aRunningProgramsFileIsNotOffered()
{
    Study one, other;
    SessionKeeper busy(one, recovery()), idle(other, recovery());
    runFor(one, "hals", 3);
    QTRY_COMPARE(kept().size(), 1);
    QCOMPARE(idle.leftovers().size(), std::size_t{0});
}

void TestSessionStudy::aLeftoverThatCannotBeOpenedIsOfferedWithAWarning()
{
    QVERIFY(QDir().mkpath(recovery()));
    session_files::write(recovery() + "/0123456789ab-Bars.partscope", "PK\x03\x04");
    Study study;
    SessionKeeper keeper(study, recovery());
    QSignalSpy messages(&study, &Study::message);
    keeper.openLeftover(keeper.leftovers().front());
    QVERIFY(messages.wait());
    QCOMPARE(keeper.leftovers().size(), std::size_t{1});
    QVERIFY(keeper.leftovers().front().tried);
    // What is done afterwards does not take it away.
    runFor(study, "hals", 3);
    QTRY_COMPARE(kept().size(), 2);
    Recovery::remove(keeper.leftovers().front().file);
    QCOMPARE(keeper.leftovers().size(), std::size_t{0});
    QCOMPARE(QDir(recovery()).entryList({"*.tried"}).size(), 0);
}

QTEST_MAIN(TestSessionStudy)
#include "tst_session_study.moc"
