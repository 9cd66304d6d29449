#include "tests/support/promptly.h"
#include "tests/support/study_driver.h"
#include "tests/support/study_watch.h"

#include <QElapsedTimer>

#include <array>
#include <functional>
#include <random>

using namespace nmf;
using namespace nmf::ui;
using namespace study_driver;
using Phase = Study::Phase;

/// What a study opens, and whether it is whole at any moment.
class TestStudy : public QObject
{
    Q_OBJECT

private slots:
    void aSampleIsOpened();
    void aFileIsOpened();
    void missingEntriesAreUnknownAndSaidToBe();
    void whatCannotBeReadLeavesTheDataAlone_data();
    void whatCannotBeReadLeavesTheDataAlone();
    void loadingIsCancelled();
    void theNewestOrderToOpenCounts();
    void rowsAndColumnsAreExchanged();
    void aStudyIsDestroyedInTheMiddleOfAnything();
    void aStormOfOrdersMixesNothingUp_data();
    void aStormOfOrdersMixesNothingUp();

private:
    study_driver::Files m_files;
};

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
    openNow(study, m_files.good);
    QCOMPARE(study.dataset()->V.rows(), Index{5});
    QCOMPARE(study.dataset()->V.cols(), Index{4});
    QCOMPARE(study.dataset()->V(4, 0), 5.0);
    QVERIFY(study.options().rank <= 4);
}

void TestStudy::missingEntriesAreUnknownAndSaidToBe()
{
    const QString gap = m_files.folder.filePath("gap.csv");
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
    openNow(study, m_files.good);
    QVERIFY(!study.options().nanUnknown);
    QCOMPARE(study.options().algorithm.id, standard.id);
    QCOMPARE(told.size(), 1);
}

void TestStudy::whatCannotBeReadLeavesTheDataAlone_data()
{
    QTest::addColumn<QString>("source");
    QTest::addColumn<QString>("named");
    QTest::newRow("a word in a table") << m_files.bad << "bad.csv";
    QTest::newRow("no such file") << m_files.folder.filePath("missing.npy") << "missing.npy";
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
    // Before it has begun, and when it is first heard of; a quick machine may be done by then, which is no fault.
    study.open(m_files.large);
    study.cancelLoading();
    QTRY_VERIFY(!study.loading());
    QCOMPARE(study.dataset(), dataset);
    QCOMPARE(opened.count(), 0);
    const auto cancels = connect(&study, &Study::loadingProgress, &study, &Study::cancelLoading);
    study.open(m_files.large);
    QTRY_VERIFY_WITH_TIMEOUT(!study.loading(), promptly);
    disconnect(cancels);
    QVERIFY(progress.count() > 0);
    QVERIFY((study.dataset() == dataset) == (opened.count() == 0));
    QCOMPARE(watch.errors, QStringList());
    QCOMPARE(study.phase(), Phase::Ready);

    openNow(study, m_files.large);
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
    for (const QString& source : {m_files.large, bars, m_files.bad, m_files.large, m_files.good})
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
    openNow(study, m_files.good);
    QSignalSpy changed(&study, &Study::datasetChanged);
    study.transpose();
    QTRY_COMPARE(changed.count(), 1);
    QCOMPARE(study.dataset()->V.rows(), Index{4});
    QCOMPARE(study.dataset()->V(0, 4), 5.0);
}

void TestStudy::aStudyIsDestroyedInTheMiddleOfAnything()
{
    for (int time = 0; time < 24; ++time) {
        QElapsedTimer timer;
        {
            Study study;
            if (time % 4 == 0) {
                study.open(m_files.large);
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
                study.open(m_files.large);
            timer.start();
        }
        QVERIFY2(timer.elapsed() < promptly, qPrintable(QString::number(timer.elapsed())));
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
        [&] { study.open(below(2) ? bars : m_files.good); },
        [&] { study.open(below(2) ? m_files.bad : m_files.negative); },
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
