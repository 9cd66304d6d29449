#include "core/error.h"
#include "tests/support/promptly.h"
#include "ui/model/feed.h"
#include "ui/model/worker.h"

#include <QElapsedTimer>
#include <QSignalSpy>
#include <QTest>

#include <atomic>
#include <new>

using namespace nmf::ui;
using namespace std::chrono_literals;

namespace
{

/// Goes on until it is asked to stop, as a run does.
void untilStopped(const std::stop_token& stop)
{
    while (!stop.stop_requested())
        std::this_thread::sleep_for(1ms);
}

std::shared_ptr<const Snapshot> snapshotAt(int iteration)
{
    auto snapshot = std::make_shared<Snapshot>();
    snapshot->record.iteration = iteration;
    return snapshot;
}

} // namespace

/// The door between threads, and what passes through it.
class TestWorker : public QObject
{
    Q_OBJECT

private slots:
    void aJobTellsAndFinishes();
    void everythingToldIsHeardInOrder();
    void whatAJobTellsIsDoneOnTheWindowsThread();
    void whatAJobThrowsComesOutAsItsSentence_data();
    void whatAJobThrowsComesOutAsItsSentence();
    void aCancelledJobFinishesWithoutAWord();
    void aStoppedJobIsHeardToItsEnd();
    void nothingIsHeardOfAReplacedJob();
    void aJobReplacedBeforeItBeganNeverRunsAlone();
    void aJobMayBeStartedFromTheEndOfAnother();
    void destructionStopsTheJobAndWaitsForIt();
    void anIdleWorkerIsDestroyedAtOnce();
    void theInboxKeepsTheOrderOfEachSender();
    void theInboxWakesOnlyWhenItWasEmpty();
    void theFeedKeepsTheLatestSnapshotAndEveryRecord();
    void whatIsSentAgainTakesThePlaceOfWhatWasSent();
    void theFeedWantsNothingBeforeTheFrameIsOver();
    void aFastSenderLosesNoRecord();
};

void TestWorker::aJobTellsAndFinishes()
{
    Worker worker;
    QSignalSpy finished(&worker, &Worker::finished), failed(&worker, &Worker::failed);
    int heard = 0;
    QVERIFY(!worker.busy());
    worker.start([&heard](const std::stop_token&, const Worker::Tell& tell) { tell([&heard] { heard = 7; }); });
    QVERIFY(worker.busy());
    QTRY_COMPARE(finished.count(), 1);
    QCOMPARE(heard, 7);
    QVERIFY(!worker.busy());
    QCOMPARE(failed.count(), 0);
    QTest::qWait(20);
    QCOMPARE(finished.count(), 1);
}

void TestWorker::everythingToldIsHeardInOrder()
{
    Worker worker;
    constexpr int count = 20000;
    std::vector<int> heard;
    bool finishedLast = false;
    connect(&worker, &Worker::finished, this, [&] { finishedLast = heard.size() == count; });
    worker.start([&heard](const std::stop_token&, const Worker::Tell& tell) {
        for (int i = 0; i < count; ++i)
            tell([&heard, i] { heard.push_back(i); });
    });
    QTRY_VERIFY(!worker.busy());
    QVERIFY(finishedLast);
    for (int i = 0; i < count; ++i)
        QCOMPARE(heard[static_cast<std::size_t>(i)], i);
}

void TestWorker::whatAJobTellsIsDoneOnTheWindowsThread()
{
    Worker worker;
    const std::thread::id here = std::this_thread::get_id();
    std::thread::id ofJob, ofTold;
    worker.start([&](const std::stop_token&, const Worker::Tell& tell) {
        tell([&, there = std::this_thread::get_id()] {
            ofJob = there;
            ofTold = std::this_thread::get_id();
        });
    });
    QTRY_VERIFY(!worker.busy());
    QVERIFY(ofTold == here);
    QVERIFY(ofJob != here);
}

void TestWorker::whatAJobThrowsComesOutAsItsSentence_data()
{
    QTest::addColumn<int>("kind");
    QTest::addColumn<QString>("sentence");
    QTest::newRow("an error") << 0 << QStringLiteral("Row 3 of é.csv has a word; give it a number.");
    QTest::newRow("no memory") << 1
                               << QStringLiteral(
                                      "There is not enough memory for this: choose a smaller rank or smaller data.");
    QTest::newRow("of the library") << 2 << QStringLiteral("out of range");
}

void TestWorker::whatAJobThrowsComesOutAsItsSentence()
{
    QFETCH(int, kind);
    QFETCH(QString, sentence);
    Worker worker;
    QSignalSpy failed(&worker, &Worker::failed), finished(&worker, &Worker::finished);
    worker.start([kind](const std::stop_token&, const Worker::Tell&) {
        if (kind == 0)
            throw nmf::Error("Row 3 of é.csv has a word; give it a number.");
        if (kind == 1)
            throw std::bad_alloc();
        throw std::out_of_range("out of range");
    });
    QTRY_COMPARE(finished.count(), 1);
    QCOMPARE(failed.count(), 1);
    QCOMPARE(failed.first().first().toString(), sentence);

    // The worker lives on.
    worker.start([](const std::stop_token&, const Worker::Tell&) {});
    QTRY_COMPARE(finished.count(), 2);
    QCOMPARE(failed.count(), 1);
}

void TestWorker::aCancelledJobFinishesWithoutAWord()
{
    Worker worker;
    QSignalSpy failed(&worker, &Worker::failed), finished(&worker, &Worker::finished);
    worker.start([](const std::stop_token& stop, const Worker::Tell&) {
        untilStopped(stop);
        throw nmf::Cancelled();
    });
    QTest::qWait(10);
    QVERIFY(worker.busy());
    worker.stop();
    QTRY_COMPARE(finished.count(), 1);
    QCOMPARE(failed.count(), 0);
}

void TestWorker::aStoppedJobIsHeardToItsEnd()
{
    Worker worker;
    bool heard = false;
    worker.start([&heard](const std::stop_token& stop, const Worker::Tell& tell) {
        untilStopped(stop);
        tell([&heard] { heard = true; });
    });
    worker.stop();
    QTRY_VERIFY(!worker.busy());
    QVERIFY(heard);
}

void TestWorker::nothingIsHeardOfAReplacedJob()
{
    Worker worker;
    QSignalSpy failed(&worker, &Worker::failed), finished(&worker, &Worker::finished);
    constexpr int jobs = 40;
    std::vector<int> heard;
    for (int job = 0; job < jobs; ++job) {
        worker.start([&heard, job](const std::stop_token& stop, const Worker::Tell& tell) {
            tell([&heard, job] { heard.push_back(job); });
            if (job == jobs - 1)
                return;
            untilStopped(stop);
            tell([&heard, job] { heard.push_back(job); });
            throw nmf::Error("The old job has failed.");
        });
        // What the job before told has arrived, but is not yet heard.
        if (job % 2)
            std::this_thread::sleep_for(1ms);
    }
    QTRY_VERIFY(!worker.busy());
    QTest::qWait(20);
    QCOMPARE(heard, std::vector<int>{jobs - 1});
    QCOMPARE(failed.count(), 0);
    QCOMPARE(finished.count(), 1);
}

void TestWorker::aJobReplacedBeforeItBeganNeverRunsAlone()
{
    Worker worker;
    std::atomic<int> running = 0, most = 0;
    const auto job = [&](const std::stop_token& stop, const Worker::Tell&) {
        most = std::max(most.load(), ++running);
        untilStopped(stop);
        --running;
    };
    for (int i = 0; i < 30; ++i)
        worker.start(job);
    worker.stop();
    QTRY_VERIFY(!worker.busy());
    QCOMPARE(most.load(), 1);
    QCOMPARE(running.load(), 0);
}

void TestWorker::aJobMayBeStartedFromTheEndOfAnother()
{
    Worker worker;
    int left = 10;
    connect(&worker, &Worker::finished, this, [&] {
        if (--left > 0)
            worker.start([](const std::stop_token&, const Worker::Tell&) {});
    });
    worker.start([](const std::stop_token&, const Worker::Tell&) {});
    QTRY_COMPARE(left, 0);
    QVERIFY(!worker.busy());
}

void TestWorker::destructionStopsTheJobAndWaitsForIt()
{
    for (int time = 0; time < 50; ++time) {
        std::atomic<bool> ended = false;
        bool heard = false;
        {
            Worker worker;
            worker.start([&](const std::stop_token& stop, const Worker::Tell& tell) {
                untilStopped(stop);
                tell([&heard] { heard = true; });
                ended = true;
            });
            if (time % 2)
                std::this_thread::sleep_for(1ms);
        }
        QVERIFY(ended);
        QCoreApplication::processEvents();
        QVERIFY(!heard);
    }
}

void TestWorker::anIdleWorkerIsDestroyedAtOnce()
{
    QElapsedTimer timer;
    timer.start();
    for (int time = 0; time < 100; ++time)
        Worker().stop();
    QVERIFY2(timer.elapsed() < promptly, qPrintable(QString::number(timer.elapsed())));
}

void TestWorker::theInboxKeepsTheOrderOfEachSender()
{
    constexpr int senders = 4, count = 2000;
    std::vector<std::vector<int>> heard(senders);
    std::atomic<int> woken = 0;
    Inbox inbox([&woken] { ++woken; });
    {
        std::vector<std::jthread> threads;
        for (int sender = 0; sender < senders; ++sender)
            threads.emplace_back([&, sender] {
                for (int i = 0; i < count; ++i)
                    inbox.post([&heard, sender, i] { heard[static_cast<std::size_t>(sender)].push_back(i); });
            });
        for (int look = 0; look < 100; ++look)
            for (const auto& message : inbox.take())
                message();
    }
    for (const auto& message : inbox.take())
        message();
    for (const std::vector<int>& numbers : heard) {
        QCOMPARE(numbers.size(), std::size_t{count});
        QVERIFY(std::ranges::is_sorted(numbers));
    }
    QVERIFY(woken >= 1);
}

void TestWorker::theInboxWakesOnlyWhenItWasEmpty()
{
    int woken = 0;
    Inbox inbox([&woken] { ++woken; });
    for (int i = 0; i < 5; ++i)
        inbox.post([] {});
    QCOMPARE(woken, 1);
    QCOMPARE(inbox.take().size(), std::size_t{5});
    QVERIFY(inbox.take().empty());
    inbox.post([] {});
    QCOMPARE(woken, 2);
}

void TestWorker::theFeedKeepsTheLatestSnapshotAndEveryRecord()
{
    int woken = 0;
    Feed feed([&woken] { ++woken; });
    QVERIFY(feed.wants());
    feed.put({snapshotAt(0), {{.iteration = 0}}, 0});
    QVERIFY(!feed.wants());
    feed.put({snapshotAt(2), {{.iteration = 1}, {.iteration = 2}}, 1});
    feed.put({snapshotAt(3), {{.iteration = 3}}, 3});
    QCOMPARE(woken, 1);
    const Feed::Delivery delivery = feed.take(0ms);
    QCOMPARE(delivery.snapshot->record.iteration, 3);
    QCOMPARE(delivery.records.size(), std::size_t{4});
    for (int i = 0; i < 4; ++i)
        QCOMPARE(delivery.records[static_cast<std::size_t>(i)].iteration, i);
    QVERIFY(!feed.take(0ms).snapshot);
    feed.put({snapshotAt(4), {}, 4});
    QCOMPARE(woken, 2);
}

void TestWorker::whatIsSentAgainTakesThePlaceOfWhatWasSent()
{
    Feed feed([] {});
    std::vector<nmf::Record> records;
    const auto take = [&] {
        const Feed::Delivery delivery = feed.take(0ms);
        Feed::append(records, delivery.first, delivery.records);
        std::vector<double> objectives;
        for (const nmf::Record& record : records)
            objectives.push_back(record.objective);
        return objectives;
    };
    using Objectives = std::vector<double>;
    feed.put({snapshotAt(1), {{.objective = 5}, {.objective = 4}}, 0});
    QCOMPARE(take(), (Objectives{5, 4}));
    feed.put({snapshotAt(1), {{.objective = 3}}, 1});
    QCOMPARE(take(), (Objectives{5, 3}));
    // Also before it was taken, and where more goes than came.
    feed.put({snapshotAt(2), {{.objective = 2}}, 2});
    feed.put({snapshotAt(2), {{.objective = 2.5}, {.objective = 2.25}}, 2});
    feed.put({snapshotAt(3), {{.objective = 2}}, 3});
    QCOMPARE(take(), (Objectives{5, 3, 2.5, 2}));
    feed.put({snapshotAt(4), {{.objective = 1}}, 4});
    feed.put({snapshotAt(1), {{.objective = 4.5}}, 1});
    QCOMPARE(take(), (Objectives{5, 4.5}));
}

void TestWorker::theFeedWantsNothingBeforeTheFrameIsOver()
{
    Feed feed([] {});
    feed.put({snapshotAt(0), {}, 0});
    feed.take(40ms);
    QVERIFY(!feed.wants());
    std::this_thread::sleep_for(45ms);
    QVERIFY(feed.wants());
}

void TestWorker::aFastSenderLosesNoRecord()
{
    constexpr int count = 20000;
    std::atomic<int> woken = 0;
    Feed feed([&woken] { ++woken; });
    std::vector<nmf::Record> records;
    int taken = 0, last = -1;
    {
        const std::jthread sender([&] {
            for (int i = 0; i < count; ++i)
                feed.put({snapshotAt(i), {{.iteration = i}}, static_cast<std::size_t>(i)});
        });
        while (last < count - 1) {
            const Feed::Delivery delivery = feed.take(0ms);
            if (!delivery.snapshot)
                continue;
            ++taken;
            // The records end where the snapshot is.
            QCOMPARE(delivery.records.back().iteration, delivery.snapshot->record.iteration);
            QVERIFY(delivery.snapshot->record.iteration > last);
            last = delivery.snapshot->record.iteration;
            records.insert(records.end(), delivery.records.begin(), delivery.records.end());
        }
    }
    QCOMPARE(records.size(), std::size_t{count});
    for (int i = 0; i < count; ++i)
        QCOMPARE(records[static_cast<std::size_t>(i)].iteration, i);
    QCOMPARE(woken.load(), taken);
}

QTEST_GUILESS_MAIN(TestWorker)
#include "tst_worker.moc"
