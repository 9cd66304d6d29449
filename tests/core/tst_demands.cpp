#include "tests/support/demanded.h"
#include "tests/support/sparse_problems.h"

#include "core/algorithms/algorithms.h"
#include "core/error.h"
#include "core/terms.h"

#include <QTest>

using namespace nmf;
using namespace demanded;

namespace
{

Factors<double> someFactors(Index rows, Index cols, Index rank)
{
    return {problems::uniform(rows, rank, 11), problems::uniform(cols, rank, 12)};
}

double termsOf(const Options& options, const Dataset& dataset, const Factors<double>& factors)
{
    double sum = 0;
    for (const Term& term : terms())
        sum += term.price(options, dataset, factors);
    return sum;
}

/// A fifth of the entries are unknown, and the others count differently.
std::shared_ptr<const Dataset> problem(bool weighted)
{
    const auto dataset = problems::dataset((problems::uniform(23, 31, 5).array() + 0.05).matrix());
    if (!weighted)
        return dataset;
    auto partly = std::make_shared<Dataset>(*dataset);
    const Matrix<double> known = problems::uniform(23, 31, 6);
    Matrix<double> weights = 3 * problems::uniform(23, 31, 7);
    weights = (known.array() < 0.2).select(0.0, weights);
    partly->weights = DataMatrix(weights);
    return partly;
}

double fitOf(const Dataset& dataset, const Factors<double>& factors, const Divergence& divergence)
{
    const Matrix<double> X = factors.W * factors.Ht.transpose();
    double sum = 0;
    for (Index j = 0; j < X.cols(); ++j)
        for (Index i = 0; i < X.rows(); ++i)
            if (const double weight = dataset.weights ? (*dataset.weights)(i, j) : 1; weight > 0)
                sum += weight * divergence(dataset.V(i, j), X(i, j));
    return sum;
}

/// Every kind of arithmetic that a loss may take.
const std::vector<std::pair<const char*, Choice>>& everyLoss()
{
    static const std::vector<std::pair<const char*, Choice>> all{{"frobenius", {"frobenius"}},
                                                                 {"kl", {"kl"}},
                                                                 {"is", {"is"}},
                                                                 {"beta 0.5", {"beta", {{"beta", 0.5}}}},
                                                                 {"beta 1.5", {"beta", {{"beta", 1.5}}}},
                                                                 {"beta 3", {"beta", {{"beta", 3}}}}};
    return all;
}

const Choice& lossNamed(const QString& name)
{
    for (const auto& [known, loss] : everyLoss())
        if (name == known)
            return loss;
    return everyLoss().front().second;
}

Divergence divergenceOf(const Choice& loss)
{
    return find(losses(), loss.id)->make(loss.values);
}

const Algorithm& algorithmNamed(const QString& id)
{
    return *find(algorithms(), id.toStdString());
}

} // namespace

/// Everything that an algorithm says it serves it serves, and the rest it refuses.
class TestDemands : public QObject
{
    Q_OBJECT

    void everyAlgorithmAndLoss()
    {
        QTest::addColumn<QString>("algorithm");
        QTest::addColumn<QString>("loss");
        QTest::addColumn<bool>("weighted");
        for (const Algorithm& algorithm : algorithms())
            for (const auto& [name, loss] : everyLoss())
                for (const bool weighted : {false, true}) {
                    const Divergence divergence = divergenceOf(loss);
                    int served = 0;
                    for (const Demand demand : allDemands())
                        served += algorithm.refuses(divergence).empty() &&
                                  algorithm.servesDemand(divergence, demand, weighted);
                    if (served > 1)
                        QTest::addRow("%s, %s%s", algorithm.facts.id.c_str(), name, weighted ? ", weighted" : "")
                            << QString::fromStdString(algorithm.facts.id) << name << weighted;
                }
    }

private slots:
    void everyAlgorithmKeepsItsWord_data()
    {
        QTest::addColumn<QString>("algorithm");
        QTest::addColumn<QString>("loss");
        QTest::addColumn<int>("demand");
        QTest::addColumn<bool>("weighted");
        for (const Algorithm& algorithm : algorithms())
            for (const auto& [name, loss] : everyLoss())
                for (const Demand demand : allDemands())
                    for (const bool weighted : {false, true})
                        if (algorithm.refuses(divergenceOf(loss)).empty())
                            QTest::addRow("%s, %s, %s%s", algorithm.facts.id.c_str(), name, nameOf(demand).c_str(),
                                          weighted ? ", weighted" : "")
                                << QString::fromStdString(algorithm.facts.id) << name << static_cast<int>(demand)
                                << weighted;
    }
    void everyAlgorithmKeepsItsWord()
    {
        QFETCH(QString, algorithm);
        QFETCH(QString, loss);
        QFETCH(int, demand);
        QFETCH(bool, weighted);
        const auto asked = static_cast<Demand>(demand);
        Options options;
        options.rank = 4;
        options.loss = lossNamed(loss);
        options.algorithm.id = algorithm.toStdString();
        options.start = std::make_shared<Factors<double>>(someFactors(23, 31, 4));
        options.maxIterations = 40;
        options.tolerance = 0;
        options = asking(asked, options);
        const auto dataset = problem(weighted);
        const Divergence divergence = divergenceOf(options.loss);
        if (!algorithmNamed(algorithm).servesDemand(divergence, asked, weighted)) {
            QVERIFY_EXCEPTION_THROWN(requireConsistent(options, *dataset), Error);
            return;
        }
        const Result result = factorize(dataset, options);
        QCOMPARE(result.termination, Termination::IterationLimit);
        QCOMPARE(broken(asked, options, result.factors), QString());
        QVERIFY(result.factors.W.allFinite() && result.factors.Ht.allFinite());
        QVERIFY(result.factors.W.minCoeff() >= 0 && result.factors.Ht.minCoeff() >= 0);
        // The objective of the history is that of the factors, terms and all.
        const double fit = fitOf(*dataset, result.factors, divergence);
        const double objective = fit + termsOf(options, *dataset, result.factors);
        QVERIFY2(std::abs(result.history.back().objective - objective) < 1e-8 * objective,
                 qPrintable(QString("%1 %2").arg(result.history.back().objective).arg(objective)));
        QVERIFY(result.history.back().objective < result.history.front().objective);
        QCOMPARE(result.monotonicityViolations, 0);
        if (algorithmNamed(algorithm).monotone)
            for (std::size_t i = 1; i < result.history.size(); ++i)
                QVERIFY(result.history[i].objective <= result.history[i - 1].objective * (1 + 1e-12));
        // The same bits for any number of threads.
        options.threads = 3;
        const Result again = factorize(dataset, options);
        QVERIFY(again.factors.W == result.factors.W && again.factors.Ht == result.factors.Ht);
    }

    /// The same of a sparse table and in single precision.
    void everyAlgorithmKeepsItsWordElsewhere_data() { everyAlgorithmKeepsItsWord_data(); }
    void everyAlgorithmKeepsItsWordElsewhere()
    {
        QFETCH(QString, algorithm);
        QFETCH(QString, loss);
        QFETCH(int, demand);
        const auto asked = static_cast<Demand>(demand);
        const Algorithm& entry = algorithmNamed(algorithm);
        const Divergence divergence = divergenceOf(lossNamed(loss));
        QFETCH(bool, weighted);
        if (weighted || !entry.servesDemand(divergence, asked, false))
            return;
        Options options = asking(asked, problems::with(entry.facts.id, 4, 12));
        options.loss = lossNamed(loss);
        options.start = std::make_shared<Factors<double>>(someFactors(23, 31, 4));
        const Matrix<double> V = problems::uniform(23, 31, 5), some = (V.array() < 0.4).select(0, V);
        const auto runs = [&](const std::shared_ptr<const Dataset>& dataset) {
            const Result result = factorize(dataset, options);
            QCOMPARE(result.termination, Termination::IterationLimit);
            QCOMPARE(broken(asked, options, result.factors, false), QString());
            QVERIFY(result.factors.W.minCoeff() >= 0 && result.factors.Ht.minCoeff() >= 0);
            const double objective =
                fitOf(*dataset, result.factors, divergence) + termsOf(options, *dataset, result.factors);
            const bool single = options.precision == Precision::Single;
            const double first = result.history.front().objective, last = result.history.back().objective;
            QVERIFY2(std::abs(last - objective) < (single ? 1e-4 : 1e-8) * objective,
                     qPrintable(QString("%1 %2").arg(last).arg(objective)));
            for (std::size_t i = 1; entry.monotone && i < result.history.size(); ++i)
                QVERIFY(result.history[i].objective <=
                        result.history[i - 1].objective + (single ? 1e-5 : 1e-12) * first);
        };
        // An entry that is not stored is zero. Algorithms that draw batches take none from a sparse table.
        if (!divergence.needsPositiveData() && !entry.usesSeed)
            runs(problems::datasetOf(SparseMatrix<double>(some.sparseView())));
        options.precision = Precision::Single;
        runs(problem(false));
    }

    /// Two demands at once are both met, or refused with a sentence.
    void everyAlgorithmKeepsTwoWordsAtOnce_data() { everyAlgorithmAndLoss(); }
    void everyAlgorithmKeepsTwoWordsAtOnce()
    {
        QFETCH(QString, algorithm);
        QFETCH(QString, loss);
        QFETCH(bool, weighted);
        const auto dataset = problem(weighted);
        const Divergence divergence = divergenceOf(lossNamed(loss));
        const Algorithm& entry = algorithmNamed(algorithm);
        Factors<double> start = someFactors(23, 31, 4);
        start.W /= 2;
        start.Ht /= 2;
        int met = 0;
        for (const Demand one : allDemands())
            for (const Demand other : allDemands()) {
                if (other <= one || !entry.servesAll(divergence, {one, other}, weighted))
                    continue;
                Options options;
                options.rank = 4;
                options.loss = lossNamed(loss);
                options.algorithm.id = algorithm.toStdString();
                options.start = std::make_shared<Factors<double>>(start);
                options.maxIterations = 15;
                options.tolerance = 0;
                options = asking(other, asking(one, options));
                if (!termsFault(options).empty())
                    continue;
                ++met;
                const QString pair = QString::fromStdString(nameOf(one) + " and " + nameOf(other));
                const Result result = factorize(dataset, options);
                QVERIFY2(result.monotonicityViolations == 0, qPrintable(pair));
                // Locked parts are free of the constraints, and one that costs more than it gains dies.
                const bool locked = other == Demand::LockedParts;
                for (const Demand demand : {one, other})
                    if (demand != Demand::Sparseness && !(locked && demand == Demand::UnitNorm))
                        QVERIFY2(broken(demand, options, result.factors, false).isEmpty(),
                                 qPrintable(pair + ": " + broken(demand, options, result.factors, false)));
                const double objective =
                    fitOf(*dataset, result.factors, divergence) + termsOf(options, *dataset, result.factors);
                QVERIFY2(
                    std::abs(result.history.back().objective - objective) < 1e-8 * objective,
                    qPrintable(QString("%1: %2 %3").arg(pair).arg(result.history.back().objective).arg(objective)));
                for (std::size_t i = 2; entry.monotone && i < result.history.size(); ++i)
                    QVERIFY2(result.history[i].objective <= result.history[i - 1].objective * (1 + 1e-12),
                             qPrintable(QString("%1 rises at %2").arg(pair).arg(i)));
            }
        QVERIFY(met > 0);
    }

    void theAutomaticAlgorithmServesWhatIsAsked()
    {
        for (const char* loss : {"frobenius", "kl", "is"})
            for (const Demand demand : allDemands())
                for (const bool weighted : {false, true}) {
                    const Divergence divergence = find(losses(), loss)->make({});
                    const Algorithm& algorithm =
                        *find(algorithms(), automaticAlgorithm(divergence, weighted, {demand}));
                    bool served = false;
                    for (const Algorithm& other : algorithms())
                        served = served || (other.monotone && other.refuses(divergence).empty() &&
                                            other.servesDemand(divergence, demand, weighted));
                    QVERIFY(algorithm.refuses(divergence).empty());
                    QCOMPARE(algorithm.servesDemand(divergence, demand, weighted), served);
                }
    }

    void aRefusalNamesThoseThatServe()
    {
        Options options;
        options.rank = 2;
        options.algorithm.id = "bpp";
        options.onW.overlap = options.onH.overlap = 1;
        options.onW.l2 = options.onH.l2 = 1;
        try {
            requireConsistent(options, *problems::dataset(problems::uniform(5, 6, 1)));
            QFAIL("It was not refused.");
        } catch (const Error& error) {
            QVERIFY2(QString(error.what()).contains("overlap") && QString(error.what()).contains("hals"), error.what());
            QVERIFY2(QString(error.what()).contains("but it solves each row by itself"), error.what());
        }
    }

    void locksNeedAStartAndParts()
    {
        const auto dataset = problems::dataset(problems::uniform(6, 7, 1));
        Options options;
        options.rank = 2;
        options.lockW.components = {0};
        QVERIFY_EXCEPTION_THROWN(requireConsistent(options, *dataset), Error);
        options.start = std::make_shared<Factors<double>>(someFactors(6, 7, 2));
        requireConsistent(options, *dataset);
        options.algorithm.id = "hals";
        options.lockW = {.entries = everyThird(6, 2)};
        requireConsistent(options, *dataset);
        options.lockW = {.entries = everyThird(7, 2)};
        QVERIFY_EXCEPTION_THROWN(requireConsistent(options, *dataset), Error);
        options.lockW = {.components = {2}};
        QVERIFY_EXCEPTION_THROWN(requireConsistent(options, *dataset), Error);
    }

    void constraintsGoTogetherWithTheRest_data()
    {
        QTest::addColumn<int>("demand");
        for (const Demand demand : {Demand::L1, Demand::L2, Demand::Overlap, Demand::Dropout, Demand::LockedParts})
            QTest::addRow("%s", nameOf(demand).c_str()) << static_cast<int>(demand);
    }
    void constraintsGoTogetherWithTheRest()
    {
        QFETCH(int, demand);
        for (const char* algorithm : {"hals", "ahals", "ehals"})
            for (const Constraint& ofW : {Constraint{.upper = 0.7}, Constraint{.norm = 1}, Constraint{.norm = 2},
                                          Constraint{.sparseness = 0.4}, Constraint{.norm = 1, .sparseness = 0.4}}) {
                Options options;
                options.rank = 4;
                options.algorithm.id = algorithm;
                options.start = std::make_shared<Factors<double>>(someFactors(23, 31, 4));
                options.maxIterations = 60;
                options.tolerance = 0;
                options.ofW = ofW;
                options = asking(static_cast<Demand>(demand), options);
                const Result result = factorize(problems::dataset(problems::uniform(23, 31, 5)), options);
                QCOMPARE(broken(static_cast<Demand>(demand), options, result.factors), QString());
                for (std::size_t i = 1; i < result.history.size(); ++i)
                    QVERIFY(result.history[i].objective <= result.history[i - 1].objective * (1 + 1e-12));
                const auto w = result.factors.W.col(1);
                QVERIFY(ofW.upper == 0 || w.maxCoeff() <= ofW.upper);
                QVERIFY(ofW.norm == 0 || std::abs((ofW.norm == 1 ? w.sum() : w.norm()) - 1) < 1e-14);
                // A component that costs more than it gains dies where no norm keeps it alive.
                const bool died = ofW.norm == 0 && w.norm() == 0;
                QVERIFY2(ofW.sparseness == 0 || died || std::abs(sparseness(w) - ofW.sparseness) < 1e-14,
                         qPrintable(QString("%1 of norm %2").arg(sparseness(w)).arg(w.norm())));
            }
    }

    void contradictionsAreRefused()
    {
        const auto dataset = problems::dataset(problems::uniform(6, 7, 1));
        Options options;
        options.rank = 2;
        options.algorithm.id = "hals";
        for (const Constraint& wrong : {Constraint{.upper = 1, .norm = 1}, Constraint{.upper = 1, .sparseness = 0.5},
                                        Constraint{.norm = 1.5}, Constraint{.upper = -1}}) {
            options.ofH = wrong;
            QVERIFY_EXCEPTION_THROWN(requireConsistent(options, *dataset), Error);
        }
        options.ofH = {};
        options.onH.smoothness = options.onW.smoothness = 1;
        requireConsistent(options, *dataset);
        options.ofW.norm = 1;
        QVERIFY_EXCEPTION_THROWN(requireConsistent(options, *dataset), Error);
        options.onH = options.onW = {};
        options.ofW = {};
        options.ofH = {.upper = 1, .sum = 1};
        QVERIFY_EXCEPTION_THROWN(requireConsistent(options, *dataset), Error);
        options.ofH = {.upper = 1};
        options.together.traceBound = 2;
        QVERIFY_EXCEPTION_THROWN(requireConsistent(options, *dataset), Error);
    }
};

QTEST_APPLESS_MAIN(TestDemands)
#include "tst_demands.moc"
