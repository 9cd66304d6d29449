#include "tests/support/problems.h"

#include "core/algorithms/algorithms.h"
#include "core/error.h"
#include "core/terms.h"

#include <QTest>

using namespace nmf;

namespace
{

Factors<double> someFactors(Index rows, Index cols, Index rank)
{
    return {problems::uniform(rows, rank, 11), problems::uniform(cols, rank, 12)};
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
        break;
    case Demand::Dropout:
        options.together.dropout = 0.3;
        break;
    case Demand::LockedParts:
        options.lockW.components = {0};
        options.lockH.components = {0, 2};
        break;
    }
    return options;
}

/// What the factors owe to this demand, as a sentence; empty if nothing.
QString broken(Demand demand, const Options& options, const Factors<double>& factors)
{
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

double termsOf(const Options& options, const Factors<double>& factors)
{
    double sum = 0;
    for (const Term& term : terms())
        sum += term.price(options, factors);
    return sum;
}

double fitOf(const Matrix<double>& V, const Factors<double>& factors, const Divergence& divergence)
{
    const Matrix<double> X = factors.W * factors.Ht.transpose();
    double sum = 0;
    for (Index j = 0; j < V.cols(); ++j)
        for (Index i = 0; i < V.rows(); ++i)
            sum += divergence(V(i, j), X(i, j));
    return sum;
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

private slots:
    void everyAlgorithmKeepsItsWord_data()
    {
        QTest::addColumn<QString>("algorithm");
        QTest::addColumn<QString>("loss");
        QTest::addColumn<int>("demand");
        for (const Algorithm& algorithm : algorithms())
            for (const char* loss : {"frobenius", "kl", "is"})
                for (const Demand demand : allDemands())
                    if (algorithm.refuses(find(losses(), loss)->make({})).empty())
                        QTest::addRow("%s, %s, %s", algorithm.facts.id.c_str(), loss, nameOf(demand).c_str())
                            << QString::fromStdString(algorithm.facts.id) << loss << static_cast<int>(demand);
    }
    void everyAlgorithmKeepsItsWord()
    {
        QFETCH(QString, algorithm);
        QFETCH(QString, loss);
        QFETCH(int, demand);
        const auto asked = static_cast<Demand>(demand);
        Matrix<double> V = problems::uniform(23, 31, 5);
        V.array() += 0.05;
        Options options;
        options.rank = 4;
        options.loss.id = loss.toStdString();
        options.algorithm.id = algorithm.toStdString();
        options.start = std::make_shared<Factors<double>>(someFactors(23, 31, 4));
        options.maxIterations = 40;
        options.tolerance = 0;
        options = asking(asked, options);
        const auto dataset = problems::dataset(V);
        const Divergence divergence = find(losses(), options.loss.id)->make({});
        if (!algorithmNamed(algorithm).servesDemand(divergence, asked, false)) {
            QVERIFY_EXCEPTION_THROWN(requireConsistent(options, *dataset), Error);
            return;
        }
        const Result result = factorize(dataset, options);
        QCOMPARE(result.termination, Termination::IterationLimit);
        QCOMPARE(broken(asked, options, result.factors), QString());
        QVERIFY(result.factors.W.allFinite() && result.factors.Ht.allFinite());
        QVERIFY(result.factors.W.minCoeff() >= 0 && result.factors.Ht.minCoeff() >= 0);
        // The objective of the history is that of the factors, terms and all.
        const double fit = fitOf(V, result.factors, divergence);
        const double objective = fit + termsOf(options, result.factors);
        QVERIFY2(std::abs(result.history.back().objective - objective) < 1e-8 * objective,
                 qPrintable(QString("%1 %2").arg(result.history.back().objective).arg(objective)));
        QVERIFY(result.history.back().objective < result.history.front().objective);
        if (algorithmNamed(algorithm).monotone)
            for (std::size_t i = 1; i < result.history.size(); ++i)
                QVERIFY(result.history[i].objective <= result.history[i - 1].objective * (1 + 1e-12));
        // The same bits for any number of threads.
        options.threads = 3;
        const Result again = factorize(dataset, options);
        QVERIFY(again.factors.W == result.factors.W && again.factors.Ht == result.factors.Ht);
    }

    void theAutomaticAlgorithmServesWhatIsAsked()
    {
        for (const char* loss : {"frobenius", "kl", "is"})
            for (const Demand demand : allDemands()) {
                const Divergence divergence = find(losses(), loss)->make({});
                const Algorithm& algorithm = *find(algorithms(), automaticAlgorithm(divergence, false, {demand}));
                bool served = false;
                for (const Algorithm& other : algorithms())
                    served = served || (other.monotone && other.refuses(divergence).empty() &&
                                        other.servesDemand(divergence, demand, false));
                QVERIFY(algorithm.refuses(divergence).empty());
                QCOMPARE(algorithm.servesDemand(divergence, demand, false), served);
            }
    }

    void aRefusalNamesThoseThatServe()
    {
        Options options;
        options.rank = 2;
        options.algorithm.id = "bpp";
        options.onW.overlap = options.onH.overlap = 1;
        try {
            requireConsistent(options, *problems::dataset(problems::uniform(5, 6, 1)));
            QFAIL("It was not refused.");
        } catch (const Error& error) {
            QVERIFY2(QString(error.what()).contains("overlap") && QString(error.what()).contains("hals"), error.what());
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
        options.lockW.components = {2};
        QVERIFY_EXCEPTION_THROWN(requireConsistent(options, *dataset), Error);
    }

    /// The mean of ‖V − W R H/q‖² over all masks R of components, each kept with probability q.
    void dropoutIsTheMeanOverAllMasks_data()
    {
        QTest::addColumn<double>("share");
        for (const double share : {0.1, 0.3, 0.8})
            QTest::addRow("%g", share) << share;
    }
    void dropoutIsTheMeanOverAllMasks()
    {
        QFETCH(double, share);
        const Matrix<double> V = problems::uniform(5, 6, 3);
        const Factors<double> factors = someFactors(5, 6, 4);
        Options options;
        options.rank = 4;
        options.together.dropout = share;
        options.start = std::make_shared<Factors<double>>(factors);
        options.maxIterations = 0;
        double mean = 0;
        for (unsigned mask = 0; mask < 16; ++mask) {
            Matrix<double> X = Matrix<double>::Zero(5, 6);
            double probability = 1;
            for (Index a = 0; a < 4; ++a) {
                const bool kept = mask >> a & 1;
                probability *= kept ? 1 - share : share;
                if (kept)
                    X += factors.W.col(a) * factors.Ht.col(a).transpose() / (1 - share);
            }
            mean += probability * (V - X).squaredNorm() / 2;
        }
        const double objective = factorize(problems::dataset(V), options).history.front().objective;
        QVERIFY(std::abs(objective - mean) < 1e-12 * mean);
    }
};

QTEST_APPLESS_MAIN(TestDemands)
#include "tst_demands.moc"
