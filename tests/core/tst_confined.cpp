#include "core/error.h"
#include "core/formats/confined.h"
#include "core/formats/dataset_stream.h"
#include "tests/support/refusal.h"
#include "tests/support/test_data.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <chrono>
#include <sys/mman.h>
#include <thread>
#include <unistd.h>

using namespace nmf;

namespace
{

/// What a decoder would pass on.
std::vector<unsigned char> streamOf(const Dataset& dataset)
{
    const int file = memfd_create("test", MFD_CLOEXEC);
    writeDataset(dataset, file);
    std::vector<unsigned char> bytes(static_cast<std::size_t>(lseek(file, 0, SEEK_END)));
    if (pread(file, bytes.data(), bytes.size(), 0) != static_cast<ssize_t>(bytes.size()))
        qFatal("cannot read what was written");
    close(file);
    return bytes;
}

Dataset smallTable()
{
    Dataset dataset;
    dataset.title = "Größen";
    dataset.notes = {"One.", "Two."};
    Matrix<double> values(6, 2);
    values << 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 1e300;
    dataset.V = values;
    dataset.features = Axis::pixels(2, 3);
    dataset.features.noun = "pixel";
    dataset.samples.kind = Axis::Kind::Ordered;
    dataset.samples.positions = {0.5, 1.5};
    dataset.samples.unit = "s";
    dataset.samples.names = {"a", ""};
    return dataset;
}

Dataset smallSparse()
{
    SparseMatrix<double> values(4, 3);
    values.insert(0, 0) = 1;
    values.insert(3, 0) = 2;
    values.insert(1, 2) = 3;
    values.makeCompressed();
    Dataset dataset;
    dataset.V = std::move(values);
    dataset.features = Axis::named({"w", "x", "y", "z"});
    return dataset;
}

} // namespace

/// What is read in a process of its own: its way back, and what happens when the process does not do as it should.
class TestConfined : public QObject
{
    Q_OBJECT

private slots:
    void aDatasetComesBackAsItWas()
    {
        const Dataset table = smallTable(), back = parseDataset(streamOf(table), "file");
        QCOMPARE(back.title, table.title);
        QCOMPARE(back.notes, table.notes);
        QVERIFY(*back.V.dense<double>() == *table.V.dense<double>());
        QCOMPARE(back.features.height, Index(2));
        QCOMPARE(back.features.width, Index(3));
        QCOMPARE(back.features.noun, std::string("pixel"));
        QCOMPARE(back.samples.positions, table.samples.positions);
        QCOMPARE(back.samples.unit, std::string("s"));
        QCOMPARE(back.samples.names, table.samples.names);

        Dataset single;
        single.V = Matrix<float>(Matrix<float>::Constant(2, 3, 0.1f));
        const Dataset singleBack = parseDataset(streamOf(single), "file");
        QVERIFY(singleBack.V.isSingle());
        QCOMPARE(singleBack.V(1, 2), static_cast<double>(0.1f));

        const Dataset sparse = smallSparse(), sparseBack = parseDataset(streamOf(sparse), "file");
        QVERIFY(sparseBack.V.isSparse());
        QCOMPARE(sparseBack.V.stored(), Index(3));
        QCOMPARE(sparseBack.V(1, 2), 3.0);
        QCOMPARE(sparseBack.features.names, sparse.features.names);
    }

    void whatIsPassedOnIsNotBelieved()
    {
        for (const Dataset& dataset : {smallTable(), smallSparse()}) {
            const std::vector<unsigned char> bytes = streamOf(dataset);
            for (std::size_t length = 0; length < bytes.size(); ++length)
                QVERIFY2(!refusal([&] { parseDataset(std::span(bytes).first(length), "file"); }).isEmpty(),
                         qPrintable(QString("%1 of %2 bytes were taken").arg(length).arg(bytes.size())));
            // A changed byte may be another number; it is never a crash, nor a matrix whose indices lead nowhere.
            for (std::size_t place = 0; place < bytes.size(); ++place)
                for (const int value : {0, 1, 127, 255}) {
                    std::vector<unsigned char> changed = bytes;
                    changed[place] = static_cast<unsigned char>(value);
                    try {
                        const Dataset read = parseDataset(changed, "file");
                        QVERIFY(read.V.rows() * read.V.cols() <= 24);
                        factsOf(read.V);
                    } catch (const Error&) {
                    }
                }
        }
    }

    void aDecoderThatBreaksDownCostsASentence()
    {
        QTemporaryDir folder;
        const QString path = folder.filePath("any.mat");
        QFile file(path);
        QVERIFY(file.open(QIODevice::WriteOnly) && file.write("x") == 1);
        file.close();
        // A decoder that does not exist ends as one that crashes: without a result and without a sentence.
        const QString said = refusal([&] { readConfined("no-such-decoder", "MATLAB file", path.toStdString(), {}); });
        QCOMPARE(said,
                 QString("any.mat could not be read: the decoder broke down over it, so it is no sound MATLAB file."));
        const QString missing =
            refusal([&] { readConfined("mat", "MATLAB file", folder.filePath("none.mat").toStdString(), {}); });
        QVERIFY2(missing.startsWith("There is no file none.mat"), qPrintable(missing));
    }

    void aStopEndsTheDecoder()
    {
        NEEDS_TEST_DATA();
        const std::filesystem::path path = test_data::path("hyperspectral/jasper/jasperRidge2_R198.mat").toStdString();
        std::stop_source stop;
        stop.request_stop();
        const auto start = std::chrono::steady_clock::now();
        QVERIFY_EXCEPTION_THROWN(readConfined("mat", "MATLAB file", path, {.stop = stop.get_token()}), Cancelled);
        QVERIFY(std::chrono::steady_clock::now() - start < std::chrono::seconds(2));
    }

    void oneOfSeveralMatricesIsChosen()
    {
        NEEDS_TEST_DATA();
        const auto read = [](const QString& path, const std::string& member) {
            return load(test_data::path(path).toStdString(), formats(), {.member = member});
        };
        QCOMPARE(read("formats/mat/v4_several.mat", "W").V.cols(), Index(2));
        QCOMPARE(read("formats/mat/v4_several.mat", "").V.cols(), Index(5));
        QCOMPARE(read("formats/mat/v5_struct_only.mat", "data.V").V.rows(), Index(7));
        const Dataset abundances = read("hyperspectral/jasper/jasperRidge2_R198.mat", "A");
        QCOMPARE(abundances.V.rows(), Index(4));
        QCOMPARE(abundances.V.cols(), Index(10000));
        const QString none = refusal([&] { read("formats/mat/v4_several.mat", "Q"); });
        QVERIFY2(none.contains("“Q”") && none.contains("“W” (7 × 2)"), qPrintable(none));
        const QString noArray = refusal([&] { read("formats/npz/several.npz", "Q"); });
        QVERIFY2(noArray.contains("“Q”") && noArray.contains("“W”"), qPrintable(noArray));
        QCOMPARE(read("formats/npz/several.npz", "W").V.cols(), Index(3));
    }
};

QTEST_GUILESS_MAIN(TestConfined)
#include "tst_confined.moc"
