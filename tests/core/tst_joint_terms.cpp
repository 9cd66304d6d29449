#include "tests/support/problems.h"

#include "core/algorithms/row_terms.h"
#include "core/measures/trace.h"

#include <QTest>

#include <cmath>

using namespace nmf;

/// What the terms that concern both factors at once do, by closed forms, published values and the conditions of a
/// minimum.
class TestJointTerms : public QObject
{
    Q_OBJECT

private slots:
    /// Of the 3 × 3 example; the objective is that of the best of all matrices of rank two, signed ones too.
    void theTraceBoundHoldsAndIsBest_data()
    {
        QTest::addColumn<QString>("algorithm");
        QTest::addColumn<double>("bound");
        QTest::addColumn<double>("objective");
        QTest::addColumn<double>("multiplier");
        QTest::addColumn<QList<double>>("model");
        for (const char* algorithm : {"hals", "ahals", "bpp", "mu"}) {
            QTest::addRow("%s, 12", algorithm) << algorithm << 12.0 << 6.803949 << 1.272347
                                               << QList<double>{3.148395, 2.130397, 1.917376, 3.115527, 5.901087,
                                                                3.617597, 6.234780, 2.352461, 2.950517};
            QTest::addRow("%s, 10", algorithm) << algorithm << 10.0 << 10.259428 << 2.178666
                                               << QList<double>{2.557707, 2.017781, 1.629780, 3.070909, 5.085526,
                                                                3.561631, 6.075147, 2.279980, 2.356768};
            QTest::addRow("%s, not in the way", algorithm)
                << algorithm << 14.8 << 5.0678859060 << 0.0 << QList<double>{};
        }
    }
    void theTraceBoundHoldsAndIsBest()
    {
        QFETCH(QString, algorithm);
        QFETCH(double, bound);
        QFETCH(double, objective);
        QFETCH(double, multiplier);
        QFETCH(QList<double>, model);
        Options options = problems::with(algorithm.toStdString(), 2, 3000);
        options.initializer.id = "random";
        options.together.traceBound = bound;
        const auto dataset = problems::dataset(problems::matrixA());
        Result best{};
        for (options.seed = 1; options.seed <= 8; ++options.seed) {
            Result result = factorize(dataset, options);
            QVERIFY(traceOfModel(result.factors) <= bound * (1 + 1e-9));
            if (best.history.empty() || result.history.back().objective < best.history.back().objective)
                best = std::move(result);
        }
        const double found = best.history.back().objective;
        QVERIFY2(std::abs(found - objective) < 1e-5, qPrintable(QString::number(found, 'g', 10)));
        const TraceReport report = traceReport(*dataset, options, best.factors);
        QCOMPARE(report.active, multiplier > 0);
        QVERIFY2(std::abs(report.multiplier - multiplier) < 1e-5, qPrintable(QString::number(report.multiplier)));
        QVERIFY2(std::abs(*report.leastObjective - objective) < 1e-6,
                 qPrintable(QString::number(*report.leastObjective, 'g', 10)));
        const Matrix<double> X = best.factors.W * best.factors.Ht.transpose();
        for (Index i = 0; i < model.size(); ++i)
            QVERIFY2(std::abs(X(i / 3, i % 3) - model[i]) < 1e-4, qPrintable(QString::number(X(i / 3, i % 3), 'g', 8)));
    }

    /// At the end one multiplier balances the slopes of all entries that are not zero.
    void theTraceBoundEndsAtAStationaryPoint_data()
    {
        QTest::addColumn<QString>("algorithm");
        QTest::addColumn<double>("beta");
        QTest::addColumn<int>("iterations");
        QTest::newRow("klcd") << "klcd" << 1.0 << 3000;
        for (const double beta : {-1.0, 0.0, 0.5, 1.0, 1.5, 3.0})
            QTest::addRow("mu, %g", beta) << "mu" << beta << 10000;
    }
    void theTraceBoundEndsAtAStationaryPoint()
    {
        QFETCH(QString, algorithm);
        QFETCH(double, beta);
        QFETCH(int, iterations);
        const Matrix<double> V = 50 * (problems::uniform(9, 7, 3).array() + 0.1).matrix();
        Options options = problems::with(algorithm.toStdString(), 2, iterations);
        options.loss = {"beta", {{"beta", beta}}};
        options.initializer.id = "random";
        options.together.traceBound = 125;
        const auto dataset = problems::dataset(V);
        const Result result = factorize(dataset, options);
        for (std::size_t i = 1; i < result.history.size(); ++i)
            QVERIFY(result.history[i].objective <= result.history[i - 1].objective * (1 + 1e-11));
        const Matrix<double>&W = result.factors.W, &Ht = result.factors.Ht;
        QVERIFY(std::abs(traceOfModel(result.factors) - 125) < 1e-7);
        const Eigen::ArrayXXd X = (W * Ht.transpose()).array();
        const Matrix<double> slopes = (X.pow(beta - 2) * (X - V.array())).matrix().transpose() * W;
        const TraceReport report = traceReport(*dataset, options, result.factors);
        QVERIFY(report.active && report.multiplier > 0 && !report.leastObjective);
        const double size = slopes.cwiseAbs().maxCoeff();
        for (Index j = 0; j < 7; ++j)
            for (Index a = 0; a < 2; ++a)
                if (Ht(j, a) > 1e-3)
                    QVERIFY2(std::abs(slopes(j, a) + report.multiplier * W(j, a)) < 1e-5 * size,
                             qPrintable(QString("%1 of %2").arg(slopes(j, a) + report.multiplier * W(j, a)).arg(size)));
    }

    /// The multiplier is what a unit of the bound is worth, with all that may stand beside it.
    void theMultiplierIsThePriceOfTheBound()
    {
        Options options = problems::with("hals", 2, 6000);
        options.initializer.id = "random";
        options.seed = 3;
        options.onW = {0.1, 0.3};
        options.onH = {0.2, 0.4};
        options.together.dropout = 0.1;
        const auto dataset = problems::dataset(problems::matrixA());
        const auto under = [&](double bound) {
            options.together.traceBound = bound;
            return factorize(dataset, options);
        };
        const double step = 1e-3;
        const double worth =
            (under(9 - step).history.back().objective - under(9 + step).history.back().objective) / (2 * step);
        const TraceReport report = traceReport(*dataset, options, under(9).factors);
        QVERIFY2(report.active && std::abs(report.multiplier - worth) < 1e-3 * worth,
                 qPrintable(QString("%1 %2").arg(report.multiplier).arg(worth)));
    }

    void variancesAreMatched_data()
    {
        QTest::addColumn<double>("shares");
        QTest::addColumn<double>("sums");
        QTest::addColumn<double>("objective");
        QTest::addColumn<QList<double>>("rows");
        QTest::addColumn<QString>("algorithm");
        for (const char* algorithm : {"mu", "pg"}) {
            QTest::addRow("%s, shares, 1", algorithm)
                << 1.0 << 0.0 << 1.90295 << QList<double>{.39648, .26075, .34277} << algorithm;
            QTest::addRow("%s, shares, 10", algorithm)
                << 10.0 << 0.0 << 1.97721 << QList<double>{.40602, .26785, .32613} << algorithm;
            QTest::addRow("%s, sums, 1", algorithm)
                << 0.0 << 1.0 << 2.04546 << QList<double>{3.8210, 3.0408, 3.4794} << algorithm;
        }
        QTest::newRow("shares, 1000") << 1000.0 << 0.0 << 2.13463 << QList<double>{.42193, .28821, .28985} << "mu";
    }
    void variancesAreMatched()
    {
        QFETCH(double, shares);
        QFETCH(double, sums);
        QFETCH(double, objective);
        QFETCH(QList<double>, rows);
        QFETCH(QString, algorithm);
        Options options;
        options.rank = 2;
        options.loss.id = "kl";
        options.algorithm.id = algorithm.toStdString();
        options.initializer.id = "random";
        options.together.varianceShares = shares;
        options.together.varianceSums = sums;
        options.maxIterations = 20000;
        options.tolerance = 1e-13;
        double best = 1e9;
        Vector<double> found;
        for (options.seed = 1; options.seed <= 10; ++options.seed) {
            const Result result = factorize(problems::dataset(problems::matrixA()), options);
            if (result.history.back().objective >= best)
                continue;
            best = result.history.back().objective;
            found = result.factors.W.rowwise().sum();
            if (sums == 0)
                found /= found.sum();
        }
        QVERIFY2(std::abs(best - objective) < 2e-5, qPrintable(QString::number(best, 'g', 10)));
        const double precision = sums == 0 ? 2e-4 : 2e-3;
        for (Index row = 0; row < 3; ++row)
            QVERIFY2(std::abs(found(row) - rows[row]) < precision, qPrintable(QString::number(found(row), 'g', 8)));
    }

    /// For least squares too, where there is no published value: all find the same.
    void everyAlgorithmMatchesVariancesAlike_data()
    {
        QTest::addColumn<bool>("shares");
        QTest::newRow("shares") << true;
        QTest::newRow("sums") << false;
    }
    void everyAlgorithmMatchesVariancesAlike()
    {
        QFETCH(bool, shares);
        std::vector<double> bests;
        for (const char* algorithm : {"hals", "ahals", "ehals", "mu", "pg"}) {
            Options options = problems::with(algorithm, 2, 4000, 1e-13);
            options.initializer.id = "random";
            (shares ? options.together.varianceShares : options.together.varianceSums) = 2;
            double best = 1e9;
            for (options.seed = 1; options.seed <= 6; ++options.seed)
                best =
                    std::min(best, factorize(problems::dataset(problems::matrixA()), options).history.back().objective);
            bests.push_back(best);
        }
        for (const double best : bests)
            QVERIFY2(std::abs(best - bests.front()) < 1e-6 * best,
                     qPrintable(QString("%1 and %2").arg(bests.front(), 0, 'g', 10).arg(best, 0, 'g', 10)));
    }

    /// Of rows and columns: what is left is the pull of the fit, of the order of the inverse weight.
    void aLargeWeightMatchesTheShares()
    {
        const auto mismatch = [](const Vector<double>& sums, const Matrix<double>& V) {
            const Vector<double> variances = (V.colwise() - V.rowwise().mean()).rowwise().squaredNorm();
            return (sums / sums.sum() - variances / variances.sum()).cwiseAbs().maxCoeff();
        };
        const Matrix<double> V = problems::matrixA();
        Options options = problems::with("mu", 2, 20000, 1e-13);
        options.loss.id = "kl";
        options.initializer.id = "random";
        options.together.varianceShares = 1e4;
        Result best;
        for (options.seed = 1; options.seed <= 10; ++options.seed) {
            Result result = factorize(problems::dataset(V), options);
            if (best.history.empty() || result.history.back().objective < best.history.back().objective)
                best = std::move(result);
        }
        const double ofRows = mismatch(best.factors.W.rowwise().sum(), V),
                     ofColumns = mismatch(best.factors.Ht.rowwise().sum(), V.transpose());
        // Below 1e-4 at the optimum, which the updates approach slowly under such a weight.
        QVERIFY2(ofRows < 1.2e-4 && ofColumns < 1.2e-4, qPrintable(QString("%1 %2").arg(ofRows).arg(ofColumns)));
    }

    /// Whatever the units of the data: of both losses, dense and sparse.
    void matchingVariancesNeverRaisesTheObjective_data()
    {
        QTest::addColumn<QString>("algorithm");
        QTest::addColumn<QString>("loss");
        for (const char* algorithm : {"hals", "ahals", "ehals", "mu", "pg"})
            QTest::addRow("%s", algorithm) << algorithm << "frobenius";
        for (const char* algorithm : {"mu", "pg"})
            QTest::addRow("%s, Kullback-Leibler", algorithm) << algorithm << "kl";
    }
    void matchingVariancesNeverRaisesTheObjective()
    {
        QFETCH(QString, algorithm);
        QFETCH(QString, loss);
        for (int problem = 0; problem < 75; ++problem) {
            const auto seed = static_cast<std::uint64_t>(problem);
            Matrix<double> V = problems::uniform(5 + problem % 7, 6 + problem % 5, seed);
            V = (V.array() < 0.2).select(0, V) * std::pow(10, problem % 9 - 4);
            auto dataset = std::make_shared<Dataset>(*problems::dataset(V));
            if (problem % 3 == 0)
                dataset->V = DataMatrix(SparseMatrix<double>(V.sparseView()));
            Options options;
            options.rank = 3;
            options.loss.id = loss.toStdString();
            options.algorithm.id = algorithm.toStdString();
            options.initializer.id = "random";
            options.seed = seed;
            (problem % 2 ? options.together.varianceShares : options.together.varianceSums) =
                std::pow(10, problem % 6 - 2);
            options.maxIterations = 60;
            options.tolerance = 0;
            const Result result = factorize(dataset, options);
            for (std::size_t i = 1; i < result.history.size(); ++i)
                QVERIFY2(result.history[i].objective <= result.history[i - 1].objective * (1 + 1e-11),
                         qPrintable(QString("%1, problem %2, iteration %3").arg(loss).arg(problem).arg(i)));
        }
    }

    /// The slope that a row goes down is that of the price of both factors.
    void theTermsOfARowHaveTheirSlopes()
    {
        Blocks blocks(1);
        const SolverData<double> V(DataMatrix(problems::uniform(12, 9, 1)), blocks);
        Factors<double> factors{(problems::uniform(12, 3, 2).array() + 0.3).matrix(),
                                (problems::uniform(9, 3, 3).array() + 0.3).matrix()};
        const Penalty penalty{0, 0, 0.3, 0.7};
        const Work<double> work{.V = V,
                                .factors = factors,
                                .blocks = blocks,
                                .divergence = Divergence{1.5},
                                .seed = 1,
                                .onW = penalty,
                                .onH = penalty,
                                .together = {.varianceShares = 2, .varianceSums = 0.5},
                                .gridW = {3, 4, 1},
                                .gridH = {1, 9, 1}};
        const auto matching = varianceMatching(work);
        RowTerms<double> terms(work, matching, 0);
        for (const Side side : {Side::Basis, Side::Coefficients})
            for (const Index row : {0, 5}) {
                Matrix<double>& U = side == Side::Basis ? factors.W : factors.Ht;
                matching->begin(side, U);
                terms.load(side, row, U);
                Vector<double> slope = Vector<double>::Zero(3);
                terms.addSlope(U.row(row).transpose(), slope);
                for (Index a = 0; a < 3; ++a) {
                    const double h = 1e-5, u = U(row, a);
                    U(row, a) = u + h;
                    const double more = rowTermsPrice(work, matching.get());
                    U(row, a) = u - h;
                    const double less = rowTermsPrice(work, matching.get());
                    U(row, a) = u;
                    QVERIFY2(std::abs(slope(a) - (more - less) / (2 * h)) < 1e-7 * std::abs(slope(a)) + 1e-8,
                             qPrintable(QString("%1 %2").arg(slope(a)).arg((more - less) / (2 * h))));
                }
            }
    }

    /// The mean of ‖V − W R H/q‖² over all masks R of components, each kept with probability q.
    void dropoutIsTheMeanOverAllMasks_data()
    {
        QTest::addColumn<double>("share");
        for (const double share : {0.1, 0.3, 0.8})
            QTest::addRow("%g", share) << share;
    }
    void dropoutIsTheMeanOverAllMasks()
    {
        QFETCH(double, share);
        const Matrix<double> V = problems::uniform(5, 6, 3);
        const Factors<double> factors{problems::uniform(5, 4, 11), problems::uniform(6, 4, 12)};
        Options options;
        options.rank = 4;
        options.together.dropout = share;
        options.start = std::make_shared<Factors<double>>(factors);
        options.maxIterations = 0;
        double mean = 0;
        for (unsigned mask = 0; mask < 16; ++mask) {
            Matrix<double> X = Matrix<double>::Zero(5, 6);
            double probability = 1;
            for (Index a = 0; a < 4; ++a) {
                const bool kept = mask >> a & 1;
                probability *= kept ? 1 - share : share;
                if (kept)
                    X += factors.W.col(a) * factors.Ht.col(a).transpose() / (1 - share);
            }
            mean += probability * (V - X).squaredNorm() / 2;
        }
        const double objective = factorize(problems::dataset(V), options).history.front().objective;
        QVERIFY(std::abs(objective - mean) < 1e-12 * mean);
    }
};

QTEST_APPLESS_MAIN(TestJointTerms)
#include "tst_joint_terms.moc"
