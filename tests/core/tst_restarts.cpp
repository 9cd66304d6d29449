#include "tests/support/problems.h"

#include "core/error.h"
#include "core/restarts.h"

#include <QTest>

#include <atomic>
#include <cmath>

using namespace nmf;

/// Many runs beside each other.
class TestRestarts : public QObject
{
    Q_OBJECT

    static Options options(const std::string& algorithm = "ehals")
    {
        Options result;
        result.rank = 4;
        result.algorithm.id = algorithm;
        result.initializer.id = "random";
        result.seed = 5;
        result.maxIterations = 60;
        return result;
    }

private slots:
    void eachRunIsThatOfItsSeedAndTheBestIsKept()
    {
        const auto data = problems::dataset(problems::uniform(30, 45, 3));
        const Restarts many = restart(data, options(), 9);
        QCOMPARE(many.runs.size(), std::size_t{9});
        double lowest = 1e300;
        std::size_t best = 0;
        for (std::size_t i = 0; i < many.runs.size(); ++i) {
            Options alone = options();
            alone.seed = 5 + i;
            const Result result = factorize(data, alone);
            QCOMPARE(many.runs[i].seed, alone.seed);
            QCOMPARE(many.runs[i].last.objective, result.history.back().objective);
            QCOMPARE(many.runs[i].last.iteration, result.history.back().iteration);
            QCOMPARE(many.runs[i].termination, result.termination);
            QVERIFY(many.runs[i].W == result.factors.W);
            if (result.history.back().objective < lowest) {
                lowest = result.history.back().objective;
                best = i;
            }
        }
        QVERIFY(best != 0 && best != 8); // Else the first or the last might have been kept unseen.
        QCOMPARE(many.best, best);
        QCOMPARE(many.options.seed, 5 + best);
        QVERIFY(many.result.factors.W == many.runs[best].W);
        QCOMPARE(many.result.history.back().objective, lowest);
        QVERIFY(!many.stopped);
    }

    void theBitsDoNotDependOnTheThreads()
    {
        const auto data = problems::dataset(problems::uniform(40, 70, 4));
        Options some = options("mu");
        some.threads = 1;
        const Restarts one = restart(data, some, 7);
        for (const int threads : {2, 8}) {
            some.threads = threads;
            const Restarts other = restart(data, some, 7);
            QCOMPARE(other.best, one.best);
            QVERIFY(other.result.factors.W == one.result.factors.W && other.result.factors.Ht == one.result.factors.Ht);
            for (std::size_t i = 0; i < one.runs.size(); ++i) {
                QCOMPARE(other.runs[i].last.objective, one.runs[i].last.objective);
                QCOMPARE(other.runs[i].labels, one.runs[i].labels);
            }
        }
    }

    void equalObjectivesGoToTheFirstSeed()
    {
        // Zero data are fitted exactly from every seed.
        const Restarts many = restart(problems::dataset(Matrix<double>::Zero(5, 6)), options(), 8);
        QCOMPARE(many.best, std::size_t{0});
        QCOMPARE(many.result.history.back().objective, 0.0);
    }

    void manyStartsFindTheBestOfSeveralMinima()
    {
        // Kullback-Leibler has three local minima on the worked example, hit about equally often.
        Options some = options("mu");
        some.rank = 2;
        some.loss.id = "kl";
        some.maxIterations = 3000;
        some.tolerance = 0;
        const Restarts many = restart(problems::dataset(problems::matrixA()), some, 20);
        QVERIFY(std::abs(many.result.history.back().objective - 1.890300186) < 1e-6);
        double worst = 0;
        for (const RestartOutcome& run : many.runs)
            worst = std::max(worst, run.last.objective);
        QVERIFY(worst > 1.92);
    }

    void sameRunsOverAndOverAreRefused()
    {
        const auto data = problems::dataset(problems::matrixB());
        Options some = options();
        some.initializer.id = "nndsvd";
        QVERIFY_EXCEPTION_THROWN(restart(data, some, 2), Error);
        QCOMPARE(restart(data, some, 1).runs.size(), std::size_t{1});
        some = options();
        some.rank = 3;
        some.start = problems::goldenStart();
        QVERIFY_EXCEPTION_THROWN(restart(data, some, 2), Error);
        QVERIFY_EXCEPTION_THROWN(restart(data, options(), 0), Error);
    }

    void impossibleOptionsAreRefusedBeforeTheFirstRun()
    {
        Options some = options();
        some.rank = 0;
        QVERIFY_EXCEPTION_THROWN(restart(problems::dataset(problems::matrixB()), some, 3), Error);
    }

    void aStopKeepsWhatWasReached()
    {
        Options some = options("mu");
        some.threads = 2;
        some.tolerance = 0;
        std::stop_source stop;
        const Restarts many = restart(problems::dataset(problems::uniform(30, 40, 2)), some, 200, stop.get_token(),
                                      [&](const RestartProgress& progress) {
                                          if (progress.finished == 3)
                                              stop.request_stop();
                                      });
        QVERIFY(many.stopped);
        QVERIFY(many.runs[0].usable() && many.runs[1].usable());
        QVERIFY(!many.runs.back().begun);
        // The record is that of the factors.
        const double direct = problems::frobenius(problems::uniform(30, 40, 2), many.result.factors);
        QVERIFY(std::abs(direct - many.result.history.back().objective) < 1e-9 * direct);
    }

    void aStopBeforeTheFirstStartLeavesNothing()
    {
        std::stop_source stop;
        stop.request_stop();
        QVERIFY_EXCEPTION_THROWN(restart(problems::dataset(problems::matrixB()), options(), 3, stop.get_token()),
                                 Cancelled);
    }

    void progressCountsEveryRunOnce()
    {
        std::vector<std::size_t> counts;
        double last = 1e300;
        bool falls = true;
        restart(problems::dataset(problems::uniform(20, 20, 2)), options(), 6, {},
                [&](const RestartProgress& progress) {
                    counts.push_back(progress.finished);
                    falls = falls && progress.lowestObjective <= last && progress.total == 6;
                    last = progress.lowestObjective;
                });
        QCOMPARE(counts, (std::vector<std::size_t>{1, 2, 3, 4, 5, 6}));
        QVERIFY(falls);
    }
};

QTEST_APPLESS_MAIN(TestRestarts)
#include "tst_restarts.moc"
