#include "core/error.h"
#include "tests/support/test_data.h"
#include "ui/model/image_format.h"
#include "ui/model/import.h"

#include <QDir>
#include <QElapsedTimer>
#include <QImage>
#include <QRgba64>
#include <QTemporaryDir>
#include <QTest>

#include <cmath>

using nmf::Dataset;
using nmf::Index;

namespace
{

/// The gray of a pixel of a gray picture, as it is stored.
double storedGray(const QImage& image, int x, int y)
{
    const uchar* line = image.constScanLine(y);
    switch (image.format()) {
    case QImage::Format_Grayscale8:
        return line[x] / 255.0;
    case QImage::Format_Grayscale16:
        return reinterpret_cast<const quint16*>(line)[x] / 65535.0;
    case QImage::Format_RGB32:
        return qGreen(reinterpret_cast<const QRgb*>(line)[x]) / 255.0;
    default:
        return reinterpret_cast<const QRgba64*>(line)[x].green() / 65535.0;
    }
}

} // namespace

/// Pictures and folders of pictures that the test itself makes, and the face sets where they are there.
class TestImageFolder : public QObject
{
    Q_OBJECT

private slots:
    void namesAreInNaturalOrder_data();
    void namesAreInNaturalOrder();
    void picturesKeepTheirPrecision_data();
    void picturesKeepTheirPrecision();
    void aFolderIsCancelledBetweenPictures();
    void aFolderWithPicturesLeavesItsSubfoldersOut();
    void largePicturesAreReadTogetherAsOneByOne();
    void picturesAreMadeSmallerWhileTheyAreRead();
    void severalFilesAreOpenedTogether();
    void faceSetsAreReadInWellUnderASecond_data();
    void faceSetsAreReadInWellUnderASecond();
};

void TestImageFolder::namesAreInNaturalOrder_data()
{
    QTest::addColumn<QString>("first");
    QTest::addColumn<QString>("second");
    QTest::newRow("numbers") << "img2.png"
                             << "img10.png";
    QTest::newRow("leading zeros") << "img002.png"
                                   << "img10.png";
    QTest::newRow("same number, other spelling") << "img01.png"
                                                 << "img1.png";
    QTest::newRow("folders") << "s2/10.pgm"
                             << "s10/1.pgm";
    QTest::newRow("prefix") << "a"
                            << "a1";
    QTest::newRow("letters") << "a2"
                             << "b1";
    QTest::newRow("more digits than any integer") << "x99999999999999999999998"
                                                  << "x99999999999999999999999";
    QTest::newRow("zero") << "x0"
                          << "x1";
    QTest::newRow("rest decides") << "1a"
                                  << "1b";
}

void TestImageFolder::namesAreInNaturalOrder()
{
    QFETCH(QString, first);
    QFETCH(QString, second);
    const std::string a = first.toStdString(), b = second.toStdString();
    QVERIFY(nmf::ui::naturallyBefore(a, b));
    QVERIFY(!nmf::ui::naturallyBefore(b, a));
    QVERIFY(!nmf::ui::naturallyBefore(a, a));
}

void TestImageFolder::picturesKeepTheirPrecision_data()
{
    QTest::addColumn<int>("format");
    QTest::addColumn<QString>("suffix");
    QTest::newRow("16-bit gray PNG") << int(QImage::Format_Grayscale16) << "png";
    QTest::newRow("16-bit gray TIFF") << int(QImage::Format_Grayscale16) << "tif";
    QTest::newRow("16-bit colour PNG") << int(QImage::Format_RGBX64) << "png";
    QTest::newRow("16-bit colour with alpha TIFF") << int(QImage::Format_RGBA64) << "tif";
    QTest::newRow("8-bit gray PNG") << int(QImage::Format_Grayscale8) << "png";
    QTest::newRow("8-bit colour BMP") << int(QImage::Format_RGB32) << "bmp";
}

void TestImageFolder::picturesKeepTheirPrecision()
{
    QFETCH(int, format);
    QFETCH(QString, suffix);
    QImage image(16, 9, QImage::Format_RGBA64);
    for (int y = 0; y < image.height(); ++y)
        for (int x = 0; x < image.width(); ++x) {
            const auto gray = static_cast<quint16>(y * 7000 + x * 331 + 1);
            image.setPixelColor(x, y, QColor::fromRgba64(gray, gray, gray, 65535));
        }
    QTemporaryDir folder;
    const QString path = folder.filePath("picture." + suffix);
    const QImage stored = image.convertToFormat(static_cast<QImage::Format>(format));
    QVERIFY(stored.save(path));
    const Dataset dataset = nmf::ui::open(path.toStdString());
    QCOMPARE(dataset.features.height, Index(9));
    QCOMPARE(dataset.features.width, Index(16));
    for (Index i = 0; i < dataset.V.rows(); ++i)
        QCOMPARE(dataset.V(i, 0), storedGray(stored, static_cast<int>(i % 16), static_cast<int>(i / 16)));
}

void TestImageFolder::aFolderIsCancelledBetweenPictures()
{
    QTemporaryDir folder;
    const QImage image = [] {
        QImage black(4, 3, QImage::Format_Grayscale8);
        black.fill(Qt::black);
        return black;
    }();
    for (int i = 0; i < 20; ++i)
        QVERIFY(image.save(folder.filePath(QString("%1.png").arg(i))));
    std::stop_source stop;
    double last = 0;
    const auto stopHalfway = [&](double fraction) {
        QVERIFY(fraction >= last);
        last = fraction;
        if (fraction >= 0.5)
            stop.request_stop();
    };
    QVERIFY_EXCEPTION_THROWN(
        nmf::ui::open(folder.path().toStdString(), {.stop = stop.get_token(), .progress = stopHalfway}),
        nmf::Cancelled);
    QVERIFY2(last >= 0.5 && last < 0.6, qPrintable(QString::number(last)));
}

void TestImageFolder::aFolderWithPicturesLeavesItsSubfoldersOut()
{
    QTemporaryDir folder;
    QImage image(2, 2, QImage::Format_Grayscale8);
    image.fill(Qt::white);
    QVERIFY(QDir(folder.path()).mkpath("more"));
    QVERIFY(image.save(folder.filePath("more/below.png")) && image.save(folder.filePath("above.png")));
    const Dataset dataset = nmf::ui::open(folder.path().toStdString());
    QCOMPARE(dataset.samples.names, std::vector<std::string>{"above.png"});
    QCOMPARE(dataset.V(3, 0), 1.0);
}

namespace
{

QImage gray(int width, int height, int number)
{
    QImage image(width, height, QImage::Format_Grayscale8);
    for (int y = 0; y < height; ++y)
        for (int x = 0; x < width; ++x)
            image.scanLine(y)[x] = static_cast<uchar>((x + 7 * y + 31 * number) % 256);
    return image;
}

QString faultOf(const std::string& source, const nmf::ImportPlan& plan = {})
{
    try {
        nmf::ui::imported(source, plan);
        return {};
    } catch (const nmf::Error& error) {
        return QString::fromUtf8(error.what());
    }
}

} // namespace

void TestImageFolder::largePicturesAreReadTogetherAsOneByOne()
{
    // So many pixels that all processors share them.
    constexpr int count = 9;
    QTemporaryDir folder;
    for (int i = 0; i < count; ++i)
        QVERIFY(gray(400, 300, i).save(folder.filePath(QString("%1.bmp").arg(i))));
    const std::string source = folder.path().toStdString();
    const Dataset all = nmf::ui::imported(source, {});
    QCOMPARE(all.V.cols(), Index(count));
    for (int i = 0; i < count; ++i) {
        const Dataset one = nmf::ui::open(folder.filePath(QString("%1.bmp").arg(i)).toStdString());
        QVERIFY(all.V.column(i) == one.V.column(0));
    }
    // Of two that are damaged the first is named, whoever came to it first.
    for (const char* name : {"3.bmp", "7.bmp"}) {
        QFile file(folder.filePath(name));
        QVERIFY(file.resize(1000));
    }
    for (int i = 0; i < 5; ++i)
        QVERIFY2(faultOf(source).contains("3.bmp"), qPrintable(faultOf(source)));
    QVERIFY(gray(399, 300, 3).save(folder.filePath("3.bmp")) && gray(400, 299, 7).save(folder.filePath("7.bmp")));
    const QString differ = faultOf(source);
    QVERIFY2(differ.contains("2 of 9") && differ.contains("3.bmp has 300 × 399, 7.bmp has 299 × 400"),
             qPrintable(differ));
    const Dataset cropped = nmf::ui::imported(source, {.otherSizes = nmf::ImportPlan::OtherSizes::Crop});
    QCOMPARE(cropped.V(0, 3), gray(399, 300, 3).constScanLine(0)[0] / 255.0);
    QCOMPARE(cropped.V(399, 3), 0.0);
}

void TestImageFolder::picturesAreMadeSmallerWhileTheyAreRead()
{
    QTemporaryDir folder;
    QImage image(200, 100, QImage::Format_Grayscale8);
    image.fill(Qt::black);
    for (int y = 0; y < 100; ++y)
        std::fill_n(image.scanLine(y), 100, uchar{255});
    for (const char* name : {"a.png", "b.jpg", "c.pgm", "d.tif"}) {
        QVERIFY(image.save(folder.filePath(name)));
        const Dataset small = nmf::ui::imported(folder.filePath(name).toStdString(), {.longestSide = 20});
        QCOMPARE(small.features.width, Index(20));
        QCOMPARE(small.features.height, Index(10));
        QVERIFY2(std::abs(small.V(2, 0) - 1) < 0.02 && small.V(17, 0) < 0.02, name);
        const auto isSaid = [](const std::string& note) { return note.find("100 × 200 to 10 × 20") != note.npos; };
        QVERIFY2(std::any_of(small.notes.begin(), small.notes.end(), isSaid), small.notes.back().c_str());
        QCOMPARE(nmf::ui::imported(folder.filePath(name).toStdString(), {.longestSide = 500}).V.rows(), Index(20000));
    }
    QCOMPARE(nmf::ui::imported(folder.path().toStdString(), {.longestSide = 20}).V.cols(), Index(4));
}

void TestImageFolder::severalFilesAreOpenedTogether()
{
    QTemporaryDir folder;
    std::vector<std::filesystem::path> files;
    for (const int i : {10, 2, 1}) {
        const QString path = folder.filePath(QString("p%1.png").arg(i));
        QVERIFY(gray(5, 4, i).save(path));
        files.emplace_back(path.toStdString());
    }
    const std::string source = nmf::ui::sourceOf(files);
    const Dataset dataset = nmf::ui::imported(source, {});
    QCOMPARE(dataset.samples.names, (std::vector<std::string>{"p1.png", "p2.png", "p10.png"}));
    QCOMPARE(nmf::ui::imported(dataset.source, {}).V.cols(), Index(3));
    files.emplace_back(folder.filePath("table.csv").toStdString());
    QVERIFY(faultOf(nmf::ui::sourceOf(files)).contains("table.csv is none"));
}

void TestImageFolder::faceSetsAreReadInWellUnderASecond_data()
{
    QTest::addColumn<QString>("path");
    QTest::addColumn<int>("features");
    QTest::addColumn<int>("samples");
    QTest::addColumn<double>("sum");
    QTest::newRow("CBCL") << "faces/cbcl/pgm" << 361 << 2429 << 111458493.0;
    QTest::newRow("ORL") << "faces/orl/pgm" << 10304 << 400 << 464171738.0;
}

void TestImageFolder::faceSetsAreReadInWellUnderASecond()
{
    QFETCH(QString, path);
    QFETCH(int, features);
    QFETCH(int, samples);
    QFETCH(double, sum);
    NEEDS_TEST_DATA();
    QElapsedTimer timer;
    timer.start();
    const Dataset dataset = nmf::ui::open(test_data::path(path).toStdString());
    qInfo("%d pictures in %lld ms", samples, static_cast<long long>(timer.elapsed()));
    QCOMPARE(dataset.V.rows(), Index(features));
    QCOMPARE(dataset.V.cols(), Index(samples));
    QVERIFY(std::abs(nmf::factsOf(dataset.V).sum * 255 / sum - 1) < 1e-12);
}

QTEST_GUILESS_MAIN(TestImageFolder)
#include "tst_image_folder.moc"
