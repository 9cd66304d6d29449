#include "core/samples/samples.h"
#include "tests/support/batch_test.h"

#include <QElapsedTimer>

#include <cmath>
#include <csignal>

/// The folder of results is whole or as it was, whatever happens to the program meanwhile.
class TestBatchOutput : public QObject, BatchTest
{
    Q_OBJECT

private slots:
    void init() { beginWithTwoTables(); }

    void replacesItsOwnFolderWhole()
    {
        QCOMPARE(run({"run", "sample:bars", "--max-iter", "2", "--output", "new/out"}).status, 0);
        QVERIFY(QFile::exists(path("new/out/basis.png")));
        QCOMPARE(run({"run", "table.csv", "--rank", "2", "--output", "new/out/"}).status, 0);
        QCOMPARE(filesIn(path("new/out")), resultFiles);
        QCOMPARE(flawOf(path("new/out")), "");
        QCOMPARE(filesIn(path("new")), QStringList{"out"});
    }

    void replacesAnEmptyFolder()
    {
        QVERIFY(QDir(m_folder.path()).mkdir("out"));
        QCOMPARE(run({"run", "table.csv", "--output", "out"}).status, 0);
        QCOMPARE(flawOf(path("out")), "");
    }

    void sparesAFolderWithOtherFiles_data()
    {
        QTest::addColumn<bool>("ours");
        QTest::newRow("of somebody else") << false;
        QTest::newRow("results and a note") << true;
    }

    void sparesAFolderWithOtherFiles()
    {
        QFETCH(bool, ours);
        if (ours)
            QCOMPARE(run({"run", "table.csv", "--output", "out"}).status, 0);
        QVERIFY(QDir(m_folder.path()).mkpath("out"));
        writeFile(path("out/thesis.txt"), "ten years");
        const QStringList before = filesIn(path("out"));
        const Outcome result = run({"run", "table.csv", "--output", "out"});
        QCOMPARE(result.status, 1);
        QVERIFY2(result.errors.contains("thesis.txt"), qPrintable(result.errors));
        QCOMPARE(filesIn(path("out")), before);
    }

    void seesABrokenFolder()
    {
        QCOMPARE(run({"run", "table.csv", "--rank", "2", "--output", "out"}).status, 0);
        QCOMPARE(run({"run", "table.csv", "--rank", "3", "--output", "other"}).status, 0);
        QCOMPARE(flawOf(path("out")), "");
        const auto broken = [&](const QString& file, const QByteArray& bytes) {
            const QByteArray whole = contents(path("out/" + file));
            writeFile(path("out/" + file), bytes);
            const bool seen = !flawOf(path("out")).isEmpty();
            writeFile(path("out/" + file), whole);
            return seen;
        };
        QVERIFY(broken("W.npy", contents(path("other/W.npy"))));
        QVERIFY(broken("H.npy", contents(path("out/H.npy")).chopped(8)));
        QVERIFY(broken("loss.csv", contents(path("out/loss.csv")).chopped(3)));
        QVERIFY(broken("report.json", contents(path("out/report.json")).chopped(9)));
        QVERIFY(QFile::remove(path("out/H.npy")));
        QVERIFY(!flawOf(path("out")).isEmpty());
    }

    void killedItLeavesTheFolderWhole()
    {
        const auto arguments = [](int rank) {
            return QStringList{"run",    "sample:cartoon-faces", "--init",   "random",   "--max-iter", "3", "--quiet",
                               "--rank", QString::number(rank),  "--output", "out/faces"};
        };
        QElapsedTimer clock;
        clock.start();
        QCOMPARE(run(arguments(40)).status, 0);
        const int whole = static_cast<int>(clock.elapsed());
        int killed = 0;
        for (int i = 0; i < 60; ++i) {
            QProcess process;
            start(process, arguments(i % 2 == 0 ? 30 : 40));
            // Most of them while it writes, which comes last.
            QTest::qSleep(std::max(1, i < 10 ? whole * i / 10 : whole * (50 + i) / 110));
            process.kill();
            killed += outcome(process).status != 0;
            QCOMPARE(flawOf(path("out/faces")), "");
        }
        QVERIFY2(killed > 5, "The kills came too late to mean anything.");
        QCOMPARE(run(arguments(30)).status, 0);
        QCOMPARE(filesIn(path("out")), QStringList{"faces"});
    }

    void fullDiskLeavesTheFolderWhole_data()
    {
        QTest::addColumn<int>("blocks");
        for (const int blocks : {0, 1, 8, 64, 512, 1024})
            QTest::addRow("%d", blocks) << blocks;
    }

    /// A limit on the size of files stands for a full disk: a write is cut short, then fails.
    void fullDiskLeavesTheFolderWhole()
    {
        QFETCH(int, blocks);
        QCOMPARE(run({"run", "table.csv", "--rank", "2", "--output", "out"}).status, 0);
        QProcess process;
        process.setWorkingDirectory(m_folder.path());
        process.start("/bin/bash",
                      {"-c", "ulimit -f \"$0\" && exec \"$@\"", QString::number(blocks), PARTSCOPE_PROGRAM, "run",
                       "sample:cartoon-faces", "--rank", "60", "--max-iter", "2", "--output", "out"});
        const Outcome result = outcome(process);
        QCOMPARE(result.status, 1);
        QVERIFY2(result.errors.count('\n') == 1 && result.errors.contains(".npy"), qPrintable(result.errors));
        QCOMPARE(flawOf(path("out")), "");
        QCOMPARE(reportIn(path("out"))["options"].toObject()["rank"].toInt(), 2);
        QCOMPARE(filesIn(m_folder.path()), QStringList({"negative.csv", "out", "table.csv"}));
    }

    void interruptedItWritesWhatItReached_data()
    {
        QTest::addColumn<int>("signal");
        QTest::newRow("Ctrl-C") << SIGINT;
        QTest::newRow("terminate") << SIGTERM;
    }

    void interruptedItWritesWhatItReached()
    {
        QFETCH(int, signal);
        Outcome result{0, {}, "before the first iteration"};
        // How long the start and an iteration take depends on the machine and what else it does.
        const auto early = [&] {
            return result.errors.contains("before the first iteration") ||
                   reportIn(path("out"))["iterations"].toInt() == 0;
        };
        for (int delay = 200; delay < 20000 && early(); delay *= 2) {
            QProcess process;
            start(process,
                  {"run", "sample:cartoon-faces", "--tol", "0", "--max-iter", "2000000000", "--output", "out"});
            QTRY_VERIFY_WITH_TIMEOUT(!filesIn(m_folder.path()).filter(".out.partscope-").isEmpty(), 30000);
            QTest::qSleep(delay);
            QCOMPARE(::kill(static_cast<pid_t>(process.processId()), signal), 0);
            result = outcome(process);
        }
        QCOMPARE(result.status, 130);
        QCOMPARE(flawOf(path("out")), "");
        const QJsonObject report = reportIn(path("out"));
        QCOMPARE(report["stopped_because"].toString(), "stopped");
        QVERIFY(report["iterations"].toInt() > 0);
        const nmf::Matrix<double> V = *nmf::sampleNamed("cartoon-faces").make(1).V.dense<double>();
        const double residual = (V - matrixIn(path("out/W.npy")) * matrixIn(path("out/H.npy"))).squaredNorm();
        QVERIFY(std::abs(report["objective"].toDouble() / (residual / 2) - 1) < 1e-6);
    }
};

QTEST_GUILESS_MAIN(TestBatchOutput)
#include "tst_batch_output.moc"
