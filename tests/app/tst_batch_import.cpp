#include "tests/support/batch_test.h"
#include "tests/support/test_data.h"

#include <QImage>
#include <QJsonArray>

using nmf::Index;

/// How INPUT becomes a table, as somebody in a terminal asks for it.
class TestBatchImport : public QObject, BatchTest
{
    Q_OBJECT

    QJsonObject info(const QStringList& arguments) const
    {
        const Outcome result = run(QStringList{"info", "--json"} + arguments);
        if (result.status != 0)
            qWarning("%s", qPrintable(result.errors));
        return result.report();
    }

    QString refusal(const QStringList& arguments) const
    {
        const Outcome result = run(QStringList{"info"} + arguments);
        return result.status == 1 ? result.errors : QString();
    }

    static QString text(const QJsonObject& report, const QString& key)
    {
        return QJsonDocument(QJsonObject{{"", report[key]}}).toJson(QJsonDocument::Compact).mid(4).chopped(1);
    }

private slots:
    void initTestCase()
    {
        QVERIFY(m_folder.isValid());
        QImage colour(6, 4, QImage::Format_RGB32);
        for (int y = 0; y < 4; ++y)
            for (int x = 0; x < 6; ++x)
                colour.setPixel(x, y, qRgb(10 * x, 20 * y, 7));
        QVERIFY(colour.save(path("colour.png")) && colour.save(path("colour.ppm")) && colour.save(path("colour.tif")));
        QVERIFY(QDir(path("mixed")).mkpath("."));
        QVERIFY(colour.save(path("mixed/a.png")) && colour.copy(0, 0, 3, 4).save(path("mixed/b.png")) &&
                colour.copy(0, 0, 5, 2).save(path("mixed/c.png")));
        writeFile(path("columns.csv"), "1,5\n2,6\n3,7\n4,8\n");
        writeFile(path("odd.csv"), "-1,inf\n2,0\n3,7\n");
    }

    void membersAreListedAndChosen()
    {
        NEEDS_TEST_DATA();
        const QString file = test_data::path("hyperspectral/jasper/jasperRidge2_R198.mat");
        const QJsonArray members = info({file})["members"].toArray();
        QStringList names;
        for (const QJsonValue& member : members)
            names << member.toObject()["name"].toString();
        QVERIFY2(names.contains("Y") && names.contains("A") && names.contains("M"), qPrintable(names.join(' ')));
        QCOMPARE(text(info({file, "--member", "M"}), "shape"), "[198,4]");
        QVERIFY(run({"info", file}).output.contains("member      Y (198 × 10000)"));
        const QString several = test_data::path("formats/npz/several.npz");
        QVERIFY(info({several, "--member", "V"})["members"].toArray().size() > 1);
        QVERIFY(refusal({file, "--member", "magic"}).contains("magic"));
    }

    void shapeAndOrderOfPixels()
    {
        const QJsonObject told = info({"columns.csv", "--image-shape", "2x2", "--pixel-order", "column"});
        QCOMPARE(told["features"].toObject()["width"].toInt(), 2);
        QCOMPARE(told["import"].toObject()["column_major"].toBool(), true);
        QCOMPARE(run({"run", "columns.csv", "--image-shape", "2x2", "--rank", "1", "--output", "out"}).status, 0);
        QVERIFY(QFile::exists(path("out/basis.png")));
        QCOMPARE(reportIn(path("out"))["import"].toObject()["height"].toInt(), 2);
        QVERIFY(refusal({"columns.csv", "--image-shape", "3x2"}).contains("4 rows"));
        QVERIFY(refusal({"columns.csv", "--image-shape", "3by2"}).contains("112x92"));
        QVERIFY(refusal({"columns.csv", "--pixel-order", "diagonal"}).contains("column or row"));
    }

    void onePictureAsPatchesOrPixels()
    {
        const QJsonObject patches = info({"colour.png", "--patches", "2,1"});
        QCOMPARE(text(patches, "shape"), "[4,15]");
        QCOMPARE(patches["samples"].toObject()["kind"].toString(), "pixels");
        QCOMPARE(text(info({"colour.png", "--patches", "2,1,7,3"}), "shape"), "[4,7]");
        for (const QString file : {"colour.png", "colour.ppm", "colour.tif"}) {
            const QJsonObject pixels = info({file, "--as-pixels"});
            QCOMPARE(text(pixels, "shape"), "[3,24]");
            QCOMPARE(pixels["samples"].toObject()["width"].toInt(), 6);
            QVERIFY(std::abs(pixels["maximum"].toDouble() - 60 / 255.0) < 1e-12);
            QVERIFY(std::abs(pixels["sum"].toDouble() * 255 - (4 * 150 + 6 * 120 + 24 * 7)) < 1e-6);
        }
        QVERIFY(refusal({"colour.png", "--patches", "2", "--as-pixels"}).contains("one of them"));
        QVERIFY(refusal({"colour.png", "--patches", "0"}).contains("8,4,1000,1"));
        QVERIFY(refusal({"colour.png", "--patches", "9"}).contains("do not fit"));
        QVERIFY(refusal({"columns.csv", "--patches", "2"}).contains("--image-shape"));
    }

    void picturesOfOtherSizes()
    {
        const QString refused = refusal({"mixed"});
        QVERIFY2(refused.contains("b.png has 4 × 3, c.png has 2 × 5") && refused.contains("2 of 3"),
                 qPrintable(refused));
        for (const QString way : {"crop", "resize"}) {
            const QJsonObject told = info({"mixed", "--other-sizes", way});
            QCOMPARE(text(told, "shape"), "[24,3]");
            QVERIFY(text(told, "notes").contains("2 pictures of another size"));
        }
        QCOMPARE(text(info({"mixed", "--other-sizes", "resize", "--longest-side", "3"}), "shape"), "[6,3]");
        QCOMPARE(text(info({"colour.tif", "--longest-side", "3"}), "shape"), "[6,1]");
        QVERIFY(refusal({"mixed", "--other-sizes", "ignore"}).contains("crop, resize or refuse"));
        QVERIFY(refusal({"mixed", "--longest-side", "0"}).contains("from 1 up"));
    }

    void entriesAreRepairedAndNormalised()
    {
        QVERIFY(refusal({"odd.csv", "--normalise", "l1"}).contains("infinite"));
        const QJsonObject told =
            info({"odd.csv", "--negative", "zero", "--infinite", "unknown", "--missing", "nan", "--normalise", "l1"});
        QCOMPARE(told["missing"].toInt(), 1);
        QCOMPARE(told["can_be_factorized"].toBool(), true);
        QCOMPARE(told["maximum"].toDouble(), 1.0);
        QCOMPARE(told["sum"].toDouble(), 2.0);
        QCOMPARE(text(told["import"].toObject(), "normalisation"), R"({"id":"l1","values":{}})");
        QCOMPARE(run({"run", "odd.csv", "--negative", "zero", "--infinite", "unknown", "--rank", "1"}).status, 0);
        QVERIFY(refusal({"odd.csv", "--normalise", "l9"}).contains("tf-idf"));
        writeFile(path("w.csv"), "1\n1\n");
        const Outcome refused = run({"transform", "out", "columns.csv", "--normalise", "l1=features"});
        QVERIFY2(refused.errors.contains("the new samples"), qPrintable(refused.errors));
    }

    void axesHaveAnOrder()
    {
        const QJsonObject axis = info({"columns.csv", "--ordered-features", "nm,400,2.5"})["features"].toObject();
        QCOMPARE(axis["kind"].toString(), "ordered");
        QCOMPARE(axis["unit"].toString(), "nm");
        QCOMPARE(axis["last"].toDouble(), 407.5);
        QVERIFY(refusal({"columns.csv", "--ordered-samples", "s,x"}).contains("nm,400,2.5"));
    }

    void aCubeIsBandsByPixels()
    {
        NEEDS_TEST_DATA();
        const QString cube = test_data::path("formats/npy/images_4x12x10_u1.npy");
        QCOMPARE(text(info({cube, "--as-pixels"}), "shape"), "[4,120]");
        QCOMPARE(text(info({cube, "--as-pixels", "--bands", "last"}), "shape"), "[10,48]");
        QCOMPARE(text(info({test_data::path("formats/mat/v5_3d.mat"), "--as-pixels"}), "shape"), "[4,120]");
        QVERIFY(refusal({cube, "--bands", "last"}).contains("--as-pixels"));
        const QString jasper = test_data::path("hyperspectral/jasper/jasperRidge2_R198.mat");
        const QJsonObject told = info({jasper, "--as-pixels", "--image-shape", "100x100", "--pixel-order", "column"});
        QCOMPARE(told["samples"].toObject()["height"].toInt(), 100);
    }
};

QTEST_GUILESS_MAIN(TestBatchImport)
#include "tst_batch_import.moc"
