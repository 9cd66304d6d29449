#include "core/error.h"
#include "core/run_memory.h"
#include "tests/support/sparse_problems.h"

#include <QScopeGuard>
#include <QTest>

#include <fstream>
#include <malloc.h>
#include <map>

using namespace nmf;

namespace
{

constexpr double m = 100'000, n = 50'000, entries = 5e5, k = 5;
/// Megabytes of the sparse data, by columns or by rows, and of both factors.
constexpr double dataSize = (12 * entries + 8 * (m + n)) / 1e6, factorsSize = 8 * k * (m + n) / 1e6;
/// What threads, small matrices and the allocator's pages take besides.
constexpr double slack = 6;

/// A number of kilobytes that the system keeps about this process.
double kilobytes(const std::string& key)
{
    std::ifstream status("/proc/self/status");
    for (std::string word; status >> word;)
        if (double value = 0; word == key && status >> value)
            return value;
    return 0;
}

/// Checks that a run grows the process by no more than so many megabytes at any time.
void verifyPeak(const std::shared_ptr<const Dataset>& dataset, Options options, double bound)
{
    options.threads = 2;
    // What was freed goes back to the system, and the peak begins anew.
    malloc_trim(0);
    std::ofstream("/proc/self/clear_refs") << 5;
    const double before = kilobytes("VmRSS:");
    const Result result = factorize(dataset, options);
    const double grown = (kilobytes("VmHWM:") - before) / 1000;
    QVERIFY(before > 0 && grown > 0);
    QCOMPARE(result.history.back().iteration, options.maxIterations);
    const double foreseen = runMemory(*dataset, options) / 1e6 + slack;
    QVERIFY2(grown < foreseen, qPrintable(QString("%1 MB, but %2 were foreseen").arg(grown).arg(foreseen)));
    QVERIFY2(grown < bound, qPrintable(QString("%1 MB of %2").arg(grown).arg(bound)));
    qInfo("%.1f MB of at most %.1f MB, %.1f foreseen", grown, bound, foreseen);
}

/// How many times both factors a run keeps at its peak: those at work, those to go back to, those that are handed over
/// and a copy of the longer one by rows, which are three and a half; and what the algorithm remembers.
double timesTheFactors(const std::string& algorithm, const std::string& loss)
{
    // Products of both factors' shape; pairs to extrapolate from and to return to; the lead of its own in klcdx.
    static const std::map<std::string, double> others{{"ehals", 9.5}, {"bpp", 5.5},  {"ebpp", 8.5},
                                                      {"mue", 10},    {"jmmx", 9.5}, {"klcdx", 11.5}};
    const auto found = others.find(algorithm);
    if (found != others.end())
        return found->second;
    if (loss == "frobenius")
        return 5;
    return algorithm == "mu" || algorithm == "jmm" ? 6.5 : 5.5;
}

} // namespace

/// What a run takes at its peak. A sanitizer keeps memory of its own: under one these figures mean nothing.
class TestMemory : public QObject
{
    Q_OBJECT

    std::shared_ptr<const Dataset> m_huge; ///< dense it would be 40 GB

    enum class Draws { Yes, No };

    static void everyAlgorithm(Draws draws)
    {
        QTest::addColumn<QString>("algorithm");
        QTest::addColumn<QString>("loss");
        for (const char* loss : {"frobenius", "kl"})
            for (const Algorithm& algorithm : algorithms())
                if ((draws == Draws::Yes || !algorithm.usesSeed) &&
                    algorithm.refuses(find(losses(), loss)->make({})).empty())
                    QTest::addRow("%s, %s", algorithm.facts.id.c_str(), loss)
                        << QString::fromStdString(algorithm.facts.id) << QString(loss);
    }

    static Options chosen(int iterations)
    {
        QFETCH(QString, algorithm);
        QFETCH(QString, loss);
        Options options = problems::with(algorithm.toStdString(), 5, iterations);
        options.loss.id = loss.toStdString();
        options.initializer.id = "random";
        return options;
    }

private slots:
    void initTestCase()
    {
        // Left to itself the allocator learns from what is freed to keep more of it, and a peak would tell of the runs
        // before it.
        mallopt(M_MMAP_THRESHOLD, 1 << 20);
        mallopt(M_TRIM_THRESHOLD, 1 << 20);
        m_huge = problems::datasetOf(problems::scattered(100'000, 50'000, 10));
    }

    void memoryGrowsWithTheStoredEntriesOnly_data() { everyAlgorithm(Draws::No); }
    /// V is there already by columns; a run keeps it by rows as well.
    void memoryGrowsWithTheStoredEntriesOnly()
    {
        const Options options = chosen(2);
        verifyPeak(m_huge, options,
                   dataSize + timesTheFactors(options.algorithm.id, options.loss.id) * factorsSize + slack);
    }

    void theStartThatIsChosenByItselfStaysAsSmall_data()
    {
        QTest::addColumn<QString>("algorithm");
        QTest::addColumn<QString>("loss");
        QTest::newRow("frobenius") << QStringLiteral("ehals") << QStringLiteral("frobenius");
        QTest::newRow("kl") << QStringLiteral("klcdx") << QStringLiteral("kl");
    }
    void theStartThatIsChosenByItselfStaysAsSmall()
    {
        Options options = chosen(1);
        options.initializer = Options().initializer;
        verifyPeak(m_huge, options,
                   dataSize + timesTheFactors(options.algorithm.id, options.loss.id) * factorsSize + slack);
    }

    void batchesAreAllThatIsDense_data()
    {
        QTest::addColumn<QString>("algorithm");
        QTest::addColumn<QString>("loss");
        for (const char* loss : {"frobenius", "kl"})
            for (const char* algorithm : {"online", "sgd"})
                QTest::addRow("%s, %s", algorithm, loss) << QString(algorithm) << QString(loss);
    }
    void batchesAreAllThatIsDense()
    {
        const Options options = chosen(2);
        const Facts& facts = find(algorithms(), options.algorithm.id)->facts;
        // With all its zeros: the data, and under Kullback-Leibler the model.
        const double batch = 8 * 20'000 * valueOf(facts, {}, "batch") / 1e6;
        const double smallFactors = 8 * k * 22'000 / 1e6;
        verifyPeak(problems::datasetOf(problems::scattered(20'000, 2'000, 10)), options,
                   (options.loss.id == "kl" ? 2 : 1) * batch + 8 * smallFactors + slack);
    }

    void denseDataAreKeptOnce_data() { everyAlgorithm(Draws::Yes); }
    /// Neither a copy of V nor an array of its shape: for no algorithm, and not for the start.
    void denseDataAreKeptOnce()
    {
        Options options = chosen(1);
        const auto dataset = problems::dataset(problems::uniform(200, 20'000, 3)); // 32 MB
        // Coordinate descent keeps a few lines of V for each thread, by themselves.
        const double times = options.algorithm.id.starts_with("klcd") ? 20 : 12;
        verifyPeak(dataset, options, times * 8 * k * 20'200 / 1e6 + slack);
        if (options.algorithm.id != "ehals" && options.algorithm.id != "klcdx")
            return;
        options.initializer = Options().initializer;
        verifyPeak(dataset, options, times * 8 * k * 20'200 / 1e6 + slack);
    }

    /// The limit is that of the environment for the time of the test.
    void whatDoesNotFitIsRefusedBeforeItBegins()
    {
        const auto dataset = problems::dataset(problems::uniform(300, 4000, 3));
        Options options = problems::with("ehals", 5, 1);
        qputenv("PARTSCOPE_MEMORY_MB", "100");
        const auto restore = qScopeGuard([] { qunsetenv("PARTSCOPE_MEMORY_MB"); });
        requireConsistent(options, *dataset);
        options.rank = 600;
        try {
            requireConsistent(options, *dataset);
            QFAIL("was not refused");
        } catch (const Error& error) {
            QCOMPARE(
                QString(error.what()),
                QString("A run of rank 600 needs 0.2 GB of memory besides the data, but 0.1 GB may be used; choose "
                        "a lower rank, fewer threads, single precision or a part of the data."));
        }
    }

    void memoryGrowsWithTheKnownEntriesOnly_data()
    {
        QTest::addColumn<QString>("algorithm");
        QTest::addColumn<QString>("loss");
        QTest::addColumn<bool>("zeros");
        QTest::newRow("ehals") << QStringLiteral("ehals") << QStringLiteral("frobenius") << false;
        QTest::newRow("mu") << QStringLiteral("mu") << QStringLiteral("kl") << false;
        QTest::newRow("ehals, known zeros") << QStringLiteral("ehals") << QStringLiteral("frobenius") << true;
        QTest::newRow("klcdx, known zeros") << QStringLiteral("klcdx") << QStringLiteral("kl") << true;
    }
    void memoryGrowsWithTheKnownEntriesOnly()
    {
        QFETCH(bool, zeros);
        Options options = chosen(2);
        options.unstoredUnknown = !zeros;
        options.heldOut = 0.1;
        // The known entries and V as the start saw it, each by columns and by rows.
        verifyPeak(m_huge, options, 4 * dataSize + 10 * factorsSize + slack);
    }
};

QTEST_APPLESS_MAIN(TestMemory)
#include "tst_memory.moc"
