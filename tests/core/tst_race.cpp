#include "tests/support/problems.h"

#include "core/error.h"
#include "core/studies/race.h"

#include <QTest>

#include <algorithm>

using namespace nmf;

/// Algorithms side by side from one start.
class TestRace : public QObject
{
    Q_OBJECT

    static Options lane(const char* algorithm)
    {
        Options options = problems::with(algorithm, 3, 1000000);
        options.initializer.id = "random";
        return options;
    }

    static std::shared_ptr<const Dataset> data() { return problems::dataset(problems::uniform(20, 30, 3)); }

private slots:
    void allBeginAtOnePlace()
    {
        Race race(data(), {lane("mu"), lane("hals"), lane("ehals")});
        race.advanceToIteration(0);
        for (std::size_t i = 0; i < race.size(); ++i) {
            QCOMPARE(race.run(i).iteration(), 0);
            QCOMPARE(race.run(i).history()[0].objective, race.run(0).history()[0].objective);
            QVERIFY(race.run(i).factors().W == race.run(0).factors().W);
        }
    }

    void turnsChangeNothing()
    {
        Race race(data(), {lane("mu"), lane("ehals")});
        for (const int iteration : {1, 2, 7, 20})
            race.advanceToIteration(iteration);
        for (std::size_t i = 0; i < race.size(); ++i) {
            Options alone = race.run(i).options();
            alone.maxIterations = 20;
            const Result result = factorize(data(), alone);
            QCOMPARE(race.run(i).iteration(), 20);
            QVERIFY(result.factors.W == race.run(i).factors().W && result.factors.Ht == race.run(i).factors().Ht);
            QVERIFY(!race.ended(i));
        }
    }

    void clocksRunEquallyFar()
    {
        Race race(data(), {lane("mu"), lane("hals")});
        std::vector<int> reports(race.size(), 0);
        for (const double seconds : {0.001, 0.002}) {
            race.advanceToSeconds(seconds, {}, [&](std::size_t i, const Run&) { ++reports[i]; });
            for (std::size_t i = 0; i < race.size(); ++i) {
                const std::vector<Record>& history = race.run(i).history();
                QVERIFY(history.back().seconds >= seconds);
                QVERIFY(history[history.size() - 2].seconds < seconds);
                QCOMPARE(reports[i], static_cast<int>(history.size()));
            }
        }
    }

    void aLaneThatHasEndedStaysThere()
    {
        Options brief = lane("hals");
        brief.maxIterations = 5;
        Race race(data(), {brief, lane("mu")});
        race.advanceToIteration(9);
        QCOMPARE(race.run(0).iteration(), 5);
        QCOMPARE(*race.ended(0), Termination::IterationLimit);
        QCOMPARE(race.run(1).iteration(), 9);
        QVERIFY(!race.over());
    }

    void whoCrossesTheTargetFirstIsFirst()
    {
        Race race(data(), {lane("mu"), lane("ehals")});
        race.advanceToIteration(60);
        QVERIFY(measureOf(race) == RaceMeasure::Objective);
        const double best = race.run(1).history().back().objective;
        QVERIFY(best < race.run(0).history().back().objective);
        QVERIFY(!crossing(race.run(0).history(), RaceMeasure::Objective, best));
        const std::optional<Record> crossed = crossing(race.run(1).history(), RaceMeasure::Objective, best);
        QVERIFY(crossed && crossed->objective <= best);
        QCOMPARE(placings(race, best), (std::vector<std::size_t>{1, 0}));
    }

    void otherLossesAreComparedByTheRelativeError()
    {
        Options other = lane("mu");
        other.loss.id = "kl";
        const Race race(data(), {lane("mu"), other});
        QVERIFY(measureOf(race) == RaceMeasure::RelativeError);
    }

    void whatCannotRunIsRefused()
    {
        Options impossible = lane("hals");
        impossible.loss.id = "kl";
        QVERIFY_EXCEPTION_THROWN(Race(data(), {lane("mu"), impossible}), Error);
        QVERIFY_EXCEPTION_THROWN(Race(data(), {}), Error);
        std::stop_source stopped;
        stopped.request_stop();
        QVERIFY_EXCEPTION_THROWN(Race(data(), {lane("mu")}, stopped.get_token()), Cancelled);
    }
};

QTEST_APPLESS_MAIN(TestRace)
#include "tst_race.moc"
