#include "tests/support/batch_test.h"

#include <QCryptographicHash>
#include <QImage>

#include <cmath>

using nmf::Matrix;

namespace
{

QByteArray sha256(const QByteArray& bytes)
{
    return QCryptographicHash::hash(bytes, QCryptographicHash::Sha256).toHex();
}

Matrix<double> memberIn(const QString& path, const std::string& name)
{
    return *nmf::load(path.toStdString(), nmf::formats(), {.member = name}).V.dense<double>();
}

} // namespace

/// What the program writes besides W.npy and H.npy, and what tells later which data that came from.
class TestBatchExport : public QObject, BatchTest
{
    Q_OBJECT

private slots:
    void init() { beginWithTwoTables(); }

    void everyFormatHoldsTheSameNumbers()
    {
        const QStringList arguments{"run", "table.csv", "--rank", "2", "--formats", "csv,mat,npz", "--output", "out"};
        for (int time = 0; time < 2; ++time)
            QCOMPARE(run(arguments).status, 0); // the second replaces what the first has written
        QCOMPARE(flawOf(path("out")), "");
        QCOMPARE(filesIn(path("out")), QStringList({"H.csv", "H.npy", "W.csv", "W.npy", "factors.mat", "factors.npz",
                                                    "loss.csv", "report.json"}));
        for (const std::string name : {"W", "H"}) {
            const QString stem = path("out/" + QString::fromStdString(name));
            const Matrix<double> values = matrixIn(stem + ".npy");
            QVERIFY(matrixIn(stem + ".csv") == values);
            QVERIFY(memberIn(path("out/factors.mat"), name) == values);
            QVERIFY(memberIn(path("out/factors.npz"), name) == values);
        }
        const nmf::Dataset W = nmf::load(path("out/W.csv").toStdString(), nmf::formats());
        QVERIFY(W.features.names == std::vector<std::string>({"BRCA1", "TP53", "MYC", "EGFR"}));
        QVERIFY(W.samples.names == std::vector<std::string>({"component 1", "component 2"}));
        // A run can begin where the other ended.
        QCOMPARE(run({"run", "table.csv", "--init", "out/factors.npz", "--max-iter", "1"}).status, 0);
    }

    void theFitAndWhatItLeavesAddUpToTheData()
    {
        writeFile(path("gap.csv"), "1,2,3\n4,,6\n7,8,10\n2,0,1\n");
        QCOMPARE(run({"run", "gap.csv", "--missing", "nan", "--rank", "2", "--write-fit", "--output", "out"}).status,
                 0);
        const Matrix<double> V = matrixIn(path("gap.csv")), fit = matrixIn(path("out/WH.npy")),
                             residual = matrixIn(path("out/residual.npy"));
        QVERIFY((fit - matrixIn(path("out/W.npy")) * matrixIn(path("out/H.npy"))).norm() < 1e-12 * fit.norm());
        for (nmf::Index j = 0; j < V.cols(); ++j)
            for (nmf::Index i = 0; i < V.rows(); ++i)
                QVERIFY(std::isnan(V(i, j)) ? std::isnan(residual(i, j)) : residual(i, j) == V(i, j) - fit(i, j));
        QVERIFY(std::isnan(V(1, 1)));
    }

    void whatASparseTableDoesNotListIsZeroOrUnknown()
    {
        writeFile(path("s.mtx"), "%%MatrixMarket matrix coordinate real general\n3 3 4\n1 1 1\n2 2 2\n3 3 3\n1 3 1\n");
        const QStringList arguments{"run", "s.mtx", "--rank", "1", "--write-fit", "--formats", "csv", "--output"};
        QCOMPARE(run(arguments + QStringList{"known"}).status, 0);
        QCOMPARE(run(arguments + QStringList{"unknown", "--zeros", "unknown"}).status, 0);
        QCOMPARE(matrixIn(path("known/residual.csv"))(1, 0), -matrixIn(path("known/WH.csv"))(1, 0));
        QVERIFY(std::isnan(matrixIn(path("unknown/residual.csv"))(1, 0)));
        QVERIFY(!std::isnan(matrixIn(path("unknown/residual.csv"))(1, 1)));
    }

    void aFitThatMemoryCannotHoldIsRefusedBeforeTheRun()
    {
        writeFile(path("large.mtx"),
                  "%%MatrixMarket matrix coordinate real general\n400000 400000 2\n1 1 1\n400000 400000 2\n");
        const Outcome result = run({"run", "large.mtx", "--rank", "1", "--write-fit", "--output", "out"});
        QCOMPARE(result.status, 1);
        QVERIFY2(result.errors.contains("400000 × 400000") && result.errors.contains("GB"), qPrintable(result.errors));
        QVERIFY(!QFile::exists(path("out")));
    }

    void theReportTellsWhichDataTheyWere()
    {
        QVERIFY(QDir(m_folder.path()).mkdir("faces"));
        const QByteArray picture = "P2 2 2 255 1 2 3 4 ";
        for (const char* name : {"faces/b.pgm", "faces/a.pgm"})
            writeFile(path(name), picture);
        const auto inputOf = [&](const QString& source) {
            return run({"run", source, "--rank", "1", "--json"}).report()["input"].toObject();
        };
        const QJsonObject table = inputOf("table.csv"), folder = inputOf("faces"), sample = inputOf("sample:bars");
        QCOMPARE(table["bytes"].toInteger(), contents(path("table.csv")).size());
        QCOMPARE(table["sha256"].toString(), sha256(contents(path("table.csv"))));
        QCOMPARE(folder["bytes"].toInteger(), 2 * picture.size());
        QCOMPARE(folder["sha256"].toString(), sha256(sha256(picture) + "  a.pgm\n" + sha256(picture) + "  b.pgm\n"));
        QVERIFY(!sample.contains("sha256") && sample["source"] == "sample:bars");
        QVERIFY(QDir(path("people")).mkpath("s1"));
        writeFile(path("people/s1/a.pgm"), picture);
        const QJsonObject nested = inputOf("people");
        QCOMPARE(nested["bytes"].toInteger(), picture.size());
        QCOMPARE(nested["sha256"].toString(), sha256(sha256(picture) + "  s1/a.pgm\n"));
    }

    void pixelsOfTheBasisAreAsLargeAsIsSaid()
    {
        QCOMPARE(run({"run", "sample:bars", "--rank", "4", "--basis-pixel", "5", "--output", "out"}).status, 0);
        const QJsonObject pixels = run({"info", "sample:bars", "--json"}).report()["features"].toObject();
        // Four parts are two beside two, with a gap of two pixels around each.
        QCOMPARE(QImage(path("out/basis.png")).size(),
                 QSize(2 * (5 * pixels["width"].toInt() + 2) + 2, 2 * (5 * pixels["height"].toInt() + 2) + 2));
    }

    void eachRankOfSeveralHasItsFiles()
    {
        QCOMPARE(run({"run", "table.csv", "--ranks", "1,2", "--formats", "csv", "--output", "out"}).status, 0);
        QCOMPARE(matrixIn(path("out/rank-2/W.csv")).cols(), 2);
        QCOMPARE(matrixIn(path("out/rank-1/H.csv")).rows(), 1);
    }

    void whatMakesNoSenseIsSaid_data()
    {
        QTest::addColumn<QStringList>("options");
        QTest::addColumn<QString>("said");
        QTest::newRow("no such format") << QStringList{"--formats", "npy,xls", "--output", "out"} << "xls";
        QTest::newRow("an empty format") << QStringList{"--formats", "npy,", "--output", "out"} << "npy, csv, mat, npz";
        QTest::newRow("formats of nothing") << QStringList{"--formats", "csv"} << "--output";
        QTest::newRow("pixels of no picture") << QStringList{"--basis-pixel", "2", "--output", "out"} << "no pixels";
        QTest::newRow("a fit into nothing") << QStringList{"--write-fit"} << "--output";
    }

    void whatMakesNoSenseIsSaid()
    {
        QFETCH(QStringList, options);
        QFETCH(QString, said);
        const Outcome result = run(QStringList{"run", "table.csv"} + options);
        QCOMPARE(result.status, 1);
        QVERIFY2(result.errors.contains(said) && result.errors.count('\n') == 1, qPrintable(result.errors));
    }
};

QTEST_GUILESS_MAIN(TestBatchExport)
#include "tst_batch_export.moc"
