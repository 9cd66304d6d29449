#include "tests/support/sparse_problems.h"
#include "tests/support/unknown_entries.h"

#include <QTest>

#include <cmath>
#include <numeric>

using namespace nmf;
using namespace problems;

namespace
{

constexpr Index rows = 23, columns = 31, rank = 4;

/// Every member of the β family that a table entry or a special formula stands for, and some between.
std::vector<Choice> lossChoices()
{
    std::vector<Choice> choices{{"frobenius"}, {"kl"}, {"is"}};
    for (const double beta : {-1.0, 0.5, 1.5, 3.0})
        choices.push_back({"beta", {{"beta", beta}}});
    return choices;
}

Divergence divergenceOf(const Choice& loss)
{
    return find(losses(), loss.id)->make(loss.values);
}

/// Numbered anew: the line that stood at i stands at 7i + 3, modulo their number, which 7 does not divide.
std::vector<int> shuffled(Index count)
{
    std::vector<int> order(static_cast<std::size_t>(count));
    for (Index i = 0; i < count; ++i)
        order[static_cast<std::size_t>(i)] = static_cast<int>((7 * i + 3) % count);
    return order;
}

Matrix<double> rowsOf(const Matrix<double>& matrix, const std::vector<int>& order)
{
    return matrix(order, Eigen::all);
}

double difference(const Matrix<double>& found, const Matrix<double>& wanted)
{
    return (found - wanted).cwiseAbs().maxCoeff() / wanted.cwiseAbs().maxCoeff();
}

/// The factors after each half-iteration, those of the start first. Where an algorithm moves both at once there are
/// whole iterations alone.
std::vector<Factors<double>> halves(const Matrix<double>& V, const Options& options)
{
    std::vector<Factors<double>> states;
    factorize(problems::dataset(V), options, {}, {.report = [&](const Run& now) { states.push_back(now.factors()); }});
    return states;
}

} // namespace

/// What must not matter to a run: which way the table lies, in which order its lines stand, lines of nothing but zeros,
/// the precision.
class TestSymmetries : public QObject
{
    Q_OBJECT

    enum class Draws { Yes, No };

    /// A row for each algorithm and loss that it serves. Those that draw samples draw them by their numbers: others
    /// where the lines stand in another order.
    static void everyAlgorithm(Draws draws, double leastBeta = -1)
    {
        QTest::addColumn<QString>("algorithm");
        QTest::addColumn<std::size_t>("loss");
        const std::vector<Choice> choices = lossChoices();
        for (const Algorithm& algorithm : algorithms())
            for (std::size_t loss = 0; loss < choices.size(); ++loss) {
                const Divergence divergence = divergenceOf(choices[loss]);
                if ((draws == Draws::Yes || !algorithm.usesSeed) && algorithm.refuses(divergence).empty() &&
                    divergence.beta >= leastBeta)
                    QTest::addRow("%s, beta %g", algorithm.facts.id.c_str(), divergence.beta)
                        << QString::fromStdString(algorithm.facts.id) << loss;
            }
    }

    static Options chosen(int iterations)
    {
        QFETCH(QString, algorithm);
        QFETCH(std::size_t, loss);
        Options options = with(algorithm.toStdString(), lossChoices()[loss], rank, iterations);
        options.start = startOf(rows, columns, rank, 8);
        return options;
    }

    static Matrix<double> data() { return problems::uniform(rows, columns, 4).array() + 0.05; }

private slots:
    void singlePrecisionFollowsDouble_data() { everyAlgorithm(Draws::Yes); }
    void singlePrecisionFollowsDouble()
    {
        Options options = chosen(30);
        const Result twice = factorize(problems::dataset(data()), options);
        options.precision = Precision::Single;
        const Result once = factorize(problems::dataset(data()), options);
        QCOMPARE(once.history.size(), twice.history.size());
        for (std::size_t i = 0; i < twice.history.size(); ++i) {
            const double found = std::abs(once.history[i].objective / twice.history[i].objective - 1);
            // The lengths of its steps are quotients of small differences: what rounding leaves grows from one to the
            // next, until the runs are as good, but not the same.
            const bool sensitive = isSlow(options) && i > 2;
            QVERIFY2(found < (sensitive ? 0.05 : 1e-4), qPrintable(QString("%1: %2").arg(i).arg(found)));
        }
        // It is another run.
        QVERIFY(once.factors.W != twice.factors.W);
    }

    void theTransposedTableHasTheTransposedFactors_data() { everyAlgorithm(Draws::No); }
    void theTransposedTableHasTheTransposedFactors()
    {
        Options options = chosen(4);
        const std::vector<Factors<double>> along = halves(data(), options);
        // H is moved first, either way: of the transposed table that is W. So it begins where the other has moved H.
        const bool together = along.size() == 5;
        const std::size_t first = together ? 0 : 1;
        options.start = std::make_shared<Factors<double>>(Factors<double>{along[first].Ht, along[first].W});
        const std::vector<Factors<double>> across = halves(data().transpose(), options);
        QCOMPARE(across.size(), along.size());
        // A memory of what moved before is not in the factors. Then they are the same for the first step alone.
        const std::string& id = options.algorithm.id;
        const bool looksAhead = id == "ehals" || id == "ebpp";
        const bool remembers = id == "mue" || id == "jmmx" || id == "klcdx" || id == "pg";
        const std::size_t last = looksAhead ? 0 : remembers ? 1 : along.size() - 1 - first;
        for (std::size_t i = 0; i <= last; ++i) {
            const double found = difference(modelOf(across[i]).transpose(), modelOf(along[i + first]));
            QVERIFY2(found < 1e-10, qPrintable(QString("%1: %2").arg(i).arg(found)));
        }
        if (looksAhead) {
            // Between the halves it shows the factor that it moved extrapolated by half of the move.
            const Matrix<double> shown = (1.5 * along[2].W - 0.5 * along[1].W).cwiseMax(0);
            QVERIFY(difference(across[1].Ht, shown) < 1e-10);
        }
    }

    void theOrderOfTheLinesDoesNotMatter_data() { everyAlgorithm(Draws::No); }
    void theOrderOfTheLinesDoesNotMatter()
    {
        Options options = chosen(5);
        options.maxIterations = isSlow(options) ? 3 : 5;
        const Result plain = factorize(problems::dataset(data()), options);
        const auto start = options.start;
        const std::vector<int> ofRows = shuffled(rows), ofColumns = shuffled(columns);
        options.start =
            std::make_shared<Factors<double>>(Factors<double>{rowsOf(start->W, ofRows), rowsOf(start->Ht, ofColumns)});
        const Matrix<double> V = data()(ofRows, ofColumns);
        const Result moved = factorize(problems::dataset(V), options);
        const double onW = difference(moved.factors.W, rowsOf(plain.factors.W, ofRows)),
                     onH = difference(moved.factors.Ht, rowsOf(plain.factors.Ht, ofColumns));
        QVERIFY2(onW < 1e-8 && onH < 1e-8, qPrintable(QString("%1 %2").arg(onW).arg(onH)));
        // Of the start, where nothing has been moved, only the order of the sums differs.
        const double before = plain.history.front().objective;
        QVERIFY(std::abs(moved.history.front().objective - before) <= 1e-14 * before);
    }

    void linesOfZerosLeaveTheOthersAlone_data() { everyAlgorithm(Draws::No, 1); }
    /// Not for β < 1, where a model of nearly nothing is infinitely steep.
    void linesOfZerosLeaveTheOthersAlone()
    {
        Options options = chosen(5);
        const Result plain = factorize(problems::dataset(data()), options);
        // A row of zeros before the last one, and a column before the last three.
        const auto widened = [](const Matrix<double>& matrix, Index at) {
            Matrix<double> wide = Matrix<double>::Zero(matrix.rows() + 1, matrix.cols());
            wide.topRows(at) = matrix.topRows(at);
            wide.bottomRows(matrix.rows() - at) = matrix.bottomRows(matrix.rows() - at);
            return wide;
        };
        const Matrix<double> V = widened(widened(data(), rows - 1).transpose(), columns - 3).transpose();
        options.start = std::make_shared<Factors<double>>(
            Factors<double>{widened(options.start->W, rows - 1), widened(options.start->Ht, columns - 3)});
        const Result wide = factorize(problems::dataset(V), options);
        const double onW = difference(wide.factors.W, widened(plain.factors.W, rows - 1)),
                     onH = difference(wide.factors.Ht, widened(plain.factors.Ht, columns - 3));
        QVERIFY2(onW < 1e-10 && onH < 1e-10, qPrintable(QString("%1 %2").arg(onW).arg(onH)));
        const double objective = plain.history.back().objective;
        QVERIFY(std::abs(wide.history.back().objective - objective) <= 1e-10 * objective);
        // Multiplicative rules keep what is zero a little above, until the end.
        QVERIFY(wide.factors.W.row(rows - 1).maxCoeff() < 1e-15);
        QVERIFY(wide.factors.Ht.row(columns - 3).maxCoeff() < 1e-15);
    }

    void weightsOfOneLeadToTheSameEnd_data()
    {
        QTest::addColumn<QString>("algorithm");
        for (const char* id : {"ehals", "ahals"})
            QTest::newRow(id) << QString(id);
    }
    /// They repeat their sweeps by another rule where there are weights; all others are the same step by step, which is
    /// in tst_missing.
    void weightsOfOneLeadToTheSameEnd()
    {
        QFETCH(QString, algorithm);
        Options options = with(algorithm.toStdString(), 2, 1000);
        options.start = startOf(rows, columns, 2, 8);
        const double
            plain = factorize(problems::dataset(data()), options).history.back().objective,
            ones = factorize(weighted(data(), Matrix<double>::Ones(rows, columns)), options).history.back().objective;
        QVERIFY2(std::abs(ones / plain - 1) < 1e-10, qPrintable(QString("%1 %2").arg(ones).arg(plain)));
    }

    void aPowerOfFourScalesSparseAndWeightedDataBitByBit_data() { everyAlgorithm(Draws::Yes); }
    /// Dense data are in tst_factorize.
    void aPowerOfFourScalesSparseAndWeightedDataBitByBit()
    {
        Options options = chosen(5);
        options.start = {};
        const SparseMatrix<double> listed = sparseMatrix(rows, columns, 0.4, 5);
        const Matrix<double> weights = (problems::uniform(rows, columns, 5).array() - 0.2).cwiseMax(0);
        const auto agree = [&](const auto& dataset) {
            const Factors<double> plain = factorize(dataset(1.0), options).factors;
            for (const double root : {0x1p-50, 0x1p30}) {
                const Factors<double> scaled = factorize(dataset(root * root), options).factors;
                QVERIFY(sameBits({plain.W * root, plain.Ht * root}, scaled));
            }
        };
        if (!divergenceOf(options.loss).needsPositiveData())
            agree([&](double scale) { return datasetOf(SparseMatrix<double>(listed * scale)); });
        if (find(algorithms(), options.algorithm.id)->servesWeights)
            agree([&](double scale) { return weighted(data() * scale, weights); });
    }
};

QTEST_APPLESS_MAIN(TestSymmetries)
#include "tst_symmetries.moc"
