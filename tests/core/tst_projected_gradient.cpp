#include "tests/support/problems.h"

#include "core/algorithms/divergence_line.h"
#include "core/gradient.h"

#include <QTest>

#include <cmath>

using namespace nmf;

/// The gradients that the core goes down, beside differences of the objective, and projected gradient where it goes row
/// by row.
class TestProjectedGradient : public QObject
{
    Q_OBJECT

    static SparseMatrix<double> sparse(const Matrix<double>& V) { return SparseMatrix<double>(V.sparseView()); }

    static void everyBeta()
    {
        QTest::addColumn<double>("beta");
        QTest::addColumn<bool>("stored");
        for (const double beta : {-5.0, -1.0, 0.0, 0.5, 1.0, 1.5, 2.0, 3.0, 5.0})
            for (const bool stored : {false, true})
                if (!(stored && beta <= 0))
                    QTest::addRow("β = %g, %s", beta, stored ? "sparse" : "dense") << beta << stored;
    }

private slots:
    void gradientsAreThoseOfDifferences_data() { everyBeta(); }
    void gradientsAreThoseOfDifferences()
    {
        QFETCH(double, beta);
        QFETCH(bool, stored);
        Matrix<double> V = (problems::uniform(7, 11, 1).array() + 0.1).matrix();
        if (stored)
            V = (V.array() > 0.6).select(V, 0.0).eval();
        Blocks blocks(2);
        const SolverData<double> data(stored ? DataMatrix(sparse(V)) : DataMatrix(V), blocks);
        Factors<double> factors{(problems::uniform(7, 3, 2).array() + 0.3).matrix(),
                                (problems::uniform(11, 3, 3).array() + 0.3).matrix()};
        const Penalty onW{0.3, 0.2}, onH{0.1, 0.4};
        const Work<double> work{data, factors, blocks, Divergence{beta}, 1, onW, onH};
        DivergenceLine<double> line(work);
        const Gradient<double> gradient(data, factors, Divergence{beta});
        for (const Side side : {Side::Basis, Side::Coefficients}) {
            const Matrix<double>&F = side == Side::Basis ? factors.Ht : factors.W,
                  &U = side == Side::Basis ? factors.W : factors.Ht;
            const Penalty& penalty = side == Side::Basis ? onW : onH;
            const HeldRows held{F.transpose(), F.colwise().sum().transpose()};
            for (const Index at : {Index{0}, Index{4}}) {
                Vector<double> u = U.row(at), slope(3), differences(3);
                line.load(side, at, held);
                line.value(u);
                line.slope(u, slope);
                for (Index a = 0; a < 3; ++a) {
                    const double h = 1e-5;
                    Vector<double> more = u, less = u;
                    more(a) += h;
                    less(a) -= h;
                    differences(a) = (line.value(more) - line.value(less)) / (2 * h);
                }
                // Where the loss bends more, differences are less exact.
                QVERIFY2((slope - differences).norm() < (std::abs(beta) > 4 ? 1e-6 : 1e-7) * slope.norm(),
                         qPrintable(QString::number((slope - differences).norm() / slope.norm())));
                const Vector<double> whole = gradient(side, at, 1).row(0).transpose();
                const Vector<double> plain = (slope.array() - penalty.l1 - penalty.l2 * u.array()).matrix();
                QVERIFY((whole - plain).norm() < 1e-11 * plain.norm());
            }
        }
    }

    void penalisedItNeverRises_data() { everyBeta(); }
    void penalisedItNeverRises()
    {
        QFETCH(double, beta);
        QFETCH(bool, stored);
        for (std::uint64_t problem = 0; problem < 40; ++problem) {
            Matrix<double> V = (problems::uniform(12, 9, problem).array() + 0.05).matrix();
            if (stored)
                V = (V.array() > 0.6).select(V, 0.0).eval();
            auto data = std::make_shared<Dataset>(*problems::dataset(V));
            if (stored)
                data->V = DataMatrix(sparse(V));
            Options options;
            options.rank = 3;
            options.loss = {"beta", {{"beta", beta}}};
            options.algorithm.id = "pg";
            options.initializer.id = "random";
            options.seed = problem;
            options.maxIterations = 25;
            options.tolerance = 0;
            options.onW = {0.1, 0.2};
            options.onH = {0.2, 0.1};
            const Result result = factorize(data, options);
            for (std::size_t i = 1; i < result.history.size(); ++i)
                QVERIFY2(result.history[i].objective <= result.history[i - 1].objective * (1 + 1e-13),
                         qPrintable(QString("problem %1, iteration %2").arg(problem).arg(i)));
            // Where the smallest entries are all that counts, the steps are short.
            const double share = beta < -3 ? 1 : 0.9;
            QVERIFY(result.history.back().objective < share * result.history.front().objective);
        }
    }

    void itReachesWhatTheOthersReach()
    {
        // The best of Kullback-Leibler for these data and two components.
        double best = 1e9;
        Options options;
        options.rank = 2;
        options.loss.id = "kl";
        options.algorithm.id = "pg";
        options.initializer.id = "random";
        options.maxIterations = 5000;
        options.tolerance = 0;
        for (options.seed = 1; options.seed <= 10; ++options.seed)
            best = std::min(best, factorize(problems::dataset(problems::matrixA()), options).history.back().objective);
        QVERIFY2(std::abs(best - 1.890300186) < 1e-6, qPrintable(QString::number(best, 'g', 12)));
    }

    void aStartThatIsTooLargeDoesNotVanish()
    {
        // The first step would take whole lines to zero, where a loss of β > 2 is flat.
        const Matrix<double> V = problems::uniform(23, 31, 4).array() + 0.05;
        Options options = problems::with("pg", 4, 40);
        options.loss = {"beta", {{"beta", 3.0}}};
        options.start = std::make_shared<Factors<double>>(
            Factors<double>{problems::uniform(23, 4, 8).array() + 0.1, problems::uniform(31, 4, 9).array() + 0.1});
        QVERIFY(factorize(problems::dataset(V), options).history.back().relativeError < 0.5);
    }
};

QTEST_APPLESS_MAIN(TestProjectedGradient)
#include "tst_projected_gradient.moc"
