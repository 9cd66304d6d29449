#include "core/algorithms/algorithms.h"
#include "core/initializers/initializers.h"
#include "tests/support/problems.h"

#include <QTest>

#include <cmath>

using namespace nmf;

namespace
{

/// A run that falls no faster has arrived.
constexpr double tight = 1e-14;

/// The smallest objective from so many random starts.
double best(const Matrix<double>& V, Options options, int starts)
{
    double least = std::numeric_limits<double>::infinity();
    options.initializer.id = "random";
    for (int seed = 1; seed <= starts; ++seed) {
        options.seed = static_cast<std::uint64_t>(seed);
        least = std::min(least, factorize(problems::dataset(V), options).history.back().objective);
    }
    return least;
}

double largestSingularValue(const Matrix<double>& V)
{
    Matrix<double> v = Matrix<double>::Ones(V.cols(), 1);
    for (int power = 0; power < 200; ++power)
        v = (V.transpose() * (V * v)).normalized();
    return (V * v).norm();
}

Matrix<double> matrix(Index rows, Index columns, std::initializer_list<double> values)
{
    Matrix<double> V(rows, columns);
    Index at = 0;
    for (const double value : values) {
        V(at / columns, at % columns) = value;
        ++at;
    }
    return V;
}

} // namespace

/// Known best values, which the algorithms must reach and none may undercut.
class TestOptima : public QObject
{
    Q_OBJECT

    void exactAlgorithms()
    {
        QTest::addColumn<QString>("algorithm");
        for (const char* id : {"ehals", "ahals", "hals", "bpp", "pg"})
            QTest::newRow(id) << id;
    }

private slots:
    void everyStartReachesTheGlobalOptimumOfTheWorkedExample()
    {
        // Some of these starts lose H's half of a component at once; without its other half, which is left as it was,
        // they would stay at the best rank-one fit, 27.99.
        int halved = 0;
        for (std::uint64_t seed = 1; seed <= 400; ++seed) {
            Options options = problems::with("bpp", 2, 1, tight);
            options.initializer.id = "random";
            options.seed = seed;
            Run run(problems::dataset(problems::matrixA()), options);
            run.advance();
            halved += run.factors().Ht.colwise().norm().minCoeff() == 0;
            run.setLimits(3000, options.tolerance, 0);
            run.advance();
            const double squared = 2 * run.history().back().objective;
            QVERIFY2(std::abs(squared - 10.13577181206722) < 1e-6,
                     qPrintable(QString("seed %1: %2").arg(seed).arg(squared, 0, 'g', 12)));
        }
        QVERIFY2(halved > 0 && halved < 100, qPrintable(QString::number(halved)));
    }

    void aDeadComponentIsBroughtBackAndThatIsSaid_data() { exactAlgorithms(); }
    void aDeadComponentIsBroughtBackAndThatIsSaid()
    {
        QFETCH(QString, algorithm);
        for (std::uint64_t seed = 0; seed < 20; ++seed) {
            auto start = std::make_shared<Factors<double>>(
                Factors<double>{problems::uniform(6, 3, seed), problems::uniform(5, 3, seed + 100)});
            start->W.col(1).setZero();
            start->Ht.col(1).setZero();
            Options options = problems::with(algorithm.toStdString(), 3, 20000, tight);
            options.start = start;
            const Result result = factorize(problems::dataset(problems::matrixB()), options);
            QCOMPARE(result.notes.size(), std::size_t{1});
            QVERIFY2(std::abs(result.history.back().objective - 6.1222587934) < 1e-6,
                     qPrintable(QString::number(result.history.back().objective, 'g', 12)));
        }
    }

    void aComponentThatDiesInTheFirstSweepLivesOn_data() { exactAlgorithms(); }
    void aComponentThatDiesInTheFirstSweepLivesOn()
    {
        QFETCH(QString, algorithm);
        auto start = std::make_shared<Factors<double>>(Factors<double>{Matrix<double>(6, 3), Matrix<double>(5, 3)});
        for (int a = 0; a < 3; ++a) {
            for (int i = 0; i < 6; ++i)
                start->W(i, a) = 1 + (3 * i + 2 * a) % 5 / 10.0;
            for (int j = 0; j < 5; ++j)
                start->Ht(j, a) = 1 + (2 * a + j) % 4 / 10.0;
        }
        Options options = problems::with(algorithm.toStdString(), 3, 20000, tight);
        options.start = start;
        const Result result = factorize(problems::dataset(problems::matrixB()), options);
        // Below what two components can do.
        QVERIFY2(result.history.back().objective < 12, qPrintable(QString::number(result.history.back().objective)));
        QVERIFY(result.factors.W.colwise().norm().minCoeff() > 1e-3);
    }

    void knownOptimaAreReached_data()
    {
        QTest::addColumn<QString>("algorithm");
        QTest::addColumn<int>("problem");
        for (const char* id : {"ehals", "ahals", "hals", "bpp", "ebpp", "pg"})
            for (int problem = 0; problem < 9; ++problem)
                QTest::newRow(qPrintable(QString("%1, %2").arg(id).arg(problem))) << QString(id) << problem;
    }
    void knownOptimaAreReached()
    {
        QFETCH(QString, algorithm);
        QFETCH(int, problem);
        const Matrix<double> B = problems::matrixB(),
                             slack = matrix(4, 4, {1, 1, 0, 0, 1, 0, 1, 0, 0, 1, 0, 1, 0, 0, 1, 1});
        Matrix<double> diagonal = Matrix<double>::Zero(4, 4);
        diagonal.diagonal() << 4, 3, 2, 1;
        struct Problem
        {
            Matrix<double> V;
            Index rank;
            double objective;
        };
        const Problem known[] = {{B, 1, 24.9522176512},
                                 {B, 2, 12.0356380900},
                                 {B, 3, 6.1222587934},
                                 {B, 4, 1.8258340531},
                                 {Matrix<double>::Identity(5, 5), 3, 1},
                                 {diagonal, 2, 2.5},
                                 {slack, 3, (2 - std::sqrt(2.0)) / 2},
                                 {slack, 4, 0},
                                 {matrix(2, 2, {1, 2, 3, 4}), 1, (15 - std::sqrt(221.0)) / 2}};
        const auto& [V, rank, objective] = known[problem];
        const double found = best(V, problems::with(algorithm.toStdString(), rank, 4000, tight), 40);
        QVERIFY2(found >= objective - 1e-9, qPrintable(QString::number(found, 'g', 12)));
        QVERIFY2(found <= objective + 1e-6 * (1 + objective), qPrintable(QString::number(found, 'g', 12)));
    }

    void zerosOfTheStartAreLeft_data() { exactAlgorithms(); }
    void zerosOfTheStartAreLeft()
    {
        QFETCH(QString, algorithm);
        Options options = problems::with(algorithm.toStdString(), 1, 500, tight);
        options.start =
            std::make_shared<Factors<double>>(Factors<double>{matrix(2, 1, {0, 1}), Matrix<double>::Ones(2, 1)});
        const Result result = factorize(problems::dataset(matrix(2, 2, {1, 2, 3, 4})), options);
        QVERIFY(std::abs(2 * result.history.back().objective - 0.13393125268149) < 1e-9);
    }

    void separableDataAreUnderstoodAtOnce()
    {
        // The pure samples stand among mixtures of them, all of different sizes.
        const Index pure = 5;
        const Matrix<double> W = problems::uniform(20, pure, 3);
        Matrix<double> H = problems::uniform(pure, 40, 4);
        const Index places[] = {3, 8, 21, 22, 37};
        for (Index a = 0; a < pure; ++a) {
            H.col(places[a]).setZero();
            H(a, places[a]) = 0.5 + static_cast<double>(a);
        }
        const Matrix<double> V = W * H;
        Blocks blocks(2);
        const SolverData<double> data((DataMatrix(V)), blocks);
        const Factors<double> start = find(initializers(), "spa")->make.twice({}, {data, pure, 1, blocks, {}});
        std::vector<bool> seen(static_cast<std::size_t>(pure), false);
        for (Index a = 0; a < pure; ++a)
            for (Index b = 0; b < pure; ++b)
                if ((start.W.col(a) * data.scale() - V.col(places[b])).norm() < 1e-12)
                    seen[static_cast<std::size_t>(b)] = true;
        QVERIFY(std::find(seen.begin(), seen.end(), false) == seen.end());
        QVERIFY((start.W * start.Ht.transpose() * data.scale() - V).norm() < 1e-9 * V.norm());
    }

    void everyStartIsTheSameAgainAndFitsInBothPrecisions_data()
    {
        QTest::addColumn<QString>("initializer");
        for (const Initializer& initializer : initializers())
            QTest::newRow(initializer.facts.id.c_str()) << QString::fromStdString(initializer.facts.id);
    }
    void everyStartIsTheSameAgainAndFitsInBothPrecisions()
    {
        QFETCH(QString, initializer);
        const Initializer& entry = *find(initializers(), initializer.toStdString());
        const DataMatrix V(problems::uniform(60, 300, 2));
        Blocks one(1), three(3);
        const SolverData<double> data(V, one);
        const SolverData<float> narrow(V, one);
        const Factors<double> start = entry.make.twice({}, {data, 7, 1, one, {}});
        const Factors<double> again = entry.make.twice({}, {data, 7, 1, three, {}});
        const Factors<double> other = entry.make.twice({}, {data, 7, 2, one, {}});
        const Factors<float> single = entry.make.single({}, {narrow, 7, 1, one, {}});
        QVERIFY(start.W == again.W && start.Ht == again.Ht);
        QCOMPARE(start.W != other.W || start.Ht != other.Ht, entry.usesSeed);
        QVERIFY(start.W.minCoeff() >= 0 && start.Ht.minCoeff() >= 0);
        QCOMPARE(start.W.rows(), Index{60});
        QCOMPARE(start.Ht.rows(), Index{300});
        QCOMPARE(start.rank(), Index{7});
        QVERIFY((single.W.cast<double>() - start.W).norm() < 1e-2 * start.W.norm());
        std::stop_source stop;
        stop.request_stop();
        if (initializer != "random" && !initializer.startsWith("nndsvd") && initializer != "lrc")
            QVERIFY_EXCEPTION_THROWN(entry.make.twice({}, {data, 7, 1, one, stop.get_token()}), Cancelled);
    }

    void theBestOfSeveralStartsIsTheBest_data()
    {
        QTest::addColumn<QString>("loss");
        for (const char* loss : {"frobenius", "kl", "is"})
            QTest::newRow(loss) << loss;
    }
    void theBestOfSeveralStartsIsTheBest()
    {
        QFETCH(QString, loss);
        const auto data = problems::dataset((problems::uniform(30, 40, 3).array() + 0.01).matrix());
        const auto startOf = [&](double starts, double iterations) {
            Options options;
            options.rank = 5;
            options.loss.id = loss.toStdString();
            options.algorithm.id = automaticAlgorithm(find(losses(), options.loss.id)->make({}));
            options.initializer = {"random-best", {{"starts", starts}, {"iterations", iterations}}};
            options.maxIterations = 0;
            return factorize(data, options).history.front().objective;
        };
        double before = startOf(1, 10);
        QVERIFY(startOf(1, 20) < before);
        int better = 0;
        for (const double starts : {2.0, 4.0, 8.0, 16.0}) {
            const double now = startOf(starts, 10);
            QVERIFY(now <= before * (1 + 1e-12));
            better += now < before * (1 - 1e-9);
            before = now;
        }
        QVERIFY(better > 0);
    }

    /// Five iterations from what was found on the copy are worth fifteen from the closest other start.
    void aCompressedStartIsFarAhead()
    {
        const Matrix<double> V =
            problems::uniform(120, 6, 1) * problems::uniform(6, 150, 2) + 0.2 * problems::uniform(120, 150, 3);
        Options options;
        options.rank = 6;
        options.tolerance = 0;
        options.initializer.id = "lrc";
        options.maxIterations = 15;
        const double other = factorize(problems::dataset(V), options).history.back().objective;
        options.initializer.id = "compressed";
        options.maxIterations = 5;
        const Result few = factorize(problems::dataset(V), options);
        QVERIFY2(few.history.back().objective < other,
                 qPrintable(QString::number(few.history.back().objective / other)));
        // More of the copy is more of the data.
        options.initializer.values["iterations"] = 1;
        QVERIFY(factorize(problems::dataset(V), options).history.front().objective > few.history.front().objective);
        for (const int threads : {1, 3}) {
            options.threads = threads;
            options.initializer.values.clear();
            QCOMPARE(factorize(problems::dataset(V), options).history.front().objective, few.history.front().objective);
        }
    }

    void oneComponentIsFoundWhereverARunBegins_data()
    {
        QTest::addColumn<QString>("algorithm");
        QTest::addColumn<QString>("loss");
        for (const char* loss : {"frobenius", "kl"})
            for (const Algorithm& algorithm : algorithms())
                if (algorithm.monotone && algorithm.refuses(find(losses(), loss)->make({})).empty())
                    QTest::addRow("%s, %s", algorithm.facts.id.c_str(), loss)
                        << QString::fromStdString(algorithm.facts.id) << loss;
    }
    void oneComponentIsFoundWhereverARunBegins()
    {
        QFETCH(QString, algorithm);
        QFETCH(QString, loss);
        Matrix<double> small(2, 2);
        small << 1, 2, 3, 4;
        const bool quadratic = loss == "frobenius";
        const std::vector<std::pair<Matrix<double>, double>> facts{
            {small, quadratic ? (15 - std::sqrt(221.0)) / 2 : 0},
            {problems::matrixA(), quadratic ? 27.99160212761437 / 2 : 4.959254469686233},
            {problems::matrixB(), quadratic ? 24.9522176512 : 20.79794697353956}};
        for (const auto& [V, best] : facts)
            for (const std::uint64_t seed : {1, 2}) {
                Options options;
                options.rank = 1;
                options.loss.id = loss.toStdString();
                options.algorithm.id = algorithm.toStdString();
                options.start = std::make_shared<Factors<double>>(
                    Factors<double>{problems::uniform(V.rows(), 1, seed), problems::uniform(V.cols(), 1, seed + 9)});
                options.maxIterations = 400;
                options.tolerance = 0;
                const Result result = factorize(problems::dataset(V), options);
                if (best > 0)
                    QVERIFY(std::abs(result.history.back().objective - best) < 1e-11 * best);
                if (quadratic)
                    continue;
                // In closed form: the products of the sums over the sum of all, after one iteration of these.
                const Matrix<double> expected = V.rowwise().sum() * V.colwise().sum() / V.sum();
                options.maxIterations = algorithm == "mu" || algorithm == "jmm" ? 1 : 400;
                const Result model = factorize(problems::dataset(V), options);
                QVERIFY((model.factors.W * model.factors.Ht.transpose() - expected).norm() < 1e-7 * expected.norm());
                if (options.maxIterations == 1)
                    QVERIFY((model.factors.W * model.factors.Ht.transpose() - expected).norm() <
                            1e-13 * expected.norm());
            }
    }

    void aRunBeginsAtTheBestSingleComponent_data()
    {
        QTest::addColumn<QString>("algorithm");
        QTest::addColumn<QString>("loss");
        for (const char* loss : {"frobenius", "kl"})
            for (const Algorithm& algorithm : algorithms())
                if (algorithm.refuses(find(losses(), loss)->make({})).empty())
                    QTest::addRow("%s, %s", algorithm.facts.id.c_str(), loss)
                        << QString::fromStdString(algorithm.facts.id) << loss;
    }
    void aRunBeginsAtTheBestSingleComponent()
    {
        QFETCH(QString, algorithm);
        QFETCH(QString, loss);
        const Matrix<double> large = problems::uniform(130, 210, 6);
        const auto bestOf = [&](const Matrix<double>& V) {
            const Matrix<double> sums = V.rowwise().sum() * V.colwise().sum() / V.sum();
            if (loss == "kl")
                return (V.array() > 0).select(V.array() * (V.array() / sums.array()).log(), 0.0).sum();
            const double largest = largestSingularValue(V);
            return (V.squaredNorm() - largest * largest) / 2;
        };
        for (const Matrix<double>& V : {problems::matrixA(), problems::matrixB(), large})
            for (const bool sparse : {false, true}) {
                auto data = std::make_shared<Dataset>(*problems::dataset(V));
                if (sparse)
                    data->V = DataMatrix(SparseMatrix<double>(V.sparseView()));
                Options options = problems::with(algorithm.toStdString(), 1, 3);
                options.loss.id = loss.toStdString();
                options.initializer.id = "random";
                const Result result = factorize(data, options);
                const double first = result.history.front().objective;
                QVERIFY2(std::abs(first - bestOf(V)) < 1e-12 * V.squaredNorm(),
                         qPrintable(QString::number(first, 'g', 14)));
                QCOMPARE(result.notes.size(), std::size_t{1});
                if (find(algorithms(), options.algorithm.id)->monotone)
                    QVERIFY(result.history.back().objective > first * (1 - 1e-10));
                options.precision = Precision::Single;
                QVERIFY(std::abs(factorize(data, options).history.front().objective - first) < 1e-5 * first);
            }
    }

    void theBestComponentUnderPenaltiesIsThresholded()
    {
        Options options = problems::with("hals", 1, 0);
        const auto data = problems::dataset(problems::matrixB());
        const double largest = largestSingularValue(problems::matrixB());
        for (const double share : {1.0, 5.0}) {
            options.onW.l2 = 1.3 * share;
            options.onH.l2 = 1.3 / share;
            const Result result = factorize(data, options);
            QVERIFY(std::abs(result.history.front().objective - 35.5955379958) < 1e-9);
            QVERIFY(std::abs(result.factors.W.norm() * result.factors.Ht.norm() - 7.5371695) < 1e-7);
            QVERIFY(std::abs(result.factors.W.norm() / result.factors.Ht.norm() - 1 / share) < 1e-12);
        }
        options.onW.l2 = options.onH.l2 = largest * 1.01;
        options.maxIterations = 20;
        const Result nothing = factorize(data, options);
        QVERIFY(nothing.factors.W.norm() == 0 && nothing.factors.Ht.norm() == 0);
        QCOMPARE(nothing.history.back().objective, problems::matrixB().squaredNorm() / 2);
    }

    /// Where there is no closed form, or a start is given, the run begins as it was asked to.
    void otherProblemsBeginAsAsked()
    {
        const auto data = problems::dataset(problems::matrixB());
        const auto begins = [&](const auto& ask) {
            Options options = problems::with("hals", 1, 0);
            options.initializer.id = "random";
            ask(options);
            return factorize(data, options).notes.empty();
        };
        QVERIFY(!begins([](Options&) {}));
        QVERIFY(begins([](Options& options) { options.rank = 2; }));
        QVERIFY(begins([](Options& options) { options.onW.l1 = options.onH.l1 = 0.1; }));
        QVERIFY(begins([](Options& options) { options.ofW.norm = 2; }));
        QVERIFY(begins([](Options& options) { options.ofH.upper = 1; }));
        QVERIFY(begins([](Options& options) { options.balanced = false; }));
        QVERIFY(begins([](Options& options) { options.heldOut = 0.1; }));
        QVERIFY(begins([](Options& options) {
            options.start = std::make_shared<Factors<double>>(
                Factors<double>{problems::uniform(6, 1, 1), problems::uniform(5, 1, 2)});
        }));
    }

    /// The best of a few random starts; lower than is known nothing goes.
    void knownDivergencesAreReached_data()
    {
        QTest::addColumn<int>("rank");
        QTest::addColumn<double>("known");
        QTest::newRow("one") << 1 << 20.79794697353956;
        QTest::newRow("two") << 2 << 10.25232394;
        QTest::newRow("three") << 3 << 5.76224437;
    }
    void knownDivergencesAreReached()
    {
        QFETCH(int, rank);
        QFETCH(double, known);
        for (const char* algorithm : {"klcd", "klcdx"}) {
            Options options = problems::with(algorithm, rank, 1500);
            options.loss.id = "kl";
            const double found = best(problems::matrixB(), options, 30);
            QVERIFY2(std::abs(found - known) < 1e-8, qPrintable(QString::number(found, 'g', 12)));
        }
    }

    /// An entry that multiplicative updates once set to zero would stay there; ours are kept off it, unless it is
    /// locked.
    void multiplicativeUpdatesAreStuckAtALockedZeroOnly()
    {
        Options options = problems::with("mu", 1, 500);
        options.start =
            std::make_shared<Factors<double>>(Factors<double>{matrix(2, 1, {0, 1}), Matrix<double>::Ones(2, 1)});
        const auto data = problems::dataset(matrix(2, 2, {1, 2, 3, 4}));
        QVERIFY(std::abs(2 * factorize(data, options).history.back().objective - 0.13393125268149) < 1e-9);
        Mask zero(2, 1);
        zero << true, false;
        options.lockW.entries = std::make_shared<const Mask>(zero);
        QVERIFY(std::abs(2 * factorize(data, options).history.back().objective - 5) < 1e-12);
    }

    void theCorrectedStartIsCloserThanThePlainOne()
    {
        const Matrix<double> V = problems::uniform(60, 8, 1) * problems::uniform(8, 50, 2);
        const auto errorOf = [&](const char* initializer) {
            Options options = problems::with("hals", 8, 0, tight);
            options.initializer.id = initializer;
            return factorize(problems::dataset(V), options).history.back().relativeError;
        };
        QVERIFY(errorOf("lrc") < 0.8 * errorOf("nndsvd"));
        QVERIFY(errorOf("spa") < errorOf("random"));
        QVERIFY(errorOf("kmeans") < errorOf("random"));
    }
};

QTEST_APPLESS_MAIN(TestOptima)
#include "tst_optima.moc"
