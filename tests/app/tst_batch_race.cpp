#include "tests/support/batch_test.h"
#include "tests/support/promptly.h"

#include <QJsonArray>

#include <csignal>

/// `partscope race` by the built program.
class TestBatchRace : public QObject, BatchTest
{
    Q_OBJECT

    Outcome race(const QStringList& arguments) const { return BatchTest::run(QStringList{"race"} + arguments); }

    const QStringList m_task{"sample:bars", "--init", "random", "--solvers", "mu,hals,ehals"};

    struct Line
    {
        QString solver;
        int iteration = 0;
        double seconds = 0, objective = 0;
    };
    static QList<Line> linesOf(const QByteArray& table)
    {
        QList<Line> lines;
        for (const QByteArray& line : table.trimmed().split('\n').mid(1)) {
            const QList<QByteArray> fields = line.split(',');
            lines.append({QString::fromUtf8(fields[0]), fields[1].toInt(), fields[2].toDouble(), fields[3].toDouble()});
        }
        return lines;
    }

private slots:
    void everyIterationOfEveryLaneIsWritten()
    {
        const Outcome done = race(m_task + QStringList{"--iterations", "30", "--json", "--output", "race"});
        QCOMPARE(done.errors, "");
        QCOMPARE(done.status, 0);
        QCOMPARE(filesIn(path("race")), (QStringList{"race.csv", "report.json"}));
        QCOMPARE(contents(path("race/report.json")), done.output.toUtf8());
        QVERIFY(contents(path("race/race.csv")).startsWith("solver,iteration,seconds,objective,relative_error\n"));
        const QList<Line> lines = linesOf(contents(path("race/race.csv")));
        QCOMPARE(lines.size(), 3 * 31);
        const QStringList solvers{"mu", "hals", "ehals"};
        for (int i = 0; i < lines.size(); ++i) {
            QCOMPARE(lines[i].solver, solvers[i / 31]);
            QCOMPARE(lines[i].iteration, i % 31);
            // All begin at one place, each by its own clock.
            if (lines[i].iteration == 0)
                QCOMPARE(lines[i].objective, lines[0].objective);
            else
                QVERIFY(lines[i].seconds >= lines[i - 1].seconds);
        }
        const QJsonObject report = done.report();
        const QJsonArray lanes = report["lanes"].toArray();
        QCOMPARE(lanes.size(), 3);
        for (int lane = 0; lane < 3; ++lane) {
            QCOMPARE(lanes[lane]["solver"].toString(), solvers[lane]);
            QCOMPARE(lanes[lane]["iterations"].toInt(), 30);
            QCOMPARE(lanes[lane]["objective"].toDouble(), lines[31 * lane + 30].objective);
            QVERIFY(lanes[lane]["reached_target"].isNull());
        }
        QCOMPARE(report["options"].toObject()["init"].toString(), "random");
        QVERIFY(report["target"].isNull() && !report["stopped"].toBool(true));
    }

    void aLaneIsTheRunOfItsSolver()
    {
        QCOMPARE(race(m_task + QStringList{"--iterations", "20", "--seed", "4", "--output", "race"}).status, 0);
        const QJsonObject alone = run({"run", "sample:bars", "--init", "random", "--seed", "4", "--solver", "hals",
                                       "--max-iter", "20", "--tol", "0", "--json"})
                                      .report();
        QCOMPARE(reportIn(path("race"))["lanes"].toArray().at(1)["objective"].toDouble(),
                 alone["objective"].toDouble());
    }

    void whoReachesTheTargetIsToldWithWhen()
    {
        // What the fastest has come to: mu has not.
        const QJsonObject before = race(m_task + QStringList{"--iterations", "12", "--json"}).report();
        const QJsonArray lanes = before["lanes"].toArray();
        const double target = lanes[2]["objective"].toDouble();
        QVERIFY(target < lanes[0]["objective"].toDouble());
        const QStringList with =
            m_task + QStringList{"--iterations", "12", "--target", QString::number(target, 'g', 17)};
        const Outcome done = race(with + QStringList{"--json", "--output", "race"});
        QCOMPARE(done.status, 0);
        const QJsonObject report = done.report();
        QCOMPARE(report["target"].toDouble(), target);
        const QJsonValue crossed = report["lanes"].toArray().at(2)["reached_target"];
        QVERIFY(crossed["objective"].toDouble(target + 1) <= target);
        QVERIFY(report["lanes"].toArray().at(0)["reached_target"].isNull());
        for (const Line& line : linesOf(contents(path("race/race.csv"))))
            if (line.solver == "ehals" && line.iteration < crossed["iteration"].toInt())
                QVERIFY(line.objective > target);
            else if (line.solver == "ehals" && line.iteration == crossed["iteration"].toInt())
                QCOMPARE(line.seconds, crossed["seconds"].toDouble());
        const QJsonArray order = report["order"].toArray();
        QVERIFY(order.size() == 3 && order[2] == "mu");
        const Outcome told = race(with);
        QVERIFY2(told.output.contains("ehals: reached the target after "), qPrintable(told.output));
        QVERIFY2(told.output.contains("3. mu: did not reach the target"), qPrintable(told.output));
    }

    void secondsEndEachOnItsOwnClock()
    {
        const Outcome done = race(m_task + QStringList{"--seconds", "0.02", "--json", "--output", "race"});
        QCOMPARE(done.status, 0);
        const QList<Line> lines = linesOf(contents(path("race/race.csv")));
        for (int i = 1; i < lines.size(); ++i) {
            const bool last = i + 1 == lines.size() || lines[i + 1].solver != lines[i].solver;
            QCOMPARE(lines[i].seconds >= 0.02, last);
        }
        for (const QJsonValue lane : done.report()["lanes"].toArray())
            QVERIFY(lane["stopped_because"].isNull());
    }

    void withoutLimitsEachEndsByItsRules()
    {
        const QJsonObject report = race({"sample:bars", "--solvers", "hals,ehals", "--tol", "1e-3", "--json"}).report();
        for (const QJsonValue lane : report["lanes"].toArray()) {
            QVERIFY(lane["iterations"].toInt() < 500);
            QVERIFY(!lane["stopped_because"].toString().isEmpty());
        }
    }

    void whatCannotBeIsRefusedInOneLine_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<QString>("named");
        const QStringList two{"sample:bars", "--solvers", "mu,hals"};
        QTest::newRow("no input") << QStringList{"--solvers", "mu,hals"} << "INPUT";
        QTest::newRow("no solvers") << QStringList{"sample:bars"} << "--solvers";
        QTest::newRow("one solver") << QStringList{"sample:bars", "--solvers", "mu"} << "two or more";
        QTest::newRow("twice the same") << QStringList{"sample:bars", "--solvers", "mu,mu"} << "twice";
        QTest::newRow("no such solver") << QStringList{"sample:bars", "--solvers", "mu,fastest"} << "fastest";
        QTest::newRow("an empty name") << QStringList{"sample:bars", "--solvers", "mu,"} << "--solvers";
        QTest::newRow("a solver of run") << two + QStringList{"--solver", "mu"} << "--solver ";
        QTest::newRow("no such loss for one") << two + QStringList{"--loss", "kl"} << "hals";
        QTest::newRow("no target") << two + QStringList{"--target", "soon"} << "--target";
        QTest::newRow("negative seconds") << two + QStringList{"--seconds", "-1"} << "--seconds";
        QTest::newRow("two limits of one kind")
            << two + QStringList{"--iterations", "3", "--max-iter", "4"} << "--max-iter";
        QTest::newRow("an option of run") << two + QStringList{"--restarts", "3"} << "restarts";
    }
    void whatCannotBeIsRefusedInOneLine()
    {
        QFETCH(QStringList, arguments);
        QFETCH(QString, named);
        const Outcome refused = race(arguments + QStringList{"--output", "none"});
        QCOMPARE(refused.status, 1);
        QVERIFY2(refused.errors.contains(named) && refused.errors.count('\n') == 1, qPrintable(refused.errors));
        QVERIFY(!QFile::exists(path("none")));
    }

    void helpNamesTheOptions()
    {
        const Outcome help = race({"--help"});
        QCOMPARE(help.status, 0);
        for (const char* option :
             {"--solvers", "--target", "--seconds", "--iterations", "--loss", "--l1-h", "--output"})
            QVERIFY2(help.output.contains(option), option);
        QVERIFY(run({"--help"}).output.contains("partscope race"));
    }

    void anInterruptionWritesWhatWasReached()
    {
        QProcess interrupted;
        start(interrupted, QStringList{"race"} + m_task + QStringList{"--seconds", "1000", "--output", "stopped"});
        // It listens from before the folder is there.
        QTRY_VERIFY(!QDir(m_folder.path()).entryList({".stopped*"}, QDir::Dirs | QDir::Hidden).isEmpty());
        QTest::qWait(700);
        ::kill(static_cast<pid_t>(interrupted.processId()), SIGINT);
        const Outcome stopped = outcome(interrupted);
        QCOMPARE(stopped.status, 130);
        const QJsonObject report = reportIn(path("stopped"));
        QVERIFY(report["stopped"].toBool());
        QCOMPARE(report["lanes"].toArray().size(), 3);
        const QList<Line> lines = linesOf(contents(path("stopped/race.csv")));
        QVERIFY(lines.size() >= 3);
        QCOMPARE(lines.back().solver, "ehals");
    }
};

QTEST_GUILESS_MAIN(TestBatchRace)
#include "tst_batch_race.moc"
