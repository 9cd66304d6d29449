#include "tests/support/problems.h"

#include "core/gradient.h"
#include "core/losses/losses.h"
#include "core/zeros.h"

#include <QTest>

#include <cmath>

using namespace nmf;

/// What belongs at zero is zero, what was stuck there comes off, and what is no number is taken back.
class TestZeros : public QObject
{
    Q_OBJECT

    static Options options(const std::string& algorithm, double beta, int iterations)
    {
        Options result;
        result.rank = 3;
        result.loss = {"beta", {{"beta", beta}}};
        result.algorithm.id = algorithm;
        result.initializer.id = "random";
        result.maxIterations = iterations;
        result.tolerance = 0;
        return result;
    }

    static double objectiveOf(double beta, const Matrix<double>& V, const Factors<double>& factors)
    {
        const Divergence divergence{beta};
        const Matrix<double> X = factors.W * factors.Ht.transpose();
        double sum = 0;
        for (Index i = 0; i < V.size(); ++i)
            sum += divergence(V.data()[i], std::max(X.data()[i], 1e-30));
        return sum;
    }

    static Index zerosOf(const Factors<double>& factors)
    {
        return (factors.W.array() == 0).count() + (factors.Ht.array() == 0).count();
    }

    static void multiplicativeRules()
    {
        QTest::addColumn<QString>("algorithm");
        QTest::addColumn<double>("beta");
        for (const double beta : {0.5, 1.0, 1.5, 2.0, 3.0})
            for (const char* id : {"mu", "mue", "jmm", "jmmx"})
                if ((QString(id).startsWith("jmm") && beta == 1) || QString(id) == "mu" ||
                    (QString(id) == "mue" && beta != 2))
                    QTest::addRow("%s, β = %g", id, beta) << id << beta;
    }

private slots:
    void whatBelongsAtZeroIsZeroInTheEnd_data() { multiplicativeRules(); }
    void whatBelongsAtZeroIsZeroInTheEnd()
    {
        QFETCH(QString, algorithm);
        QFETCH(double, beta);
        const Matrix<double> B = problems::matrixB();
        const Options some = options(algorithm.toStdString(), beta, 4000);
        const Result result = factorize(problems::dataset(B), some);
        QVERIFY(zerosOf(result.factors) > 0);
        // None is left just above it.
        const double least = 1e-14;
        QVERIFY((result.factors.W.array() == 0 || result.factors.W.array() > least).all());
        const double found = result.history.back().objective;
        QVERIFY(std::abs(objectiveOf(beta, B, result.factors) - found) < 1e-11 * found);
        QVERIFY(found <= result.history[result.history.size() - 2].objective * (1 + 1e-12));
        // A zero is where the objective would rise.
        Blocks blocks(1);
        const SolverData<double> data((DataMatrix(B)), blocks);
        QCOMPARE(data.scale(), 1.0);
        const Gradient<double> gradient(data, result.factors, Divergence{beta});
        const Matrix<double> slope = gradient(Side::Basis, 0, B.rows());
        QVERIFY(((result.factors.W.array() > 0) || (slope.array() > -1e-6)).all());
    }

    void goingOnBeginsWhereTheIterationsWere_data() { multiplicativeRules(); }
    void goingOnBeginsWhereTheIterationsWere()
    {
        QFETCH(QString, algorithm);
        QFETCH(double, beta);
        const auto data = problems::dataset(problems::matrixB());
        const Result whole = factorize(data, options(algorithm.toStdString(), beta, 4010));
        Run run(data, options(algorithm.toStdString(), beta, 4000));
        run.advance();
        QVERIFY(zerosOf(run.factors()) > 0);
        run.setLimits(4010, 0, 0);
        run.advance();
        QVERIFY(run.factors().W == whole.factors.W && run.factors().Ht == whole.factors.Ht);
        QCOMPARE(run.history().size(), whole.history.size());
        for (std::size_t i = 0; i < whole.history.size(); ++i)
            QCOMPARE(run.history()[i].objective, whole.history[i].objective);
    }

    void unknownEntriesTakeNoPart()
    {
        Matrix<double> B = problems::matrixB();
        B(1, 1) = B(4, 2) = std::nan("");
        Options some = options("mu", 1, 4000);
        some.nanUnknown = true;
        const Result result = factorize(problems::dataset(B), some);
        QVERIFY(zerosOf(result.factors) > 0);
        QVERIFY(std::isfinite(result.history.back().objective));
        QVERIFY(result.history.back().objective <= result.history[3999].objective * (1 + 1e-12));
    }

    void whatIsStuckIsLifted_data()
    {
        QTest::addColumn<double>("beta");
        for (const double beta : {0.0, 0.5, 1.0, 1.5, 2.0, 3.0})
            QTest::addRow("β = %g", beta) << beta;
    }
    void whatIsStuckIsLifted()
    {
        QFETCH(double, beta);
        const Matrix<double> W = (problems::uniform(9, 3, 1).array() + 0.1).matrix();
        const Matrix<double> Ht = (problems::uniform(8, 3, 2).array() + 0.1).matrix();
        const Matrix<double> V = W * Ht.transpose();
        Blocks blocks(2);
        const SolverData<double> data((DataMatrix(V)), blocks);
        const double root = data.factorScale(), floor = 1e-16;
        Factors<double> factors{W / root, Ht / root};
        const Work<double> work{data, factors, blocks, Divergence{beta}, 1};
        QVERIFY(!Zeros<double>::lift(work, floor));
        // The data need it, as does nothing else that is at the floor.
        factors.W(4, 1) = floor;
        const double before = fitOf(work).objective;
        const Factors<double> stuck = factors;
        QVERIFY(Zeros<double>::lift(work, floor));
        QVERIFY(factors.W(4, 1) > 1e3 * floor);
        QVERIFY(fitOf(work).objective < before);
        factors.W(4, 1) = floor;
        QVERIFY(factors.W == stuck.W && factors.Ht == stuck.Ht);
        // Where the objective would rise it stays.
        factors.W *= 2;
        factors.W(4, 1) = floor;
        factors.W.row(4) *= 10;
        factors.W(4, 1) = floor;
        QVERIFY(!Zeros<double>::lift(work, floor));
        QCOMPARE(factors.W(4, 1), floor);
        Zeros<double> zeros;
        QVERIFY(zeros.settle(work, floor).has_value());
        QCOMPARE(factors.W(4, 1), 0.0);
        QCOMPARE((factors.W.array() == 0).count(), Index{1});
        zeros.unsettle(factors);
        QCOMPARE(factors.W(4, 1), floor);
    }

    void theLastFiniteFactorsAreKept()
    {
        // In single precision the square of these is no number, though their product fits.
        auto start = std::make_shared<Factors<double>>(
            Factors<double>{1e25 * problems::uniform(6, 3, 1), 1e-25 * problems::uniform(5, 3, 2)});
        Options some = options("als", 2, 20);
        some.precision = Precision::Single;
        some.start = start;
        const Result result = factorize(problems::dataset(problems::matrixB()), some);
        QCOMPARE(result.termination, Termination::NotFinite);
        QCOMPARE(result.history.size(), std::size_t{1});
        QVERIFY(std::isfinite(result.history.back().objective));
        QVERIFY(result.factors.W == start->W.cast<float>().cast<double>());
        QVERIFY(result.factors.Ht == start->Ht.cast<float>().cast<double>());
        QVERIFY(sentence(result.termination, some, result.history).find("after 0 iterations") != std::string::npos);
    }
};

QTEST_APPLESS_MAIN(TestZeros)
#include "tst_zeros.moc"
