#include "core/algorithms/algorithms.h"
#include "core/balance.h"
#include "core/error.h"
#include "core/samples/samples.h"
#include "core/terms.h"
#include "tests/support/problems.h"

#include <QTest>

#include <cmath>

using namespace nmf;

namespace
{

Options penalized(Options options, const Penalty& onW, const Penalty& onH)
{
    options.onW = onW;
    options.onH = onH;
    return options;
}

double price(const Factors<double>& factors, const Options& options)
{
    return options.onW.price(factors.W.sum(), factors.W.squaredNorm()) +
           options.onH.price(factors.Ht.sum(), factors.Ht.squaredNorm());
}

} // namespace

/// L1 and L2 on the factors.
class TestPenalties : public QObject
{
    Q_OBJECT

    void quadraticAlgorithms()
    {
        QTest::addColumn<QString>("algorithm");
        QTest::addColumn<bool>("single");
        for (const Algorithm& algorithm : algorithms())
            if (algorithm.refuses({}).empty())
                for (const bool single : {false, true})
                    QTest::addRow("%s, %s", algorithm.facts.id.c_str(), single ? "single" : "double")
                        << QString::fromStdString(algorithm.facts.id) << single;
    }

private slots:
    void theObjectiveIsThatOfTheFactorsAndNeverRises_data() { quadraticAlgorithms(); }
    void theObjectiveIsThatOfTheFactorsAndNeverRises()
    {
        QFETCH(QString, algorithm);
        QFETCH(bool, single);
        const Matrix<double> V = problems::uniform(20, 31, 4);
        for (const auto& [onW, onH] : {std::pair<Penalty, Penalty>{{0.3, 0}, {0.5, 0}},
                                       {{0, 0.7}, {0, 0.1}},
                                       {{0.2, 0.1}, {0.1, 0.4}},
                                       {{0.2, 0}, {0, 0.4}},
                                       {{9, 0}, {9, 0}}}) {
            Options options = problems::with(algorithm.toStdString(), 5, 60);
            options.precision = single ? Precision::Single : Precision::Double;
            options.initializer.id = "random";
            options.onW = onW;
            options.onH = onH;
            const Result result = factorize(problems::dataset(V), options);
            const double wanted = problems::frobenius(V, result.factors) + price(result.factors, options);
            QVERIFY(std::abs(result.history.back().objective - wanted) < (single ? 1e-4 : 1e-10) * wanted);
            QVERIFY(result.factors.W.minCoeff() >= 0 && result.factors.Ht.minCoeff() >= 0);
            if (!find(algorithms(), algorithm.toStdString())->monotone)
                continue;
            const double slack = (single ? 4e-6 : 1e-14) * V.squaredNorm();
            for (std::size_t i = 1; i < result.history.size(); ++i)
                QVERIFY2(result.history[i].objective <= result.history[i - 1].objective + slack,
                         qPrintable(QString("iteration %1 rises by %2")
                                        .arg(i)
                                        .arg(result.history[i].objective - result.history[i - 1].objective)));
        }
    }

    void anL2PenaltyLetsNoDivergenceRise_data()
    {
        QTest::addColumn<double>("beta");
        QTest::addColumn<double>("l2");
        for (const double beta : {-1.0, 0.0, 0.5, 1.5, 1.9})
            for (const double l2 : {0.1, 5.0, 100.0})
                QTest::addRow("%g, %g", beta, l2) << beta << l2;
    }
    void anL2PenaltyLetsNoDivergenceRise()
    {
        QFETCH(double, beta);
        QFETCH(double, l2);
        for (const bool single : {false, true})
            for (std::uint64_t seed = 1; seed <= 5; ++seed) {
                Options options = problems::with("mu", 4, 40);
                options.precision = single ? Precision::Single : Precision::Double;
                options.initializer.id = "random";
                options.seed = seed;
                options.loss = {"beta", {{"beta", beta}}};
                options.onW.l2 = options.onH.l2 = l2;
                const Result result = factorize(problems::dataset(problems::uniform(12, 17, seed)), options);
                const double slack = (single ? 1e-5 : 1e-12) * result.history.front().objective;
                for (std::size_t i = 1; i < result.history.size(); ++i)
                    QVERIFY(result.history[i].objective <= result.history[i - 1].objective + slack);
                QVERIFY(result.history.back().objective < result.history.front().objective);
            }
    }

    void dataOfAnySizeArePenalisedAlike()
    {
        // (V, λ1, λ2) and (cV, c^{3/2} λ1, c λ2) are the same problem.
        const Matrix<double> V = problems::uniform(20, 31, 4);
        Options options = problems::with("hals", 4, 40);
        options.onW = {0.3, 0.1};
        options.onH = {0.2, 0.4};
        const Result plain = factorize(problems::dataset(V), options);
        const double root = 0x1p-20, c = root * root;
        for (Penalty* penalty : {&options.onW, &options.onH}) {
            penalty->l1 *= c * root;
            penalty->l2 *= c;
        }
        const Result scaled = factorize(problems::dataset(V * c), options);
        QVERIFY(scaled.factors.W == plain.factors.W * root && scaled.factors.Ht == plain.factors.Ht * root);
    }

    void theElasticNetReachesItsKnownOptimum_data() { theOneComponentIsThresholded_data(); }
    void theElasticNetReachesItsKnownOptimum()
    {
        QFETCH(QString, algorithm);
        // What scikit-learn reaches with alpha_W = alpha_H = 0.01, l1_ratio = 0.5.
        double best = 1e300;
        for (std::uint64_t seed = 1; seed <= 10; ++seed) {
            Options options = problems::with(algorithm.toStdString(), 3, 2000);
            options.onW = elasticNet(0.01, 0.5, 5);
            options.onH = elasticNet(0.01, 0.5, 6);
            options.initializer.id = "random";
            options.seed = seed;
            best = std::min(best, factorize(problems::dataset(problems::matrixB()), options).history.back().objective);
        }
        QVERIFY2(std::abs(best - 7.2449048807) < 1e-8, qPrintable(QString::number(best, 'g', 12)));
    }

    void componentsThatTheStartLosesComeBackIfTheyPay_data() { quadraticAlgorithms(); }
    void componentsThatTheStartLosesComeBackIfTheyPay()
    {
        QFETCH(QString, algorithm);
        QFETCH(bool, single);
        // The first does not minimise what it prices, the others are on their way for long.
        if (algorithm == "als" || algorithm == "gd" || algorithm == "sgd")
            return;
        // The first component of this start takes the others' share and lets them die: without revival the end is above
        // 550.
        Options options = problems::with(algorithm.toStdString(), 17, 500);
        options.initializer.id = "nndsvdar";
        options.tolerance = 1e-6;
        options.precision = single ? Precision::Single : Precision::Double;
        options.onW = {0.05, 0.001};
        options.onH = {0.1, 0.25};
        const auto swimmer = std::make_shared<const Dataset>(sampleNamed("swimmer").make(1));
        const double alive = factorize(swimmer, options).history.back().objective;
        // Plain gradient steps are not there yet; the others end near 65, each in a minimum of its own.
        const bool slow = algorithm == "gd" || algorithm == "sgd";
        QVERIFY2(alive < (slow ? 200 : 80), qPrintable(QString::number(alive)));
        // Where every component costs more than it brings, all stay dead.
        // One by one: GCC 12.2 with AVX-512 turns the constant {1e4, 1e4, 0, 0} into four times 1e4.
        for (Penalty* penalty : {&options.onW, &options.onH}) {
            penalty->l1 = 1e4;
            penalty->l2 = 1e4;
        }
        const Result nothing = factorize(swimmer, options);
        QVERIFY(nothing.history.back().objective <= swimmer->V.dense<double>()->squaredNorm() / 2 * (1 + 1e-6));
        // No component was begun anew, and it is said that there are none.
        for (const std::string& note : nothing.notes)
            QVERIFY2(note.find("anew") == std::string::npos, note.c_str());
        QVERIFY(nothing.notes.back().find("the rank is 0 in effect") != std::string::npos);
    }

    void coordinateDescentGoesStepByStepAsScikitLearn_data()
    {
        QTest::addColumn<double>("alphaW");
        QTest::addColumn<double>("alphaH");
        QTest::addColumn<double>("l1Ratio");
        QTest::addColumn<int>("iterations");
        QTest::addColumn<double>("objective");
        QTest::addColumn<double>("sumW");
        QTest::addColumn<double>("sumH");
        // scikit-learn 1.2.1 moves W first, so it was given the transposed problem, H's half of the start as W and the
        // strengths exchanged: non_negative_factorization(B.T, W=H.T, H=W.T, init="custom", n_components=3,
        // solver="cd", tol=0, max_iter=iterations, shuffle=False, alpha_W=alphaH, alpha_H=alphaW, l1_ratio=l1Ratio).
        const struct
        {
            double alphaW, alphaH, l1Ratio;
            int iterations;
            double objective, sumW, sumH;
        } rows[] = {{0.02, 0.05, 0, 1, 27.287844708076527, 11.722898313947667, 3.7840785169029445},
                    {0.02, 0.05, 0, 10, 26.513839505365603, 10.158054232931391, 4.2825658941002605},
                    {0.02, 0.05, 0, 100, 26.467860332729682, 9.014933747995446, 4.852456542754988},
                    {0.02, 0.05, 1, 1, 29.951529442518595, 32.464988140157175, 3.7679558011049723},
                    {0.02, 0.05, 1, 10, 11.829148453348486, 42.178483269496525, 3.6785933221382696},
                    {0.02, 0.05, 1, 100, 10.173512543693151, 20.675945619741615, 6.506447466923483},
                    {0.03, 0.01, 0.4, 1, 27.54409085620172, 11.53187228703214, 3.822867481576276},
                    {0.03, 0.01, 0.4, 10, 26.387538124309955, 8.95349384287479, 4.854098724995623},
                    {0.03, 0.01, 0.4, 100, 25.973395832699094, 5.326626699573964, 8.282392346509756}};
        for (const auto& row : rows)
            QTest::newRow(qPrintable(
                QString("%1, %2, %3: %4").arg(row.alphaW).arg(row.alphaH).arg(row.l1Ratio).arg(row.iterations)))
                << row.alphaW << row.alphaH << row.l1Ratio << row.iterations << row.objective << row.sumW << row.sumH;
    }
    void coordinateDescentGoesStepByStepAsScikitLearn()
    {
        QFETCH(double, alphaW);
        QFETCH(double, alphaH);
        QFETCH(double, l1Ratio);
        QFETCH(int, iterations);
        QFETCH(double, objective);
        QFETCH(double, sumW);
        QFETCH(double, sumH);
        Options options = problems::with("hals", 3, iterations);
        options.start = problems::goldenStart();
        options.balanced = false;
        options.onW = elasticNet(alphaW, l1Ratio, 5);
        options.onH = elasticNet(alphaH, l1Ratio, 6);
        const Result result = factorize(problems::dataset(problems::matrixB()), options);
        const auto close = [](double found, double wanted) { return std::abs(found / wanted - 1) < 1e-10; };
        QVERIFY2(close(result.history.back().objective, objective),
                 qPrintable(QString::number(result.history.back().objective, 'g', 17)));
        QVERIFY2(close(result.factors.W.sum(), sumW), qPrintable(QString::number(result.factors.W.sum(), 'g', 17)));
        QVERIFY2(close(result.factors.Ht.sum(), sumH), qPrintable(QString::number(result.factors.Ht.sum(), 'g', 17)));
    }

    void theOneComponentIsThresholded_data()
    {
        QTest::addColumn<QString>("algorithm");
        for (const char* id : {"ehals", "ahals", "hals", "bpp", "pg"})
            QTest::newRow(id) << id;
    }
    void theOneComponentIsThresholded()
    {
        QFETCH(QString, algorithm);
        // WH = (σ₁ − λ)₊ u₁v₁ᵀ with L2 on both; only the product of the weights counts.
        for (const double share : {1.0, 5.0}) {
            Options options = problems::with(algorithm.toStdString(), 1, 500);
            options.start = std::make_shared<Factors<double>>(
                Factors<double>{problems::uniform(6, 1, 1), problems::uniform(5, 1, 2)});
            options.onW = {0, 1.3 * share};
            options.onH = {0, 1.3 / share};
            const Result result = factorize(problems::dataset(problems::matrixB()), options);
            QVERIFY(std::abs(result.history.back().objective - 35.5955379958) < 1e-9);
            QVERIFY(std::abs(result.factors.W.norm() * result.factors.Ht.norm() - 7.5371695) < 1e-6);
        }
    }

    void atTheOptimumBothHalvesCostTheSame()
    {
        Options options = problems::with("hals", 3, 3000);
        options.onW = {0.2, 0.3};
        options.onH = {0.4, 0.1};
        const Result result = factorize(problems::dataset(problems::matrixB()), options);
        for (Index a = 0; a < 3; ++a) {
            const auto w = result.factors.W.col(a), h = result.factors.Ht.col(a);
            const double left = 0.2 * w.sum() + 0.3 * w.squaredNorm(), right = 0.4 * h.sum() + 0.1 * h.squaredNorm();
            QVERIFY2(std::abs(left - right) < 1e-7 * (left + right), qPrintable(QString::number(left - right)));
        }
    }

    void balancingLeavesTheProductAndLowersThePrice()
    {
        for (std::uint64_t seed = 0; seed < 50; ++seed) {
            Factors<double> factors{problems::uniform(9, 4, seed), 100 * problems::uniform(7, 4, seed + 1)};
            factors.W.col(3).setZero();
            const Factors<double> before = factors;
            Options options;
            const RandomNumbers random(seed);
            options.onW = {seed % 3 ? random.uniform(0) : 0, seed % 3 != 1 ? random.uniform(1) : 0};
            options.onH = {seed % 2 ? random.uniform(2) : 0, seed % 2 ? 0 : random.uniform(3)};
            scaleColumns(factors, bestBalance(factors, options.onW, options.onH));
            QVERIFY((factors.W * factors.Ht.transpose() - before.W * before.Ht.transpose()).norm() < 1e-11);
            QVERIFY(factors.Ht.col(3).isZero(0));
            QVERIFY(price(factors, options) <= price(before, options));
            const ColumnScales again = bestBalance(factors, options.onW, options.onH);
            QVERIFY((again.onW.head(3).array() - 1).abs().maxCoeff() < 1e-12);
        }
    }

    void aPenaltyOnOneFactorAloneIsRefused()
    {
        for (const auto& [onW, onH, word] : {std::tuple<Penalty, Penalty, const char*>{{0.1, 0}, {}, "W alone"},
                                             {{}, {0, 0.1}, "H alone"},
                                             {{-1, 0}, {1, 0}, "from 0 up"},
                                             {{1, std::nan("")}, {1, 0}, "from 0 up"}}) {
            Options options = problems::with("hals", 2, 5);
            options.onW = onW;
            options.onH = onH;
            try {
                const Run run(problems::dataset(problems::matrixA()), options);
                QFAIL("was accepted");
            } catch (const Error& error) {
                QVERIFY2(QString(error.what()).contains(word) && QString(error.what()).endsWith('.'), error.what());
            }
        }
    }

    /// What shrinks is to be met by something that keeps the other factor from growing.
    void everyPairOfTermsIsWellPosedOrRefused_data()
    {
        QTest::addColumn<QString>("terms");
        QTest::addColumn<QString>("refusal");
        const auto fine = [](const char* terms) { QTest::newRow(terms) << terms << ""; };
        const auto refused = [](const char* terms, const char* word) { QTest::newRow(terms) << terms << word; };
        refused("overlap-w overlap-h", "share nothing");
        refused("l1-w overlap-h", "A penalty on W has no best solution beside one on the overlap of H");
        refused("overlap-w l2-h", "A penalty on H has no best solution beside one on the overlap of W");
        refused("overlap-w smooth-h", "overlap of W");
        refused("overlap-w", "W alone");
        refused("l1-w match-shares", "W alone");
        refused("l1-h dropout", "H alone");
        refused("l1-h upper-h", "H alone");
        refused("l1-h largest-sum-h", "H alone");
        refused("l1-h sparseness-w", "H alone");
        fine("overlap-w overlap-h norm-w");
        fine("overlap-w overlap-h norm-h");
        fine("overlap-w overlap-h l1-w l2-h");
        fine("overlap-w l1-w l1-h");
        fine("overlap-w norm-w");
        fine("overlap-h norm-w");
        fine("overlap-h upper-w");
        fine("overlap-w sum-h");
        fine("overlap-w largest-sum-h");
        fine("l1-w l2-h");
        fine("l1-w smooth-h");
        fine("smooth-w smooth-h");
        fine("l1-h norm-w");
        fine("l1-h upper-w");
        fine("l1-h match-sums");
    }
    void everyPairOfTermsIsWellPosedOrRefused()
    {
        QFETCH(QString, terms);
        QFETCH(QString, refusal);
        Options options;
        for (const QString& id : terms.split(' '))
            for (const Term& term : nmf::terms())
                if (id == QString::fromStdString(term.parameter.id))
                    term.of(options) = id.startsWith("norm") ? 2 : 0.5;
        const QString fault = QString::fromStdString(termsFault(options));
        QVERIFY2(refusal.isEmpty() ? fault.isEmpty() : fault.contains(refusal) && fault.endsWith('.'),
                 qPrintable(fault));
    }

    /// The factor that would grow is given.
    void aPenaltyOnOneFactorIsWellPosedWhereTheOtherIsLocked()
    {
        Options options = problems::with("hals", 3, 200);
        options.onH.l1 = 1;
        options.lockW.components = {0, 1};
        QVERIFY(!termsFault(options).empty());
        options.lockW.components = {0, 1, 2};
        options.start = problems::goldenStart();
        const Result result = factorize(problems::dataset(problems::matrixB()), options);
        QVERIFY(result.factors.W == options.start->W && result.factors.Ht.sum() > 0.1);
        for (std::size_t i = 1; i < result.history.size(); ++i)
            QVERIFY(result.history[i].objective <= result.history[i - 1].objective * (1 + 1e-14));
        options.lockW = {.entries = std::make_shared<const Mask>(Mask::Constant(6, 3, true))};
        QCOMPARE(termsFault(options), std::string());
        options.lockW.entries = std::make_shared<const Mask>(Mask::Constant(6, 3, false));
        QVERIFY(!termsFault(options).empty());
    }

    void theFormulaNamesTheTerms()
    {
        Options options;
        QCOMPARE(formula(options), std::string("½‖V − WH‖²F"));
        options.onW = {0.1, 0};
        options.onH = {0.25, 2};
        QCOMPARE(formula(options), std::string("½‖V − WH‖²F + 0.1‖W‖₁ + 0.25‖H‖₁ + ½·2‖H‖²F"));
    }

    void penaltiesCanChangeOnTheWay_data() { quadraticAlgorithms(); }
    void penaltiesCanChangeOnTheWay()
    {
        QFETCH(QString, algorithm);
        const Matrix<double> V = problems::uniform(20, 31, 4);
        Options options = problems::with(algorithm.toStdString(), 5, 30);
        options.tolerance = 1e-9;
        Run run(problems::dataset(V), options);
        run.advance();
        const Factors<double> before = run.factors();
        const double fit = run.current().objective;
        QVERIFY_EXCEPTION_THROWN(run.setModel(penalized(run.options(), {0.5, 0}, {})), Error);
        run.setModel(penalized(run.options(), {0.5, 0}, {0.5, 0.1}));
        QVERIFY(run.factors().W == before.W && run.factors().Ht == before.Ht);
        const double wanted = fit + price(before, run.options());
        QVERIFY(std::abs(run.current().objective - wanted) < 1e-5 * wanted);
        const int from = run.iteration();
        run.setLimits(from + 40, 1e-9, 0);
        run.advance();
        // A larger objective than without penalties is no reason to stop.
        QVERIFY(run.iteration() >= from + 10);
        QVERIFY(run.current().objective < wanted);
        QVERIFY(price(run.factors(), run.options()) < price(before, run.options()));
    }
};

QTEST_APPLESS_MAIN(TestPenalties)
#include "tst_penalties.moc"
