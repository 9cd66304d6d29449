#include "tests/support/sparse_problems.h"

#include "core/algorithms/algorithms.h"
#include "core/error.h"
#include "core/measures/sparseness.h"
#include "core/terms.h"

#include <QTest>

using namespace nmf;

namespace
{

Factors<double> someFactors(Index rows, Index cols, Index rank)
{
    return {problems::uniform(rows, rank, 11), problems::uniform(cols, rank, 12)};
}

std::shared_ptr<const Mask> everyThird(Index rows, Index rank)
{
    Mask mask(rows, rank);
    for (Index i = 0; i < mask.size(); ++i)
        mask.data()[i] = i % 3 == 0;
    return std::make_shared<const Mask>(mask);
}

/// Asks for this, and for what else makes it a well-posed problem.
Options asking(Demand demand, Options options)
{
    switch (demand) {
    case Demand::L1:
        options.onW.l1 = options.onH.l1 = 0.3;
        break;
    case Demand::L2:
        options.onW.l2 = options.onH.l2 = 0.2;
        break;
    case Demand::Overlap:
        options.onW.overlap = options.onH.overlap = 0.3;
        options.onW.l2 = options.onH.l2 = std::max(options.onH.l2, 0.01);
        break;
    case Demand::Smoothness:
        options.onW.smoothness = 0.5;
        options.onH.smoothness = 0.2;
        break;
    case Demand::Dropout:
        options.together.dropout = 0.3;
        break;
    case Demand::VarianceMatching:
        options.together.varianceShares = 3;
        options.together.varianceSums = 0.1;
        break;
    case Demand::TraceBound:
        options.together.traceBound = 3;
        break;
    case Demand::UpperBound:
        options.ofW.upper = 0.7;
        options.ofH.upper = 0.8;
        break;
    case Demand::UnitNorm:
        options.ofW.norm = 1;
        options.ofH.norm = 2;
        break;
    case Demand::Sparseness:
        options.ofW.sparseness = 0.4;
        options.ofH.sparseness = 0.3;
        break;
    case Demand::LockedParts:
        options.lockW.components = {0};
        options.lockH.components = {0, 2};
        break;
    case Demand::FixedSum:
        options.ofH.sum = 0.7;
        break;
    case Demand::LargestSum:
        options.ofH.largestSum = 0.7;
        break;
    case Demand::LockedEntries:
        options.lockW.entries = everyThird(23, 4);
        options.lockH.entries = everyThird(31, 4);
        break;
    case Demand::SoftLocks:
        options.lockW.soft = {{1, 0.1}, {2, 0.02}};
        options.lockH.soft = {{3, 0.05}};
        break;
    }
    return options;
}

/// The largest move of an entry as a share of itself.
double movedBy(const Vector<double>& after, const Vector<double>& before)
{
    return ((after - before).array() / before.array()).abs().maxCoeff();
}

/// What the factors owe to this demand, as a sentence; empty if nothing.
/// `alone`: nothing else is asked for, so that what stands in the way of a better fit is met with equality.
QString broken(Demand demand, const Options& options, const Factors<double>& factors, bool alone = true)
{
    // What can be had of it in this precision.
    const bool single = options.precision == Precision::Single;
    const double share = single ? 1e-6 : 0, little = single ? 1e-6 : 1e-14;
    if (demand == Demand::TraceBound) {
        const double trace = traceOfModel(factors), bound = options.together.traceBound;
        if (!(trace <= bound * (1 + 1e-9 + share)))
            return QString("the trace is %1").arg(trace);
        if (alone && trace < bound * (1 - 1e-6))
            return QString("the trace is %1, though the bound stands in the way of a better fit").arg(trace);
    }
    if (demand == Demand::UpperBound &&
        ((alone && factors.W.maxCoeff() != 0.7) || factors.W.maxCoeff() > 0.7 * (1 + share) ||
         factors.Ht.maxCoeff() > 0.8 * (1 + share)))
        return QString("the largest entries are %1 and %2").arg(factors.W.maxCoeff()).arg(factors.Ht.maxCoeff());
    if (demand == Demand::UnitNorm)
        for (Index a = 0; a < factors.rank(); ++a)
            if (std::abs(factors.W.col(a).sum() - 1) > little || std::abs(factors.Ht.col(a).norm() - 1) > little)
                return "a norm is not one";
    if (demand == Demand::Sparseness)
        for (Index a = 0; a < factors.rank(); ++a)
            if (std::abs(sparseness(factors.W.col(a)) - 0.4) > little ||
                std::abs(sparseness(factors.Ht.col(a)) - 0.3) > little)
                return "a component has another sparseness";
    if (demand == Demand::FixedSum)
        for (Index j = 0; j < factors.Ht.rows(); ++j)
            if (std::abs(factors.Ht.row(j).sum() - 0.7) > little / 10)
                return QString("the coefficients of sample %1 sum to %2")
                    .arg(j)
                    .arg(factors.Ht.row(j).sum(), 0, 'g', 17);
    if (demand == Demand::LargestSum)
        if (const double largest = factors.Ht.rowwise().sum().maxCoeff(); largest > 0.7 * (1 + little))
            return QString("the largest sum of a sample's coefficients is %1").arg(largest, 0, 'g', 17);
    if (demand == Demand::LockedEntries)
        for (const auto& [locked, before, after] : {std::tuple(options.lockW.entries, options.start->W, factors.W),
                                                    std::tuple(options.lockH.entries, options.start->Ht, factors.Ht)})
            for (Index i = 0; i < before.size(); ++i)
                if (locked->data()[i] && before.data()[i] != after.data()[i])
                    return "a locked entry has moved";
    if (demand == Demand::SoftLocks) {
        const double most = std::max(movedBy(factors.W.col(1), options.start->W.col(1)) / 0.1,
                                     std::max(movedBy(factors.W.col(2), options.start->W.col(2)) / 0.02,
                                              movedBy(factors.Ht.col(3), options.start->Ht.col(3)) / 0.05));
        // Something wants to move on, so that the bound is met with equality.
        if (!(most <= 1 + (single ? 1e-4 : 1e-12)) || (alone && most < 1 - 1e-4))
            return QString("what is held softly moved by %1 of what it may").arg(most, 0, 'g', 17);
        if (alone && movedBy(factors.W.col(0), options.start->W.col(0)) < 0.2)
            return "what is free has not moved";
    }
    if (demand == Demand::LockedParts) {
        if (factors.W.col(0) != options.start->W.col(0))
            return "a locked column of W has moved";
        if (factors.Ht.col(0) != options.start->Ht.col(0) || factors.Ht.col(2) != options.start->Ht.col(2))
            return "a locked row of H has moved";
        if (factors.W.col(1) == options.start->W.col(1) || factors.Ht.col(1) == options.start->Ht.col(1))
            return "what is not locked has not moved";
    }
    return {};
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
