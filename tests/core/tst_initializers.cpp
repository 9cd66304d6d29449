#include "core/initializers/initializers.h"
#include "core/initializers/randomized_svd.h"
#include "core/initializers/truncated_svd.h"
#include "tests/support/problems.h"

#include <Eigen/SVD>
#include <QTest>

#include <cmath>
#include <numbers>

using namespace nmf;

/// What a run starts from.
class TestInitializers : public QObject
{
    Q_OBJECT

private slots:
    void nndsvdHasThePublishedValues()
    {
        const DataMatrix V(problems::matrixB());
        Blocks blocks(1);
        const SolverData<double> data(V, blocks);
        QCOMPARE(data.scale(), 1.0);
        const auto make = find(initializers(), "nndsvd")->make.twice;
        const Factors<double> start = make({}, {data, 3, 1, blocks, {}});
        Matrix<double> W(6, 3), H(3, 5);
        W << 0.836928199067, 0, 0, 0.877947775117, 1.405122859104, 0.912538953492, 1.121797508979, 0, 0.579839309151,
            0.850770804084, 0.260806006259, 0.848863287153, 1.325626178079, 1.051145539078, 0, 1.904311690175, 0,
            0.060994009117;
        H << 1.745516004007, 0.866878970617, 1.146807924262, 1.118981499482, 1.57212474522, 0, 1.427905184667,
            0.734157487749, 0, 0.754583682031, 0.751643725393, 1.152502418904, 0, 0, 0;
        QVERIFY((start.W - W).cwiseAbs().maxCoeff() < 1e-11);
        QVERIFY((start.Ht.transpose() - H).cwiseAbs().maxCoeff() < 1e-11);
        const Factors<double> filled = find(initializers(), "nndsvda")->make.twice({}, {data, 3, 1, blocks, {}});
        QVERIFY(std::abs(filled.W(0, 1) - 46.0 / 30) < 1e-12 && std::abs(filled.Ht(3, 2) - 46.0 / 30) < 1e-12);
        const double error = (problems::matrixB() - start.W * start.Ht.transpose()).norm() / problems::matrixB().norm();
        QVERIFY2(std::abs(error - 0.5566352575) < 1e-10, qPrintable(QString::number(error, 'g', 12)));
    }

    void nndsvdHasThePublishedValuesOfTheWorkedExample()
    {
        const DataMatrix V(problems::matrixA());
        Blocks blocks(1);
        const SolverData<double> data(V, blocks);
        const Factors<double> start = find(initializers(), "nndsvd")->make.twice({}, {data, 2, 1, blocks, {}});
        Matrix<double> W(3, 2), H(2, 3);
        W << 1.445881797587, 0, 2.307910165151, 1.532977712084, 2.150562664377, 0;
        H << 2.24685624642, 2.058981786282, 1.659570513144, 0, 1.532977712084, 0;
        const double size = data.factorScale();
        QVERIFY((start.W * size - W).cwiseAbs().maxCoeff() < 1e-11);
        QVERIFY((start.Ht.transpose() * size - H).cwiseAbs().maxCoeff() < 1e-11);
    }

    void randomNumbersFollowTheLaw_data()
    {
        QTest::addColumn<QString>("initializer");
        QTest::addColumn<double>("law");
        QTest::addColumn<double>("mean");
        QTest::addColumn<double>("most");
        // Of |N(0,1)|: √(2/π), and 2 % are above 2.33.
        QTest::newRow("random, normal") << "random" << 0.0 << std::sqrt(2 / std::numbers::pi) << 10.0;
        QTest::newRow("random, uniform") << "random" << 1.0 << 0.5 << 1.0;
        QTest::newRow("fillings, normal") << "nndsvdar" << 0.0 << std::sqrt(2 / std::numbers::pi) << 10.0;
        QTest::newRow("fillings, uniform") << "nndsvdar" << 1.0 << 0.5 << 1.0;
    }
    void randomNumbersFollowTheLaw()
    {
        QFETCH(QString, initializer);
        QFETCH(double, law);
        QFETCH(double, mean);
        QFETCH(double, most);
        const DataMatrix V(problems::uniform(300, 400, 3));
        Blocks blocks(1);
        const SolverData<double> data(V, blocks);
        const Initializer& entry = *find(initializers(), initializer.toStdString());
        const Factors<double> start = entry.make.twice({{"law", law}}, {data, 6, 5, blocks, {}});
        const Factors<double> zeros = find(initializers(), "nndsvd")->make.twice({}, {data, 6, 5, blocks, {}});
        const bool fills = initializer == "nndsvdar";
        const double size = fills ? data.mean() / 100 : std::sqrt(data.mean() / 6);
        double sum = 0, largest = 0;
        Index count = 0;
        for (Index i = 0; i < start.Ht.size(); ++i)
            if (!fills || zeros.Ht.data()[i] < 1e-6) {
                sum += start.Ht.data()[i] / size;
                largest = std::max(largest, start.Ht.data()[i] / size);
                ++count;
            }
        QVERIFY(count > 500);
        QVERIFY2(std::abs(sum / static_cast<double>(count) - mean) < 0.05, qPrintable(QString::number(sum)));
        QVERIFY(largest < most && largest > (law == 1 ? 0.98 : 2.5));
    }

    /// Samples of two kinds, whose sizes differ more than their kinds.
    void sphericalClustersGoByTheAngle()
    {
        Matrix<double> V = 0.05 * problems::uniform(20, 60, 4);
        for (Index j = 0; j < V.cols(); ++j) {
            V.col(j).segment(j % 2 * 10, 10).array() += 1;
            V.col(j) *= j % 3 == 0 ? 0.02 : 1.0;
        }
        V.col(7).setZero();
        const DataMatrix matrix(V);
        Blocks blocks(2);
        const SolverData<double> data(matrix, blocks);
        const Factors<double> start =
            find(initializers(), "kmeans")->make.twice({{"spherical", 1}}, {data, 2, 3, blocks, {}});
        for (Index j = 0; j < V.cols(); ++j) {
            const Index own = start.Ht(j, 0) > start.Ht(j, 1) ? 0 : 1, first = start.Ht(0, 0) > start.Ht(0, 1) ? 0 : 1;
            if (j == 7)
                QVERIFY(start.Ht.row(j).norm() == 0);
            else
                QCOMPARE(own, j % 2 == 0 ? first : 1 - first);
        }
        QVERIFY((start.W.colwise().norm().array() - 1).abs().maxCoeff() < 1e-12);
        const Factors<double> plain = find(initializers(), "kmeans")->make.twice({}, {data, 2, 3, blocks, {}});
        QVERIFY(plain.W != start.W);
    }

    /// A range that random directions find holds all but the noise.
    void randomizedSvdComesNearTheExactOne_data()
    {
        QTest::addColumn<int>("rows");
        QTest::addColumn<int>("columns");
        QTest::newRow("tall") << 500 << 240;
        QTest::newRow("wide") << 240 << 500;
        QTest::newRow("of lower rank") << 0 << 0;
    }
    void randomizedSvdComesNearTheExactOne()
    {
        QFETCH(int, rows);
        QFETCH(int, columns);
        const bool exact = rows == 0;
        if (exact)
            rows = columns = 300;
        Matrix<double> V = problems::uniform(rows, 8, 6) * problems::uniform(8, columns, 7);
        if (!exact)
            V += 0.3 * problems::uniform(rows, columns, 5);
        Blocks one(1), three(3);
        const SolverData<double> data((DataMatrix(V)), one);
        const TruncatedSvd found = randomizedSvd(data, 28, one, {}), again = randomizedSvd(data, 28, three, {});
        QVERIFY(found.U == again.U && found.V == again.V && found.sigma == again.sigma);
        const TruncatedSvd best = truncatedSvd(data, 28, one, {});
        QVERIFY((found.sigma.head(8) - best.sigma.head(8)).norm() < 1e-3 * best.sigma(7));
        const Matrix<double> scaled = V / data.scale();
        const auto left = [&](const TruncatedSvd& svd) {
            return (scaled - svd.U * svd.sigma.asDiagonal() * svd.V.transpose()).norm();
        };
        QVERIFY2(left(found) < (exact ? 1e-10 * scaled.norm() : 1.02 * left(best)),
                 qPrintable(QString("%1 beside %2").arg(left(found)).arg(left(best))));
        const Index sure = exact ? 8 : 28;
        const Matrix<double> unit = Matrix<double>::Identity(sure, sure);
        QVERIFY((found.U.leftCols(sure).transpose() * found.U.leftCols(sure) - unit).norm() < 1e-10);
        QVERIFY((found.V.leftCols(sure).transpose() * found.V.leftCols(sure) - unit).norm() < 1e-10);
    }

    /// A large table is compressed into a random range; five iterations later it is where others end.
    void aRandomRangeIsAsGoodAStart()
    {
        const Matrix<double> V =
            problems::uniform(300, 6, 1) * problems::uniform(6, 260, 2) + 0.2 * problems::uniform(300, 260, 3);
        Options options;
        options.rank = 6;
        options.tolerance = 0;
        options.maxIterations = 300;
        const double best = factorize(problems::dataset(V), options).history.back().objective;
        options.initializer.id = "compressed";
        options.algorithm.id = "ahals";
        options.maxIterations = 5;
        for (const Precision precision : {Precision::Single, Precision::Double}) {
            options.precision = precision;
            const double few = factorize(problems::dataset(V), options).history.back().objective;
            QVERIFY2(few < 1.01 * best, qPrintable(QString("%1 beside %2").arg(few).arg(best)));
        }
    }

    void truncatedSvdAgreesWithTheDenseOne_data()
    {
        QTest::addColumn<int>("rows");
        QTest::addColumn<int>("columns");
        QTest::addColumn<int>("count");
        QTest::newRow("tiny") << 6 << 5 << 3;
        QTest::newRow("wide, Lanczos") << 150 << 400 << 10;
        QTest::newRow("tall, Lanczos") << 500 << 130 << 12;
        QTest::newRow("nearly all") << 120 << 140 << 110;
        QTest::newRow("without the square") << 3100 << 3050 << 2;
    }
    void truncatedSvdAgreesWithTheDenseOne()
    {
        QFETCH(int, rows);
        QFETCH(int, columns);
        QFETCH(int, count);
        // Three strong directions in noise, so that the first singular values are apart.
        Matrix<double> V = 0.2 * problems::uniform(rows, columns, 5);
        V += problems::uniform(rows, 3, 6) * problems::uniform(3, columns, 7);
        Blocks blocks(2);
        const SolverData<double> data((DataMatrix(V)), blocks);
        const TruncatedSvd svd = truncatedSvd(data, count, blocks, {});
        QCOMPARE(svd.sigma.size(), Index{count});
        const Matrix<double> scaled = V / data.scale();
        for (int a = 0; a < count; ++a) {
            QVERIFY((scaled * svd.V.col(a) - svd.sigma(a) * svd.U.col(a)).norm() < 1e-6 * svd.sigma(0));
            QVERIFY((scaled.transpose() * svd.U.col(a) - svd.sigma(a) * svd.V.col(a)).norm() < 1e-6 * svd.sigma(0));
            QVERIFY(a == 0 || svd.sigma(a) <= svd.sigma(a - 1) * (1 + 1e-12));
        }
        if (rows * columns < 100000) {
            const Eigen::JacobiSVD<Matrix<double>> dense(scaled);
            QVERIFY((dense.singularValues().head(count) - svd.sigma).norm() < 1e-9 * svd.sigma(0));
        }
    }
};

QTEST_APPLESS_MAIN(TestInitializers)
#include "tst_initializers.moc"
