#include "tests/support/batch_test.h"

#include <QJsonArray>

#include <csignal>

/// `partscope rank` by the built program.
class TestBatchRankStudy : public QObject, BatchTest
{
    Q_OBJECT

    Outcome rank(const QStringList& arguments) const { return BatchTest::run(QStringList{"rank"} + arguments); }

    const QStringList m_task{"sample:bars", "--ranks", "4:6", "--runs", "3", "--max-iter", "40"};

private slots:
    void everyFitIsReportedAndTheBestOfEachRankIsWritten()
    {
        const Outcome study = rank(m_task + QStringList{"--permuted", "--json", "--output", "ranks"});
        QCOMPARE(study.errors, "");
        QCOMPARE(study.status, 0);
        const QJsonObject report = study.report();
        QCOMPARE(report["runs"].toInt(), 3);
        QCOMPARE(report["stopped"].toBool(true), false);
        const QJsonArray ranks = report["ranks"].toArray(), suggestions = report["suggestions"].toArray();
        QCOMPARE(ranks.size(), 3);
        for (const QJsonValue value : ranks) {
            const QJsonObject one = value.toObject();
            for (const char* key : {"training", "held_out", "permuted"}) {
                QCOMPARE(one[key].toObject()["runs"].toInt(), 3);
                QVERIFY2(one[key].toObject()["relative_error"].toDouble(-1) >= 0, key);
            }
            QVERIFY(one["cophenetic"].toDouble(-1) > 0 && one["stability"].toDouble(-1) > 0);
            const QString folder = path("ranks/" + one["folder"].toString());
            QCOMPARE(flawOf(folder), "");
            QCOMPARE(reportIn(folder)["objective"].toDouble(), one["objective"].toDouble());
            const nmf::Matrix<double> consensus = matrixIn(folder + "/consensus.npy");
            QVERIFY(consensus.rows() == consensus.cols() && consensus.diagonal().minCoeff() == 1);
        }
        QVERIFY(suggestions.size() == 3 && suggestions[0].toObject()["rule"] == "held-out-one-standard-error");
        QCOMPARE(report["suggested_rank"], suggestions[0].toObject()["rank"]);
        const QList<QByteArray> lines = contents(path("ranks/ranks.csv")).trimmed().split('\n');
        QCOMPARE(lines.size(), 1 + 3 * 3 * 3);
        QVERIFY(lines[0].startsWith("rank,run,fit,seed,objective"));
        QVERIFY(lines[1].startsWith("4,1,whole,") && lines[1].split(',').size() == 10);
        // A folder of its own is replaced.
        QCOMPARE(rank(m_task + QStringList{"--held-out", "0", "--quiet", "--output", "ranks"}).status, 0);
        QCOMPARE(contents(path("ranks/ranks.csv")).count('\n'), 1 + 3 * 3);
    }

    void aFitIsThatOfItsSeed()
    {
        QCOMPARE(rank(m_task + QStringList{"--held-out", "0", "--output", "all"}).status, 0);
        const QString seed = QString::number(reportIn(path("all/rank-5"))["seed"].toInteger());
        QCOMPARE(run({"run", "sample:bars", "--rank", "5", "--init", "random", "--max-iter", "40", "--seed", seed,
                      "--output", "one"})
                     .status,
                 0);
        for (const char* file : {"W.npy", "H.npy"})
            QCOMPARE(contents(path(QString("all/rank-5/") + file)), contents(path(QString("one/") + file)));
    }

    void peopleAreToldWhichRuleItWasAndHowSureItIs()
    {
        const Outcome told = rank(m_task);
        QCOMPARE(told.status, 0);
        for (const char* text : {"Rank 4: relative error ", "held out ", "within one standard error"})
            QVERIFY2(told.output.contains(text), qPrintable(told.output));
    }

    void whatCannotBeIsRefusedInOneLine_data()
    {
        QTest::addColumn<QStringList>("more");
        QTest::addColumn<QString>("named");
        QTest::newRow("no ranks") << QStringList{"--ranks", "x"} << "--ranks";
        QTest::newRow("no runs") << QStringList{"--runs", "0"} << "--runs";
        QTest::newRow("too much is held out") << QStringList{"--held-out", "0.7"} << "--held-out";
        QTest::newRow("one start for all") << QStringList{"--init", "nndsvd"} << "nndsvd";
        QTest::newRow("an option of run") << QStringList{"--restarts", "3"} << "restarts";
    }
    void whatCannotBeIsRefusedInOneLine()
    {
        QFETCH(QStringList, more);
        QFETCH(QString, named);
        const Outcome refused = rank(m_task + more);
        QCOMPARE(refused.status, 1);
        QVERIFY2(refused.errors.contains(named) && refused.errors.count('\n') == 1, qPrintable(refused.errors));
    }

    void anInterruptionWritesWhatWasReached()
    {
        QProcess process;
        start(process, {"rank", "sample:bars", "--ranks", "2,3", "--runs", "10000", "--max-iter", "300", "--tol", "0",
                        "--output", "stopped", "--json"});
        QTest::qWait(1500);
        ::kill(static_cast<pid_t>(process.processId()), SIGINT);
        const Outcome stopped = outcome(process);
        QCOMPARE(stopped.status, 130);
        const QJsonObject report = reportIn(path("stopped"));
        QVERIFY(report["stopped"].toBool());
        const qsizetype lines = contents(path("stopped/ranks.csv")).count('\n');
        QVERIFY2(lines > 1 && lines < 40001, qPrintable(QString::number(lines)));
    }
};

QTEST_GUILESS_MAIN(TestBatchRankStudy)
#include "tst_batch_rank_study.moc"
