#include "core/formats/formats.h"
#include "core/formats/npy.h"
#include "core/mapped_file.h"
#include "tests/support/sparse_problems.h"
#include "tests/support/unknown_entries.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <fstream>
#include <string>

using namespace nmf;

namespace
{

/// An NPY file of version 1 whose numbers begin at byte 128.
template <class Scalar>
void writeNpy(const QString& path, const std::string& shape, bool fortranOrder, const Scalar* numbers, Index count,
              Index times = 1)
{
    std::string header = std::string("{'descr': '<f") + std::to_string(sizeof(Scalar)) +
                         "', 'fortran_order': " + (fortranOrder ? "True" : "False") + ", 'shape': (" + shape + "), }";
    header.resize(117, ' ');
    header += '\n';
    std::ofstream file(path.toStdString(), std::ios::binary);
    file << std::string("\x93NUMPY\x01\x00", 8) << static_cast<char>(header.size()) << '\0' << header;
    for (Index time = 0; time < times; ++time)
        file.write(reinterpret_cast<const char*>(numbers), static_cast<std::streamsize>(sizeof(Scalar)) * count);
    QVERIFY(file.good());
}

std::filesystem::path pathOf(const QString& path)
{
    return path.toStdString();
}

/// Kilobytes of this process's memory that no file stands behind.
double anonymousKilobytes()
{
    std::ifstream status("/proc/self/status");
    for (std::string word; status >> word;)
        if (double value = 0; word == "RssAnon:" && status >> value)
            return value;
    return 0;
}

template <class Action>
QString errorOf(const Action& action)
{
    try {
        action();
    } catch (const std::exception& error) {
        return QString::fromUtf8(error.what());
    }
    return {};
}

} // namespace

/// Large arrays are used where they lie in their file.
class TestMapped : public QObject
{
    Q_OBJECT

private:
    QTemporaryDir m_folder;

    QString path(const char* name) const { return m_folder.filePath(QString::fromLatin1(name)); }

    /// A file of just enough numbers to be mapped, of a few rows.
    template <class Scalar>
    DataMatrix large(const char* name, bool fortranOrder, Matrix<Scalar>& V) const
    {
        const Index rows = 37, columns = static_cast<Index>(mappedFromBytes / sizeof(Scalar)) / rows + 1;
        const RandomNumbers random(3, 5);
        V.resize(rows, columns);
        for (Index i = 0; i < V.size(); ++i)
            V.data()[i] = static_cast<Scalar>(random.uniform(static_cast<std::uint64_t>(i)));
        V(5, 7) = 0;
        V(3, 9) = 0;
        const Matrix<Scalar> file = fortranOrder ? V : Matrix<Scalar>(V.transpose());
        writeNpy(path(name), std::to_string(rows) + ", " + std::to_string(columns), fortranOrder, file.data(),
                 file.size());
        return load(pathOf(path(name)), formats()).V;
    }

    template <class Scalar>
    void verifyLarge(bool fortranOrder)
    {
        Matrix<Scalar> V;
        const DataMatrix mapped = large<Scalar>("large.npy", fortranOrder, V);
        QVERIFY(mapped.file() && mapped.file()->isIntact());
        QCOMPARE(mapped.byRows(), !fortranOrder);
        QCOMPARE(mapped.isSingle(), sizeof(Scalar) == 4);
        QCOMPARE(mapped.rows(), V.rows());
        QCOMPARE(mapped.cols(), V.cols());
        QCOMPARE(mapped.stored(), V.size());
        QVERIFY(*mapped.dense<Scalar>() == V);
        QVERIFY(mapped.column(11) == V.col(11).template cast<double>());
        QCOMPARE(mapped(2, 1000), static_cast<double>(V(2, 1000)));

        const DataMatrix turned = mapped.transposed();
        QVERIFY(turned.file() == mapped.file());
        QCOMPARE(turned.rows(), V.cols());
        QCOMPARE(turned(1000, 2), static_cast<double>(V(2, 1000)));

        const DataFacts facts = factsOf(mapped);
        QCOMPARE(facts.zeros, 2);
        QCOMPARE(facts.firstZero->row, 3);
        QCOMPARE(facts.firstZero->column, 9);
        QCOMPARE(facts.maximum, static_cast<double>(V.maxCoeff()));
        QCOMPARE(facts.minimum, 0.0);
        const double sum = V.template cast<double>().sum();
        QVERIFY(std::abs(facts.sum - sum) <= 1e-9 * sum);
    }

private slots:
    void initTestCase() { QVERIFY(m_folder.isValid()); }

    void largeFilesAreUsedWhereTheyLie_data()
    {
        QTest::addColumn<bool>("single");
        QTest::addColumn<bool>("fortranOrder");
        QTest::newRow("double, by rows") << false << false;
        QTest::newRow("double, by columns") << false << true;
        QTest::newRow("single, by rows") << true << false;
        QTest::newRow("single, by columns") << true << true;
    }
    void largeFilesAreUsedWhereTheyLie()
    {
        QFETCH(bool, single);
        QFETCH(bool, fortranOrder);
        if (single)
            verifyLarge<float>(fortranOrder);
        else
            verifyLarge<double>(fortranOrder);
    }

    void whatIsNotAllowedIsFoundInItsPlace()
    {
        Matrix<double> V;
        large<double>("marked.npy", false, V);
        V(20, 123) = -1;
        V(21, 5) = std::nan("");
        const Matrix<double> file = V.transpose();
        writeNpy(path("marked.npy"), "37, " + std::to_string(V.cols()), false, file.data(), file.size());
        const DataFacts facts = factsOf(load(pathOf(path("marked.npy")), formats()).V);
        QCOMPARE(facts.negatives, 1);
        QCOMPARE(facts.firstNegative->row, 20);
        QCOMPARE(facts.firstNegative->column, 123);
        QCOMPARE(facts.nans, 1);
        QCOMPARE(facts.firstNan->row, 21);
        QCOMPARE(facts.firstNan->column, 5);
    }

    void everyAlgorithmFitsAMappedMatrixAsOneInMemory_data()
    {
        QTest::addColumn<int>("pair");
        const auto pairs = problems::pairs();
        for (std::size_t i = 0; i < pairs.size(); ++i)
            QTest::newRow(qPrintable(pairs[i].name())) << static_cast<int>(i);
    }
    void everyAlgorithmFitsAMappedMatrixAsOneInMemory()
    {
        QFETCH(int, pair);
        Options options = problems::with(problems::pairs()[static_cast<std::size_t>(pair)], 3, 15);
        options.start = problems::startOf(30, 47, 3, 9);
        const RandomNumbers random(8, 5);
        Matrix<double> V(30, 47);
        for (Index i = 0; i < V.size(); ++i)
            V.data()[i] = 0.1 + random.uniform(static_cast<std::uint64_t>(i));
        const Result expected = factorize(problems::datasetOf(V), options);
        for (const bool byRows : {false, true}) {
            const Matrix<double> lying = byRows ? Matrix<double>(V.transpose()) : V;
            writeNpy(path("small.npy"), "30, 47", !byRows, lying.data(), lying.size());
            const auto file = std::make_shared<const MappedFile>(
                pathOf(path("small.npy")), 128 + sizeof(double) * static_cast<std::size_t>(V.size()));
            const Result result =
                factorize(problems::datasetOf(DenseValues<double>(file, 128, 30, 47, byRows)), options);
            if (!byRows) {
                QVERIFY(result.factors.W == expected.factors.W && result.factors.Ht == expected.factors.Ht);
                continue;
            }
            // By rows the products add up the same numbers in another order. Each step is the same but for that
            // rounding; where one is taken or refused by the sign of a small difference, a later step may be another
            // one, and from there on both runs are as good, but not the same.
            QCOMPARE(result.history.size(), expected.history.size());
            for (std::size_t i = 0; i < expected.history.size(); ++i) {
                const double objective = expected.history[i].objective, found = result.history[i].objective;
                QVERIFY2(std::abs(found - objective) <= (i < 3 ? 1e-10 : 1e-4) * objective,
                         qPrintable(QString("iteration %1: %2 instead of %3").arg(i).arg(found).arg(objective)));
            }
        }
    }

    void aLargeIdxFileIsLookedAtWhereItLies()
    {
        // Single-precision numbers, 16 MiB of them, the most significant byte first: 2 in the first entry of image 5.
        constexpr int images = 4096, side = 32, header = 16;
        QFile file(path("images.idx3-ubyte"));
        const QByteArray head = QByteArray::fromHex("00000D03"
                                                    "00001000"
                                                    "00000020"
                                                    "00000020");
        QVERIFY(file.open(QFile::ReadWrite) && file.write(head) == header);
        QVERIFY(file.resize(header + 4LL * images * side * side) && file.seek(header + 4LL * 5 * side * side));
        QVERIFY(file.write(QByteArray::fromHex("40000000")) == 4);
        file.close();
        const Dataset dataset = load(pathOf(file.fileName()), formats());
        QCOMPARE(dataset.V.cols(), Index{images});
        QCOMPARE(dataset.V(0, 5), 2.0);
        QCOMPARE(factsOf(dataset.V).sum, 2.0);
        // A file that is read ends where it ends; one that is mapped is missed.
        const QString error = errorOf([&] {
            load(pathOf(file.fileName()), formats(), {.progress = [&](double fraction) {
                     if (fraction > 0.25 && file.size() > header)
                         QVERIFY(file.resize(header));
                 }});
        });
        QCOMPARE(error, QStringLiteral("images.idx3-ubyte became shorter while it was in use; load it again."));
    }

    void aRunTakesNoMemoryForTheData()
    {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
        QSKIP("A sanitizer keeps memory of its own.");
#endif
        const RandomNumbers random(9, 5);
        Matrix<double> piece(400, 1000);
        for (Index i = 0; i < piece.size(); ++i)
            piece.data()[i] = random.uniform(static_cast<std::uint64_t>(i));
        constexpr Index times = 125; // 400 MB
        writeNpy(path("huge.npy"), "400, 125000", true, piece.data(), piece.size(), times);
        const double before = anonymousKilobytes();
        const auto dataset = std::make_shared<const Dataset>(load(pathOf(path("huge.npy")), formats()));
        Options options = problems::with("ehals", 4, 3);
        options.initializer.id = "random";
        options.threads = 2;
        double most = 0;
        const Result result = factorize(dataset, options, {},
                                        {.report = [&](const Run&) { most = std::max(most, anonymousKilobytes()); }});
        QVERIFY(result.history.back().relativeError < 1);
        const double megabytes = (most - before) / 1000;
        // Twelve arrays of the factors' size.
        QVERIFY2(before > 0 && megabytes < 12 * 4 * 125.4e3 * 8 / 1e6 + 10, qPrintable(QString::number(megabytes)));
        qInfo("%.0f MB beside a file of 400 MB", megabytes);
        QFile::remove(path("huge.npy"));
    }

    void aFileThatShrinksEndsTheRunWithASentence()
    {
        Matrix<double> V;
        large<double>("shrinking.npy", true, V);
        const auto dataset = std::make_shared<const Dataset>(load(pathOf(path("shrinking.npy")), formats()));
        Options options = problems::with("hals", 3, 1000);
        options.initializer.id = "random";
        Run run(dataset, options);
        int reports = 0;
        const QString error = errorOf([&] {
            run.advance({}, {.report = [&](const Run&) {
                            if (++reports == 2)
                                QVERIFY(QFile::resize(path("shrinking.npy"), 100'000));
                        }});
        });
        QCOMPARE(error, QStringLiteral("shrinking.npy became shorter while it was in use; load it again."));
        QVERIFY(reports < 5);
        QVERIFY(!dataset->V.file()->isIntact());
        // What is gone is seen as zero, and what is still there as it was.
        QCOMPARE(dataset->V(36, V.cols() - 1), 0.0);
        QCOMPARE(dataset->V(4, 3), V(4, 3));
    }

    void aFileThatIsTooShortIsRefused()
    {
        QFile file(path("short.npy"));
        QVERIFY(file.open(QFile::WriteOnly) && file.write("short") == 5);
        file.close();
        QCOMPARE(errorOf([&] { MappedFile mapped(pathOf(path("short.npy")), 6); }),
                 QStringLiteral("short.npy became shorter while it was read; try again."));
        QVERIFY(errorOf([&] {
                    MappedFile mapped(pathOf(path("absent.npy")), 6);
                }).startsWith(QStringLiteral("absent.npy cannot be opened: ")));
    }
};

QTEST_APPLESS_MAIN(TestMapped)
#include "tst_mapped.moc"
