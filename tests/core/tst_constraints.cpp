#include "tests/support/problems.h"

#include "core/algorithms/algorithms.h"
#include "core/algorithms/row_terms.h"
#include "core/error.h"
#include "core/measures/trace.h"
#include "core/smoothness.h"
#include "core/terms.h"

#include <Eigen/SVD>
#include <QTest>

#include <cmath>
#include <limits>

using namespace nmf;

/// What each constraint and joint term does, by closed forms, published values and the conditions of a minimum.
class TestConstraints : public QObject
{
    Q_OBJECT

private slots:
    /// Alone a unit norm takes nothing away: what W may not grow H may.
    void unitNormsCostNothing()
    {
        const Matrix<double> V = problems::uniform(12, 15, 8);
        const Vector<double> values = V.jacobiSvd().singularValues();
        const double best = (values.squaredNorm() - values(0) * values(0)) / 2;
        for (const char* algorithm : {"hals", "ahals", "ehals"})
            for (const double norm : {1.0, 2.0})
                for (const bool onW : {true, false}) {
                    Options options;
                    options.rank = 1;
                    options.algorithm.id = algorithm;
                    (onW ? options.ofW : options.ofH).norm = norm;
                    options.tolerance = 0;
                    options.maxIterations = 200;
                    const Result result = factorize(problems::dataset(V * 1e5), options);
                    QVERIFY(std::abs(result.history.back().objective - best * 1e10) < 1e-9 * best * 1e10);
                    const Matrix<double>& held = onW ? result.factors.W : result.factors.Ht;
                    QVERIFY(std::abs((norm == 1 ? held.sum() : held.norm()) - 1) < 1e-14);
                }
    }

    /// A penalty on one factor is well posed where the other one cannot grow, or the one itself cannot shrink.
    void aUnitNormMakesAPenaltyOnOneFactorWellPosed()
    {
        const auto dataset = problems::dataset(problems::uniform(20, 30, 4));
        Options options;
        options.rank = 4;
        options.algorithm.id = "hals";
        options.onH.l1 = 2;
        QVERIFY_EXCEPTION_THROWN(requireConsistent(options, *dataset), Error);
        options.ofH.upper = 1;
        QVERIFY_EXCEPTION_THROWN(requireConsistent(options, *dataset), Error);
        options.ofH.upper = 0;
        options.ofW.norm = 2;
        options.tolerance = 0;
        const Result sparse = factorize(dataset, options);
        for (std::size_t i = 1; i < sparse.history.size(); ++i)
            QVERIFY(sparse.history[i].objective <= sparse.history[i - 1].objective * (1 + 1e-12));
        options.onH.l1 = 0;
        const Result plain = factorize(dataset, options);
        const auto zeros = [](const Result& result) { return (result.factors.Ht.array() == 0).count(); };
        QVERIFY(zeros(sparse) > zeros(plain));
        QVERIFY(sparse.factors.Ht.sum() < plain.factors.Ht.sum());
    }

    /// Where the bounds are in the way the slope points beyond them.
    void upperBoundsEndAtAStationaryPoint_data()
    {
        QTest::addColumn<QString>("algorithm");
        QTest::newRow("ahals") << "ahals";
        QTest::newRow("pg") << "pg";
    }
    void upperBoundsEndAtAStationaryPoint()
    {
        QFETCH(QString, algorithm);
        const Matrix<double> V = problems::uniform(20, 30, 4);
        Options options;
        options.rank = 3;
        options.algorithm.id = algorithm.toStdString();
        options.initializer.id = "random";
        options.ofW.upper = 0.9;
        options.ofH.upper = 0.5;
        options.tolerance = 0;
        options.maxIterations = 3000;
        const Result result = factorize(problems::dataset(V), options);
        const Matrix<double>&W = result.factors.W, &Ht = result.factors.Ht;
        const Matrix<double> slope = (W * Ht.transpose() - V).transpose() * W;
        Index onBound = 0;
        for (Index i = 0; i < Ht.size(); ++i) {
            const double h = Ht.data()[i], s = slope.data()[i];
            QVERIFY(h <= 0.5);
            onBound += h == 0.5;
            QVERIFY2(h == 0 ? s > -1e-6 : h == 0.5 ? s < 1e-6 : std::abs(s) < 1e-6, qPrintable(QString::number(s)));
        }
        QVERIFY(onBound > 0);
    }

    /// Every sample of the simplex is at its best: nothing is gained by moving weight from one part to another.
    void fixedSumsEndAtAStationaryPoint_data()
    {
        QTest::addColumn<QString>("algorithm");
        QTest::addColumn<QString>("loss");
        QTest::addColumn<int>("iterations");
        QTest::newRow("hals") << "hals"
                              << "frobenius" << 3000;
        QTest::newRow("ahals") << "ahals"
                               << "frobenius" << 3000;
        QTest::newRow("mu") << "mu"
                            << "kl" << 30000;
        QTest::newRow("pg") << "pg"
                            << "frobenius" << 1000;
        QTest::newRow("pg, Kullback-Leibler") << "pg"
                                              << "kl" << 2000;
    }
    void fixedSumsEndAtAStationaryPoint()
    {
        QFETCH(QString, algorithm);
        QFETCH(QString, loss);
        QFETCH(int, iterations);
        const Matrix<double> V = problems::uniform(12, 18, 4);
        Options options;
        options.rank = 3;
        options.loss.id = loss.toStdString();
        options.algorithm.id = algorithm.toStdString();
        options.initializer.id = "random";
        options.ofH.sum = 1;
        options.tolerance = 0;
        options.maxIterations = iterations;
        const Result result = factorize(problems::dataset(V), options);
        const Matrix<double>&W = result.factors.W, &Ht = result.factors.Ht;
        const Matrix<double> X = W * Ht.transpose();
        const Matrix<double> slopes =
            (loss == "kl" ? Matrix<double>(1 - V.array() / X.array()) : Matrix<double>(X - V)).transpose() * W;
        Index zeros = 0;
        for (Index j = 0; j < Ht.rows(); ++j) {
            QVERIFY(std::abs(Ht.row(j).sum() - 1) < 1e-15);
            const double least = slopes.row(j).minCoeff();
            for (Index a = 0; a < Ht.cols(); ++a) {
                zeros += Ht(j, a) == 0;
                QVERIFY2(Ht(j, a) <= (loss == "kl" ? 1e-6 : 0) || slopes(j, a) < least + 1e-5,
                         qPrintable(QString("%1 %2 %3").arg(j).arg(a).arg(slopes(j, a) - least)));
            }
        }
        QVERIFY(loss == "kl" || zeros > 0);
    }

    /// The same where the sum may be less: the slopes of what is not zero are then nothing.
    void largestSumsEndAtAStationaryPoint_data() { fixedSumsEndAtAStationaryPoint_data(); }
    void largestSumsEndAtAStationaryPoint()
    {
        QFETCH(QString, algorithm);
        QFETCH(QString, loss);
        QFETCH(int, iterations);
        const Vector<double> sizes = problems::uniform(18, 1, 7).col(0);
        const Matrix<double> V = problems::uniform(12, 18, 4) * sizes.asDiagonal();
        Options options = problems::with(algorithm.toStdString(), 3, iterations / 2);
        options.loss.id = loss.toStdString();
        options.initializer.id = "random";
        options.ofH.largestSum = 0.5;
        options.onH.l1 = options.onW.l1 = 0.01;
        const Result result = factorize(problems::dataset(V), options);
        const Matrix<double>&W = result.factors.W, &Ht = result.factors.Ht;
        const Matrix<double> X = W * Ht.transpose();
        const Matrix<double> slopes =
            ((loss == "kl" ? Matrix<double>(1 - V.array() / X.array()) : Matrix<double>(X - V)).transpose() * W)
                .array() +
            0.01;
        Index full = 0;
        for (Index j = 0; j < Ht.rows(); ++j) {
            QVERIFY(Ht.row(j).sum() <= 0.5 * (1 + 1e-15));
            const bool atLimit = Ht.row(j).sum() > 0.5 * (1 - 1e-9);
            full += atLimit;
            const double least = slopes.row(j).minCoeff();
            QVERIFY2(least > -1e-5 || atLimit, qPrintable(QString("%1 %2").arg(j).arg(least)));
            for (Index a = 0; a < Ht.cols(); ++a)
                QVERIFY2(Ht(j, a) <= 1e-6 || slopes(j, a) < (atLimit ? std::min(least, 0.0) : 0.0) + 1e-5,
                         qPrintable(QString("%1 %2 %3").arg(j).arg(a).arg(slopes(j, a))));
        }
        QVERIFY2(full > 0 && full < Ht.rows(), qPrintable(QString::number(full)));
    }

    /// Shares of known materials are found again.
    void abundancesAreFound()
    {
        const Matrix<double> W = problems::uniform(30, 3, 9);
        Matrix<double> Ht = problems::uniform(200, 3, 10).array().pow(6);
        for (Index j = 0; j < Ht.rows(); ++j)
            Ht.row(j) /= Ht.row(j).sum();
        Options options;
        options.rank = 3;
        options.algorithm.id = "ahals";
        options.ofH.sum = 1;
        options.lockW.components = {0, 1, 2};
        options.start = std::make_shared<Factors<double>>(Factors<double>{W, problems::uniform(200, 3, 2)});
        options.maxIterations = 200;
        options.tolerance = 0;
        const Result result = factorize(problems::dataset(W * Ht.transpose()), options);
        QVERIFY((result.factors.Ht - Ht).cwiseAbs().maxCoeff() < 1e-9);
    }

    /// More weight on smoothness makes smoother parts; neighbours are those of the picture.
    void smoothnessSmoothes()
    {
        Dataset pictures = *problems::dataset(problems::uniform(48, 60, 3));
        pictures.features.kind = Axis::Kind::Pixels;
        pictures.features.height = 6;
        pictures.features.width = 8;
        Options options;
        options.rank = 3;
        options.algorithm.id = "ahals";
        options.ofH.norm = 2;
        options.tolerance = 0;
        double before = std::numeric_limits<double>::infinity();
        for (const double weight : {0.0, 1.0, 100.0}) {
            options.onW.smoothness = weight;
            const Matrix<double> W = factorize(std::make_shared<Dataset>(pictures), options).factors.W;
            double rough = 0;
            for (Index a = 0; a < 3; ++a)
                for (Index y = 0; y < 6; ++y)
                    for (Index x = 0; x < 8; ++x) {
                        rough += x > 0 ? std::pow(W(8 * y + x, a) - W(8 * y + x - 1, a), 2) / 2 : 0;
                        rough += y > 0 ? std::pow(W(8 * y + x, a) - W(8 * y + x - 8, a), 2) / 2 : 0;
                    }
            QVERIFY2(rough < 0.5 * before, qPrintable(QString::number(rough)));
            QVERIFY(std::abs(roughness(Grid::of(pictures.features, 48), W) - rough) < 1e-12 * rough);
            before = rough;
        }
    }

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

QTEST_APPLESS_MAIN(TestConstraints)
#include "tst_constraints.moc"
