#include "tests/support/problems.h"

#include "core/algorithms/algorithms.h"
#include "core/error.h"
#include "core/partial_start.h"
#include "core/transform.h"

#include <QTest>

#include <cmath>

using namespace nmf;

/// The algorithms that take steps for a few samples at a time, and plain gradient steps.
class TestStochastic : public QObject
{
    Q_OBJECT

    static std::shared_ptr<const Dataset> planted()
    {
        return problems::dataset(problems::uniform(60, 5, 1) * problems::uniform(5, 400, 2) +
                                 0.1 * problems::uniform(60, 400, 3));
    }

    static Options options(const std::string& algorithm, const Values& values, int iterations)
    {
        Options result;
        result.rank = 5;
        result.algorithm = {algorithm, values};
        result.initializer.id = "random";
        result.maxIterations = iterations;
        result.tolerance = 0;
        return result;
    }

private slots:
    void reachTheErrorOfTheExactAlgorithms_data()
    {
        QTest::addColumn<QString>("algorithm");
        QTest::addColumn<double>("batch");
        QTest::addColumn<double>("excess");
        QTest::newRow("online") << "online" << 64.0 << 0.05;
        QTest::newRow("online, small batches") << "online" << 10.0 << 0.05;
        QTest::newRow("online, all at once") << "online" << 400.0 << 0.05;
        QTest::newRow("sgd") << "sgd" << 64.0 << 0.15;
        QTest::newRow("gd") << "gd" << 0.0 << 0.3;
    }
    void reachTheErrorOfTheExactAlgorithms()
    {
        QFETCH(QString, algorithm);
        QFETCH(double, batch);
        QFETCH(double, excess);
        const auto data = planted();
        const double best = factorize(data, options("ehals", {}, 500)).history.back().relativeError;
        const Values values = batch > 0 ? Values{{"batch", batch}} : Values{};
        const Result result = factorize(data, options(algorithm.toStdString(), values, 600));
        const double error = result.history.back().relativeError;
        QVERIFY2(error < best * (1 + excess) && error > best * 0.98,
                 qPrintable(QString("%1 beside %2").arg(error).arg(best)));
    }

    void withoutSomeOfThemTheSameIsFound_data()
    {
        QTest::addColumn<QString>("algorithm");
        QTest::addColumn<QString>("what");
        QTest::addColumn<double>("share");
        QTest::addColumn<double>("excess");
        QTest::newRow("sgd, some entries") << "sgd"
                                           << "entry-dropout" << 0.2 << 0.4;
        QTest::newRow("sgd, half of the entries") << "sgd"
                                                  << "entry-dropout" << 0.5 << 0.4;
        QTest::newRow("online, some entries") << "online"
                                              << "entry-dropout" << 0.2 << 0.1;
        QTest::newRow("online, half of the entries") << "online"
                                                     << "entry-dropout" << 0.5 << 0.1;
        QTest::newRow("online, some components") << "online"
                                                 << "dropout" << 0.2 << 4.0;
    }
    void withoutSomeOfThemTheSameIsFound()
    {
        QFETCH(QString, algorithm);
        QFETCH(QString, what);
        QFETCH(double, share);
        QFETCH(double, excess);
        const auto data = planted();
        const double best = factorize(data, options("ehals", {}, 500)).history.back().relativeError;
        const Values values{{what.toStdString(), share}};
        const double error = factorize(data, options(algorithm.toStdString(), values, algorithm == "sgd" ? 600 : 200))
                                 .history.back()
                                 .relativeError;
        QVERIFY2(error < best * (1 + excess), qPrintable(QString("%1 beside %2").arg(error).arg(best)));
        Options threads = options(algorithm.toStdString(), values, 20);
        threads.threads = 1;
        const Result one = factorize(data, threads);
        threads.threads = 3;
        QVERIFY(factorize(data, threads).factors.W == one.factors.W);
    }

    void entriesAndComponentsAreNotLeftOutAtOnce()
    {
        const Values both{{"entry-dropout", 0.2}, {"dropout", 0.2}};
        for (const char* id : {"sgd", "online"})
            QVERIFY_EXCEPTION_THROWN(factorize(planted(), options(id, both, 5)), Error);
    }

    /// At the end of a run H is the best for the W that was reached, with nothing left out; under Kullback-Leibler it
    /// comes nearer to that.
    void theLastPassSolvesForH_data()
    {
        QTest::addColumn<QString>("algorithm");
        QTest::addColumn<QString>("loss");
        QTest::addColumn<Values>("values");
        for (const char* id : {"sgd", "online"}) {
            QTest::addRow("%s", id) << id << "frobenius" << Values{};
            QTest::addRow("%s without components", id) << id << "frobenius" << Values{{"dropout", 0.3}};
            QTest::addRow("%s without entries", id) << id << "frobenius" << Values{{"entry-dropout", 0.3}};
            QTest::addRow("%s, Kullback-Leibler", id) << id << "kl" << Values{};
        }
    }
    void theLastPassSolvesForH()
    {
        QFETCH(QString, algorithm);
        QFETCH(QString, loss);
        QFETCH(Values, values);
        const auto data = planted();
        Options asked = options(algorithm.toStdString(), values, 40);
        asked.loss.id = loss.toStdString();
        Run run(data, asked);
        double before = 0;
        QCOMPARE(run.advance({}, {.report =
                                      [&](const Run& now) {
                                          if (now.iteration() == 40 && before == 0)
                                              before = now.history().back().objective;
                                      }}),
                 Termination::IterationLimit);
        const Factors<double> factors = run.factors();
        const double best = transform(*data, factors.W, asked).objective, reached = run.history().back().objective;
        QVERIFY2(reached < best * (loss == "kl" ? 1.25 : 1 + 1e-9) && reached > best * (1 - 1e-6) && reached < before,
                 qPrintable(QString("%1 after %2, beside %3").arg(reached).arg(before).arg(best)));
        // A run that goes on does so from what was there before.
        run.setLimits(60, 0, 0);
        run.advance();
        asked.maxIterations = 60;
        QVERIFY(problems::sameBits(run.factors(), factorize(data, asked).factors));
    }

    /// W goes on from where it was, and is worth having.
    void moreSamplesMayArrive()
    {
        const auto all = planted();
        const auto some = problems::dataset(all->V.dense<double>()->leftCols(250));
        const Result before = factorize(some, options("online", {}, 200));
        Options asked = options("online", {}, 5);
        const double cold = factorize(all, asked).history.back().objective;
        asked.start = startWithParts(*all, {.W = before.factors.W, .Ht = {}}, asked);
        const Result warm = factorize(all, asked);
        asked = options("ehals", {}, 500);
        const double best = factorize(all, asked).history.back().objective;
        QVERIFY2(warm.history.back().objective < 0.5 * cold && warm.history.back().objective < 1.2 * best,
                 qPrintable(QString("%1 beside %2 and %3").arg(warm.history.back().objective).arg(cold).arg(best)));
        QVERIFY(warm.history.back().objective <= warm.history.front().objective);
    }

    void eachParameterCounts_data()
    {
        QTest::addColumn<QString>("algorithm");
        QTest::addColumn<QString>("parameter");
        QTest::addColumn<double>("value");
        QTest::newRow("step of gd") << "gd"
                                    << "step" << 0.5;
        QTest::newRow("step of sgd") << "sgd"
                                     << "step" << 0.5;
        QTest::newRow("decay of sgd") << "sgd"
                                      << "decay" << 2.0;
        QTest::newRow("batch of sgd") << "sgd"
                                      << "batch" << 17.0;
        QTest::newRow("dropout of sgd") << "sgd"
                                        << "dropout" << 0.4;
        QTest::newRow("dropout of entries of sgd") << "sgd"
                                                   << "entry-dropout" << 0.4;
        QTest::newRow("batch of online") << "online"
                                         << "batch" << 17.0;
        QTest::newRow("memory of online") << "online"
                                          << "forget" << 0.1;
        QTest::newRow("no memory") << "online"
                                   << "forget" << 0.0;
        QTest::newRow("dropout of online") << "online"
                                           << "dropout" << 0.2;
        QTest::newRow("dropout of entries of online") << "online"
                                                      << "entry-dropout" << 0.4;
    }
    void eachParameterCounts()
    {
        QFETCH(QString, algorithm);
        QFETCH(QString, parameter);
        QFETCH(double, value);
        const auto data = planted();
        const Result plain = factorize(data, options(algorithm.toStdString(), {}, 5));
        const Result other = factorize(data, options(algorithm.toStdString(), {{parameter.toStdString(), value}}, 5));
        QVERIFY(other.factors.W != plain.factors.W);
        QVERIFY(other.factors.W.allFinite() && other.factors.W.minCoeff() >= 0 && other.factors.Ht.minCoeff() >= 0);
        QVERIFY(other.history.back().relativeError < other.history.front().relativeError);
        const Result again = factorize(data, options(algorithm.toStdString(), {{parameter.toStdString(), value}}, 5));
        QVERIFY(again.factors.W == other.factors.W && again.factors.Ht == other.factors.Ht);
    }

    void aLongMemoryReachesTheSame()
    {
        const auto data = planted();
        Options asked = options("mu", {}, 4000);
        asked.loss.id = "kl";
        const double best = factorize(data, asked).history.back().objective;
        asked.algorithm.id = "online";
        const double objective = factorize(data, asked).history.back().objective;
        QVERIFY2(objective < best * 1.05, qPrintable(QString("%1 beside %2").arg(objective).arg(best)));
    }

    /// Beside 2000 multiplicative updates of the same loss.
    void otherLossesReachTheObjectiveOfMultiplicativeUpdates_data()
    {
        QTest::addColumn<QString>("algorithm");
        QTest::addColumn<double>("beta");
        QTest::addColumn<double>("batch");
        QTest::addColumn<double>("excess");
        QTest::newRow("online, Kullback-Leibler") << "online" << 1.0 << 64.0 << 0.05;
        QTest::newRow("online, Kullback-Leibler, small batches") << "online" << 1.0 << 10.0 << 0.05;
        QTest::newRow("online, Itakura-Saito") << "online" << 0.0 << 64.0 << 0.05;
        QTest::newRow("online, 3/2") << "online" << 1.5 << 64.0 << 0.05;
        QTest::newRow("online, 3") << "online" << 3.0 << 64.0 << 0.1;
        QTest::newRow("sgd, Kullback-Leibler") << "sgd" << 1.0 << 64.0 << 0.15;
    }
    void otherLossesReachTheObjectiveOfMultiplicativeUpdates()
    {
        QFETCH(QString, algorithm);
        QFETCH(double, beta);
        QFETCH(double, batch);
        QFETCH(double, excess);
        const auto data = planted();
        Options exact = options("mu", {}, 2000);
        exact.loss = {"beta", {{"beta", beta}}};
        const double best = factorize(data, exact).history.back().objective;
        // Multiplicative updates of a few samples are no quicker than those of all; a short memory helps.
        Options asked = options(algorithm.toStdString(), {{"batch", batch}}, 2000);
        if (algorithm == "online")
            asked.algorithm.values["forget"] = 0.1;
        asked.loss = exact.loss;
        const Result result = factorize(data, asked);
        const double objective = result.history.back().objective;
        QVERIFY2(objective < best * (1 + excess) && objective > best * 0.8,
                 qPrintable(QString("%1 beside %2").arg(objective).arg(best)));
        asked.maxIterations = 5;
        asked.threads = 1;
        const Result one = factorize(data, asked);
        asked.threads = 3;
        const Result three = factorize(data, asked);
        QVERIFY(three.factors.W == one.factors.W && three.factors.Ht == one.factors.Ht);
    }

    void entriesAreLeftOutUnderKullbackLeiblerToo_data()
    {
        QTest::addColumn<QString>("algorithm");
        for (const char* id : {"sgd", "online"})
            QTest::newRow(id) << id;
    }
    void entriesAreLeftOutUnderKullbackLeiblerToo()
    {
        QFETCH(QString, algorithm);
        const auto data = planted();
        Options asked = options(algorithm.toStdString(), {}, algorithm == "sgd" ? 1500 : 300);
        asked.loss = {"kl"};
        const double plain = factorize(data, asked).history.back().objective;
        asked.algorithm.values["entry-dropout"] = 0.3;
        const double some = factorize(data, asked).history.back().objective;
        QVERIFY2(some != plain && some < plain * 1.5, qPrintable(QString("%1 beside %2").arg(some).arg(plain)));
        asked.algorithm.values = {{"dropout", 0.3}};
        QVERIFY_EXCEPTION_THROWN(factorize(data, asked), Error);
    }

    void fewKnownEntriesServeKullbackLeiblerToo()
    {
        const Matrix<double> V = planted()->V.dense<double>()->leftCols(150);
        Matrix<double> some = V;
        const Matrix<double> drawn = problems::uniform(60, 150, 77);
        for (Index i = 0; i < some.size(); ++i)
            if (drawn.data()[i] > 0.4)
                some.data()[i] = std::nan("");
        Options asked = options("sgd", {}, 1000);
        asked.nanUnknown = true;
        asked.loss = {"kl"};
        const Result result = factorize(problems::dataset(some), asked);
        const double error = (V - result.factors.W * result.factors.Ht.transpose()).norm() / V.norm();
        asked.algorithm = {"mu"};
        const double best = factorize(problems::dataset(some), asked).history.back().objective;
        const double objective = result.history.back().objective;
        QVERIFY2(error < 0.06 && objective < best * 1.5,
                 qPrintable(QString("%1, %2 beside %3").arg(error).arg(objective).arg(best)));
    }

    void otherLossesAndUnknownEntriesAreRefused()
    {
        QVERIFY(!find(algorithms(), "gd")->refuses({.beta = 1}).empty());
        QVERIFY(find(algorithms(), "sgd")->refuses({.beta = 1}).empty());
        QVERIFY(!find(algorithms(), "sgd")->refuses({.beta = 0}).empty());
        for (const char* id : {"gd", "sgd", "online"}) {
            Options some = options(id, {}, 5);
            some.heldOut = 0.1;
            if (id != std::string("sgd"))
                QVERIFY_EXCEPTION_THROWN(Run(planted(), some), Error);
        }
    }

    /// Only a fifth of the entries are known; the others are predicted.
    void fewKnownEntriesAreEnough_data()
    {
        QTest::addColumn<double>("dropout");
        QTest::addColumn<double>("l2");
        QTest::newRow("plain") << 0.0 << 0.0;
        QTest::newRow("without some entries") << 0.3 << 0.0;
        QTest::newRow("with penalties") << 0.0 << 0.05;
    }
    void fewKnownEntriesAreEnough()
    {
        QFETCH(double, dropout);
        QFETCH(double, l2);
        const Matrix<double> V = planted()->V.dense<double>()->leftCols(150);
        Matrix<double> some = V;
        const Matrix<double> drawn = problems::uniform(60, 150, 77);
        for (Index i = 0; i < some.size(); ++i)
            if (drawn.data()[i] > 0.4)
                some.data()[i] = std::nan("");
        Options asked = options("sgd", {{"entry-dropout", dropout}}, 1000);
        asked.nanUnknown = true;
        asked.onW.l2 = asked.onH.l2 = l2;
        const Result result = factorize(problems::dataset(some), asked);
        const double error = (V - result.factors.W * result.factors.Ht.transpose()).norm() / V.norm();
        QVERIFY2(error < 0.06, qPrintable(QString::number(error)));
        asked.algorithm = {"ehals", {}};
        const Result exact = factorize(problems::dataset(some), asked);
        QVERIFY2(result.history.back().objective < exact.history.back().objective * (dropout > 0 ? 2.5 : 1.5),
                 qPrintable(QString::number(result.history.back().objective / exact.history.back().objective)));
        asked.algorithm = {"sgd", {}};
        asked.maxIterations = 5;
        asked.threads = 1;
        const Result one = factorize(problems::dataset(some), asked);
        asked.threads = 3;
        QVERIFY(factorize(problems::dataset(some), asked).factors.W == one.factors.W);
        asked.algorithm.values["dropout"] = 0.1;
        QVERIFY_EXCEPTION_THROWN(factorize(problems::dataset(some), asked), Error);
    }

    void batchesOfSparseTablesStaySmall()
    {
        auto sparse = std::make_shared<Dataset>(*planted());
        sparse->V = DataMatrix(SparseMatrix<double>(sparse->V.dense<double>()->sparseView()));
        for (const char* id : {"sgd", "online"}) {
            QVERIFY_EXCEPTION_THROWN(Run(sparse, options(id, {{"batch", 5000}}, 5)), Error);
            for (const char* loss : {"frobenius", "kl"}) {
                Options asked = options(id, {{"batch", 64}}, 5);
                asked.loss.id = loss;
                const Result result = factorize(sparse, asked);
                const Result dense = factorize(planted(), asked);
                QVERIFY((result.factors.W - dense.factors.W).norm() < 1e-10 * dense.factors.W.norm());
            }
        }
    }

    void theSeedDrawsTheSamples()
    {
        // From the same start.
        const auto data = planted();
        auto start = std::make_shared<Factors<double>>(
            Factors<double>{problems::uniform(60, 5, 8), problems::uniform(400, 5, 9)});
        for (const char* id : {"sgd", "online"}) {
            QVERIFY(find(algorithms(), id)->usesSeed);
            Options some = options(id, {}, 3);
            some.start = start;
            const Result one = factorize(data, some);
            some.seed = 2;
            QVERIFY(factorize(data, some).factors.W != one.factors.W);
        }
    }
};

QTEST_APPLESS_MAIN(TestStochastic)
#include "tst_stochastic.moc"
