
#include "core/initializers/initializers.h"
#include "core/initializers/truncated_svd.h"
#include "tests/support/refusal.h"
#include "tests/support/sparse_problems.h"
#include "tests/support/thread_counts.h"

#include <QTest>

#include <algorithm>
#include <cmath>
#include <limits>

using namespace nmf;
using namespace problems;

namespace
{

double largestDifference(const Factors<double>& a, const Factors<double>& b)
{
    return std::max((a.W - b.W).cwiseAbs().maxCoeff() / b.W.maxCoeff(),
                    (a.Ht - b.Ht).cwiseAbs().maxCoeff() / b.Ht.maxCoeff());
}

} // namespace

/// Sparse data beside the same data kept dense.
class TestSparse : public QObject
{
    Q_OBJECT

    void everyAlgorithm()
    {
        QTest::addColumn<int>("pair");
        QTest::addColumn<bool>("single");
        for (std::size_t i = 0; i < pairs().size(); ++i)
            for (const bool single : {false, true})
                QTest::addRow("%s, %s", qPrintable(pairs()[i].name()), single ? "single" : "double")
                    << static_cast<int>(i) << single;
    }

    Options chosen(Index rank, int iterations)
    {
        QFETCH(int, pair);
        QFETCH(bool, single);
        Options options = with(pairs()[static_cast<std::size_t>(pair)], rank, iterations);
        options.precision = single ? Precision::Single : Precision::Double;
        return options;
    }

private slots:
    void keepsItsEntries()
    {
        const SparseMatrix<double> values = sparseMatrix(30, 20, 0.3, 1);
        const Matrix<double> dense = values;
        for (const bool single : {false, true}) {
            const DataMatrix V = single ? DataMatrix(SparseMatrix<float>(values.cast<float>())) : DataMatrix(values);
            const Matrix<double> expected = single ? Matrix<double>(dense.cast<float>().cast<double>()) : dense;
            QVERIFY(V.isSparse() && V.isSingle() == single);
            QCOMPARE(V.rows(), Index(30));
            QCOMPARE(V.cols(), Index(20));
            QCOMPARE(V.stored(), Index(values.nonZeros()));
            const DataMatrix turned = V.transposed();
            QVERIFY(turned.isSparse() && turned.isSingle() == single && turned.rows() == 20);
            for (Index j = 0; j < 20; ++j) {
                QVERIFY(V.column(j) == expected.col(j));
                for (Index i = 0; i < 30; ++i)
                    QVERIFY(V(i, j) == expected(i, j) && turned(j, i) == expected(i, j));
            }
            QVERIFY(refusal([&] { V.dense<double>(); }).contains("30 × 20"));
            QVERIFY(refusal([&] { DataMatrix(dense).sparse<double>(); }).contains("dense"));
        }
    }

    void factsAreThoseOfTheDenseMatrix()
    {
        SparseMatrix<double> values = sparseMatrix(40, 25, 0.2, 2);
        values.coeffRef(7, 3) = -2;
        values.coeffRef(5, 8) = -1;
        values.coeffRef(9, 4) = std::nan("");
        values.coeffRef(3, 9) = std::numeric_limits<double>::infinity();
        values.coeffRef(4, 4) = 0;
        for (int j = 0; j < 25; ++j)
            values.coeffRef(0, j) = 1;
        for (int j = 0; j < 6; ++j)
            values.coeffRef(1, j) = 1;
        const DataFacts sparse = factsOf(DataMatrix(values)), dense = factsOf(DataMatrix(Matrix<double>(values)));
        QCOMPARE(sparse.zeros, dense.zeros);
        QCOMPARE(sparse.minimum, dense.minimum);
        QCOMPARE(sparse.maximum, dense.maximum);
        QVERIFY(std::abs(sparse.sum - dense.sum) < 1e-12);
        QCOMPARE(sparse.negatives, Index(2));
        QVERIFY(sparse.firstZero->row == 1 && sparse.firstZero->column == 6);
        QVERIFY(dense.firstZero->row == 1 && dense.firstZero->column == 6);
        QVERIFY(sparse.firstNegative->row == 5 && sparse.firstNegative->column == 8);
        QVERIFY(sparse.firstNan->row == 9 && sparse.firstInfinity->row == 3);
        QVERIFY(refusal([&] { requireFactorizable(*datasetOf(values)); }).contains("row 4, column 10"));
    }

    void zerosAreCountedWithoutBeingVisited()
    {
        SparseMatrix<double> values(1'000'000, 1'000'000);
        values.insert(3, 999'999) = 2.5;
        const DataFacts facts = factsOf(DataMatrix(values));
        QCOMPARE(facts.zeros, Index(999'999'999'999));
        QCOMPARE(facts.minimum, 0.0);
        QCOMPARE(facts.maximum, 2.5);
        SparseMatrix<double> full(1, 2);
        full.insert(0, 0) = 3;
        full.insert(0, 1) = 4;
        QCOMPARE(factsOf(DataMatrix(full)).minimum, 3.0);
    }

    void productsAreThoseOfTheDenseMatrix_data()
    {
        QTest::addColumn<int>("rank");
        for (const int rank : {1, 3, 8, 17, 20, 64, 65, 150})
            QTest::addRow("rank %d", rank) << rank;
    }
    void productsAreThoseOfTheDenseMatrix()
    {
        QFETCH(int, rank);
        const SparseMatrix<double> values = sparseMatrix(300, 90, 0.1, 3);
        const DataMatrix V(values), dense((Matrix<double>(values)));
        productsAgree<double>(V, dense, rank, 1e-13);
        productsAgree<float>(V, dense, rank, 1e-5);
        productsAgree<double>(DataMatrix(SparseMatrix<float>(values.cast<float>())), dense, rank, 1e-5);
    }

    void entriesAreThereByColumnAndByRow()
    {
        const SparseMatrix<double> values = 1000 * sparseMatrix(30, 40, 0.2, 4);
        Blocks blocks(1);
        const SolverData<double> V(DataMatrix(values), blocks);
        QVERIFY(V.isSparse() && V.scale() > 1);
        const Matrix<double> divided = Matrix<double>(values) / V.scale();
        for (const Side side : {Side::Coefficients, Side::Basis}) {
            Matrix<double> put = Matrix<double>::Zero(30, 40);
            Index count = 0;
            for (Index line = 0; line < V.rowsOf(side); ++line) {
                const StoredEntries<double> entries = V.storedEntries(side, line);
                for (std::size_t at = 0; at < entries.size(); ++at, ++count)
                    (side == Side::Basis ? put(line, entries.indices[at]) : put(entries.indices[at], line)) =
                        entries.value(at);
                QVERIFY(std::is_sorted(entries.indices.begin(), entries.indices.end()));
            }
            QCOMPARE(count, V.entries());
            QVERIFY(put == divided);
        }
    }

    void sparseAndDenseGiveTheSameFactors_data()
    {
        QTest::addColumn<int>("pair");
        QTest::addColumn<QString>("initializer");
        for (std::size_t i = 0; i < pairs().size(); ++i)
            for (const Initializer& initializer : initializers())
                QTest::addRow("%s, %s", qPrintable(pairs()[i].name()), initializer.facts.id.c_str())
                    << static_cast<int>(i) << QString::fromStdString(initializer.facts.id);
    }
    void sparseAndDenseGiveTheSameFactors()
    {
        QFETCH(int, pair);
        QFETCH(QString, initializer);
        const std::string algorithm = pairs()[static_cast<std::size_t>(pair)].algorithm;
        const Matrix<double> dense = sparseMatrix(140, 210, 0.15, 5);
        const auto agree = [&](const SparseMatrix<double>& values, const Penalty& penalty) {
            Options options = with(pairs()[static_cast<std::size_t>(pair)], 4, 10);
            options.maxIterations = problems::isSlow(options) ? 3 : 10;
            options.initializer.id = initializer.toStdString();
            options.onW = options.onH = penalty;
            if (!refusal([&] { requireConsistent(options, *datasetOf(values)); }).isEmpty())
                return;
            const Result found = factorize(datasetOf(values), options), expected = factorize(datasetOf(dense), options);
            const double difference = largestDifference(found.factors, expected.factors);
            // Its steps are quotients of small differences: what rounding leaves grows from one to the next.
            const bool sensitive = algorithm == "pg" && options.loss.id != "frobenius";
            QVERIFY2(difference < (sensitive ? 1e-4 : 1e-10), qPrintable(QString::number(difference)));
            for (std::size_t i = 0; i < expected.history.size(); ++i)
                QVERIFY(std::abs(found.history[i].objective - expected.history[i].objective) <=
                        (sensitive ? 1e-7 : 1e-10) * expected.history[i].objective);
        };
        for (const Penalty& penalty : {Penalty{}, Penalty{0.02, 0.1}}) {
            agree(allListed(dense), penalty);
            // How often these repeat a sweep follows from the number of stored entries.
            if (algorithm != "ahals" && algorithm != "ehals")
                agree(dense.sparseView(), penalty);
        }
    }

    void extremeSizesAreFittedAlike_data() { everyAlgorithm(); }
    void extremeSizesAreFittedAlike()
    {
        const SparseMatrix<double> values = sparseMatrix(60, 50, 0.2, 6);
        const Options options = chosen(3, 20);
        const double error = factorize(datasetOf(values), options).history.back().relativeError;
        QVERIFY(error > 0.1 && error < 1);
        for (const double size : {std::ldexp(1.0, -900), std::ldexp(1.0, 800)}) {
            const Result result = factorize(datasetOf(SparseMatrix<double>(size * values)), options);
            QVERIFY(std::abs(result.history.back().relativeError - error) < 1e-6);
        }
    }

    void bitsDoNotDependOnTheThreads_data() { everyAlgorithm(); }
    void bitsDoNotDependOnTheThreads()
    {
        Options options = chosen(5, 6);
        const bool slow = problems::isSlow(options);
        const auto data = datasetOf(slow ? scattered(300, 280, 12) : scattered(1500, 1100, 12));
        options.maxIterations = slow ? 2 : 3;
        options.initializer.id = "random";
        options.threads = 1;
        const Result one = factorize(data, options);
        for (const int threads : threadCounts) {
            options.threads = threads;
            const Result many = factorize(data, options);
            QVERIFY(many.factors.W == one.factors.W && many.factors.Ht == one.factors.Ht);
            QCOMPARE(many.history.back().objective, one.history.back().objective);
        }
    }

    void singularVectorsComeWithoutTheSquare_data()
    {
        QTest::addColumn<bool>("single");
        QTest::newRow("double") << false;
        QTest::newRow("single") << true;
    }
    void singularVectorsComeWithoutTheSquare()
    {
        QFETCH(bool, single);
        SparseMatrix<double> values = scattered(1800, 1600, 10);
        for (int a = 0; a < 4; ++a)
            for (int i = 0; i < 40; ++i)
                for (int j = 0; j < 30; ++j)
                    values.coeffRef(100 * a + i, 200 * a + j) = 5 + a;
        single ? singularVectorsAgree<float>(values, 1e-4) : singularVectorsAgree<double>(values, 1e-8);
    }

    void nearlyExactFitsAreMeasured()
    {
        // Two blocks of ones: of rank two exactly.
        SparseMatrix<double> values(200, 150);
        for (int i = 0; i < 80; ++i)
            for (int j = 0; j < 60; ++j) {
                values.coeffRef(i, j) = 1;
                values.coeffRef(100 + i, 80 + j) = 2;
            }
        Options options = with({"hals", Choice{"frobenius"}}, 2, 50);
        const double error = factorize(datasetOf(values), options).history.back().relativeError;
        QVERIFY2(error < 1e-12, qPrintable(QString::number(error)));
        options.precision = Precision::Single;
        QVERIFY(factorize(datasetOf(values), options).history.back().relativeError < 1e-6);
    }

    void anEmptyMatrixIsFittedByNothing_data() { everyAlgorithm(); }
    void anEmptyMatrixIsFittedByNothing()
    {
        const Result result = factorize(datasetOf(SparseMatrix<double>(30, 20)), chosen(2, 5));
        QVERIFY(result.factors.W.allFinite() && result.factors.Ht.allFinite());
        QVERIFY((result.factors.W * result.factors.Ht.transpose()).norm() < 1e-6);
    }

private:
    template <class Scalar>
    void productsAgree(const DataMatrix& V, const DataMatrix& dense, int rank, double tolerance)
    {
        Blocks blocks(2);
        const SolverData<Scalar> data(V, blocks), expected(dense, blocks);
        QCOMPARE(data.scale(), expected.scale());
        QVERIFY(std::abs(data.mean() / expected.mean() - 1) < tolerance);
        QVERIFY(std::abs(data.squaredNorm() / expected.squaredNorm() - 1) < tolerance);
        QVERIFY((data.columns(3, 40) - expected.columns(3, 40)).norm() < tolerance);
        Matrix<Scalar> tile(70, 11), correctTile(70, 11);
        data.tile(23, 8, tile);
        expected.tile(23, 8, correctTile);
        QVERIFY((tile - correctTile).norm() < tolerance);
        Operand<Scalar> operand;
        for (const Side side : {Side::Coefficients, Side::Basis}) {
            const Matrix<Scalar> F = problems::uniform(data.otherRowsOf(side), rank, 8).template cast<Scalar>();
            const Index first = 5, count = data.rowsOf(side) - first;
            Matrix<Scalar> prepared(count, rank), plain(count, rank), correct(count, rank);
            data.prepare(F, operand, blocks);
            data.multiply(side, operand, first, prepared);
            data.multiply(side, F, first, plain);
            expected.multiply(side, F, first, correct);
            QVERIFY((prepared - correct).norm() <= tolerance * correct.norm());
            QVERIFY((plain - correct).norm() <= tolerance * correct.norm());
            const Matrix<double> gram = data.gram(side, blocks), square = expected.gram(side, blocks);
            QVERIFY((gram - square).norm() <= tolerance * square.norm());
        }
    }

    template <class Scalar>
    void singularVectorsAgree(const SparseMatrix<double>& values, double tolerance)
    {
        Blocks blocks(2);
        const SolverData<Scalar> data(DataMatrix(values), blocks);
        const TruncatedSvd svd = truncatedSvd(data, 4, blocks, {});
        const SparseMatrix<double> scaled = values / data.scale();
        QVERIFY(svd.sigma(0) > svd.sigma(3));
        for (int a = 0; a < 4; ++a) {
            QVERIFY((scaled * svd.V.col(a) - svd.sigma(a) * svd.U.col(a)).norm() < tolerance * svd.sigma(0));
            QVERIFY((scaled.transpose() * svd.U.col(a) - svd.sigma(a) * svd.V.col(a)).norm() <
                    tolerance * svd.sigma(0));
        }
    }
};

QTEST_GUILESS_MAIN(TestSparse)
#include "tst_sparse.moc"
