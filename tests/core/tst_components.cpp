#include "tests/support/problems.h"

#include "core/losses/divergence.h"
#include "core/measures/components.h"

#include <QTest>

#include <cmath>

using namespace nmf;

namespace
{

bool near(double one, double other, double tolerance = 1e-12)
{
    return std::abs(one - other) <= tolerance * std::max(1.0, std::abs(other));
}

} // namespace

/// What is told of the components of one factorization.
class TestComponents : public QObject
{
    Q_OBJECT

private slots:
    void sharesAreThoseOfTheModel_data()
    {
        QTest::addColumn<double>("size");
        for (const double size : {1.0, 1e-150, 1e150})
            QTest::addRow("times %g", size) << size;
    }
    void sharesAreThoseOfTheModel()
    {
        QFETCH(double, size);
        const Factors<double> plain{problems::uniform(9, 4, 1), problems::uniform(7, 4, 2)};
        const Matrix<double> X = plain.W * plain.Ht.transpose();
        // A component may have its size in either half.
        Factors<double> factors{plain.W * size, plain.Ht * size};
        factors.W.col(1) *= 1e100;
        factors.Ht.col(1) *= 1e-100;
        const ComponentShares shares = sharesOf(factors);
        double mass = 0, entropy = 0;
        for (Index a = 0; a < 4; ++a) {
            const Matrix<double> part = plain.W.col(a) * plain.Ht.col(a).transpose();
            const auto at = static_cast<std::size_t>(a);
            QVERIFY(near(shares.mass[at], part.sum() / X.sum()));
            QVERIFY(near(shares.energy[at], part.squaredNorm() / X.squaredNorm()));
            mass += shares.mass[at];
            entropy -= shares.mass[at] * std::log(shares.mass[at]);
        }
        QVERIFY(near(mass, 1) && near(shares.effective, std::exp(entropy)));
    }

    void equalComponentsCountAndDeadOnesDoNot()
    {
        Factors<double> factors{Matrix<double>::Ones(5, 4), Matrix<double>::Ones(6, 4)};
        QVERIFY(near(sharesOf(factors).effective, 4));
        factors.W.rightCols(2).setZero();
        QVERIFY(near(sharesOf(factors).effective, 2));
        QCOMPARE(sharesOf(factors).mass[3], 0.0);
        factors.W.setZero();
        QCOMPARE(sharesOf(factors).effective, 0.0);
    }

    void theLossRisesByWhatAComponentExplains_data()
    {
        QTest::addColumn<double>("beta");
        QTest::addColumn<bool>("weighted");
        QTest::addColumn<double>("penalty");
        for (const double beta : {-1.0, 0.0, 0.5, 1.0, 1.5, 2.0, 3.0})
            for (const bool weighted : {false, true})
                QTest::addRow("β = %g%s", beta, weighted ? ", weighted" : "") << beta << weighted << 0.0;
        QTest::addRow("penalised") << 2.0 << false << 0.3;
    }
    void theLossRisesByWhatAComponentExplains()
    {
        QFETCH(double, beta);
        QFETCH(bool, weighted);
        QFETCH(double, penalty);
        const Matrix<double> V = (problems::uniform(9, 40, 5).array() + 0.1).matrix() * 1e3;
        const Matrix<double> weights = weighted ? problems::uniform(9, 40, 6) : Matrix<double>::Ones(9, 40);
        auto data = std::make_shared<Dataset>(*problems::dataset(V));
        if (weighted)
            data->weights = DataMatrix(weights);
        const Factors<double> factors{problems::uniform(9, 3, 1) * 20, problems::uniform(40, 3, 2) * 20};
        Options options;
        options.rank = 3;
        options.loss = {"beta", {{"beta", beta}}};
        options.onW.l1 = options.onH.l1 = penalty;
        const auto objective = [&](const Factors<double>& at) {
            const Matrix<double> X = at.W * at.Ht.transpose();
            double sum = penalty * (at.W.sum() + at.Ht.sum());
            for (Index i = 0; i < V.size(); ++i)
                sum += weights.data()[i] * Divergence{beta}(V.data()[i], X.data()[i]);
            return sum;
        };
        const std::vector<double> rises = lossIncreases(*data, options, factors);
        QCOMPARE(rises.size(), std::size_t{3});
        for (Index a = 0; a < 3; ++a) {
            Factors<double> without = factors;
            without.W.col(a).setZero();
            without.Ht.col(a).setZero();
            const double expected = objective(without) - objective(factors);
            QVERIFY2(std::abs(rises[static_cast<std::size_t>(a)] - expected) <
                         1e-9 * (std::abs(expected) + objective(factors)),
                     qPrintable(QString("%1 beside %2").arg(rises[static_cast<std::size_t>(a)]).arg(expected)));
        }
        options.onW.overlap = 1;
        QVERIFY(lossIncreases(*data, options, factors).empty());
    }

    void whatNothingElseExplainsIsInfinitelyMissed()
    {
        Matrix<double> W(3, 2), Ht(4, 2);
        W << 1, 0, 2, 0, 1, 3;
        Ht << 1, 0, 2, 1, 3, 1, 1, 1;
        Options options;
        options.rank = 2;
        options.loss.id = "kl";
        const std::vector<double> rises =
            lossIncreases(*problems::dataset(W * Ht.transpose()), options, Factors<double>{W, Ht});
        QVERIFY(std::isinf(rises[0]) && std::isfinite(rises[1]) && rises[1] > 0);
    }

    void onlyWhatHasAPartIsAlive()
    {
        Factors<double> factors{problems::uniform(9, 4, 1), problems::uniform(7, 4, 2)};
        QCOMPARE(aliveComponents(factors), Index{4});
        factors.W.col(1) *= 1e200;
        factors.Ht.col(1) *= 1e-200;
        QCOMPARE(aliveComponents(factors), Index{4});
        factors.W.col(2).setZero();
        factors.Ht.col(3).setConstant(1e-17);
        QCOMPARE(aliveComponents(factors), Index{2});
        factors.W.setZero();
        QCOMPARE(aliveComponents(factors), Index{0});
    }

    void specificityIsThatOfKimAndPark()
    {
        Matrix<double> W(4, 2);
        W << 3, 0, 2, 2, 0, 0, 1, 3;
        const std::vector<double> specificity = specificityOf(W);
        QCOMPARE(specificity[0], 1.0);
        QVERIFY(std::abs(specificity[1]) < 1e-15);
        QCOMPARE(specificity[2], 0.0);
        QVERIFY(near(specificity[3], 1 + 0.25 * std::log2(0.25) + 0.75 * std::log2(0.75)));
        QVERIFY(specificityOf(W.col(0)).empty());
        QCOMPARE(specificityOf(W * 1e-300)[0], 1.0);
    }

    void separableComponentsArePure()
    {
        Matrix<double> W(4, 2);
        W << 1, 0, 2, 2, 0, 5, 1, 3;
        const Matrix<double> Ht = problems::uniform(6, 2, 3);
        QCOMPARE(purityOf(W, Ht), (std::vector<double>{1, 1}));
        W(0, 1) = 1;
        W(2, 0) = 1;
        const Vector<double> sums = Ht.colwise().sum();
        double first = 0, second = 0;
        for (Index i = 0; i < 4; ++i) {
            const double sum = W(i, 0) * sums(0) + W(i, 1) * sums(1);
            first = std::max(first, W(i, 0) * sums(0) / sum);
            second = std::max(second, W(i, 1) * sums(1) / sum);
        }
        const std::vector<double> mixed = purityOf(W, Ht);
        QVERIFY(near(mixed[0], first) && near(mixed[1], second) && first < 1 && second < 1);
        // It does not depend on how the scale is shared out, and a dead component has none.
        Matrix<double> shifted = W, other = Ht;
        shifted.col(0) *= 1e200;
        other.col(0) *= 1e-200;
        QVERIFY(near(purityOf(shifted, other)[0], first, 1e-10));
        shifted.col(0).setZero();
        QCOMPARE(purityOf(shifted, other), (std::vector<double>{0, 1}));
    }

    void zerosAreCounted()
    {
        Matrix<double> W(2, 2);
        W << 0, 1e-300, 3, 0;
        QCOMPARE(zeroShareOf(W), 0.5);
    }

    void varianceIsThatAboutTheMean()
    {
        const Matrix<double> V = (problems::uniform(9, 7, 5).array() + 1).matrix() * 1e4;
        Options options;
        const double residual = 0.01 * V.squaredNorm();
        const double varied = (V.array() - V.mean()).square().sum();
        QVERIFY(near(*rSquared(*problems::dataset(V), options, 0.1), 1 - residual / varied, 1e-10));
        QVERIFY(!rSquared(*problems::dataset(Matrix<double>::Constant(5, 6, 3)), options, 0.1));
    }

    void theNullModelIsTheBestOfRankOne()
    {
        const auto data = problems::dataset(problems::matrixA());
        QVERIFY(near(nullDivergence(*data), 4.959254469686233, 1e-13));
        Options options{.rank = 1, .loss = {"kl"}, .algorithm = {"mu"}, .tolerance = 0};
        QVERIFY(near(factorize(data, options).history.back().objective, nullDivergence(*data), 1e-10));
        auto sparse = std::make_shared<Dataset>();
        sparse->V = DataMatrix(SparseMatrix<double>(problems::matrixB().sparseView()));
        QVERIFY(near(nullDivergence(*sparse), nullDivergence(*problems::dataset(problems::matrixB())), 1e-13));
        QCOMPARE(nullDivergence(*problems::dataset(Matrix<double>::Zero(3, 4))), 0.0);
    }
};

QTEST_APPLESS_MAIN(TestComponents)
#include "tst_components.moc"
