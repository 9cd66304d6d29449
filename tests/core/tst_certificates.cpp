#include "tests/support/problems.h"

#include "core/measures/simpler_models.h"
#include "core/measures/stationarity.h"

#include <QTest>

#include <Eigen/SVD>

#include <cmath>

using namespace nmf;

namespace
{

Options exactly(const char* loss, const char* algorithm, Index rank)
{
    Options options;
    options.rank = rank;
    options.loss.id = loss;
    options.algorithm.id = algorithm;
    options.tolerance = 0;
    options.kktTolerance = 1e-13;
    options.maxIterations = 50000;
    return options;
}

std::shared_ptr<const Dataset> asSparse(const Matrix<double>& V)
{
    auto result = std::make_shared<Dataset>();
    result->V = DataMatrix(SparseMatrix<double>(V.sparseView()));
    return result;
}

} // namespace

/// What proves that a factorization is the best, and what must hold of one that cannot be improved.
class TestCertificates : public QObject
{
    Q_OBJECT

private slots:
    void noFactorizationIsBelowTheBound_data()
    {
        QTest::addColumn<int>("rows");
        QTest::addColumn<double>("size");
        for (const int rows : {30, 140})
            for (const double size : {1.0, 1e-60, 1e60})
                QTest::addRow("%d rows, times %g", rows, size) << rows << size;
    }
    void noFactorizationIsBelowTheBound()
    {
        QFETCH(int, rows);
        QFETCH(double, size);
        const Matrix<double> V = problems::uniform(rows, 150, 4) * size;
        const auto data = problems::dataset(V);
        Blocks blocks(2);
        const double bound = smallestObjective(*data, 5, blocks);
        const Vector<double> sigma = Eigen::BDCSVD<Matrix<double>>(V / size).singularValues();
        const double exact = sigma.tail(rows - 5).squaredNorm() / 2 * size * size;
        QVERIFY(bound <= exact && bound >= exact * (1 - 1e-9));
        Options options;
        options.rank = 5;
        QVERIFY(factorize(data, options).history.back().objective >= bound);
        QVERIFY(smallestObjectiveIsCheap(*data, 5));
        if (size == 1)
            QVERIFY(std::abs(smallestObjective(*asSparse(V), 5, blocks) - bound) < 1e-9 * bound);
    }

    void aGapOfZeroProvesTheBestOfAll()
    {
        // The worked example's best factorization of rank two has non-negative halves, so it is that of the SVD.
        Blocks blocks(1);
        const auto data = problems::dataset(problems::matrixA());
        const double bound = smallestObjective(*data, 2, blocks);
        const Result result = factorize(data, exactly("frobenius", "hals", 2));
        const double objective = result.history.back().objective;
        QVERIFY2(std::abs(objective - bound) < 1e-9 * objective, qPrintable(QString::number(objective - bound)));
        QCOMPARE(smallestObjective(*data, 3, blocks), 0.0);
        // What is exact has a bound that rounding does not raise above it.
        const Matrix<double> exact = problems::uniform(120, 4, 1) * problems::uniform(4, 150, 2);
        QCOMPARE(smallestObjective(*problems::dataset(exact), 4, blocks), 0.0);
    }

    void dataThatTakeLongHaveNoBoundUnasked()
    {
        auto large = std::make_shared<Dataset>();
        large->V = DataMatrix(SparseMatrix<double>(100000, 100000));
        QVERIFY(smallestObjectiveIsCheap(*large, 5)); // It is empty.
        QVERIFY(!smallestObjectiveIsCheap(*problems::dataset(Matrix<double>::Zero(1300, 1300)), 5));
    }

    void whatCannotBeImprovedFulfilsTheIdentities_data()
    {
        QTest::addColumn<bool>("sparse");
        QTest::newRow("dense") << false;
        QTest::newRow("sparse") << true;
    }
    void whatCannotBeImprovedFulfilsTheIdentities()
    {
        QFETCH(bool, sparse);
        Matrix<double> V = problems::uniform(20, 30, 4) * 1e5;
        V = (V.array() > 4e4).select(V, 0.0).eval();
        const auto data = sparse ? asSparse(V) : problems::dataset(V);
        Options options = exactly("frobenius", "hals", 3);
        const Factors<double> found = factorize(data, options).factors;
        const StationarityIdentities best = stationarityIdentities(*data, options, found);
        QVERIFY(*best.components < 1e-12 && !best.rowSums && !best.columnSums);
        const Matrix<double> X = found.W * found.Ht.transpose();
        QVERIFY(std::abs((V - X).squaredNorm() - V.squaredNorm() + X.squaredNorm()) < 1e-10 * V.squaredNorm());
        // Away from there it is what it says.
        Factors<double> moved = found;
        moved.W.col(1) *= 1.1;
        const Matrix<double> left = V - moved.W * moved.Ht.transpose();
        double largest = 0;
        for (Index a = 0; a < 3; ++a)
            largest = std::max(largest, std::abs(moved.W.col(a).dot(left * moved.Ht.col(a))) / V.squaredNorm());
        QVERIFY(std::abs(*stationarityIdentities(*data, options, moved).components - largest) < 1e-12);
        QVERIFY(largest > 1e-3);

        options = exactly("kl", "mu", 3);
        options.kktTolerance = 0;
        options.maxIterations = 2000;
        const Factors<double> alike = factorize(data, options).factors;
        const StationarityIdentities sums = stationarityIdentities(*data, options, alike);
        QVERIFY(!sums.components && *sums.rowSums < 1e-9 && *sums.columnSums < 1e-4);
        moved = alike;
        moved.W *= 1.1;
        QVERIFY(std::abs(*stationarityIdentities(*data, options, moved).rowSums - 0.1) < 1e-8);
    }

    void whereNothingMustHoldNothingIsSaid()
    {
        Options options;
        options.rank = 3;
        const auto data = problems::dataset(problems::matrixB());
        const Factors<double> factors = *problems::goldenStart();
        QVERIFY(stationarityIdentities(*data, options, factors).components.has_value());
        options.onW = options.onH = {0.1, 0};
        QVERIFY(!stationarityIdentities(*data, options, factors).components);
        options.onW = options.onH = {};
        options.loss = {"beta", {{"beta", 1.5}}};
        const StationarityIdentities none = stationarityIdentities(*data, options, factors);
        QVERIFY(!none.components && !none.rowSums && !none.columnSums);
    }
};

QTEST_APPLESS_MAIN(TestCertificates)
#include "tst_certificates.moc"
