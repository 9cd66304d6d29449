#include "tests/support/problems.h"

#include "core/error.h"
#include "core/smoothness.h"

#include <Eigen/SVD>
#include <QTest>

#include <cmath>
#include <limits>

using namespace nmf;

/// What each constraint on one factor does, by closed forms and the conditions of a minimum.
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
};

QTEST_APPLESS_MAIN(TestConstraints)
#include "tst_constraints.moc"
