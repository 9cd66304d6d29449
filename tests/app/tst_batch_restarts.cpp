#include "tests/support/batch_test.h"

#include <QJsonArray>

#include <cmath>
#include <csignal>

/// Many runs by the built program.
class TestBatchRestarts : public QObject, BatchTest
{
    Q_OBJECT

    Outcome run(const QStringList& arguments) const { return BatchTest::run(QStringList{"run"} + arguments); }

private slots:
    void theBestOfAllIsWrittenAndAllAreReported()
    {
        const QStringList task{"sample:swimmer", "--rank", "16", "--init", "random", "--max-iter", "40"};
        const Outcome many = run(task + QStringList{"--seed", "4", "--restarts", "5", "--json", "--output", "many"});
        QCOMPARE(many.errors, "");
        QCOMPARE(many.status, 0);
        const QJsonObject report = many.report(), restarts = report["restarts"].toObject();
        const QJsonArray runs = restarts["runs"].toArray();
        QCOMPARE(runs.size(), 5);
        double lowest = 1e300;
        qint64 best = 0;
        for (int i = 0; i < 5; ++i) {
            const QJsonObject one = runs[i].toObject();
            QCOMPARE(one["seed"].toInt(), 4 + i);
            for (const char* key : {"objective", "relative_error", "iterations", "seconds"})
                QVERIFY2(one[key].isDouble(), key);
            QVERIFY(!one["stopped_because"].toString().isEmpty());
            if (one["objective"].toDouble() < lowest) {
                lowest = one["objective"].toDouble();
                best = one["seed"].toInteger();
            }
        }
        QCOMPARE(report["objective"].toDouble(), lowest);
        QCOMPARE(restarts["best_seed"].toInteger(), best);
        QCOMPARE(report["seed"].toInteger(), best);
        for (const char* key : {"cophenetic", "dispersion", "stability"})
            QVERIFY2(restarts[key].toDouble(-1) > 0 && restarts[key].toDouble() <= 1, key);
        QCOMPARE(restarts["component_stability"].toArray().size(), 16);
        const QJsonObject published = restarts["as_published"].toObject();
        for (const char* key : {"cophenetic", "dispersion", "ambiguous_pairs"})
            QVERIFY2(published[key].toDouble(-1) >= 0 && published[key].toDouble() <= 1, key);
        // The same by itself.
        QCOMPARE(run(task + QStringList{"--seed", QString::number(best), "--quiet", "--output", "one"}).status, 0);
        for (const char* file : {"W.npy", "H.npy"})
            QCOMPARE(contents(path(QString("many/") + file)), contents(path(QString("one/") + file)));
    }

    void theStandardStartGivesWayToARandomOneAndSaysSo()
    {
        const Outcome many = run({"sample:bars", "--restarts", "3", "--json"});
        QCOMPARE(many.status, 0);
        QVERIFY(many.report()["restarts"].toObject()["note"].toString().contains("random"));
        QCOMPARE(many.report()["options"].toObject()["init"].toString(), "random");
        const Outcome told = run({"sample:bars", "--restarts", "3"});
        QVERIFY2(told.output.contains("Best of 3 runs") && told.output.contains("Cophenetic"), qPrintable(told.output));
    }

    void aStartThatWasAskedForIsNotExchanged()
    {
        const Outcome refused = run({"sample:bars", "--restarts", "3", "--init", "nndsvd"});
        QCOMPARE(refused.status, 1);
        QVERIFY2(refused.errors.contains("nndsvd") && refused.errors.count('\n') == 1, qPrintable(refused.errors));
        for (const char* count : {"0", "many", "1000000"}) {
            const Outcome wrong = run({"sample:bars", "--restarts", count});
            QCOMPARE(wrong.status, 1);
            QVERIFY2(wrong.errors.contains("--restarts"), qPrintable(wrong.errors));
        }
    }

    void oneRunIsReportedWithoutRestarts()
    {
        const QJsonObject report = run({"sample:bars", "--restarts", "1", "--json"}).report();
        QVERIFY(!report.contains("restarts"));
        QVERIFY(report["kkt_residual"].toDouble(-1) >= 0);
        const double support = report["support"].toObject()["W"].toDouble();
        QVERIFY(support > 0 && support < 1);
    }

    void severalRanksAreRunAndTheBestOfEachIsWritten()
    {
        const QStringList task{"sample:bars", "--max-iter", "60", "--restarts", "3", "--held-out", "0.1", "--json"};
        const Outcome many = run(task + QStringList{"--ranks", "6,3:"}),
                      wrong = run(task + QStringList{"--ranks", "x"});
        QCOMPARE(many.status, 1);
        QVERIFY2(wrong.status == 1 && wrong.errors.contains("--ranks"), qPrintable(wrong.errors));
        const Outcome sweep = run(task + QStringList{"--ranks", "6,3", "--output", "ranks"});
        QCOMPARE(sweep.errors, "");
        QCOMPARE(sweep.status, 0);
        const QJsonArray ranks = sweep.report()["ranks"].toArray();
        QCOMPARE(ranks.size(), 2);
        double least = 1e300, error = 0;
        for (int i = 0; i < 2; ++i) {
            const QJsonObject rank = ranks[i].toObject(), objective = rank["objective"].toObject();
            const QString folder = m_folder.filePath("ranks/rank-" + QString::number(3 + 3 * i));
            QCOMPARE(rank["rank"].toInt(), 3 + 3 * i);
            QCOMPARE(rank["runs"].toArray().size(), 3);
            for (const char* file : {"W.npy", "H.npy", "loss.csv", "report.json"})
                QVERIFY2(QFile::exists(folder + "/" + file), file);
            const QJsonObject report = QJsonDocument::fromJson(contents(folder + "/report.json")).object();
            QCOMPARE(report["options"].toObject()["rank"].toInt(), 3 + 3 * i);
            QCOMPARE(report["objective"].toDouble(), objective["best"].toDouble());
            QVERIFY(objective["best"].toDouble() <= objective["lower_quartile"].toDouble() &&
                    objective["lower_quartile"].toDouble() <= objective["median"].toDouble() &&
                    objective["median"].toDouble() <= objective["upper_quartile"].toDouble());
            for (const char* key : {"cophenetic", "dispersion", "instability"})
                QVERIFY2(rank[key].isDouble(), key);
            double mean = 0;
            for (const QJsonValue one : rank["runs"].toArray())
                mean += one.toObject()["held_out_relative_error"].toDouble() / 3;
            QVERIFY(std::abs(mean - rank["held_out"].toObject()["relative_error"].toDouble()) < 1e-12);
            if (mean < least) {
                least = mean;
                error = rank["held_out"].toObject()["standard_error"].toDouble();
            }
        }
        const bool first = ranks[0].toObject()["held_out"].toObject()["relative_error"].toDouble() <= least + error;
        QCOMPARE(sweep.report()["suggested_rank"].toInt(), first ? 3 : 6);
        // The same bytes on another number of threads, in the place of the first.
        const QByteArray before = contents(m_folder.filePath("ranks/rank-6/W.npy"));
        QCOMPARE(run(task + QStringList{"--ranks", "2:6", "--threads", "1", "--output", "ranks"}).status, 0);
        QCOMPARE(contents(m_folder.filePath("ranks/rank-6/W.npy")), before);
        QVERIFY(QFile::exists(m_folder.filePath("ranks/rank-2/W.npy")));
        // What somebody else put there stays.
        QFile foreign(m_folder.filePath("ranks/rank-2/notes.txt"));
        QVERIFY(foreign.open(QIODevice::WriteOnly));
        foreign.close();
        const Outcome refused = run(task + QStringList{"--ranks", "2", "--output", "ranks"});
        QCOMPARE(refused.status, 1);
        QVERIFY2(refused.errors.contains("rank-2"), qPrintable(refused.errors));
    }

    void vagueDataAreSaidNotToDetermineTheComponents()
    {
        // All parts and all coefficients are far from zero: many products are about as good.
        QFile table(m_folder.filePath("vague.csv"));
        QVERIFY(table.open(QFile::WriteOnly));
        for (int i = 0; i < 12; ++i) {
            QStringList row;
            for (int j = 0; j < 30; ++j) {
                const double x = (2 + i % 3) * (3 + j % 4) + (1 + i % 4) * (2 + j % 5) + (3 + i % 5) * (1 + j % 3);
                row << QString::number(x * (1 + 0.01 * ((i * 7 + j * 3) % 11)));
            }
            table.write((row.join(',') + '\n').toLatin1());
        }
        table.close();
        const QStringList task{"vague.csv", "--rank", "3", "--restarts", "8", "--max-iter", "5000", "--tol", "1e-9"};
        const QJsonObject report = run(task + QStringList{"--json"}).report()["restarts"].toObject();
        QVERIFY(report["equally_good_runs"].toInt() > 1);
        QVERIFY2(report["equally_good_stability"].toDouble() < 0.95,
                 qPrintable(QString::number(report["equally_good_stability"].toDouble())));
        QCOMPARE(report["determined"], QJsonValue(false));
        QVERIFY(run(task).output.contains("The data do not determine the components: "));
        // Parts that share nothing are found again.
        const Outcome bars = run({"sample:bars", "--restarts", "4", "--max-iter", "500"});
        QVERIFY2(bars.status == 0 && !bars.output.contains("do not determine"), qPrintable(bars.output));
    }

    void wholeBlocksAreHeldOut()
    {
        const QStringList task{"sample:bars", "--max-iter", "60", "--json", "--held-out-blocks", "2"};
        const Outcome sweep = run(task + QStringList{"--ranks", "3,6"});
        QCOMPARE(sweep.status, 0);
        const QJsonObject report = sweep.report();
        QCOMPARE(report["held_out_blocks"].toInt(), 2);
        QVERIFY(report["suggested_rank"].isDouble());
        for (const QJsonValue rank : report["ranks"].toArray()) {
            const QJsonObject heldOut = rank.toObject()["held_out"].toObject();
            QCOMPARE(heldOut["runs"].toInt(), 2);
            QVERIFY(heldOut["relative_error"].toDouble() > 0 && heldOut["standard_error"].toDouble() > 0);
        }
        for (const QStringList& more : {QStringList{"--rank", "3"}, QStringList{"--ranks", "3", "--held-out", "0.1"},
                                        QStringList{"--ranks", "3", "--smooth-h", "0.1"}}) {
            const Outcome refused = run(task + more);
            QCOMPARE(refused.status, 1);
            QVERIFY2(refused.errors.count('\n') == 1, qPrintable(refused.errors));
        }
    }

    void severalRanksAndOneAreNotAskedForAtOnce()
    {
        for (const QStringList& more : {QStringList{"--rank", "3"}, QStringList{"--compare"}}) {
            const Outcome refused = run(QStringList{"sample:bars", "--ranks", "2:4"} + more);
            QCOMPARE(refused.status, 1);
            QVERIFY2(refused.errors.contains(more[0]), qPrintable(refused.errors));
        }
        for (const char* ranks : {"0:3", "4:2", "2,,3", "2:3:4", "1:100000", ""}) {
            const Outcome refused = run({"sample:bars", "--ranks", ranks});
            QVERIFY2(refused.status == 1 && refused.errors.count('\n') == 1, ranks);
        }
        const Outcome told = run({"sample:bars", "--ranks", "2:3", "--restarts", "2"});
        QVERIFY2(told.output.contains("Rank 2:") && told.output.contains("Rank 3:"), qPrintable(told.output));
    }

    void anInterruptionWritesTheBestSoFar()
    {
        QProcess process;
        start(process, {"run", "sample:swimmer", "--restarts", "9", "--tol", "0", "--max-iter", "2000000000",
                        "--output", "stopped", "--json"});
        QTest::qWait(1500);
        ::kill(static_cast<pid_t>(process.processId()), SIGINT);
        QCOMPARE(outcome(process).status, 130);
        const QJsonObject report = reportIn(path("stopped"));
        QCOMPARE(report["stopped_because"].toString(), "stopped");
        QCOMPARE(report["restarts"].toObject()["runs"].toArray().last().toObject()["stopped_because"].toString(),
                 "not-begun");
    }
};

QTEST_GUILESS_MAIN(TestBatchRestarts)
#include "tst_batch_restarts.moc"
