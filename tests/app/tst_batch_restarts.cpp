#include "tests/support/batch_test.h"

#include <QJsonArray>

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
