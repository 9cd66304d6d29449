#include "tests/support/sparse_problems.h"

#include <QTest>

#include <fstream>
#include <malloc.h>

using namespace nmf;

namespace
{

constexpr double m = 200'000, n = 100'000, entries = 1e6, k = 5;

/// A number of kilobytes that the system keeps about this process.
double kilobytes(const std::string& key)
{
    std::ifstream status("/proc/self/status");
    for (std::string word; status >> word;)
        if (double value = 0; word == key && status >> value)
            return value;
    return 0;
}

/// The data that all are measured on; dense they would be 160 GB.
std::shared_ptr<const Dataset> hugeData()
{
    return problems::datasetOf(problems::scattered(200'000, 100'000, 10));
}

/// Checks that a run grows the process by no more than so many megabytes at any time.
void verifyPeak(const std::shared_ptr<const Dataset>& dataset, Options options, double bound)
{
    options.initializer.id = "random";
    options.threads = 2;
    // What was freed goes back to the system, and the peak begins anew.
    malloc_trim(0);
    std::ofstream("/proc/self/clear_refs") << 5;
    const double before = kilobytes("VmRSS:");
    const Result result = factorize(dataset, options);
    const double grown = (kilobytes("VmHWM:") - before) / 1000;
    QVERIFY(before > 0 && grown > 0 && result.history.back().relativeError < 1);
    QVERIFY2(grown < bound, qPrintable(QString("%1 MB of %2").arg(grown).arg(bound)));
    qInfo("%.0f MB of at most %.0f MB", grown, bound);
}

} // namespace

/// What a run takes at its peak. A sanitizer keeps memory of its own: under one these figures mean nothing.
class TestMemory : public QObject
{
    Q_OBJECT

private slots:
    void memoryGrowsWithTheStoredEntriesOnly_data()
    {
        QTest::addColumn<int>("pair");
        const auto pairs = problems::pairs(false);
        for (std::size_t i = 0; i < pairs.size(); ++i)
            QTest::newRow(qPrintable(pairs[i].name())) << static_cast<int>(i);
    }
    void memoryGrowsWithTheStoredEntriesOnly()
    {
        QFETCH(int, pair);
        const Options options = problems::with(problems::pairs(false)[static_cast<std::size_t>(pair)], 5, 3);
        // V by columns and by rows, and ten arrays of the factors' size.
        verifyPeak(hugeData(), options, (2 * (12 * entries + 8 * (m + n)) + 10 * 8 * k * (m + n)) / 1e6 + 20);
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
        QFETCH(QString, algorithm);
        QFETCH(QString, loss);
        QFETCH(bool, zeros);
        Options options = problems::with(algorithm.toStdString(), 5, 3);
        options.loss.id = loss.toStdString();
        options.unstoredUnknown = !zeros;
        options.heldOut = 0.1;
        // The known entries and V as the start saw it, each by columns and by rows, and ten arrays of the factors'
        // size.
        verifyPeak(hugeData(), options, (4 * (12 * entries + 8 * (m + n)) + 10 * 8 * k * (m + n)) / 1e6 + 20);
    }
};

QTEST_APPLESS_MAIN(TestMemory)
#include "tst_memory.moc"
