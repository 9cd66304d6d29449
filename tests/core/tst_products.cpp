#include "tests/support/problems.h"

#include "core/algorithms/gram_sums.h"
#include "core/row_layout.h"
#include "core/solver_data.h"

#include <QTest>

using namespace nmf;

/// The products of a dense V with factors of all widths, block by block.
class TestProducts : public QObject
{
    Q_OBJECT

private:
    template <class Scalar>
    static void check(Index rows, Index columns, Index rank)
    {
        // The mean is far from one, so that V is divided by a scale.
        const Matrix<Scalar> numbers = (problems::uniform(rows, columns, 1).array() * 3000).template cast<Scalar>();
        Blocks blocks(2);
        const SolverData<Scalar> V(DataMatrix(numbers), blocks);
        const Matrix<double> scaled = numbers.template cast<double>() / V.scale();
        for (const Side side : {Side::Coefficients, Side::Basis}) {
            const Matrix<Scalar> F = problems::uniform(V.otherRowsOf(side), rank, 2).template cast<Scalar>();
            const Matrix<double> wide = F.template cast<double>();
            const Matrix<double> exact =
                side == Side::Basis ? Matrix<double>(scaled * wide) : scaled.transpose() * wide;
            Matrix<Scalar> product = Matrix<Scalar>::Constant(V.rowsOf(side), rank, -1);
            Operand<Scalar> operand;
            V.prepare(F, operand, blocks);
            const Partition parts = partition(product.rows());
            for (Index part = 0; part < parts.count(); ++part)
                V.multiply(side, operand, parts.first(part), product.middleRows(parts.first(part), parts.size(part)));
            const double error = (product.template cast<double>() - exact).cwiseAbs().maxCoeff();
            const double allowed = 20 * std::numeric_limits<Scalar>::epsilon() * exact.maxCoeff();
            QVERIFY2(error <= allowed, qPrintable(QString("%1 of %2").arg(error).arg(allowed)));
        }
    }

    template <class Scalar>
    static void checkLayout(Index rows, Index rank)
    {
        const Matrix<Scalar> all = problems::uniform(rows + 3, rank, 5).template cast<Scalar>();
        const Index step = (rank + 15) / 16 * 16;
        Matrix<Scalar> laid = Matrix<Scalar>::Constant(step, rows + 1, -1);
        layOutRows<Scalar>(all.middleRows(2, rows), laid.data(), step);
        QVERIFY(laid.topLeftCorner(rank, rows) == all.middleRows(2, rows).transpose());
        QVERIFY((laid.bottomLeftCorner(step - rank, rows).array() == 0).all());
        QVERIFY((laid.col(rows).array() == -1).all());
    }

private slots:
    void rowsAreLaidSideBySideAndSummed_data()
    {
        QTest::addColumn<int>("rows");
        QTest::addColumn<int>("rank");
        for (const int rows : {1, 5, 8, 13, 32, 57})
            for (const int rank : {1, 4, 8, 9, 16, 17, 25, 49})
                QTest::addRow("%d x %d", rows, rank) << rows << rank;
    }
    void rowsAreLaidSideBySideAndSummed()
    {
        QFETCH(int, rows);
        QFETCH(int, rank);
        checkLayout<float>(rows, rank);
        checkLayout<double>(rows, rank);
        const Matrix<double> all = problems::uniform(rows + 1, rank, 6), C = problems::uniform(rows, rank, 7);
        const auto U = all.topRows(rows);
        const Index step = (rank + 7) / 8 * 8;
        Matrix<double> laid(step, rows), gram = Matrix<double>::Zero(rank, rank);
        layOutRows<double>(U, laid.data(), step);
        addGramOfRows(laid.data(), step, rows, gram);
        mirrorLower(gram);
        const Matrix<double> exact = U.transpose() * U;
        QVERIFY((gram - exact).cwiseAbs().maxCoeff() <= 1e-13 * exact.maxCoeff());
        QVERIFY(std::abs(sumOf(U) - U.sum()) <= 1e-13 * U.sum());
        const double cross = C.cwiseProduct(U).sum();
        QVERIFY(std::abs(crossOf<double>(C, U) - cross) <= 1e-13 * cross);
        const Matrix<float> single = C.cast<float>();
        QVERIFY(std::abs(crossOf<float>(single, U) - single.cast<double>().cwiseProduct(U).sum()) <= 1e-13 * cross);
    }

    void blocksOfTheProductsAreThoseOfTheWhole_data()
    {
        QTest::addColumn<int>("rows");
        QTest::addColumn<int>("columns");
        QTest::addColumn<int>("rank");
        const std::pair<int, int> shapes[] = {{1, 9},   {7, 40},   {8, 8},     {9, 31},
                                              {24, 97}, {41, 700}, {1100, 67}, {260, 513}};
        for (const auto& [rows, columns] : shapes)
            for (const int rank : {1, 3, 4, 7, 8, 9, 16, 17, 25, 49})
                QTest::addRow("%d x %d, %d", rows, columns, rank) << rows << columns << rank;
    }
    void blocksOfTheProductsAreThoseOfTheWhole()
    {
        QFETCH(int, rows);
        QFETCH(int, columns);
        QFETCH(int, rank);
        check<float>(rows, columns, rank);
        check<double>(rows, columns, rank);
    }
};

QTEST_APPLESS_MAIN(TestProducts)
#include "tst_products.moc"
