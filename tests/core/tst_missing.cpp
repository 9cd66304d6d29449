#include "core/algorithms/algorithms.h"
#include "core/initializers/initializers.h"
#include "tests/support/refusal.h"
#include "tests/support/unknown_entries.h"

#include <QTest>

#include <cmath>
#include <limits>

using namespace nmf;
using namespace problems;

namespace
{

const std::vector<Choice>& someLosses()
{
    static const std::vector<Choice> some{
        {"frobenius", {}},
        {"kl", {}},
        {"is", {}},
        {"beta", {{"beta", 0.5}}},
        {"beta", {{"beta", 1.5}}},
        {"beta", {{"beta", 3}}},
        {"beta", {{"beta", -0.5}}},
    };
    return some;
}

} // namespace

/// Unknown entries and weights.
class TestMissing : public QObject
{
    Q_OBJECT

    void serversAndLosses()
    {
        QTest::addColumn<QString>("algorithm");
        QTest::addColumn<int>("loss");
        for (const Algorithm& algorithm : algorithms())
            for (std::size_t i = 0; i < someLosses().size(); ++i) {
                const Choice& loss = someLosses()[i];
                const Divergence divergence = find(losses(), loss.id)->make(loss.values);
                if (algorithm.servesWeights && algorithm.refuses(divergence).empty())
                    QTest::addRow("%s, beta %g", algorithm.facts.id.c_str(), divergence.beta)
                        << QString::fromStdString(algorithm.facts.id) << static_cast<int>(i);
            }
    }

private slots:
    void aMaskOfOnesChangesNothing_data() { serversAndLosses(); }
    void aMaskOfOnesChangesNothing()
    {
        QFETCH(QString, algorithm);
        QFETCH(int, loss);
        if (algorithm == "ahals" || algorithm == "ehals" || algorithm == "sgd" || (algorithm == "pg" && loss == 0))
            return; // They repeat their sweeps, draw, or choose their steps by another rule where entries are unknown.
        const Matrix<double> V = problems::uniform(23, 31, 4).array() + 0.01;
        // The projected gradient tries steps, and after some more of them the last digit has chosen another one.
        Options options =
            with(algorithm.toStdString(), someLosses()[static_cast<std::size_t>(loss)], 4, algorithm == "pg" ? 2 : 30);
        options.start = startOf(23, 31, 4, 8);
        const Result plain = factorize(problems::dataset(V), options);
        const Result ones = factorize(weighted(V, Matrix<double>::Ones(23, 31)), options);
        options.nanUnknown = true;
        const Result complete = factorize(problems::dataset(V), options);
        for (const Result* other : {&ones, &complete}) {
            QVERIFY2(distance(other->factors, plain.factors) < 1e-11,
                     qPrintable(QString::number(distance(other->factors, plain.factors))));
            QVERIFY(std::abs(other->history.back().objective / plain.history.back().objective - 1) < 1e-11);
            QVERIFY(std::abs(other->history.back().relativeError / plain.history.back().relativeError - 1) < 1e-11);
        }
    }

    void theObjectiveIsThatOfTheKnownEntriesAndNeverRises_data() { serversAndLosses(); }
    void theObjectiveIsThatOfTheKnownEntriesAndNeverRises()
    {
        QFETCH(QString, algorithm);
        QFETCH(int, loss);
        const Choice& choice = someLosses()[static_cast<std::size_t>(loss)];
        const Divergence divergence = find(losses(), choice.id)->make(choice.values);
        const bool isMonotone = find(algorithms(), algorithm.toStdString())->monotone;
        for (std::uint64_t seed = 1; seed <= 100; ++seed) {
            const Index rows = 5 + static_cast<Index>(seed % 17), columns = 4 + static_cast<Index>(seed % 23);
            const Matrix<double> V = problems::uniform(rows, columns, seed).array() + 0.001;
            const bool single = seed % 2 == 1, real = seed % 3 == 0, penalised = seed % 5 == 0;
            Matrix<double> weights = mask(rows, columns, 0.2 + 0.008 * static_cast<double>(seed % 90), seed + 1000);
            if (real)
                weights = weights.cwiseProduct(problems::uniform(rows, columns, seed + 2000) * 5);
            Options options = with(algorithm.toStdString(), choice, 1 + static_cast<Index>(seed % 5), 40);
            options.precision = single ? Precision::Single : Precision::Double;
            options.seed = seed;
            if (penalised) {
                options.onW = {0.05, 0};
                options.onH = {0.1, 0};
                if (divergence.kullbackLeibler() || divergence.beta >= 2)
                    options.onW.l2 = options.onH.l2 = 0.2;
            }
            options.nanUnknown = !real;
            const Result result =
                factorize(real ? weighted(V, weights) : problems::dataset(masked(V, weights)), options);
            const double price = options.onW.price(result.factors.W.sum(), result.factors.W.squaredNorm()) +
                                 options.onH.price(result.factors.Ht.sum(), result.factors.Ht.squaredNorm());
            const double wanted = divergenceOf(V, weights, result.factors, choice) + price;
            const double start = result.history.front().objective;
            QVERIFY2(std::abs(result.history.back().objective - wanted) < (single ? 1e-5 : 1e-11) * start,
                     qPrintable(QString("seed %1").arg(seed)));
            const double residual = (weights.array().sqrt() * (V - modelOf(result.factors)).array()).matrix().norm();
            const double norm = (weights.array().sqrt() * V.array()).matrix().norm();
            QVERIFY(std::abs(result.history.back().relativeError - residual / norm) < (single ? 1e-5 : 1e-11));
            for (std::size_t i = 1; i < result.history.size() && isMonotone; ++i)
                QVERIFY2(result.history[i].objective <=
                             result.history[i - 1].objective + (single ? 2e-6 : 1e-14) * start,
                         qPrintable(QString("seed %1, iteration %2 rises by %3 of %4")
                                        .arg(seed)
                                        .arg(i)
                                        .arg(result.history[i].objective - result.history[i - 1].objective)
                                        .arg(start)));
        }
    }

    void theGradientVanishesAtTheEnd_data() { serversAndLosses(); }
    void theGradientVanishesAtTheEnd()
    {
        QFETCH(QString, algorithm);
        QFETCH(int, loss);
        const Choice& choice = someLosses()[static_cast<std::size_t>(loss)];
        const double beta = find(losses(), choice.id)->make(choice.values).beta;
        const Matrix<double> V = problems::uniform(14, 17, 3).array() + 0.05;
        const Matrix<double> weights = mask(14, 17, 0.7, 9).cwiseProduct(problems::uniform(14, 17, 10) * 3);
        // Those that take long for an iteration, or come no nearer.
        const bool slow = algorithm == "pg" || algorithm == "mue" || algorithm == "bpp";
        Options options = with(algorithm.toStdString(), choice, 2, slow ? 3000 : 30000);
        const Result result = factorize(weighted(V, weights), options);
        const Matrix<double> X = modelOf(result.factors);
        // ω(x − v)x^(β−2), against which the factors stand.
        const Matrix<double> slopes = weights.array() * (X - V).array() * X.array().pow(beta - 2);
        const Matrix<double> sizes = weights.array() * V.array() * X.array().pow(beta - 2);
        const auto violation = [&](const Matrix<double>& gradient, const Matrix<double>& size,
                                   const Matrix<double>& factor) {
            const double largest = factor.maxCoeff();
            double worst = 0;
            for (Index i = 0; i < factor.size(); ++i) {
                const double g = gradient(i) / size.maxCoeff();
                // An entry that is not zero has no slope; one that is has none downwards.
                worst = std::max(worst, std::max(-g, std::min(g, factor(i) / largest)));
            }
            return worst;
        };
        const Factors<double>& factors = result.factors;
        const double onH = violation(slopes.transpose() * factors.W, sizes.transpose() * factors.W, factors.Ht);
        const double onW = violation(slopes * factors.Ht, sizes * factors.Ht, factors.W);
        QVERIFY2(std::max(onH, onW) < (algorithm == "sgd" ? (beta == 2 ? 1e-2 : 5e-2)
                                       : algorithm == "mu" || algorithm == "mue" || algorithm == "pg" ? 1e-4
                                       : algorithm == "klcdx"                                         ? 1e-8
                                                                                                      : 1e-9),
                 qPrintable(QString("%1 %2").arg(onH).arg(onW)));
    }

    void whatIsUnknownIsOfNoConsequenceHoweverItIsMarked()
    {
        const Matrix<double> V = problems::uniform(18, 25, 5).array() + 0.1, known = mask(18, 25, 0.6, 6);
        for (const auto& [algorithm, loss] : {std::pair<std::string, std::string>{"hals", "frobenius"},
                                              {"ahals", "frobenius"},
                                              {"ehals", "frobenius"},
                                              {"bpp", "frobenius"},
                                              {"mu", "frobenius"},
                                              {"mue", "kl"},
                                              {"klcd", "kl"},
                                              {"klcdx", "kl"}}) {
            Options options = with(algorithm, {loss, {}}, 3, 25);
            options.start = startOf(18, 25, 3, 2);
            // Where the weight is zero V may say anything.
            const Result byWeights = factorize(weighted((known.array() > 0).select(V, -99), known), options);
            options.nanUnknown = true;
            const Result byNan = factorize(problems::dataset(masked(V, known)), options);
            options.nanUnknown = false;
            options.unstoredUnknown = true;
            auto sparse = std::make_shared<Dataset>();
            sparse->V = listed(V, known);
            const Result byAbsence = factorize(sparse, options);
            QVERIFY(byNan.factors.W == byAbsence.factors.W || distance(byNan.factors, byAbsence.factors) < 1e-12);
            QVERIFY(distance(byWeights.factors, byNan.factors) < 1e-11);
            QVERIFY(std::abs(byWeights.history.back().objective / byNan.history.back().objective - 1) < 1e-11);
        }
    }

    void aListedZeroOfASparseTableIsKnown()
    {
        SparseMatrix<double> values(2, 2);
        values.insert(0, 0) = 1;
        values.insert(1, 0) = 0;
        values.insert(0, 1) = 2;
        auto dataset = std::make_shared<Dataset>();
        dataset->V = values;
        Options options = with("hals", {"frobenius", {}}, 1, 200);
        options.unstoredUnknown = true;
        const Result result = factorize(dataset, options);
        const Matrix<double> X = modelOf(result.factors);
        QVERIFY(std::abs(X(0, 0) - 1) < 1e-6 && std::abs(X(1, 0)) < 1e-6 && std::abs(X(0, 1) - 2) < 1e-6);
    }

    void aLowRankTableIsRecovered_data()
    {
        QTest::addColumn<QString>("algorithm");
        QTest::addColumn<int>("rows");
        QTest::addColumn<int>("columns");
        QTest::addColumn<int>("rank");
        QTest::addColumn<double>("share");
        QTest::addColumn<QString>("initializer");
        QTest::addRow("a fifth of 20 x 15, random") << "ehals" << 20 << 15 << 4 << 0.8 << "random";
        QTest::addRow("half of 80 x 60, random") << "ehals" << 80 << 60 << 3 << 0.5 << "random";
        QTest::addRow("half of 80 x 60, nndsvda") << "ehals" << 80 << 60 << 3 << 0.5 << "nndsvda";
        QTest::addRow("a fifth of 20 x 15, bpp") << "bpp" << 20 << 15 << 4 << 0.8 << "random";
        QTest::addRow("a third of 80 x 60, spa") << "ehals" << 80 << 60 << 3 << 0.67 << "spa";
    }
    void aLowRankTableIsRecovered()
    {
        QFETCH(QString, algorithm);
        QFETCH(int, rows);
        QFETCH(int, columns);
        QFETCH(int, rank);
        QFETCH(double, share);
        QFETCH(QString, initializer);
        const Matrix<double> V = problems::uniform(rows, rank, 21) * problems::uniform(columns, rank, 22).transpose();
        const Matrix<double> known = mask(rows, columns, share, 23);
        Options options = with(algorithm.toStdString(), {"frobenius", {}}, rank, 5000);
        options.initializer.id = initializer.toStdString();
        options.nanUnknown = true;
        const Result result = factorize(problems::dataset(masked(V, known)), options);
        const Matrix<double> missing = Matrix<double>::Ones(rows, columns) - known;
        const double error = missing.cwiseProduct(V - modelOf(result.factors)).norm() / missing.cwiseProduct(V).norm();
        QVERIFY2(error < 1e-8, qPrintable(QString::number(error)));
    }

    void everyInitializerCopesWithUnknownEntries()
    {
        const Matrix<double> V = problems::uniform(30, 20, 12).array() + 0.1, known = mask(30, 20, 0.6, 13);
        auto sparse = std::make_shared<Dataset>();
        sparse->V = listed(V, known);
        for (const Initializer& initializer : initializers()) {
            Options options = with("ahals", {"frobenius", {}}, 4, 200);
            options.initializer.id = initializer.facts.id;
            options.nanUnknown = true;
            const Result dense = factorize(problems::dataset(masked(V, known)), options);
            options.nanUnknown = false;
            options.unstoredUnknown = true;
            const Result ofSparse = factorize(sparse, options);
            for (const Result* result : {&dense, &ofSparse})
                QVERIFY2(result->history.back().objective < 0.5 * result->history.front().objective ||
                             result->history.back().relativeError < 0.3,
                         initializer.facts.id.c_str());
        }
    }

    void theNumberOfThreadsChangesNoBit()
    {
        const Matrix<double> V = problems::uniform(150, 230, 15).array() + 0.1, known = mask(150, 230, 0.8, 16);
        for (const auto& [algorithm, loss] : {std::pair<std::string, Choice>{"ehals", {"frobenius", {}}},
                                              {"bpp", {"frobenius", {}}},
                                              {"mu", {"kl", {}}},
                                              {"mue", {"kl", {}}},
                                              {"klcdx", {"kl", {}}},
                                              {"pg", {"kl", {}}}}) {
            Options options = with(algorithm, loss, 6, 12);
            options.nanUnknown = true;
            options.heldOut = 0.1;
            std::vector<Result> results;
            for (const int threads : {1, 2, 8}) {
                options.threads = threads;
                results.push_back(factorize(problems::dataset(masked(V, known)), options));
            }
            for (const Result& result : results) {
                QVERIFY(result.factors.W == results[0].factors.W && result.factors.Ht == results[0].factors.Ht);
                QCOMPARE(result.history.back().objective, results[0].history.back().objective);
                QCOMPARE(result.heldOut->rootMeanSquare, results[0].heldOut->rootMeanSquare);
            }
        }
    }

    void dataOfAnySizeAreFittedAlike()
    {
        const Matrix<double> V = problems::uniform(12, 15, 17).array() + 0.1, known = mask(12, 15, 0.7, 18);
        for (const std::string algorithm : {"ahals", "mu"}) {
            Options options = with(algorithm, {"frobenius", {}}, 3, 60);
            options.nanUnknown = true;
            options.heldOut = 0.1;
            const Result plain = factorize(problems::dataset(masked(V, known)), options);
            for (const double scale : {0x1p-900, 0x1p900}) {
                const Result scaled = factorize(problems::dataset(masked(V * scale, known)), options);
                QVERIFY(std::abs(scaled.history.back().relativeError / plain.history.back().relativeError - 1) < 1e-9);
                QVERIFY(std::abs(scaled.heldOut->rootMeanSquare / scale / plain.heldOut->rootMeanSquare - 1) < 1e-9);
            }
        }
    }

    void aLineOfWhichNothingIsKnownIsZeroAndSaidToBe()
    {
        Matrix<double> V = problems::uniform(9, 8, 30).array() + 0.1;
        V.row(3).setConstant(unknown);
        V.col(5).setConstant(unknown);
        for (const auto& [algorithm, loss] : {std::pair<std::string, Choice>{"hals", {"frobenius", {}}},
                                              {"bpp", {"frobenius", {}}},
                                              {"mu", {"kl", {}}},
                                              {"mue", {"is", {}}},
                                              {"klcd", {"kl", {}}},
                                              {"klcdx", {"kl", {}}},
                                              {"pg", {"kl", {}}},
                                              {"pg", {"beta", {{"beta", 3}}}}}) {
            Options options = with(algorithm, loss, 2, 20);
            options.nanUnknown = true;
            const Result result = factorize(problems::dataset(V), options);
            QCOMPARE(result.factors.W.row(3).maxCoeff(), 0.0);
            QCOMPARE(result.factors.Ht.row(5).maxCoeff(), 0.0);
            QVERIFY(result.factors.W.row(2).maxCoeff() > 0);
            QCOMPARE(result.notes.size(), std::size_t(1));
            QVERIFY(QString::fromStdString(result.notes[0]).contains("1 row and 1 column"));
        }
    }

    void whatIsUnknownIsWhatItsNeighboursAre()
    {
        // Nothing is known of some rows: where W is smooth they lie between the others.
        Matrix<double> V(9, 8);
        for (Index i = 0; i < 9; ++i)
            V.row(i).setConstant(1 + static_cast<double>(i));
        V.row(3).setConstant(unknown);
        V.row(8).setConstant(unknown);
        Options options = with("ahals", {"frobenius", {}}, 1, 500);
        options.nanUnknown = true;
        options.onW.smoothness = options.onH.smoothness = 1e-4;
        const Result result = factorize(problems::dataset(V), options);
        const Matrix<double> X = modelOf(result.factors);
        QVERIFY(std::abs(X(3, 4) - 4) < 0.01 && std::abs(X(8, 4) - 8) < 0.01 && std::abs(X(5, 4) - 6) < 0.01);
        QVERIFY(result.notes.empty());
    }

    void aComponentThatOnlyUnknownEntriesNeedTakesNoHarm()
    {
        // The second component lives in rows of which little is known: the Gram matrices of most columns are nothing
        // beside the whole one.
        Matrix<double> V = problems::uniform(40, 12, 31), known = Matrix<double>::Ones(40, 12);
        known.bottomRows(4).leftCols(11).setZero();
        auto start = std::make_shared<Factors<double>>(*startOf(40, 12, 2, 32));
        start->W.col(1).head(36) *= 1e-8;
        for (const bool single : {false, true}) {
            Options options = with("hals", {"frobenius", {}}, 2, 30);
            options.start = start;
            options.nanUnknown = true;
            options.precision = single ? Precision::Single : Precision::Double;
            const Result result = factorize(problems::dataset(masked(V, known)), options);
            // Weights are added up entry by entry, whatever is unknown.
            options.maxIterations = 1;
            options.nanUnknown = true;
            const Result once = factorize(problems::dataset(masked(V, known)), options);
            options.nanUnknown = false;
            const Result byWeights = factorize(weighted(V, known), options);
            QVERIFY(distance(once.factors, byWeights.factors) < (single ? 1e-5 : 1e-9));
            QVERIFY(result.factors.W.allFinite() && result.factors.Ht.allFinite());
            for (std::size_t i = 1; i < result.history.size(); ++i)
                QVERIFY(result.history[i].objective <= result.history[i - 1].objective * (1 + (single ? 2e-6 : 1e-14)));
        }
    }

    /// Parameters that are of whole tables only are not passed over in silence.
    void parametersWithoutEffectAreRefused_data()
    {
        QTest::addColumn<QString>("algorithm");
        QTest::addColumn<QString>("parameter");
        QTest::addColumn<double>("value");
        QTest::newRow("mue") << "mue"
                             << "published" << 1.0;
        QTest::newRow("klcd, Newton") << "klcd"
                                      << "step" << 1.0;
        QTest::newRow("klcd, damped") << "klcd"
                                      << "step" << 2.0;
    }
    void parametersWithoutEffectAreRefused()
    {
        QFETCH(QString, algorithm);
        QFETCH(QString, parameter);
        QFETCH(double, value);
        const Matrix<double> V = problems::uniform(6, 5, 40).array() + 0.1;
        Options options = with(algorithm.toStdString(), {"kl", {}}, 2, 3);
        options.algorithm.values = {{parameter.toStdString(), value}};
        const auto message = [&](const Options& asked) {
            return refusal([&] { factorize(problems::dataset(V), asked); });
        };
        QVERIFY(message(options).isEmpty());
        Options part = options;
        part.heldOut = 0.2;
        QVERIFY2(message(part).contains('"' + parameter + '"'), qPrintable(message(part)));
        part.algorithm.values.clear();
        QVERIFY(message(part).isEmpty());
        // In the middle of a run it goes on as it was.
        Run run(problems::dataset(V), part);
        run.advance();
        part.algorithm = options.algorithm;
        QVERIFY_EXCEPTION_THROWN(run.setModel(part), Error);
        QVERIFY(run.options().algorithm.values.empty());
    }

    void whatCannotBeServedIsRefusedWithASentence()
    {
        const Matrix<double> V = problems::uniform(6, 5, 40).array() + 0.1;
        const auto message = [](std::shared_ptr<const Dataset> dataset, const Options& options) {
            return refusal([&] { factorize(dataset, options); });
        };
        Options options = with("ahals", {"frobenius", {}}, 2, 3);
        const Matrix<double> known = mask(6, 5, 0.5, 41);
        QVERIFY(message(problems::dataset(masked(V, known)), options).contains("missing"));
        QVERIFY(message(weighted(V, Matrix<double>::Ones(5, 6)), options).contains("5 × 6"));
        Matrix<double> weights = Matrix<double>::Ones(6, 5);
        for (const double wrong : {-1.0, unknown, std::numeric_limits<double>::infinity()}) {
            weights(2, 3) = wrong;
            QVERIFY(message(weighted(V, weights), options).contains("row 3, column 4"));
        }
        QVERIFY(message(weighted(V, Matrix<double>::Zero(6, 5)), options).contains("no known entry"));
        Matrix<double> negative = V;
        negative(4, 1) = -1;
        QVERIFY(message(weighted(negative, Matrix<double>::Ones(6, 5)), options).contains("row 5, column 2"));
        Options other = options;
        other.nanUnknown = true;
        QVERIFY(message(problems::dataset(Matrix<double>::Constant(6, 5, unknown)), other).contains("no known entry"));
        other.unstoredUnknown = true;
        QVERIFY(message(problems::dataset(V), other).contains("dense"));
        other = options;
        other.heldOut = 0.95;
        QVERIFY(message(problems::dataset(V), other).contains("share"));
        other = options;
        other.patience = 3;
        QVERIFY(message(problems::dataset(V), other).contains("held out"));
        other = options;
        other.heldOut = 0.1;
        auto sparse = std::make_shared<Dataset>();
        sparse->V = listed(V, known);
        QVERIFY(message(sparse, other).isEmpty());
        other.algorithm.id = "pg";
        QVERIFY(message(sparse, other).contains("gaps"));
        other.loss = {"beta", {{"beta", 1.5}}};
        QVERIFY(message(sparse, other).contains("zeros"));
        other.loss.values = {};
        for (const Algorithm& algorithm : algorithms()) {
            const Divergence divergence{algorithm.refuses({.beta = 2}).empty() ? 2.0 : 1.0};
            other.algorithm.id = algorithm.facts.id;
            other.loss.id = divergence.quadratic() ? "frobenius" : "kl";
            const QString text = message(problems::dataset(V), other);
            QVERIFY2(algorithm.servesWeights ? text.isEmpty() : text.contains("choose"), algorithm.facts.id.c_str());
        }
        QVERIFY(find(algorithms(), automaticAlgorithm({2}, true))->servesWeights);
        QVERIFY(find(algorithms(), automaticAlgorithm({1}, true))->servesWeights);
    }
};

QTEST_GUILESS_MAIN(TestMissing)
#include "tst_missing.moc"
