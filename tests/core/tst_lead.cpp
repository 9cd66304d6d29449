#include "tests/support/problems.h"

#include "core/blocks.h"
#include "core/factorize.h"

#include <QTest>

#include <cmath>

using namespace nmf;

/// The first iterations of Kullback-Leibler, which the squared error leads where V is dense and large.
class TestLead : public QObject
{
    Q_OBJECT

private:
    /// Twelve parts and noise; large enough to be led.
    static Matrix<double> data()
    {
        const Matrix<double> W = problems::uniform(150, 12, 1).array().pow(4),
                             H = problems::uniform(12, 700, 2).array().pow(3);
        return W * H + 0.01 * problems::uniform(150, 700, 3);
    }

    static Options options(int iterations, const char* algorithm = "klcdx")
    {
        Options options = problems::with(algorithm, 12, iterations);
        options.loss.id = "kl";
        options.initializer.id = "random";
        return options;
    }

private slots:
    void aFewIterationsComeNearerThanManyPasses()
    {
        const auto V = problems::dataset(data());
        const double led = factorize(V, options(6)).history.back().objective;
        const double unled = factorize(V, options(20, "klcd")).history.back().objective;
        QVERIFY2(led < unled, qPrintable(QString("%1, %2").arg(led).arg(unled)));
    }

    void theObjectiveNeverRises()
    {
        const Result result = factorize(problems::dataset(data()), options(60));
        for (std::size_t i = 1; i < result.history.size(); ++i)
            QVERIFY(result.history[i].objective <= result.history[i - 1].objective);
        QVERIFY(result.factors.W.minCoeff() >= 0 && result.factors.Ht.minCoeff() >= 0);
    }

    void whatFitsWellIsNotLedAway()
    {
        const auto V = problems::dataset(data());
        Options again = options(1);
        const Result first = factorize(V, options(400));
        again.start = std::make_shared<Factors<double>>(first.factors);
        const Result second = factorize(V, again);
        // The squared error has its minimum elsewhere: the pair that was given is the best, and stays.
        QCOMPARE(second.history.back().objective, second.history.front().objective);
        QVERIFY(problems::sameBits(second.factors, first.factors));
    }

    void lockedPartsStay()
    {
        Options locked = options(4);
        auto start = std::make_shared<Factors<double>>();
        start->W = problems::uniform(150, 12, 5);
        start->Ht = problems::uniform(700, 12, 6);
        locked.start = start;
        locked.lockW.components = {2, 7};
        const Result result = factorize(problems::dataset(data()), locked);
        QVERIFY(result.factors.W.col(2) == start->W.col(2) && result.factors.W.col(7) == start->W.col(7));
        QVERIFY(result.history.back().objective < result.history.front().objective);
    }

    void theHalvesShowAWholePairEach()
    {
        Run run(problems::dataset(data()), options(3));
        int halves = 0;
        run.advance({}, {.report = [&](const Run& now) {
                        halves += now.betweenHalves();
                        QVERIFY(std::isfinite(now.current().objective));
                    }});
        QCOMPARE(halves, 3);
    }

    void theBitsAreThoseOfAnyNumberOfThreads()
    {
        const auto V = problems::dataset(data());
        for (const Precision precision : {Precision::Single, Precision::Double}) {
            Options chosen = options(8);
            chosen.precision = precision;
            chosen.threads = 1;
            const Result one = factorize(V, chosen);
            chosen.threads = 3;
            QVERIFY(problems::sameBits(one.factors, factorize(V, chosen).factors));
        }
    }
};

QTEST_APPLESS_MAIN(TestLead)
#include "tst_lead.moc"
