#include "tests/support/sparse_problems.h"
#include "tests/support/unknown_entries.h"

#include <QTest>

#include <atomic>
#include <cstdlib>
#include <limits>

using namespace nmf;

namespace
{

std::atomic<bool> counting = false;
std::atomic<long> allocations = 0;

} // namespace

// Every way to memory in this program (operator new and Eigen's own) leads here.
extern "C" void* __libc_malloc(std::size_t size);

extern "C" void* malloc(std::size_t size)
{
    if (counting)
        ++allocations;
    return __libc_malloc(size);
}

namespace
{

/// How the data are kept.
enum class Kind { Dense, Sparse, Weighted };

std::shared_ptr<const Dataset> dataOf(Kind kind, Index rows, Index columns)
{
    if (kind == Kind::Sparse)
        return problems::datasetOf(problems::sparseMatrix(rows, columns, 0.2, 4));
    const Matrix<double> V = problems::uniform(rows, columns, 4);
    return kind == Kind::Dense ? problems::dataset(V)
                               : problems::weighted(V, (problems::uniform(rows, columns, 5).array() - 0.2).cwiseMax(0));
}

/// Runs with these options and counts what the later iterations ask for.
void requireNoAllocations(std::shared_ptr<const Dataset> dataset, const Options& options)
{
    Run run(std::move(dataset), options);
    allocations = 0;
    // Between these the history stays within what it has room for, and no entries at the floor of multiplicative
    // rules are looked at, which takes memory while there are some.
    run.advance({}, {.report = [](const Run& now) {
                    if (now.betweenHalves())
                        return;
                    if (now.iteration() == 40)
                        counting = true;
                    if (now.iteration() == 59)
                        counting = false;
                }});
    QCOMPARE(run.iteration(), 62);
    QCOMPARE(allocations.load(), 0L);
}

void requireNoAllocations(const Options& options, Kind kind = Kind::Dense)
{
    const bool small = problems::isSlow(options) || kind != Kind::Dense;
    requireNoAllocations(small ? dataOf(kind, 30, 70) : dataOf(kind, 130, 310), options);
}

} // namespace

/// The iterations ask for no memory once they are under way.
class TestAllocations : public QObject
{
    Q_OBJECT

private slots:
    void theCounterCounts()
    {
        allocations = 0;
        counting = true;
        const auto number = std::make_unique<int>(1);
        const Matrix<double> matrix = Matrix<double>::Ones(30, 30);
        counting = false;
        QVERIFY(allocations >= 2 && *number == 1 && matrix(0, 0) == 1);
    }

    void iterationsAllocateNothing_data()
    {
        QTest::addColumn<QString>("algorithm");
        QTest::addColumn<double>("beta");
        QTest::addColumn<Kind>("kind");
        QTest::addColumn<Precision>("precision");
        QTest::addColumn<int>("threads");
        for (const Algorithm& algorithm : algorithms())
            for (const double beta : {2.0, 1.0, 0.5, 3.0}) {
                if (!algorithm.refuses(Divergence{beta}).empty())
                    continue;
                const auto add = [&](const char* kept, Kind kind, Precision precision, int threads) {
                    QTest::addRow("%s, beta %g, %s, %s, %d", algorithm.facts.id.c_str(), beta, kept,
                                  precision == Precision::Single ? "single" : "double", threads)
                        << QString::fromStdString(algorithm.facts.id) << beta << kind << precision << threads;
                };
                for (const int threads : {1, 2, 8})
                    add("dense", Kind::Dense, Precision::Double, threads);
                add("dense", Kind::Dense, Precision::Single, 2);
                for (const Precision precision : {Precision::Single, Precision::Double}) {
                    add("sparse", Kind::Sparse, precision, 2);
                    if (algorithm.servesWeights)
                        add("weighted", Kind::Weighted, precision, 2);
                }
            }
    }
    void iterationsAllocateNothing()
    {
        QFETCH(QString, algorithm);
        QFETCH(double, beta);
        QFETCH(Kind, kind);
        QFETCH(Precision, precision);
        QFETCH(int, threads);
        Options options;
        options.rank = 7;
        options.algorithm.id = algorithm.toStdString();
        options.loss = {"beta", {{"beta", beta}}};
        options.initializer.id = "random";
        options.precision = precision;
        options.threads = threads;
        options.maxIterations = 62;
        options.tolerance = 0;
        requireNoAllocations(options, kind);
    }

    void iterationsOverKnownEntriesAllocateNothing_data()
    {
        QTest::addColumn<QString>("algorithm");
        QTest::addColumn<QString>("loss");
        for (const Algorithm& algorithm : algorithms())
            for (const char* loss : {"frobenius", "kl"})
                if (algorithm.servesWeights && algorithm.refuses(find(losses(), loss)->make({})).empty())
                    QTest::addRow("%s, %s", algorithm.facts.id.c_str(), loss)
                        << QString::fromStdString(algorithm.facts.id) << loss;
    }
    void iterationsOverKnownEntriesAllocateNothing()
    {
        QFETCH(QString, algorithm);
        QFETCH(QString, loss);
        Matrix<double> V = problems::uniform(60, 80, 4);
        V = (problems::uniform(60, 80, 5).array() < 0.1).select(std::numeric_limits<double>::quiet_NaN(), V);
        Options options;
        options.rank = 5;
        options.algorithm.id = algorithm.toStdString();
        options.loss.id = loss.toStdString();
        options.initializer.id = "random";
        options.nanUnknown = true;
        options.threads = 2;
        options.maxIterations = 62;
        options.tolerance = 0;
        requireNoAllocations(problems::dataset(V), options);
    }

    void stepsThatAreTriedAllocateNothing()
    {
        Options options;
        options.rank = 7;
        options.algorithm.id = "mu";
        options.loss = {"beta", {{"beta", 1.5}}};
        options.onW.l2 = options.onH.l2 = 3;
        // Every tenth iteration scales the factors against each other and makes the steps anew, which takes memory.
        options.balanced = false;
        options.initializer.id = "random";
        options.threads = 2;
        options.maxIterations = 62;
        options.tolerance = 0;
        requireNoAllocations(options);
    }

    /// What is served entry by entry or row by row.
    void termsAllocateNothing()
    {
        for (const auto& [algorithm, loss] :
             {std::pair("ahals", "frobenius"), {"pg", "frobenius"}, {"pg", "kl"}, {"mu", "kl"}}) {
            Options options;
            options.rank = 7;
            options.algorithm.id = algorithm;
            options.loss.id = loss;
            options.initializer.id = "random";
            options.threads = 2;
            options.maxIterations = 62;
            options.tolerance = 0;
            options.together.varianceShares = 1;
            requireNoAllocations(options);
            options.together = {};
            options.ofH.largestSum = 0.5;
            requireNoAllocations(options);
            options.ofH = {};
            options.together.traceBound = 0.5;
            if (options.algorithm.id != "pg")
                requireNoAllocations(options);
            options.together = {};
            options.onW.smoothness = options.onH.smoothness = 1;
            options.onW.overlap = options.onW.l1 = options.onH.l1 = 0.1;
            if (options.algorithm.id != "mu")
                requireNoAllocations(options);
        }
    }

    void constrainedIterationsAllocateNothing()
    {
        for (const Constraint& constraint :
             {Constraint{.upper = 0.5}, Constraint{.norm = 1}, Constraint{.norm = 2}, Constraint{.sparseness = 0.4}}) {
            Options options;
            options.rank = 7;
            options.algorithm.id = "ahals";
            options.initializer.id = "random";
            options.threads = 2;
            options.maxIterations = 62;
            options.tolerance = 0;
            options.ofW = options.ofH = constraint;
            requireNoAllocations(options);
        }
    }
};

QTEST_APPLESS_MAIN(TestAllocations)
#include "tst_allocations.moc"
