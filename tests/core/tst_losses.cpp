#include "tests/support/problems.h"

#include "core/algorithms/algorithms.h"
#include "core/algorithms/divergence_pass.h"
#include "core/error.h"

#include <QTest>

#include <cmath>

using namespace nmf;

namespace
{

bool near(double found, double expected, double tolerance)
{
    return std::abs(found - expected) <= tolerance * std::abs(expected);
}

Matrix<double> positive(Index rows, Index columns, std::uint64_t seed)
{
    return (problems::uniform(rows, columns, seed).array() + 0.1).matrix();
}

double direct(const Divergence& divergence, const Matrix<double>& V, const Matrix<double>& W, const Matrix<double>& Ht)
{
    const Matrix<double> X = W * Ht.transpose();
    double sum = 0;
    for (Index i = 0; i < V.size(); ++i)
        sum += divergence(V.data()[i], X.data()[i]);
    return sum;
}

} // namespace

/// What a loss says of numbers, and what the walks over the data find out.
class TestLosses : public QObject
{
    Q_OBJECT

    static void everyBeta()
    {
        QTest::addColumn<double>("beta");
        for (const double beta :
             {-5.0, -2.0, -1.0, 0.0, 1e-9, 0.3, 0.5, 0.7, 1 - 1e-9, 1.0, 1.5, 1.999, 2.0, 2.5, 3.0, 4.0, 5.0})
            QTest::addRow("%.10g", beta) << beta;
    }

private slots:
    void haveThePublishedValues()
    {
        QCOMPARE(Divergence{1}(0, 2), 2.0);
        QCOMPARE(Divergence{1}(3, 3), 0.0);
        QCOMPARE(Divergence{1}(0, 0), 0.0);
        QVERIFY(std::isinf(Divergence{1}(1, 0)) && std::isinf(Divergence{0}(0, 1)));
        QVERIFY(near(Divergence{0}(2, 1), 1 - std::log(2.0), 1e-15));
        QVERIFY(near(Divergence{1.5}(4, 1), 10.0 / 3, 1e-15));
        QVERIFY(near(Divergence{3}(2, 1), 2.0 / 3, 1e-15));
        const Matrix<double> B = problems::matrixB();
        const Matrix<double> X = B.rowwise().sum() * B.colwise().sum() / B.sum();
        QVERIFY(near(direct({1}, B, X, Matrix<double>::Identity(5, 5)), 20.79794697353956, 1e-14));
    }

    void keepTheirDigitsNearAPerfectFit_data() { everyBeta(); }
    void keepTheirDigitsNearAPerfectFit()
    {
        QFETCH(double, beta);
        const Divergence divergence{beta};
        // d(x(1+t)|x) = x^β (t²/2 + (β−2)t³/6 + …)
        for (const double t : {1e-12, -1e-9, 1e-6, -1e-4, 1e-3}) {
            const double x = 0x1.8p3, v = x + x * t, exact = (v - x) / x;
            const double expected =
                std::pow(x, beta) * exact * exact *
                (0.5 + (beta - 2) * exact / 6 * (1 + (beta - 3) * exact / 4 * (1 + (beta - 4) * exact / 5)));
            QVERIFY2(near(divergence(v, x), expected, 1e-9), qPrintable(QString::number(t)));
        }
        // Where the two ways of computing meet.
        for (const double edge : {1.01, 0.99})
            QVERIFY(near(divergence(edge * (1 + 1e-10), 1), divergence(edge * (1 - 1e-10), 1), 1e-7));
    }

    void scaleByAPower_data() { everyBeta(); }
    void scaleByAPower()
    {
        QFETCH(double, beta);
        const Divergence divergence{beta};
        for (const double c : {1e-12, 1e-5, 0.3, 7.0, 1e4, 1e12})
            for (const double v : {0.2, 1.0, 3.7})
                for (const double x : {0.5, 1.001, 30.0})
                    QVERIFY(near(divergence(c * v, c * x), std::pow(c, beta) * divergence(v, x), 1e-12));
    }

    void haveTheDerivativeThatIsClaimed_data() { everyBeta(); }
    void haveTheDerivativeThatIsClaimed()
    {
        QFETCH(double, beta);
        const Divergence divergence{beta};
        for (const double v : {0.3, 1.0, 2.5})
            for (const double x : {0.4, 1.7, 5.0}) {
                const double step = 1e-5 * x;
                const double slope = (divergence(v, x + step) - divergence(v, x - step)) / (2 * step);
                const double expected = std::pow(x, beta - 2) * (x - v);
                // What does not depend on x may be so large that the difference loses its digits.
                const double lost = 1e-14 * divergence(v, x) / step;
                QVERIFY2(std::abs(slope - expected) <= 1e-7 * std::abs(expected) + lost,
                         qPrintable(QString("%1 %2").arg(slope).arg(expected)));
            }
    }

    /// As far from the quadratic as is allowed, in both precisions, of data of two decades.
    void noUpdateRisesAtEitherEnd_data()
    {
        QTest::addColumn<QString>("algorithm");
        QTest::addColumn<double>("beta");
        for (const char* algorithm : {"mu", "mue", "pg"})
            for (const double beta : {-5.0, 5.0})
                QTest::addRow("%s, %g", algorithm, beta) << algorithm << beta;
    }
    void noUpdateRisesAtEitherEnd()
    {
        QFETCH(QString, algorithm);
        QFETCH(double, beta);
        const Matrix<double> V = 1e3 * (problems::uniform(15, 12, 6).array() * 2).unaryExpr([](double exponent) {
            return std::pow(10, exponent);
        });
        for (const bool single : {false, true})
            for (std::uint64_t seed = 1; seed <= 4; ++seed) {
                Options options = problems::with(algorithm.toStdString(), 3, 40);
                options.loss = {"beta", {{"beta", beta}}};
                options.precision = single ? Precision::Single : Precision::Double;
                options.initializer.id = "random";
                options.seed = seed;
                const Result result = factorize(problems::dataset(V), options);
                QCOMPARE(result.termination, Termination::IterationLimit);
                for (std::size_t i = 1; i < result.history.size(); ++i)
                    QVERIFY2(result.history[i].objective <=
                                 result.history[i - 1].objective * (1 + (single ? 1e-4 : 1e-12)),
                             qPrintable(QString("%1, seed %2, iteration %3").arg(single).arg(seed).arg(i)));
                QVERIFY(result.history.back().objective < result.history.front().objective);
                const double found = direct({beta}, V, result.factors.W, result.factors.Ht);
                QVERIFY2(near(result.history.back().objective, found, single ? 1e-3 : 1e-10),
                         qPrintable(QString("%1 %2").arg(result.history.back().objective).arg(found)));
            }
    }

    void walksFindTheFitAndTheGradient_data()
    {
        QTest::addColumn<double>("beta");
        QTest::addColumn<int>("rows");
        QTest::addColumn<int>("columns");
        for (const double beta : {-1.0, 0.0, 0.3, 0.5, 0.7, 1.0, 1.5, 2.5, 3.0})
            for (const auto& [rows, columns] : {std::pair{5, 7}, {130, 410}, {700, 90}})
                QTest::addRow("%g, %d x %d", beta, rows, columns) << beta << rows << columns;
    }
    void walksFindTheFitAndTheGradient()
    {
        QFETCH(double, beta);
        QFETCH(int, rows);
        QFETCH(int, columns);
        check<double>({beta}, rows, columns, 1e-12);
        check<float>({beta}, rows, columns, 2e-5);
    }

    void kullbackLeiblerSumsAreKept()
    {
        const Matrix<double> V = problems::uniform(30, 50, 3);
        Options options{.rank = 4, .loss = {"kl"}, .algorithm = {"mu"}, .maxIterations = 5, .tolerance = 0};
        Run run(problems::dataset(V), options);
        run.advance({}, {.report = [&](const Run& now) {
                        if (now.iteration() == 0 && !now.betweenHalves())
                            return;
                        const Factors<double> factors = now.factors();
                        const Matrix<double> X = factors.W * factors.Ht.transpose();
                        if (now.betweenHalves())
                            QVERIFY((X.colwise().sum() - V.colwise().sum()).norm() < 1e-12 * V.sum());
                        else
                            QVERIFY((X.rowwise().sum() - V.rowwise().sum()).norm() < 1e-12 * V.sum());
                    }});
    }

    void kullbackLeiblerFindsTheBestOfTheWorkedExample_data()
    {
        QTest::addColumn<QString>("algorithm");
        for (const char* algorithm : {"mu", "mue", "jmm", "jmmx", "klcd", "klcdx"})
            QTest::newRow(algorithm) << algorithm;
    }
    void kullbackLeiblerFindsTheBestOfTheWorkedExample()
    {
        QFETCH(QString, algorithm);
        const auto data = problems::dataset(problems::matrixA());
        Options options{.rank = 2,
                        .loss = {"kl"},
                        .algorithm = {algorithm.toStdString()},
                        .initializer = {"random"},
                        .maxIterations = 3000,
                        .tolerance = 0};
        double best = 10;
        for (options.seed = 1; options.seed <= 12; ++options.seed)
            best = std::min(best, factorize(data, options).history.back().objective);
        QVERIFY2(near(best, 1.890300186, 1e-8), qPrintable(QString::number(best, 'g', 12)));
        // One component: the product of the sums, after a single iteration.
        options.rank = 1;
        options.start =
            std::make_shared<Factors<double>>(Factors<double>{problems::uniform(3, 1, 1), problems::uniform(3, 1, 2)});
        options.maxIterations = 1;
        const Result one = factorize(data, options);
        QVERIFY2(near(one.history.back().objective, 4.959254469686233, algorithm.startsWith("klcd") ? 1 : 1e-13),
                 qPrintable(QString::number(one.history.back().objective, 'g', 16)));
        options.maxIterations = 60;
        QVERIFY(near(factorize(data, options).history.back().objective, 4.959254469686233, 1e-12));
    }

    void penaltiesAreMinimisedOrRefused_data()
    {
        QTest::addColumn<QString>("algorithm");
        for (const char* algorithm : {"mu", "mue", "jmm", "jmmx", "klcd", "klcdx"})
            QTest::newRow(algorithm) << algorithm;
    }
    void penaltiesAreMinimisedOrRefused()
    {
        QFETCH(QString, algorithm);
        Options options{.rank = 3,
                        .loss = {"kl"},
                        .algorithm = {algorithm.toStdString()},
                        .onW = {0.3, 0},
                        .onH = {0.3, 0},
                        .maxIterations = 3000,
                        .tolerance = 0};
        options.start = problems::goldenStart();
        const auto data = problems::dataset(problems::matrixB());
        const Result l1 = factorize(data, options);
        const double price = 0.3 * (l1.factors.W.sum() + l1.factors.Ht.sum());
        QVERIFY(near(l1.history.back().objective, price + direct({1}, problems::matrixB(), l1.factors.W, l1.factors.Ht),
                     1e-11));
        // There are several minima, and one looks too far ahead for the lowest of them.
        const double most = algorithm == "klcdx" ? 13.001 : 12.902;
        QVERIFY2(l1.history.back().objective < most, qPrintable(QString::number(l1.history.back().objective)));
        options.onH = {0, 0.2};
        options.onW = options.onH;
        try {
            const Result l2 = factorize(data, options);
            QVERIFY(!algorithm.startsWith("jmm"));
            const double squares = 0.1 * (l2.factors.W.squaredNorm() + l2.factors.Ht.squaredNorm());
            QVERIFY(near(l2.history.back().objective,
                         squares + direct({1}, problems::matrixB(), l2.factors.W, l2.factors.Ht), 1e-11));
            // There are several minima: at each the factors' penalties balance, and exact updates find nothing better.
            for (Index a = 0; a < 3; ++a)
                QVERIFY(near(l2.factors.W.col(a).norm(), l2.factors.Ht.col(a).norm(), 1e-5));
            options.algorithm = {"mu"};
            options.start = std::make_shared<Factors<double>>(l2.factors);
            QVERIFY(near(factorize(data, options).history.back().objective, l2.history.back().objective, 1e-7));
        } catch (const Error& error) {
            QVERIFY2(algorithm.startsWith("jmm"), error.what());
        }
    }

private:
    template <class Scalar>
    static void check(const Divergence& divergence, Index rows, Index columns, double tolerance)
    {
        const Matrix<double> V = positive(rows, columns, 1);
        Blocks blocks(2);
        const SolverData<Scalar> data((DataMatrix(V)), blocks);
        Factors<Scalar> factors{positive(rows, 3, 2).cast<Scalar>(), positive(columns, 3, 3).cast<Scalar>()};
        DivergencePass<Scalar> pass(Work<Scalar>{data, factors, blocks, divergence, 1});
        pass.run(factors.W, factors.Ht, {.basis = true, .coefficients = true, .fit = true});
        const Matrix<double> U = V / data.scale(), W = factors.W.template cast<double>(),
                             Ht = factors.Ht.template cast<double>();
        const Matrix<double> X = W * Ht.transpose();
        QVERIFY(near(pass.fit().objective, direct(divergence, U, W, Ht), tolerance));
        QVERIFY(near(pass.fit().squaredResidual, (U - X).squaredNorm(), tolerance));
        const Matrix<double> ratios = (U.array() * X.array().pow(divergence.beta - 2)).matrix();
        const Matrix<double> weights = X.array().pow(divergence.beta - 1).matrix();
        const auto same = [&](const Matrix<Scalar>& found, const Matrix<double>& expected) {
            return (found.template cast<double>() - expected).norm() < tolerance * expected.norm();
        };
        QVERIFY(same(pass.numerator(Side::Basis), ratios * Ht));
        QVERIFY(same(pass.numerator(Side::Coefficients), ratios.transpose() * W));
        if (!pass.hasDenominators())
            return;
        QVERIFY(same(pass.denominator(Side::Basis), weights * Ht));
        QVERIFY(same(pass.denominator(Side::Coefficients), weights.transpose() * W));
    }
};

QTEST_APPLESS_MAIN(TestLosses)
#include "tst_losses.moc"
