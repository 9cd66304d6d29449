#include "tests/support/problems.h"

#include "core/error.h"
#include "core/studies/nudge.h"

#include <QTest>

#include <cmath>

using namespace nmf;

namespace
{

Matrix<double> threeByThree(std::initializer_list<double> entries)
{
    Matrix<double> V(3, 3);
    Index at = 0;
    for (const double entry : entries) {
        V(at / 3, at % 3) = entry;
        ++at;
    }
    return V;
}

/// Two true minima: give up the entry 2, or keep it and take the best rank 1 of the rest.
Matrix<double> twoMinima()
{
    return threeByThree({0, 3, 0, 4, 3, 0, 0, 0, 2});
}

/// Three entries for two parts: which two are taken first is kept, though only the largest two are a minimum.
Matrix<double> diagonal()
{
    return threeByThree({3, 0, 0, 0, 2, 0, 0, 0, 1});
}

Options options(const std::string& algorithm = "hals")
{
    Options result = problems::with(algorithm, 2, 2000, 1e-9);
    result.initializer.id = "random";
    return result;
}

/// Two parts that each stand for one entry of the diagonal.
Factors<double> taking(Index one, Index other)
{
    Factors<double> factors{Matrix<double>::Zero(3, 2), Matrix<double>::Zero(3, 2)};
    factors.W(one, 0) = factors.Ht(one, 0) = std::sqrt(3.0 - static_cast<double>(one));
    factors.W(other, 1) = factors.Ht(other, 1) = std::sqrt(3.0 - static_cast<double>(other));
    return factors;
}

} // namespace

/// Telling minima from places where a run is merely stuck.
class TestNudge : public QObject
{
    Q_OBJECT

private slots:
    void bothTrueMinimaAreStable()
    {
        const auto data = problems::dataset(twoMinima());
        bool lower = false, higher = false;
        for (std::uint64_t seed = 1; seed < 40 && !(lower && higher); ++seed) {
            Options some = options();
            some.seed = seed;
            const Result result = factorize(data, some);
            const double objective = result.history.back().objective;
            bool& seen = objective < 2.2 ? lower : higher;
            if (seen)
                continue;
            seen = true;
            QVERIFY2(std::abs(objective - (objective < 2.2 ? 2.0 : 2.4792)) < 1e-3,
                     qPrintable(QString::number(objective)));
            const Nudged nudged = nudge(data, some, result.factors, {.times = 20});
            QVERIFY2(nudged.verdict == Nudged::Verdict::Minimum, sentence(nudged).c_str());
            QCOMPARE(nudged.returned, 20);
            QVERIFY(!nudged.best);
            QVERIFY(sentence(nudged).starts_with("This is a minimum"));
        }
        QVERIFY(lower && higher);
    }

    void whatIsStuckEscapes_data()
    {
        QTest::addColumn<QString>("algorithm");
        QTest::addColumn<int>("one");
        QTest::addColumn<int>("other");
        for (const char* algorithm : {"hals", "mu"}) {
            QTest::addRow("%s, without 2", algorithm) << algorithm << 0 << 2;
            QTest::addRow("%s, without 3", algorithm) << algorithm << 1 << 2;
        }
    }
    void whatIsStuckEscapes()
    {
        QFETCH(QString, algorithm);
        QFETCH(int, one);
        QFETCH(int, other);
        const auto data = problems::dataset(diagonal());
        const Nudged nudged = nudge(data, options(algorithm.toStdString()), taking(one, other), {.times = 20});
        QVERIFY2(nudged.verdict == Nudged::Verdict::Stuck, sentence(nudged).c_str());
        QCOMPARE(nudged.objective, one == 0 ? 2.0 : 4.5);
        QCOMPARE(nudged.lower, 20);
        QVERIFY(std::abs(nudged.lowest() - 0.5) < 1e-3);
        QVERIFY(std::abs(problems::frobenius(diagonal(), *nudged.best) - nudged.lowest()) < 1e-9);
        QCOMPARE(nudged.history.back().objective, nudged.lowest());
        QVERIFY(sentence(nudged).starts_with("This was merely stuck"));
    }

    void theLargestTwoAreAMinimum()
    {
        const Nudged nudged = nudge(problems::dataset(diagonal()), options(), taking(0, 1));
        QVERIFY2(nudged.verdict == Nudged::Verdict::Minimum, sentence(nudged).c_str());
        QCOMPARE(nudged.objective, 0.5);
    }

    void theBitsDoNotDependOnTheThreads()
    {
        const auto data = problems::dataset(twoMinima());
        const Factors<double> start{problems::uniform(3, 2, 1), problems::uniform(3, 2, 2)};
        Options some = options();
        some.threads = 1;
        const Nudged alone = nudge(data, some, start, {.times = 7});
        some.threads = 4;
        QCOMPARE(nudge(data, some, start, {.times = 7}).objectives, alone.objectives);
        QVERIFY(nudge(data, some, start, {.times = 7, .seed = 2}).objectives != alone.objectives);
    }

    void whatIsLockedStays()
    {
        const auto data = problems::dataset(diagonal());
        Options some = options();
        some.lockW.components = {0, 1};
        some.lockH.components = {0, 1};
        some.start = std::make_shared<const Factors<double>>(taking(0, 2));
        const Nudged nudged = nudge(data, some, taking(0, 2), {.times = 3});
        QCOMPARE(nudged.returned, 3);
        QCOMPARE(nudged.objective, 2.0);
    }

    void impossibleNudgesAreRefusedAndStoppedOnesGivenUp()
    {
        const auto data = problems::dataset(diagonal());
        QVERIFY_EXCEPTION_THROWN(nudge(data, options(), taking(0, 1), {.times = 0}), Error);
        QVERIFY_EXCEPTION_THROWN(nudge(data, options(), taking(0, 1), {.size = 0}), Error);
        std::stop_source stop;
        stop.request_stop();
        QVERIFY_EXCEPTION_THROWN(nudge(data, options(), taking(0, 1), {}, stop.get_token()), Cancelled);
    }
};

QTEST_APPLESS_MAIN(TestNudge)
#include "tst_nudge.moc"
