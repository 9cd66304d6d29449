#include "tests/support/problems.h"

#include "core/algorithms/algorithms.h"
#include "core/error.h"
#include "core/measures/consensus.h"
#include "core/measures/kkt.h"

#include <QTest>

#include <cmath>

using namespace nmf;

namespace
{

/// Rank three and noise, a good part of it zeros.
std::shared_ptr<const Dataset> problem(bool sparse)
{
    Matrix<double> W = problems::uniform(40, 3, 1), H = problems::uniform(3, 60, 2);
    W = (W.array() > 0.5).select(W, 0.0).eval();
    H = (H.array() > 0.5).select(H, 0.0).eval();
    const Matrix<double> product = W * H;
    const Matrix<double> V =
        (product.array() > 0.1).select(product + 0.1 * problems::uniform(40, 60, 3), Matrix<double>::Zero(40, 60));
    auto result = std::make_shared<Dataset>();
    result->title = result->source = "test";
    if (sparse)
        result->V = DataMatrix(SparseMatrix<double>(V.sparseView()));
    else
        result->V = DataMatrix(V);
    return result;
}

Options withoutRules(const QString& loss)
{
    Options options;
    options.rank = 3;
    options.loss.id = loss.toStdString();
    options.algorithm.id = loss == "kl" ? "klcd" : "ahals";
    options.initializer.id = "random";
    options.tolerance = 0;
    options.maxIterations = 20000;
    return options;
}

/// The factors after so many iterations, whatever rules there are.
Factors<double> after(const std::shared_ptr<const Dataset>& data, Options options, int iterations)
{
    options.maxIterations = iterations;
    options.kktTolerance = options.stepTolerance = 0;
    options.connectivityLooks = 0;
    return factorize(data, options).factors;
}

double step(const Factors<double>& now, const Factors<double>& before)
{
    return std::max((now.W - before.W).norm() / now.W.norm(), (now.Ht - before.Ht).norm() / now.Ht.norm());
}

} // namespace

/// The rules of convergence.
class TestStopping : public QObject
{
    Q_OBJECT

    static void lossesAndData()
    {
        QTest::addColumn<QString>("loss");
        QTest::addColumn<bool>("sparse");
        for (const char* loss : {"frobenius", "kl"})
            for (const bool sparse : {false, true})
                QTest::addRow("%s, %s", loss, sparse ? "sparse" : "dense") << QString(loss) << sparse;
    }

    /// The result, the same on any number of threads.
    static Result ended(const std::shared_ptr<const Dataset>& data, Options options, Termination expected)
    {
        options.threads = 1;
        Result one = factorize(data, options);
        const auto check = [&] {
            QCOMPARE(one.termination, expected);
            QVERIFY(isConverged(one.termination));
            for (const int threads : {2, 8}) {
                options.threads = threads;
                const Result other = factorize(data, options);
                QCOMPARE(other.termination, expected);
                QCOMPARE(other.history.size(), one.history.size());
                QVERIFY(other.factors.W == one.factors.W && other.factors.Ht == one.factors.Ht);
            }
        };
        check();
        return one;
    }

private slots:
    void theGradientRuleFiresWhereTheGradientHasFallen_data() { lossesAndData(); }
    void theGradientRuleFiresWhereTheGradientHasFallen()
    {
        QFETCH(QString, loss);
        QFETCH(bool, sparse);
        const auto data = problem(sparse);
        Options options = withoutRules(loss);
        options.kktTolerance = 1e-4;
        const Result result = ended(data, options, Termination::ConvergedGradient);
        const int iterations = result.history.back().iteration;
        QVERIFY(iterations >= 10 && iterations % 10 == 0);
        const double limit = 1e-4 * kktResidual(*data, options, after(data, options, 0));
        QVERIFY(kktResidual(*data, options, result.factors) <= limit * (1 + 1e-9));
        QVERIFY(kktResidual(*data, options, after(data, options, iterations - 10)) > limit);
        // It changes nothing but the end.
        const Factors<double> same = after(data, options, iterations);
        QVERIFY(same.W == result.factors.W && same.Ht == result.factors.Ht);
        const std::string text = sentence(result.termination, options, result.history);
        QVERIFY2(text.find("gradient") != std::string::npos && text.find("0.0001") != std::string::npos, text.c_str());
    }

    void theStepRuleFiresAtTheFirstSmallStep_data() { lossesAndData(); }
    void theStepRuleFiresAtTheFirstSmallStep()
    {
        QFETCH(QString, loss);
        QFETCH(bool, sparse);
        const auto data = problem(sparse);
        Options options = withoutRules(loss);
        options.stepTolerance = 1e-4;
        const Result result = ended(data, options, Termination::ConvergedStep);
        const int iterations = result.history.back().iteration;
        QVERIFY(iterations > 2);
        const Factors<double> before = after(data, options, iterations - 1);
        QVERIFY(step(result.factors, before) <= 1e-4);
        QVERIFY(step(before, after(data, options, iterations - 2)) > 1e-4);
        QVERIFY(sentence(result.termination, options, result.history).find("both factors") != std::string::npos);
    }

    void theConnectivityRuleFiresWhereTheLabelsHaveSettled_data() { lossesAndData(); }
    void theConnectivityRuleFiresWhereTheLabelsHaveSettled()
    {
        QFETCH(QString, loss);
        QFETCH(bool, sparse);
        const auto data = problem(sparse);
        Options options = withoutRules(loss);
        options.algorithm.id = "mu";
        options.connectivityLooks = 7;
        const Result result = ended(data, options, Termination::ConvergedLabels);
        const int iterations = result.history.back().iteration;
        QVERIFY(iterations >= 70 && iterations % 10 == 0);
        const std::vector<int> labels = labelsOf(result.factors);
        for (int before = 10; before <= 70; before += 10)
            QCOMPARE(labelsOf(after(data, options, iterations - before)), labels);
        // A dead component that is revived where the run would end keeps it going for another look.
        if (iterations > 70 && result.notes.empty())
            QVERIFY(labelsOf(after(data, options, iterations - 80)) != labels);
        QVERIFY(sentence(result.termination, options, result.history).find("7 looks") != std::string::npos);
    }

    void aStartAtASolutionIsLeftAsItIs()
    {
        const Matrix<double> W = problems::uniform(12, 3, 1), Ht = problems::uniform(9, 3, 2);
        Options options = withoutRules("frobenius");
        options.start = std::make_shared<const Factors<double>>(Factors<double>{W, Ht});
        const auto data = problems::dataset(W * Ht.transpose());
        options.maxIterations = 50;
        QCOMPARE(factorize(data, options).termination, Termination::IterationLimit);
        options.kktTolerance = 1e-4;
        const Result result = factorize(data, options);
        QCOMPARE(result.termination, Termination::ConvergedGradient);
        QCOMPARE(result.history.back().iteration, 0);
    }

    void aStepThatWasRefusedIsNoSmallStep()
    {
        // What looks ahead turns back now and then, and shows the same factors once more.
        const auto data = problem(false);
        Options options = withoutRules("frobenius");
        options.algorithm.id = "ehals";
        options.stepTolerance = 1e-9;
        int unmoved = 0;
        Factors<double> before;
        Run run(data, options);
        const Termination termination =
            run.advance({}, {.report = [&](const Run& now) {
                            if (now.betweenHalves())
                                return;
                            const Factors<double> factors = now.factors();
                            unmoved += before.rank() > 0 && factors.W == before.W && factors.Ht == before.Ht;
                            before = factors;
                        }});
        QCOMPARE(termination, Termination::ConvergedStep);
        QVERIFY(unmoved > 0);
        QVERIFY(kktResidual(*data, options, run.factors()) < 1e-7);
    }

    void theLimitOfIterationsIsNoConvergence()
    {
        Options options = withoutRules("kl");
        options.kktTolerance = options.stepTolerance = 1e-15;
        options.connectivityLooks = 40;
        options.maxIterations = 25;
        const Result result = factorize(problem(false), options);
        QCOMPARE(result.termination, Termination::IterationLimit);
        QVERIFY(!isConverged(result.termination));
        QVERIFY(sentence(result.termination, options, result.history).starts_with("Not converged"));
    }

    void penaltiesAndUnknownEntriesHaveTheirGradient_data()
    {
        QTest::addColumn<QString>("loss");
        QTest::addColumn<QString>("algorithm");
        QTest::newRow("Frobenius") << "frobenius"
                                   << "hals";
        QTest::newRow("Kullback-Leibler") << "kl"
                                          << "mu";
        QTest::newRow("β = 1.5") << "beta"
                                 << "mu";
    }
    void penaltiesAndUnknownEntriesHaveTheirGradient()
    {
        QFETCH(QString, loss);
        QFETCH(QString, algorithm);
        auto data = std::make_shared<Dataset>();
        const Matrix<double> V = (problems::uniform(9, 12, 5).array() + 0.5).matrix();
        Matrix<double> weights = problems::uniform(9, 12, 6);
        weights = (weights.array() > 0.3).select(weights, 0.0).eval();
        data->title = data->source = "test";
        data->V = DataMatrix(V);
        data->weights = DataMatrix(weights);
        Options options = withoutRules(loss);
        if (loss == "beta")
            options.loss.values["beta"] = 1.5;
        options.algorithm.id = algorithm.toStdString();
        options.onW = options.onH = {0.05, 0.1};
        if (loss == "beta")
            options.onW.l2 = options.onH.l2 = 0;
        const Factors<double> factors = after(data, options, 3);
        // Beside differences of the objective.
        const Divergence divergence = find(losses(), options.loss.id)->make(options.loss.values);
        const auto objective = [&](const Factors<double>& at) {
            const Matrix<double> X = at.W * at.Ht.transpose();
            double sum =
                options.onW.price(at.W.sum(), at.W.squaredNorm()) + options.onH.price(at.Ht.sum(), at.Ht.squaredNorm());
            for (Index i = 0; i < V.size(); ++i)
                sum += weights.data()[i] > 0 ? weights.data()[i] * divergence(V.data()[i], X.data()[i]) : 0;
            return sum;
        };
        double squared = 0;
        for (Matrix<double> Factors<double>::*member : {&Factors<double>::W, &Factors<double>::Ht})
            for (Index i = 0; i < (factors.*member).size(); ++i) {
                Factors<double> up = factors, down = factors;
                const double h = 1e-6, at = (factors.*member).data()[i];
                (up.*member).data()[i] += h;
                (down.*member).data()[i] -= at > 0 ? h : 0;
                const double slope = (objective(up) - objective(down)) / (at > 0 ? 2 * h : h);
                squared += at > 1e-10 ? slope * slope : std::min(slope, 0.0) * std::min(slope, 0.0);
            }
        const double norm = (weights.array() * V.array().square()).sum();
        const double expected = std::sqrt(squared) / (divergence.quadratic() ? std::pow(norm, 0.75) : 1);
        const double found = kktResidual(*data, options, factors);
        QVERIFY2(std::abs(found - expected) < 1e-4 * expected,
                 qPrintable(QString("%1 instead of %2").arg(found).arg(expected)));
        options.kktTolerance = 1e-3;
        QCOMPARE(factorize(data, options).termination, Termination::ConvergedGradient);
    }

    void whatIsLockedTakesNoPartInTheGradient()
    {
        const auto data = problem(false);
        Options options = withoutRules("frobenius");
        options.algorithm.id = "hals";
        options.start = std::make_shared<const Factors<double>>(
            Factors<double>{problems::uniform(40, 3, 7), problems::uniform(60, 3, 8)});
        options.lockW.components = {1};
        Mask mask = Mask::Zero(60, 3);
        mask.topRows(7).setOnes();
        options.lockH.entries = std::make_shared<const Mask>(mask);
        options.kktTolerance = 1e-6;
        const Result result = factorize(data, options);
        QCOMPARE(result.termination, Termination::ConvergedGradient);
        QVERIFY(kktResidual(*data, options, result.factors) < 1e-4 * kktResidual(*data, options, *options.start));
        // Free, these entries would move on.
        Options free = options;
        free.lockW = free.lockH = {};
        QVERIFY(kktResidual(*data, free, result.factors) > 100 * kktResidual(*data, options, result.factors));
    }

    void theGradientOfWhatItDoesNotKnowIsRefused()
    {
        Options options = withoutRules("frobenius");
        options.algorithm.id = "hals";
        options.onW.overlap = options.onH.overlap = 0.1;
        options.ofW.norm = 2;
        options.maxIterations = 3;
        QCOMPARE(factorize(problem(false), options).termination, Termination::IterationLimit);
        options.kktTolerance = 1e-4;
        QVERIFY_EXCEPTION_THROWN(factorize(problem(false), options), Error);
    }

    void impossibleLimitsAreRefused()
    {
        Options options = withoutRules("frobenius");
        options.kktTolerance = -1;
        QVERIFY_EXCEPTION_THROWN(factorize(problem(false), options), Error);
        options.kktTolerance = 0;
        options.stepTolerance = std::nan("");
        QVERIFY_EXCEPTION_THROWN(factorize(problem(false), options), Error);
        options.stepTolerance = 0;
        options.connectivityLooks = -1;
        QVERIFY_EXCEPTION_THROWN(factorize(problem(false), options), Error);
    }
};

QTEST_APPLESS_MAIN(TestStopping)
#include "tst_stopping.moc"
