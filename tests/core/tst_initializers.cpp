#include "core/initializers/initializers.h"
#include "core/initializers/truncated_svd.h"
#include "tests/support/problems.h"

#include <Eigen/SVD>
#include <QTest>

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
