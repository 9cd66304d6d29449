#include "core/error.h"
#include "core/formats/file.h"
#include "core/formats/formats.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <clocale>
#include <cmath>

using nmf::Dataset;
using nmf::Index;
using nmf::Matrix;

namespace
{

Matrix<double> irregular(Index rows, Index columns)
{
    Matrix<double> values(rows, columns);
    for (Index j = 0; j < columns; ++j)
        for (Index i = 0; i < rows; ++i)
            values(i, j) = std::abs(std::sin(static_cast<double>(i * columns + j))) *
                           std::pow(10.0, static_cast<double>(i % 7 - 3));
    return values;
}

QByteArray npyBytes(const QByteArray& header, const QByteArray& data)
{
    const QByteArray text = header + "\n";
    return QByteArray("\x93NUMPY\x01\x00", 8) + char(text.size() & 0xFF) + char(text.size() >> 8) + text + data;
}

} // namespace

/// Reading and writing: what is written is read again the same, what is odd is understood or refused with its place.
class TestFormats : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void savedArraysAreReadAgainBitForBit_data();
    void savedArraysAreReadAgainBitForBit();
    void savedTablesAreReadAgainBitForBitWithTheirNames();
    void numbersDoNotDependOnTheLocale();
    void aFailedSaveLeavesTheOldFile();
    void tablesAreUnderstood_data();
    void tablesAreUnderstood();
    void tablesAreRefusedWithTheirPlace_data();
    void tablesAreRefusedWithTheirPlace();
    void numpyTypesAreConverted_data();
    void numpyTypesAreConverted();
    void fortranImagesAreTurnedLikeOthers();
    void longRowsOfAnArrayAreReadInPieces();
    void netpbmIsUnderstood_data();
    void netpbmIsUnderstood();
    void netpbmIsRefused_data();
    void netpbmIsRefused();
    void readingIsCancelledAndReportsProgress_data();
    void readingIsCancelledAndReportsProgress();
    void hugeClaimsAreRefusedWithBothFigures();
    void foldersAndUnknownFilesAreRefused();

private:
    std::filesystem::path write(const QString& name, const QByteArray& bytes) const;
    Dataset load(const QString& name, const QByteArray& bytes) const
    {
        return nmf::load(write(name, bytes), nmf::formats());
    }
    QString refusal(const QString& name, const QByteArray& bytes) const;

    QTemporaryDir m_folder;
};

void TestFormats::initTestCase()
{
    QVERIFY(m_folder.isValid());
}

std::filesystem::path TestFormats::write(const QString& name, const QByteArray& bytes) const
{
    const QString path = m_folder.filePath(name);
    QFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size())
        qFatal("cannot write %s", qPrintable(path));
    return path.toStdString();
}

QString TestFormats::refusal(const QString& name, const QByteArray& bytes) const
{
    try {
        load(name, bytes);
    } catch (const nmf::Error& error) {
        return QString::fromUtf8(error.what());
    }
    return {};
}

void TestFormats::savedArraysAreReadAgainBitForBit_data()
{
    QTest::addColumn<int>("rows");
    QTest::addColumn<int>("columns");
    QTest::newRow("small") << 3 << 2;
    QTest::newRow("one by one") << 1 << 1;
    QTest::newRow("one row") << 1 << 9;
    QTest::newRow("larger than a piece") << 361 << 240;
}

void TestFormats::savedArraysAreReadAgainBitForBit()
{
    QFETCH(int, rows);
    QFETCH(int, columns);
    const Matrix<double> values = irregular(rows, columns);
    const std::filesystem::path path = m_folder.filePath("saved.npy").toStdString();
    nmf::saveNpy(path, values);
    const Dataset dataset = nmf::load(path, nmf::formats());
    QVERIFY(*dataset.V.dense<double>() == values);
    QCOMPARE(dataset.title, std::string("saved"));
    QCOMPARE(QFile(m_folder.filePath("saved.npy")).size() % 64, rows * columns * 8 % 64);
}

void TestFormats::savedTablesAreReadAgainBitForBitWithTheirNames()
{
    const Matrix<double> values = irregular(4, 3);
    const std::vector<std::string> rows{"plain", "with, comma", "say \"so\"", " #7; two\nlines"},
        columns{"2001", "NA", "größe"};
    const std::filesystem::path path = m_folder.filePath("saved.csv").toStdString();
    for (const bool named : {true, false})
        for (const bool headed : {true, false}) {
            nmf::saveCsv(path, values, named ? rows : std::vector<std::string>(),
                         headed ? columns : std::vector<std::string>());
            const Dataset dataset = nmf::load(path, nmf::formats());
            QVERIFY(*dataset.V.dense<double>() == values);
            QVERIFY(dataset.features.names == (named ? rows : std::vector<std::string>()));
            QVERIFY(dataset.samples.names == (headed ? columns : std::vector<std::string>()));
        }
}

void TestFormats::numbersDoNotDependOnTheLocale()
{
    const char* german = std::setlocale(LC_ALL, "de_DE.UTF-8");
    const Matrix<double> values = irregular(2, 2);
    const std::filesystem::path path = m_folder.filePath("locale.csv").toStdString();
    nmf::saveCsv(path, values, {}, {});
    const Dataset dataset = nmf::load(path, nmf::formats());
    std::setlocale(LC_ALL, "C");
    QVERIFY(*dataset.V.dense<double>() == values);
    if (!german)
        qWarning("There is no German locale here, so only the usual one was tried.");
}

void TestFormats::aFailedSaveLeavesTheOldFile()
{
    const std::filesystem::path path = write("kept.csv", "1,2\n");
    {
        nmf::CheckedFile file(path);
        file.write("half of");
    }
    QFile kept(m_folder.filePath("kept.csv"));
    QVERIFY(kept.open(QIODevice::ReadOnly));
    QCOMPARE(kept.readAll(), QByteArray("1,2\n"));
    QCOMPARE(QDir(m_folder.path()).entryList({"kept.csv*"}).size(), 1);
    QVERIFY_EXCEPTION_THROWN(nmf::saveNpy(m_folder.filePath("no/such/folder.npy").toStdString(), irregular(1, 1)),
                             nmf::Error);
    QVERIFY_EXCEPTION_THROWN(nmf::saveCsv("/dev/full/x.csv", irregular(1, 1), {}, {}), nmf::Error);
}

void TestFormats::tablesAreUnderstood_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QList<double>>("numbers"); // row by row
    QTest::addColumn<int>("rows");
    QTest::addColumn<QString>("rowNames");
    QTest::addColumn<QString>("columnNames");
    const double nan = std::nan("");
    using Numbers = QList<double>;
    QTest::newRow("one number") << QByteArray("7") << Numbers{7} << 1 << ""
                                << "";
    QTest::newRow("one line") << QByteArray("1,2.5,3\n") << Numbers{1, 2.5, 3} << 1 << ""
                              << "";
    QTest::newRow("one column") << QByteArray("1\n2\n3\n") << Numbers{1, 2, 3} << 3 << ""
                                << "";
    QTest::newRow("one column with its name") << QByteArray("x\n1\n2\n") << Numbers{1, 2} << 2 << ""
                                              << "x";
    QTest::newRow("one line with its name") << QByteArray("a,1,2\n") << Numbers{1, 2} << 1 << "a"
                                            << "";
    QTest::newRow("old line ends") << QByteArray("1,2\r3,4\r") << Numbers{1, 2, 3, 4} << 2 << ""
                                   << "";
    QTest::newRow("plus signs and blanks") << QByteArray(" +1 , 2\n3,4 \n") << Numbers{1, 2, 3, 4} << 2 << ""
                                           << "";
    QTest::newRow("underflow is zero") << QByteArray("1e-400,2\n") << Numbers{0, 2} << 1 << ""
                                       << "";
    QTest::newRow("decimal commas that show late") << QByteArray("1;2\n3;4,5\n") << Numbers{1, 2, 3, 4.5} << 2 << ""
                                                   << "";
    QTest::newRow("decimal commas between tabs") << QByteArray("1,5\t2\n3\t4\n") << Numbers{1.5, 2, 3, 4} << 2 << ""
                                                 << "";
    QTest::newRow("decimal commas between blanks")
        << QByteArray("1,5 2,5 3\n4 5 6\n") << Numbers{1.5, 2.5, 3, 4, 5, 6} << 2 << ""
        << "";
    QTest::newRow("missing between tabs")
        << QByteArray("1\t\t3\n4\tna\t6\n") << Numbers{1, nan, 3, 4, nan, 6} << 2 << ""
        << "";
    QTest::newRow("missing at the end") << QByteArray("a,b\n1,2\n3,\n") << Numbers{1, 2, 3, nan} << 2 << ""
                                        << "a|b";
    QTest::newRow("numbered rows under an empty corner")
        << QByteArray(",a,b\n0,1,2\n1,3,4\n") << Numbers{1, 2, 3, 4} << 2 << "0|1"
        << "a|b";
    QTest::newRow("numbered rows of write.table")
        << QByteArray("a b\n1 5 6\n2 7 8\n") << Numbers{5, 6, 7, 8} << 2 << "1|2"
        << "a|b";
    QTest::newRow("years under an empty corner")
        << QByteArray(",2001,2002\nx,1,2\ny,3,4\n") << Numbers{1, 2, 3, 4} << 2 << "x|y"
        << "2001|2002";
    QTest::newRow("quoted numbers as names") << QByteArray("\"1\",\"2\"\n3,4\n") << Numbers{3, 4} << 1 << ""
                                             << "1|2";
    QTest::newRow("trailing semicolons, names shorter")
        << QByteArray("a;b\n1;2;\n3;4;\n") << Numbers{1, 2, 3, 4} << 2 << ""
        << "a|b";
    QTest::newRow("header in a comment") << QByteArray("# made\n#a,b\n1,2\n") << Numbers{1, 2} << 1 << ""
                                         << "a|b";
    QTest::newRow("a row whose name begins with #")
        << QByteArray("x,1\ny,2\n#z,3\n") << Numbers{1, 2, 3} << 3 << "x|y|#z"
        << "";
    QTest::newRow("line ends in quotes") << QByteArray("\"a\nb\",c\n1,2\n") << Numbers{1, 2} << 1 << ""
                                         << "a\nb|c";
    QTest::newRow("names in Latin-1") << QByteArray("gr\xF6\xDF"
                                                    "e,b\n1,2\n")
                                      << Numbers{1, 2} << 1 << ""
                                      << "größe|b";
}

void TestFormats::tablesAreUnderstood()
{
    QFETCH(QByteArray, text);
    QFETCH(QList<double>, numbers);
    QFETCH(int, rows);
    QFETCH(QString, rowNames);
    QFETCH(QString, columnNames);
    const Dataset dataset = load("table.csv", text);
    QCOMPARE(dataset.V.rows(), Index(rows));
    QCOMPARE(dataset.V.size(), Index(numbers.size()));
    for (Index i = 0; i < dataset.V.size(); ++i) {
        const double value = dataset.V(i / dataset.V.cols(), i % dataset.V.cols());
        QVERIFY2(value == numbers[i] || (std::isnan(value) && std::isnan(numbers[i])),
                 qPrintable(QString::number(value)));
    }
    const auto joined = [](const nmf::Axis& axis) {
        QStringList names;
        for (const std::string& name : axis.names)
            names << QString::fromStdString(name);
        return names.join(u'|');
    };
    QCOMPARE(joined(dataset.features), rowNames);
    QCOMPARE(joined(dataset.samples), columnNames);
}

void TestFormats::tablesAreRefusedWithTheirPlace_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QString>("says");
    QTest::newRow("word in the first of a row")
        << QByteArray("1,2\n3,4\n5,6\noops,8\n") << "line 4, column 1 holds “oops”";
    QTest::newRow("thousands") << QByteArray("a;b\n1.5;2\n1,5;3\n") << "line 3, column 1";
    QTest::newRow("overflow") << QByteArray("1,2\n3,1e999\n") << "line 2, column 2 holds “1e999”";
    QTest::newRow("open quotation mark") << QByteArray("a,b\n1,2\n\"3,4\n") << "line 3 opens a quotation mark";
    QTest::newRow("more names than columns") << QByteArray("a,b,c,d\n1,2\n") << "names 4 columns";
    QTest::newRow("only names") << QByteArray("a\nb\n") << "no numbers";
    QTest::newRow("UTF-16") << QByteArray("\xFF\xFE"
                                          "1\0,\0"
                                          "2\0",
                                          8)
                            << "UTF-16";
    QTest::newRow("long word") << QByteArray("1\n2\n" + QByteArray(100, 'x') + "\n") << "“" + QString(40, 'x') + "…”";
}

void TestFormats::tablesAreRefusedWithTheirPlace()
{
    QFETCH(QByteArray, text);
    QFETCH(QString, says);
    const QString message = refusal("table.csv", text);
    QVERIFY2(message.startsWith("table.csv") && message.contains(says) && message.endsWith('.'), qPrintable(message));
}

void TestFormats::numpyTypesAreConverted_data()
{
    QTest::addColumn<QByteArray>("type");
    QTest::addColumn<QByteArray>("data");
    QTest::addColumn<double>("second");
    QTest::newRow("half, subnormal") << QByteArray("<f2") << QByteArray("\0\0\x01\0", 4) << std::ldexp(1.0, -24);
    QTest::newRow("half, infinite") << QByteArray("<f2") << QByteArray("\0\0\0\x7C", 4) << HUGE_VAL;
    QTest::newRow("half, −1.5") << QByteArray(">f2") << QByteArray("\0\0\xBE\0", 4) << -1.5;
    QTest::newRow("i8, big end first") << QByteArray(">i8")
                                       << QByteArray("\0\0\0\0\0\0\0\0\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFE", 16) << -2.0;
    QTest::newRow("u8, largest") << QByteArray("<u8") << QByteArray(8, '\0') + QByteArray(8, '\xFF')
                                 << 18446744073709551615.0;
    QTest::newRow("boolean above 1") << QByteArray("|b1") << QByteArray("\0\x07", 2) << 1.0;
}

void TestFormats::numpyTypesAreConverted()
{
    QFETCH(QByteArray, type);
    QFETCH(QByteArray, data);
    QFETCH(double, second);
    const Dataset dataset =
        load("x.npy", npyBytes("{'descr': '" + type + "', 'fortran_order': False, 'shape': (1, 2)}", data));
    QCOMPARE(dataset.V.cols(), Index(2));
    QCOMPARE(dataset.V(0, 0), 0.0);
    QCOMPARE(dataset.V(0, 1), second);
    QCOMPARE(std::any_of(dataset.notes.begin(), dataset.notes.end(),
                         [](const auto& note) { return note.find("2^53") != std::string::npos; }),
             type == "<u8");
}

void TestFormats::fortranImagesAreTurnedLikeOthers()
{
    // The array [[[0,1,2],[3,4,5]], [[6,7,8],[9,10,11]]], in C and in Fortran order.
    const QByteArray c("\0\1\2\3\4\5\6\7\x8\x9\xA\xB", 12), fortran("\0\6\3\x9\1\7\4\xA\2\x8\5\xB", 12);
    for (const bool turned : {false, true}) {
        const QByteArray order = turned ? "True" : "False";
        const Dataset dataset = load(
            "x.npy", npyBytes("{'descr':'|u1','fortran_order':" + order + ",'shape':(2,2,3)}", turned ? fortran : c));
        QCOMPARE(dataset.features.height, Index(2));
        QCOMPARE(dataset.features.width, Index(3));
        for (Index i = 0; i < 12; ++i)
            QCOMPARE(dataset.V(i % 6, i / 6), static_cast<double>(i));
    }
}

void TestFormats::longRowsOfAnArrayAreReadInPieces()
{
    constexpr int columns = 20000;
    QByteArray data;
    for (int i = 0; i < 3 * columns; ++i)
        data.append(char(i & 0xFF)).append(char(i >> 8 & 0xFF)).append(char(i >> 16)).append('\0');
    const Dataset dataset = load("x.npy", npyBytes("{'descr':'<u4','fortran_order':False,'shape':(3,20000)}", data));
    for (Index i = 0; i < dataset.V.size(); ++i)
        if (dataset.V(i / columns, i % columns) != static_cast<double>(i))
            QFAIL(qPrintable(QString("entry %1").arg(i)));
}

void TestFormats::netpbmIsUnderstood_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QList<double>>("grays");
    using Grays = QList<double>;
    QTest::newRow("P1, digits together") << QByteArray("P1 3 1 # x\n010") << Grays{1, 0, 1};
    QTest::newRow("P4, rows padded") << QByteArray("P4\n3 2\n\xA0\x40") << Grays{0, 1, 0, 1, 0, 1};
    QTest::newRow("P2, full scale 1") << QByteArray("P2 2 1 1 0 1") << Grays{0, 1};
    QTest::newRow("P5, two bytes") << QByteArray("P5 1 1 65535\n\x80\x00", 15) << Grays{32768 / 65535.0};
    QTest::newRow("P5, data begin with a blank") << QByteArray("P5 2 1 255\n \n") << Grays{32 / 255.0, 10 / 255.0};
    QTest::newRow("P6, gray stays exact") << QByteArray("P6 1 1 255\n\x4D\x4D\x4D") << Grays{77 / 255.0};
    QTest::newRow("P3, luminance") << QByteArray("P3 3 1 10 10 0 0 0 10 0 0 0 10") << Grays{0.299, 0.587, 0.114};
}

void TestFormats::netpbmIsUnderstood()
{
    QFETCH(QByteArray, bytes);
    QFETCH(QList<double>, grays);
    const Dataset dataset = load("x.pnm", bytes);
    QCOMPARE(dataset.V.rows(), Index(grays.size()));
    for (Index i = 0; i < dataset.V.rows(); ++i)
        QVERIFY2(std::abs(dataset.V(i, 0) - grays[i]) <= 1e-15, qPrintable(QString::number(dataset.V(i, 0), 'g', 17)));
    QCOMPARE(dataset.features.height * dataset.features.width, dataset.V.rows());
}

void TestFormats::netpbmIsRefused_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QString>("says");
    QTest::newRow("no size") << QByteArray("P5 ") << "ends before its width";
    QTest::newRow("no pixels") << QByteArray("P5 0 4 255\n") << "0 pixels";
    QTest::newRow("full scale 0") << QByteArray("P5 1 1 0\n\0", 11) << "full scale 0";
    QTest::newRow("full scale 65536") << QByteArray("P5 1 1 65536\n\0\0\0", 17) << "65536";
    QTest::newRow("word") << QByteArray("P2 2 1 9 1 x") << "“x”";
    QTest::newRow("text ends early") << QByteArray("P2 3 1 255 100 200     ") << "2 of 3 pixels";
    QTest::newRow("overflow") << QByteArray("P6 4294967295 4294967295 65535\n") << "2^64";
    QTest::newRow("size beyond 32 bits") << QByteArray("P6 99999999999 1 255\n") << "impossible number for its width";
    QTest::newRow("colour above full scale") << QByteArray("P3 1 1 9 1 2 10") << "row 1, column 1: the pixel 10";
}

void TestFormats::netpbmIsRefused()
{
    QFETCH(QByteArray, bytes);
    QFETCH(QString, says);
    const QString message = refusal("x.pnm", bytes);
    QVERIFY2(message.startsWith("x.pnm") && message.contains(says) && message.endsWith('.'), qPrintable(message));
}

void TestFormats::readingIsCancelledAndReportsProgress_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<QByteArray>("bytes");
    QByteArray table, pixels = "P2 500 500 9 ";
    for (int i = 0; i < 60000; ++i)
        table += "1.25,2,3.5\n";
    for (int i = 0; i < 250000; ++i)
        pixels += "7 ";
    QTest::newRow("csv") << "long.csv" << table;
    QTest::newRow("npy") << "long.npy"
                         << npyBytes("{'descr':'<f8','fortran_order':False,'shape':(1000,80)}",
                                     QByteArray(640000, '\0'));
    QTest::newRow("pgm") << "long.pgm" << pixels;
}

void TestFormats::readingIsCancelledAndReportsProgress()
{
    QFETCH(QString, name);
    QFETCH(QByteArray, bytes);
    const std::filesystem::path path = write(name, bytes);
    std::vector<double> seen;
    nmf::load(path, nmf::formats(), {.stop = {}, .progress = [&](double fraction) { seen.push_back(fraction); }});
    QVERIFY2(static_cast<qsizetype>(seen.size()) >= bytes.size() / 65536, qPrintable(QString::number(seen.size())));
    QVERIFY(std::is_sorted(seen.begin(), seen.end()));
    QCOMPARE(seen.front(), 0.0);
    QCOMPARE(seen.back(), 1.0);

    std::stop_source stop;
    std::size_t calls = 0;
    const auto stopHalfway = [&](double) {
        if (++calls == seen.size() / 2)
            stop.request_stop();
    };
    QVERIFY_EXCEPTION_THROWN(nmf::load(path, nmf::formats(), {.stop = stop.get_token(), .progress = stopHalfway}),
                             nmf::Cancelled);
    QCOMPARE(calls, seen.size() / 2);
}

void TestFormats::hugeClaimsAreRefusedWithBothFigures()
{
    QVERIFY(nmf::memoryLimit() > 1 << 20);
    for (const std::uint64_t size : {std::uint64_t{1} << 24, std::uint64_t{1} << 40, ~std::uint64_t{0}}) {
        QString message;
        try {
            nmf::requireMemory("huge.npy", size, size, 8);
        } catch (const nmf::Error& error) {
            message = QString::fromUtf8(error.what());
        }
        QVERIFY2(message.startsWith("huge.npy") && message.count(" GB") == 2, qPrintable(message));
    }
    nmf::requireMemory("small.npy", 1000, 1000, 8);

    // A file of the size that it claims, but with nothing on the disk.
    const std::filesystem::path path =
        write("sparse.npy", npyBytes("{'descr':'<f8','fortran_order':True,'shape':(1000000,80000)}", {}));
    std::error_code error;
    std::filesystem::resize_file(path, 640'000'000'000 + 200, error);
    if (error)
        qWarning("This file system holds no file of 640 GB, so that was not tried.");
    else
        QVERIFY_EXCEPTION_THROWN(nmf::load(path, nmf::formats()), nmf::Error);
    QFile::remove(m_folder.filePath("sparse.npy"));
}

void TestFormats::foldersAndUnknownFilesAreRefused()
{
    QVERIFY(refusal("x.unknown", QByteArray("\0\1\2", 3)).contains(".csv"));
    QVERIFY(refusal("x.docx", "PK\3\4 no archive").contains("x.docx"));
    QCOMPARE(load("x.measured", "1 2\n3 4\n").V.cols(), Index(2));
    QVERIFY_EXCEPTION_THROWN(nmf::load(m_folder.path().toStdString(), nmf::formats()), nmf::Error);
    QVERIFY_EXCEPTION_THROWN(nmf::load("/dev/zero", nmf::formats()), nmf::Error);
}

QTEST_GUILESS_MAIN(TestFormats)
#include "tst_formats.moc"
