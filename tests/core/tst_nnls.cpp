#include "core/algorithms/active_set.h"
#include "core/algorithms/block_pivoting.h"
#include "tests/support/problems.h"

#include <Eigen/QR>
#include <QTest>

#include <cmath>

using namespace nmf;

namespace
{

struct Problem
{
    Matrix<double> G, C; ///< a right-hand side in each row
};

/// Least squares with the columns of A, and right-hand sides of both signs.
Problem problem(Index rank, Index sides, std::uint64_t seed, double condition)
{
    Matrix<double> A = problems::uniform(3 * rank, rank, seed);
    // The last component is nearly the sum of the others.
    if (rank > 2)
        A.col(rank - 1) = A.leftCols(rank - 1).rowwise().mean() + A.col(rank - 1) / condition;
    for (Index a = 0; a < rank; ++a)
        A.col(a) *= std::pow(10.0, static_cast<double>(a % 5) - 2);
    const Matrix<double> B = problems::uniform(3 * rank, sides, seed + 1).array() - 0.45;
    return {A.transpose() * A, B.transpose() * A};
}

/// How far a row is from the conditions of optimality, in units of its right-hand side.
double flaw(const Matrix<double>& G, const Vector<double>& c, const Vector<double>& x)
{
    const Vector<double> size = G.diagonal().cwiseSqrt();
    const Vector<double> gradient = (G * x - c).cwiseQuotient(size), scaled = x.cwiseProduct(size);
    const double unit = c.cwiseQuotient(size).cwiseAbs().maxCoeff();
    double worst = 0;
    for (Index a = 0; a < c.size(); ++a)
        worst = std::max({worst, -gradient(a), -scaled(a), std::min(std::abs(gradient(a)), scaled(a))});
    return worst / unit;
}

} // namespace

/// Exact non-negative least squares, two ways.
class TestNnls : public QObject
{
    Q_OBJECT

private slots:
    void pivotingAgreesWithTheActiveSet_data()
    {
        QTest::addColumn<int>("rank");
        QTest::addColumn<double>("condition");
        QTest::addColumn<double>("size");
        for (const int rank : {1, 2, 5, 20, 70})
            for (const double condition : {1.0, 1e3})
                for (const double size : {1e-20, 1.0, 1e20})
                    QTest::addRow("rank %d, condition %g, size %g", rank, condition, size) << rank << condition << size;
    }
    void pivotingAgreesWithTheActiveSet()
    {
        QFETCH(int, rank);
        QFETCH(double, condition);
        QFETCH(double, size);
        const Index sides = 40;
        BlockPivoting pivoting(64, rank);
        for (std::uint64_t seed = 1; seed <= 5; ++seed) {
            auto [G, C] = problem(rank, sides, 10 * seed, condition);
            C *= size;
            Matrix<double> U = problems::uniform(sides, rank, seed);
            pivoting(G, 0.0, ConstMatrixRef<double>(C), MatrixRef<double>(U));
            QVERIFY(U.minCoeff() >= 0);
            bool bounded = false, unbounded = false;
            for (Index row = 0; row < sides; ++row) {
                const Vector<double> c = C.row(row), x = U.row(row), other = activeSetSolution(G, c);
                QVERIFY2(flaw(G, c, x) < 1e-10, qPrintable(QString::number(flaw(G, c, x))));
                QVERIFY2(flaw(G, c, other) < 1e-10, qPrintable(QString::number(flaw(G, c, other))));
                const Vector<double> unit = G.diagonal().cwiseSqrt();
                const double difference = (x - other).cwiseProduct(unit).norm();
                QVERIFY2(difference <= 1e-10 * condition * condition * (other.cwiseProduct(unit).norm() + size),
                         qPrintable(QString::number(difference)));
                bounded = bounded || x.minCoeff() == 0;
                unbounded = unbounded || x.maxCoeff() > 0;
            }
            QVERIFY(unbounded && (bounded || rank == 1));
        }
    }

    void twinsAndVanishedComponentsAreNoTrouble_data()
    {
        QTest::addColumn<double>("l1");
        QTest::newRow("plain") << 0.0;
        QTest::newRow("l1") << 0.5;
    }
    void twinsAndVanishedComponentsAreNoTrouble()
    {
        QFETCH(double, l1);
        Matrix<double> A = problems::uniform(12, 6, 3);
        A.col(4) = 2 * A.col(1);
        A.col(5).setZero();
        const Matrix<double> G = A.transpose() * A, C = problems::uniform(30, 12, 4) * A;
        Matrix<double> U = problems::uniform(30, 6, 5);
        const Matrix<double> start = U;
        BlockPivoting pivoting(30, 6);
        pivoting(G, l1, ConstMatrixRef<double>(C), MatrixRef<double>(U));
        // The larger twin does the same for half the price, so the smaller is not needed.
        const Matrix<double> reduced = (Matrix<double>(12, 4) << A.leftCols(1), A.middleCols(2, 3)).finished();
        for (Index row = 0; row < 30; ++row) {
            const auto value = [&](const Matrix<double>& gram, const Vector<double>& c, const Vector<double>& x) {
                return 0.5 * x.dot(gram * x) - c.dot(x) + l1 * x.sum();
            };
            const Vector<double> c =
                reduced.transpose() * A * G.completeOrthogonalDecomposition().solve(C.row(row).transpose());
            const Vector<double> best = activeSetSolution(reduced.transpose() * reduced, (c.array() - l1).matrix());
            const double wanted = value(reduced.transpose() * reduced, c, best);
            Vector<double> x = U.row(row);
            if (l1 == 0)
                QCOMPARE(x(5), start(row, 5));
            else
                QCOMPARE(x(5), 0.0);
            x(5) = 0;
            QVERIFY2(std::abs(value(G, C.row(row), x) - wanted) < 1e-9 * std::abs(wanted),
                     qPrintable(
                         QString("%1 instead of %2").arg(value(G, C.row(row), x), 0, 'g', 15).arg(wanted, 0, 'g', 15)));
        }
    }
};

QTEST_APPLESS_MAIN(TestNnls)
#include "tst_nnls.moc"
