#include "core/formats/formats.h"
#include "tests/support/refusal.h"
#include "tests/support/test_data.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace nmf;

namespace
{

Dataset loaded(const QString& path)
{
    return load(path.toStdString(), formats());
}

} // namespace

/// Tables that are kept sparse from the file on.
class TestSparseFiles : public QObject
{
    Q_OBJECT

private slots:
    void sparseFilesGiveTheirEntries_data()
    {
        QTest::addColumn<QString>("file");
        QTest::addColumn<int>("rows");
        QTest::addColumn<int>("stored");
        QTest::addColumn<double>("sum");
        QTest::newRow("csr") << "formats/npz/sparse_csr.npz" << 8 << 11 << 35.75;
        QTest::newRow("csc") << "formats/npz/sparse_csc.npz" << 8 << 11 << 35.75;
        QTest::newRow("coo") << "formats/npz/sparse_coo.npz" << 8 << 11 << 35.75;
        QTest::newRow("single precision") << "formats/npz/sparse_csr_stored.npz" << 8 << 11 << 35.75;
        QTest::newRow("coordinates") << "formats/mtx/coordinate_real.mtx" << 8 << 11 << 35.75;
        QTest::newRow("letters and blanks") << "formats/mtx/comments_blank_lines_uppercase.mtx" << 8 << 11 << 35.75;
        QTest::newRow("pattern") << "formats/mtx/coordinate_pattern.mtx" << 8 << 11 << 11.0;
        QTest::newRow("symmetric") << "formats/mtx/coordinate_symmetric.mtx" << 4 << 11 << 32.0;
        QTest::newRow("listed twice") << "formats/mtx/duplicates.mtx" << 8 << 11 << 37.75;
        QTest::newRow("BBC, archive") << "text/bbc/bbc_9635x2225_csc.npz" << 9635 << 286774 << 425832.0;
        QTest::newRow("BBC, text") << "text/bbc/bbc.mtx" << 9635 << 286774 << 425832.0;
        QTest::newRow("MovieLens") << "ratings/movielens-latest-small/ratings_9742x610_csc.npz" << 9742 << 100836
                                   << 353083.0;
    }
    void sparseFilesGiveTheirEntries()
    {
        QFETCH(QString, file);
        QFETCH(int, rows);
        QFETCH(int, stored);
        QFETCH(double, sum);
        NEEDS_TEST_DATA();
        const Dataset dataset = loaded(test_data::path(file));
        QVERIFY(dataset.V.isSparse());
        QCOMPARE(dataset.V.rows(), Index(rows));
        QCOMPARE(dataset.V.stored(), Index(stored));
        QCOMPARE(factsOf(dataset.V).sum, sum);
    }

    void brokenTextIsRefusedByItsPlace_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("says");
        const QString head = "%%MatrixMarket matrix coordinate real general\n";
        QTest::newRow("vector") << "%%MatrixMarket vector coordinate real general\n2 1\n"
                                << "no matrix";
        QTest::newRow("short banner") << "%%MatrixMarket matrix coordinate real\n2 2 1\n1 1 1\n"
                                      << "four words";
        QTest::newRow("hermitian") << "%%MatrixMarket matrix coordinate real hermitian\n2 2 1\n1 1 1\n"
                                   << "hermitian";
        QTest::newRow("pattern array") << "%%MatrixMarket matrix array pattern general\n2 2\n1\n"
                                       << "pattern";
        QTest::newRow("oblong") << "%%MatrixMarket matrix coordinate real symmetric\n2 3 1\n1 1 1\n"
                                << "2 × 3";
        QTest::newRow("two sizes") << head + "2 2\n1 1 1\n"
                                   << "line 2: there must be 3 sizes";
        QTest::newRow("no rows") << head + "0 2 0\n"
                                 << "empty";
        QTest::newRow("too large") << head + "99999999999999999999999 2 0\n"
                                   << "too large";
        QTest::newRow("beyond counting") << head + "3000000000 3000000000 0\n"
                                         << "no more than 2147483647";
        QTest::newRow("overflow") << "%%MatrixMarket matrix array real general\n9999999999 9999999999\n1\n"
                                  << "more than any";
        QTest::newRow("fraction") << head + "2 2 1\n1.5 1 1\n"
                                  << "line 3: the row must be a whole number";
        QTest::newRow("two words") << head + "2 2 1\n1 1\n     \n"
                                   << "line 3: an entry has 3 words, but here are 2";
        QTest::newRow("no column") << head + "2 2 1\n% here\n1 3 1\n"
                                   << "line 4: there is no column 3";
        QTest::newRow("skew diagonal") << "%%MatrixMarket matrix coordinate real skew-symmetric\n2 2 1\n1 1 1\n"
                                       << "diagonal";
        QTest::newRow("cut") << head + "2 2 2\n1 1 1\n           \n"
                             << "2 entries are announced, but there are 1";
    }
    void brokenTextIsRefusedByItsPlace()
    {
        QFETCH(QString, text);
        QFETCH(QString, says);
        const QTemporaryDir folder;
        const QString path = folder.filePath("broken.mtx");
        QFile file(path);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(text.toUtf8());
        file.close();
        const QString message = refusal([&] { loaded(path); });
        QVERIFY2(message.contains(says) && message.startsWith("broken.mtx") && message.endsWith('.'),
                 qPrintable(message));
    }

    void skewAndDenseTextsAreRead()
    {
        const QTemporaryDir folder;
        const auto read = [&](const char* text) {
            QFile file(folder.filePath("m.mtx"));
            file.open(QIODevice::WriteOnly);
            file.write(text);
            file.close();
            return loaded(folder.filePath("m.mtx")).V;
        };
        const DataMatrix skew = read("%%MatrixMarket matrix array real skew-symmetric\r\n3 3\r\n1\r\n-2\r\n3\r\n");
        QVERIFY(!skew.isSparse() && skew(1, 0) == 1 && skew(0, 1) == -1 && skew(0, 2) == 2 && skew(2, 1) == 3);
        const DataMatrix none = read("%%MatrixMarket matrix coordinate integer general\n3 4 0\n");
        QVERIFY(none.isSparse() && none.stored() == 0 && none.size() == 12);
    }
};

QTEST_GUILESS_MAIN(TestSparseFiles)
#include "tst_sparse_files.moc"
