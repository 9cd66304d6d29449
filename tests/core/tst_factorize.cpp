#include "tests/support/problems.h"
#include "tests/support/thread_counts.h"

#include "core/algorithms/algorithms.h"
#include "core/error.h"
#include "core/initializers/initializers.h"

#include <QTest>

#include <cmath>

using namespace nmf;
using problems::sameBits;
using problems::with;

/// Every algorithm of the table under the same laws.
class TestFactorize : public QObject
{
    Q_OBJECT

    /// The losses of the table, and members of the β family that no other entry stands for.
    static std::vector<Choice> lossChoices()
    {
        std::vector<Choice> choices;
        for (const Loss& loss : losses())
            choices.push_back({loss.facts.id});
        for (const double beta : {-1.0, 0.5, 3.0})
            choices.push_back({"beta", {{"beta", beta}}});
        return choices;
    }

    static Divergence divergenceOf(const Choice& loss) { return find(losses(), loss.id)->make(loss.values); }

    /// A row for each algorithm, loss that it serves, and precision.
    void everyAlgorithm(const QStringList& cases = {})
    {
        QTest::addColumn<QString>("algorithm");
        QTest::addColumn<std::size_t>("loss");
        QTest::addColumn<bool>("single");
        if (!cases.isEmpty())
            QTest::addColumn<int>("shape");
        const std::vector<Choice> choices = lossChoices();
        for (const Algorithm& algorithm : algorithms())
            for (std::size_t loss = 0; loss < choices.size(); ++loss)
                for (const bool single : {false, true}) {
                    const Divergence divergence = divergenceOf(choices[loss]);
                    if (!algorithm.refuses(divergence).empty())
                        continue;
                    const std::string name = algorithm.facts.id + ", β = " + std::to_string(divergence.beta) +
                                             (single ? ", single" : ", double");
                    const QString id = QString::fromStdString(algorithm.facts.id);
                    if (cases.isEmpty())
                        QTest::addRow("%s", name.c_str()) << id << loss << single;
                    for (int shape = 0; shape < cases.size(); ++shape)
                        QTest::addRow("%s, %s", name.c_str(), qPrintable(cases[shape]))
                            << id << loss << single << shape;
                }
    }

    Options chosen(Index rank, int iterations)
    {
        QFETCH(QString, algorithm);
        QFETCH(std::size_t, loss);
        QFETCH(bool, single);
        Options options = with(algorithm.toStdString(), rank, iterations);
        options.loss = lossChoices()[loss];
        options.precision = single ? Precision::Single : Precision::Double;
        options.threads = 2;
        return options;
    }

    static double objectiveOf(const Divergence& divergence, const Matrix<double>& V, const Factors<double>& factors)
    {
        const Matrix<double> X = factors.W * factors.Ht.transpose();
        double sum = 0;
        for (Index i = 0; i < V.size(); ++i)
            sum += divergence(V.data()[i], X.data()[i]);
        return sum;
    }

    /// The data as the loss can take them.
    static Matrix<double> takenBy(const Divergence& divergence, Matrix<double> V)
    {
        if (divergence.needsPositiveData())
            V.array() += 0.02;
        return V;
    }

private slots:
    void repeatedUpdatesComeNearerForEachProduct()
    {
        const auto data = problems::dataset(problems::uniform(40, 50, 6));
        const auto reached = [&](const Choice& algorithm) {
            Options options = problems::with(algorithm.id, 5, 60);
            options.algorithm = algorithm;
            options.initializer.id = "random";
            const Result result = factorize(data, options);
            for (std::size_t i = 1; algorithm.id == "mu" && i < result.history.size(); ++i)
                if (result.history[i].objective > result.history[i - 1].objective * (1 + 1e-12))
                    return -1.0;
            return result.history.back().objective;
        };
        const double once = reached({"mu"}), often = reached({"mu", {{"repeats", 6}}});
        QVERIFY2(often > 0 && often < once * 0.999, qPrintable(QString("%1 beside %2").arg(often).arg(once)));
        Options divergence = problems::with("mu", 5, 60);
        divergence.algorithm.values = {{"repeats", 2}};
        divergence.loss.id = "kl";
        QVERIFY_EXCEPTION_THROWN(factorize(data, divergence), Error);
    }

    void halsTakesOverFromProjectedLeastSquares()
    {
        const auto data = problems::dataset(problems::uniform(40, 50, 6));
        Options options = problems::with("als", 5, 2000);
        options.initializer.id = "random";
        const double alone = factorize(data, options).history.back().objective;
        options.algorithm.values = {{"hals-after", 2}};
        const Result result = factorize(data, options);
        QVERIFY2(result.history.back().objective < alone * 0.9999,
                 qPrintable(QString("%1 beside %2").arg(result.history.back().objective).arg(alone)));
        for (std::size_t i = 3; i < result.history.size(); ++i)
            QVERIFY(result.history[i].objective <= result.history[i - 1].objective * (1 + 1e-12));
    }

    void followsGoldenTraces_data()
    {
        QTest::addColumn<QString>("algorithm");
        QTest::addColumn<double>("beta");
        QTest::addColumn<double>("shift");
        QTest::addColumn<double>("l1");
        QTest::addColumn<double>("l2");
        QTest::addColumn<QList<double>>("objectives");
        QTest::addColumn<Values>("values");
        const auto row = [](const char* name, const char* algorithm, double beta, double shift, double l1, double l2,
                            const QList<double>& objectives, const Values& values = {}) {
            QTest::newRow(name) << algorithm << beta << shift << l1 << l2 << objectives << values;
        };
        row("mu", "mu", 2, 0, 0, 0,
            {704.98046875, 25.6437680764, 24.1041599049, 17.042899895, 8.18446777077, 6.13319976024, 6.12233431538});
        row("mu, beta 3/2", "mu", 1.5, 0, 0, 0,
            {303.646873062, 21.4441828819, 20.4857418073, 14.4287194183, 7.41469493073, 5.69178322803, 5.68978756606});
        row("mu, beta 1", "mu", 1, 0, 0, 0,
            {142.512196626, 20.6766439817, 19.9248572562, 14.2674213336, 7.98478466525, 5.99477511069, 5.99475806426});
        row("mu, beta 3", "mu", 3, 0, 0, 0,
            {4381.9625651, 64.5537105546, 46.7896149398, 39.2573157061, 34.4897478867, 8.08562943823, 7.73616338357});
        row("mu, beta 1/2", "mu", 0.5, 1, 0, 0,
            {40.0393136682, 7.3732610681, 6.68160071652, 6.22674341905, 4.89294615335, 1.70078891434, 1.64375164007});
        row("mu, beta 0", "mu", 0, 1, 0, 0,
            {18.7114657008, 5.94711297929, 4.65226638972, 4.31381063002, 3.80544025126, 1.14507612922, 1.03226932737});
        row("mu, beta 1, l1", "mu", 1, 0, 0.3, 0,
            {158.862196626, 30.8700642555, 29.1143997771, 21.9986459393, 15.0423168423, 12.9019886712, 12.9019660554});
        row("mu, beta 1, l2", "mu", 1, 0, 0, 0.2,
            {152.099696626, 25.8452664699, 24.0236357882, 18.5002594593, 12.3682992491, 9.30542309397, 9.30533969697});
        row("jmm", "jmm", 1, 0, 0, 0,
            {142.512196626, 20.6909205333, 20.3060461807, 17.3209108527, 10.7015696768, 6.00389478231, 5.99475806426});
        row("klcd", "klcd", 1, 0, 0, 0,
            {142.512196626, 20.5165185751, 14.6337211655, 7.5964434036, 5.86556987098, 5.7622443712, 5.7622443712});
        row("hals", "hals", 2, 0, 0, 0,
            {704.98046875, 25.5764101309, 15.8293953062, 7.01477049527, 6.21350169834, 6.12225882238, 6.12225879337});
        row("hals, l1 and l2", "hals", 2, 0, 0.3, 0.2,
            {730.91796875, 32.8487401213, 31.7165939341, 31.0201293386, 30.7106998522, 30.628898071, 30.6288976596});
        row("hals, 3 sweeps", "hals", 2, 0, 0, 0,
            {704.98046875, 14.3038999414, 9.7293398033, 6.43543262231, 6.12745028768, 6.12225879358, 6.12225879337},
            {{"sweeps", 3}});
        row("ehals, 1 sweep", "ehals", 2, 0, 0, 0,
            {704.98046875, 29.8962602468, 11.1507766443, 6.78509638953, 6.22665176984, 6.12225879337, 6.12225879337},
            {{"sweeps", 1}});
        row("mue as published", "mue", 1, 0, 0, 0,
            {142.512196626, 20.6766439817, 19.9167452593, 13.6458099215, 6.94957410067, 5.99476668908, 5.99475806426},
            {{"published", 1}});
        row("bpp", "bpp", 2, 0, 0, 0,
            {704.98046875, 12.0647350278, 9.47384085805, 7.48805639997, 7.34579663314, 6.12226296897, 6.12225879337});
        row("als", "als", 2, 0, 0, 0,
            {704.98046875, 13.6423896285, 10.1441907007, 7.71401857117, 7.48429965728, 6.15151034402, 6.15137594186});
    }
    void followsGoldenTraces()
    {
        QFETCH(QString, algorithm);
        QFETCH(double, beta);
        QFETCH(double, shift);
        QFETCH(double, l1);
        QFETCH(double, l2);
        QFETCH(QList<double>, objectives);
        QFETCH(Values, values);
        Options options = with(algorithm.toStdString(), 3, 200);
        options.algorithm.values = values;
        options.loss = {"beta", {{"beta", beta}}};
        options.onH = {l1, l2};
        options.onW = options.onH;
        options.balanced = false;
        options.start = problems::goldenStart();
        const Result result = factorize(problems::dataset((problems::matrixB().array() + shift).matrix()), options);
        const int iterations[] = {0, 1, 2, 5, 10, 50, 200};
        for (int i = 0; i < 7; ++i) {
            const double found = result.history[static_cast<std::size_t>(iterations[i])].objective;
            QVERIFY2(std::abs(found - objectives[i]) < 1e-11 * objectives[i] * 10,
                     qPrintable(QString("iteration %1: %2 instead of %3")
                                    .arg(iterations[i])
                                    .arg(found, 0, 'g', 14)
                                    .arg(objectives[i], 0, 'g', 14)));
        }
    }

    void objectiveNeverRises_data() { everyAlgorithm(); }
    void objectiveNeverRises()
    {
        const QString id = QTest::currentDataTag();
        QFETCH(QString, algorithm);
        if (!find(algorithms(), algorithm.toStdString())->monotone)
            return;
        QFETCH(bool, single);
        // What rounding can do to sums of this size, formed from a model that carries the precision of the factors.
        const double unit = single ? 6e-8 : 1.1e-16;
        const std::uint64_t count = problems::isSlow(chosen(1, 0)) ? 40 : 200;
        for (std::uint64_t problem = 0; problem < count; ++problem) {
            const RandomNumbers random(problem, 5);
            const auto size = [&](std::uint64_t i) { return static_cast<Index>(2 + random.below(24, i)); };
            Matrix<double> V = problems::uniform(size(0), size(1), problem);
            if (problem % 3 == 0)
                V = (V.array() > 0.6).select(V, 0.0).eval();
            Options options = chosen(1 + static_cast<Index>(random.below(6, 2)), 30);
            options.initializer.id = problem % 2 ? "random" : "nndsvda";
            options.seed = problem;
            const Divergence divergence = divergenceOf(options.loss);
            V = takenBy(divergence, V);
            const Result result = factorize(problems::dataset(V), options);
            QCOMPARE(result.monotonicityViolations, 0);
            const double sum = (V.array() > 0).select(V.array().pow(divergence.beta), 0.0).sum();
            for (std::size_t i = 1; i < result.history.size(); ++i)
                QVERIFY2(result.history[i].objective <=
                             result.history[i - 1].objective + 64 * unit * (sum + result.history[i - 1].objective),
                         qPrintable(QString("problem %1, iteration %2 rises by %3")
                                        .arg(problem)
                                        .arg(i)
                                        .arg(result.history[i].objective - result.history[i - 1].objective)));
        }
    }

    void factorsAreNonNegativeAndTheObjectiveIsTheirs_data() { everyAlgorithm(); }
    void factorsAreNonNegativeAndTheObjectiveIsTheirs()
    {
        const Matrix<double> V = problems::uniform(40, 70, 3);
        const Options options = chosen(6, 25);
        const Result result = factorize(problems::dataset(V), options);
        QVERIFY(result.factors.W.minCoeff() >= 0 && result.factors.Ht.minCoeff() >= 0);
        QVERIFY(result.factors.W.allFinite() && result.factors.Ht.allFinite());
        const double direct = objectiveOf(divergenceOf(options.loss), V, result.factors);
        const double residual = std::sqrt(2 * problems::frobenius(V, result.factors));
        const double tolerance = options.precision == Precision::Single ? 1e-4 : 1e-11;
        QVERIFY(std::abs(direct - result.history.back().objective) < tolerance * direct);
        QVERIFY(std::abs(result.history.back().relativeError - residual / V.norm()) < tolerance);
        QCOMPARE(result.termination, Termination::IterationLimit);
        QCOMPARE(result.history.size(), std::size_t{26});
    }

    void sameSeedGivesTheSameBitsOnAnyNumberOfThreads_data() { everyAlgorithm(); }
    void sameSeedGivesTheSameBitsOnAnyNumberOfThreads()
    {
        Options options = chosen(12, 6);
        const bool slow = problems::isSlow(options);
        const auto data = problems::dataset(slow ? problems::uniform(70, 280, 9) : problems::uniform(300, 700, 9));
        options.maxIterations = slow ? 2 : 3;
        options.initializer.id = "random";
        options.threads = 1;
        const Result one = factorize(data, options);
        for (const int threads : threadCounts) {
            options.threads = threads;
            QVERIFY2(sameBits(one.factors, factorize(data, options).factors), qPrintable(QString::number(threads)));
        }
        options.seed = 2;
        QVERIFY(!sameBits(one.factors, factorize(data, options).factors));
    }

    void exactLowRankDataAreReproduced_data() { everyAlgorithm(); }
    void exactLowRankDataAreReproduced()
    {
        Matrix<double> W(7, 3), H(3, 6);
        W << 1, 0, 0, 2, 0, 0, 0, 3, 0, 0, 1, 0, 0, 0, 2, 0, 0, 1, 1, 1, 1;
        H << 1, 0, 0, 2, 1, 0, 0, 1, 0, 1, 3, 1, 0, 0, 2, 0, 1, 1;
        Options options = chosen(3, 4000);
        if (divergenceOf(options.loss).needsPositiveData()) {
            W.array() += 0.1;
            H.array() += 0.1;
        }
        double best = 1;
        // The exponent of β > 2 makes small steps, and a memory smaller ones.
        const double enough = divergenceOf(options.loss).beta <= 2 ? 1e-3
                              : options.algorithm.id == "online"   ? 2e-2
                                                                   : 1e-2;
        for (std::uint64_t seed = 1; seed <= 5 && best >= enough; ++seed) {
            options.seed = seed;
            options.initializer.id = "random";
            best = std::min(best, factorize(problems::dataset(W * H), options).history.back().relativeError);
        }
        QVERIFY2(best < enough, qPrintable(QString::number(best)));
    }

    void oddShapesPass_data()
    {
        everyAlgorithm({"one by one", "one row", "one column", "zero row and column", "all zero", "constant",
                        "rank beyond", "huge values", "tiny values"});
    }
    void oddShapesPass()
    {
        QFETCH(int, shape);
        Matrix<double> V = problems::uniform(7, 5, 4);
        Index rank = 2;
        if (shape == 0)
            V = Matrix<double>::Constant(1, 1, 4);
        else if (shape == 1)
            V = problems::uniform(1, 8, 4);
        else if (shape == 2)
            V = problems::uniform(8, 1, 4);
        else if (shape == 3)
            V.row(2).setZero(), V.col(3).setZero();
        else if (shape == 4)
            V.setZero();
        else if (shape == 5)
            V.setConstant(2.5);
        else if (shape == 6)
            rank = 12;
        else if (shape == 7)
            V *= 1e150;
        else
            V *= 1e-300;
        for (const Initializer& initializer : initializers()) {
            Options options = chosen(rank, 150);
            options.maxIterations = problems::isSlow(options) ? 100 : 150;
            options.initializer.id = initializer.facts.id;
            const Divergence divergence = divergenceOf(options.loss);
            if (divergence.needsPositiveData() && (shape == 3 || shape == 4)) {
                QVERIFY_EXCEPTION_THROWN(Run(problems::dataset(V), options), Error);
                continue;
            }
            const Result result = factorize(problems::dataset(V), options);
            QVERIFY(result.factors.W.allFinite() && result.factors.Ht.allFinite());
            // The cube of the largest numbers is none.
            QVERIFY(std::isfinite(result.history.back().objective) || (divergence.beta > 2 && shape == 7));
            const double error = result.history.back().relativeError;
            QVERIFY2(std::isfinite(error) && error >= 0, qPrintable(QString::number(error)));
            // It is not this error that a negative β makes small, and what may rise may end anywhere.
            if (divergence.beta >= 0 && find(algorithms(), options.algorithm.id)->monotone)
                QVERIFY2(error < 0.75, qPrintable(QString::number(error)));
            // Plain gradient steps are short where components begin alike, and so are those of powers far from two.
            const bool slow = divergence.beta > 2 || divergence.beta < 0 || options.algorithm.id == "gd" ||
                              options.algorithm.id == "sgd";
            if (shape == 0 || shape == 1 || shape == 2 || shape == 5)
                QVERIFY2(error < (slow ? 1e-2 : 1e-3), qPrintable(QString::number(error)));
        }
    }

    void scalingTheDataByAPowerOfFourScalesTheFactorsBitByBit_data() { everyAlgorithm(); }
    void scalingTheDataByAPowerOfFourScalesTheFactorsBitByBit()
    {
        const Matrix<double> V = problems::uniform(20, 30, 8);
        const Options options = chosen(4, 20);
        const Result plain = factorize(problems::dataset(V), options);
        for (const double root : {0x1p-60, 0x1p80}) {
            const Result scaled = factorize(problems::dataset(V * (root * root)), options);
            QVERIFY(sameBits({plain.factors.W * root, plain.factors.Ht * root}, scaled.factors));
            QCOMPARE(scaled.history.back().relativeError, plain.history.back().relativeError);
        }
    }

    void interruptedAndContinuedEqualsUninterrupted_data() { everyAlgorithm(); }
    void interruptedAndContinuedEqualsUninterrupted()
    {
        const auto data = problems::dataset(problems::uniform(30, 40, 2));
        const Result whole = factorize(data, chosen(5, 20));
        Run run(data, chosen(5, 20));
        std::stop_source stop;
        QCOMPARE(run.advance(stop.get_token(), {.report =
                                                    [&](const Run& now) {
                                                        if (now.iteration() == 7 &&
                                                            now.betweenHalves() == now.canHalve())
                                                            stop.request_stop();
                                                    }}),
                 Termination::Stopped);
        QCOMPARE(run.advance(), Termination::IterationLimit);
        QVERIFY(sameBits(run.factors(), whole.factors));
        QCOMPARE(run.history().size(), whole.history.size());
    }

    void workedExampleReachesItsGlobalOptimum()
    {
        // The best rank-2 error is the third singular value squared (Eckart & Young); it is reached since the truncated
        // SVD is positive.
        Options options = with("hals", 2, 3000);
        const Result result = factorize(problems::dataset(problems::matrixA()), options);
        QVERIFY(std::abs(2 * result.history.back().objective - 10.13577181206722) < 1e-9);
    }
};

QTEST_APPLESS_MAIN(TestFactorize)
#include "tst_factorize.moc"
