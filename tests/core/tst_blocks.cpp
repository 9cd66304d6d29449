#include "core/blocks.h"
#include "core/factorize.h"
#include "core/samples/samples.h"

#include <QTest>

#include <atomic>
#include <thread>

using nmf::Blocks;
using nmf::Index;
using nmf::Partition;

class TestBlocks : public QObject
{
    Q_OBJECT

private slots:
    void eachBlockIsWorkedOnOnce_data()
    {
        QTest::addColumn<int>("threads");
        QTest::addColumn<int>("count");
        for (const int threads : {1, 2, 3, 8})
            for (const int count : {0, 1, 2, 7, 1000})
                QTest::addRow("%d threads, %d blocks", threads, count) << threads << count;
    }

    void eachBlockIsWorkedOnOnce()
    {
        QFETCH(int, threads);
        QFETCH(int, count);
        Blocks blocks(threads);
        QCOMPARE(blocks.threads(), threads);
        for (int round = 0; round < 20; ++round) {
            std::vector<int> calls(static_cast<std::size_t>(count), 0);
            std::vector<std::vector<int>> scratch(static_cast<std::size_t>(threads));
            blocks.run(count, [&](Index block, int thread) {
                ++calls[static_cast<std::size_t>(block)];
                scratch[static_cast<std::size_t>(thread)].push_back(1);
            });
            for (const int number : calls)
                QCOMPARE(number, 1);
            std::size_t sum = 0;
            for (const auto& one : scratch)
                sum += one.size();
            QCOMPARE(sum, static_cast<std::size_t>(count));
        }
    }

    void partitionsCoverEveryRowOnce_data()
    {
        QTest::addColumn<int>("rows");
        for (const int rows : {0, 1, 255, 256, 257, 1000})
            QTest::addRow("%d", rows) << rows;
    }

    void partitionsCoverEveryRowOnce()
    {
        QFETCH(int, rows);
        const Partition partition{rows, 256};
        Index next = 0;
        for (Index block = 0; block < partition.count(); ++block) {
            QCOMPARE(partition.first(block), next);
            QVERIFY(partition.size(block) > 0 && partition.size(block) <= partition.step);
            next += partition.size(block);
        }
        QCOMPARE(next, Index(rows));
    }

    /// What the thread sanitizer is to look at: a run on many threads, watched by another and stopped by it.
    void aRunOnManyThreadsIsWatchedAndStopped_data()
    {
        QTest::addColumn<QString>("solver");
        QTest::newRow("hals") << "hals";
        QTest::newRow("mu") << "mu";
    }

    void aRunOnManyThreadsIsWatchedAndStopped()
    {
        QFETCH(QString, solver);
        const auto dataset = std::make_shared<const nmf::Dataset>(nmf::sampleNamed("swimmer").make(1));
        nmf::Options options;
        options.algorithm.id = solver.toStdString();
        options.rank = 8;
        options.threads = 4;
        options.tolerance = 0;
        options.maxIterations = 1000000;
        std::atomic<int> seen = 0;
        nmf::Result result;
        std::jthread worker([&](std::stop_token stop) {
            result = nmf::factorize(dataset, options, stop,
                                    {.report = [&](const nmf::Run& run) { seen = run.iteration(); }});
        });
        QTRY_VERIFY_WITH_TIMEOUT(seen >= 20, 60000);
        worker.request_stop();
        worker.join();
        QVERIFY(result.termination == nmf::Termination::Stopped);
        QVERIFY(result.factors.W.allFinite() && result.factors.W.minCoeff() >= 0);
    }
};

QTEST_GUILESS_MAIN(TestBlocks)
#include "tst_blocks.moc"
