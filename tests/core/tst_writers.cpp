#include "core/error.h"
#include "core/formats/writers.h"
#include "tests/support/refusal.h"

#include <QDir>
#include <QFile>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

#include <cmath>

using nmf::Index;
using nmf::Matrix;
using nmf::NamedMatrix;
using nmf::Writer;

Q_DECLARE_METATYPE(const Writer*)

namespace
{

Matrix<double> irregular(Index rows, Index columns)
{
    Matrix<double> values(rows, columns);
    for (Index j = 0; j < columns; ++j)
        for (Index i = 0; i < rows; ++i)
            values(i, j) = std::exp(7 * std::sin(static_cast<double>(i * columns + j)));
    return values;
}

QByteArray contents(const QString& path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

std::vector<NamedMatrix> twoMatrices()
{
    return {{"W", irregular(5, 2), {"a", "b, c", "3", "d", "e"}, {"component 1", "component 2"}},
            {"H", irregular(2, 7), {"component 1", "component 2"}, {}}};
}

} // namespace

/// Matrices are written so that we and others read them again, whole or not at all.
class TestWriters : public QObject
{
    Q_OBJECT

private slots:
    void init() { QVERIFY(m_folder.isValid()); }

    void whatIsWrittenIsReadAgainBitForBit_data() { everyWriter(); }

    void whatIsWrittenIsReadAgainBitForBit()
    {
        QFETCH(const Writer*, writer);
        const std::vector<NamedMatrix> matrices = twoMatrices();
        nmf::writeMatrices(*writer, folder(), "factors", matrices);
        const std::vector<std::string> files = nmf::filesOf(*writer, "factors", matrices);
        for (std::size_t i = 0; i < matrices.size(); ++i) {
            const bool several = writer->holds == Writer::Holds::Several;
            const std::string file = files[several ? 0 : i];
            const nmf::Dataset read =
                nmf::load(folder() / file, nmf::formats(), {.member = several ? matrices[i].name : std::string()});
            QVERIFY2(*read.V.dense<double>() == matrices[i].values, file.c_str());
            if (writer->facts.id == "csv") {
                QVERIFY(read.features.names == matrices[i].rowNames);
                QVERIFY(read.samples.names == matrices[i].columnNames);
            }
        }
    }

    void theSameMatricesAreTheSameBytes_data() { everyWriter(); }

    void theSameMatricesAreTheSameBytes()
    {
        QFETCH(const Writer*, writer);
        const auto bytes = [&](const char* name) {
            const QString path = m_folder.filePath(name + QString::fromStdString(writer->suffix));
            writer->write(path.toStdString(), twoMatrices(), {});
            return contents(path);
        };
        const QByteArray first = bytes("one");
        QTest::qWait(10);
        QVERIFY(!first.isEmpty());
        QCOMPARE(bytes("two"), first);
    }

    /// What was there stays if the new cannot be finished, and nothing else is left.
    void aCancelledWriteLeavesTheOldFile_data() { everyWriter(); }

    void aCancelledWriteLeavesTheOldFile()
    {
        QFETCH(const Writer*, writer);
        const QTemporaryDir place;
        const QString path = place.filePath("W" + QString::fromStdString(writer->suffix));
        QFile old(path);
        QVERIFY(old.open(QIODevice::WriteOnly) && old.write("old") == 3);
        old.close();
        const std::vector<NamedMatrix> large{{"W", Matrix<double>::Constant(300, 1000, 0.1)}};
        std::stop_source stop;
        double told = -1;
        const nmf::LoadControl control{stop.get_token(), [&](double fraction) {
                                           told = fraction;
                                           if (fraction > 0)
                                               stop.request_stop();
                                       }};
        QVERIFY_EXCEPTION_THROWN(writer->write(path.toStdString(), large, control), nmf::Cancelled);
        QVERIFY(told > 0 && told <= 1);
        QCOMPARE(contents(path), "old");
        QCOMPARE(QDir(place.path()).entryList(QDir::Files | QDir::Hidden).size(), 1);
    }

    void whatCannotBeWrittenIsOneSentence_data() { everyWriter(); }

    void whatCannotBeWrittenIsOneSentence()
    {
        QFETCH(const Writer*, writer);
        const QString said = refusal([&] { nmf::writeMatrices(*writer, folder() / "missing", "W", twoMatrices()); });
        QVERIFY2(said.contains("W" + QString::fromStdString(writer->suffix)) && said.endsWith('.'), qPrintable(said));
    }

    void aMatFileRefusesWhatMatlabCannotRead()
    {
        // Never touched, so these 2 GB are none.
        const std::vector<NamedMatrix> large(1, {"WH", Matrix<double>(1 << 14, 1 << 14)});
        const QString said = refusal([&] { nmf::matWriter().write(folder() / "large.mat", large, {}); });
        QVERIFY2(said.contains("16384 × 16384") && said.contains("NPY"), qPrintable(said));
    }

    void aSparseTableStaysSparse()
    {
        nmf::SparseMatrix<double> values(3, 4);
        values.insert(2, 0) = 0.1;
        values.insert(0, 3) = 2;
        values.insert(1, 3) = 1e-300;
        values.makeCompressed();
        nmf::saveSparseNpz(folder() / "sparse.npz", values);
        const nmf::Dataset read = nmf::load(folder() / "sparse.npz", nmf::formats());
        QVERIFY(read.V.isSparse() && read.V.stored() == 3);
        QVERIFY(Matrix<double>(*read.V.sparse<double>()) == Matrix<double>(values));
    }

    /// The readers that the files are meant for.
    void othersReadThem()
    {
        QProcess python;
        python.setWorkingDirectory(m_folder.path());
        python.start("/usr/bin/python3", {"-c", "import numpy, scipy.io"});
        python.waitForFinished();
        if (python.exitCode() != 0)
            QSKIP("There is no Python with NumPy and SciPy.");
        for (const Writer& writer : nmf::writers())
            nmf::writeMatrices(writer, folder(), "factors", twoMatrices());
        nmf::SparseMatrix<double> diagonal(5, 2);
        diagonal.insert(0, 0) = diagonal.insert(1, 1) = 3;
        diagonal.makeCompressed();
        nmf::saveSparseNpz(folder() / "sparse.npz", diagonal);
        python.start("/usr/bin/python3", {"-c", R"(
import numpy, scipy.io, scipy.sparse
assert (scipy.sparse.load_npz("sparse.npz").toarray() == 3 * numpy.eye(5, 2)).all()
matlab, archive = scipy.io.loadmat("factors.mat"), numpy.load("factors.npz")
for name, shape in (("W", (5, 2)), ("H", (2, 7))):
    one = numpy.load(name + ".npy")
    assert one.shape == shape and one.dtype == numpy.float64
    assert (matlab[name] == one).all() and (archive[name] == one).all()
assert sorted(archive.files) == ["H", "W"]
)"});
        QVERIFY(python.waitForFinished());
        QVERIFY2(python.exitCode() == 0, python.readAllStandardError());
    }

private:
    static void everyWriter()
    {
        QTest::addColumn<const Writer*>("writer");
        for (const Writer& writer : nmf::writers())
            QTest::newRow(writer.facts.id.c_str()) << &writer;
    }

    std::filesystem::path folder() const { return m_folder.path().toStdString(); }

    QTemporaryDir m_folder;
};

QTEST_GUILESS_MAIN(TestWriters)
#include "tst_writers.moc"
