#include "core/error.h"
#include "core/import_plan.h"
#include "tests/support/test_data.h"
#include "ui/model/image_format.h"

#include <QFileInfo>
#include <QTest>

using nmf::Dataset, nmf::Index, nmf::Matrix;

namespace
{

Dataset opened(const QString& path)
{
    return nmf::ui::open(test_data::path(path).toStdString());
}

/// How a file in its original form lies, beside the array that was made from it.
struct Original
{
    QString path, array;
    bool turned = false; ///< its samples are rows
    double scale = 1;    ///< array = scale · original + shift
    double shift = 0;
    Index height = 0, width = 0; ///< of pixels that run down the columns of the picture
    bool pixelsAreSamples = false;
    Index firstSamples = 0; ///< the array has only so many
};

/// Where a pixel that is counted along rows lies in a file that counts along columns.
Index byColumns(const Original& original, Index pixel)
{
    if (original.height == 0)
        return pixel;
    const Index y = pixel / original.width, x = pixel % original.width;
    return x * original.height + y;
}

} // namespace

Q_DECLARE_METATYPE(Original)

/// Real data sets, in the form in which they are given away, become the arrays that others made of them.
class TestRealData : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase() { NEEDS_TEST_DATA(); }
    void originalsGiveTheKnownArrays_data();
    void originalsGiveTheKnownArrays();
    void ratingsAreTheKnownTable();
    void termsAndDocumentsAreNamed();
    void aListOfRatingsCanStayATable();
};

void TestRealData::originalsGiveTheKnownArrays_data()
{
    QTest::addColumn<Original>("original");
    const auto row = [](const Original& original) { QTest::newRow(qPrintable(original.path)) << original; };
    const double pixel = 1.0 / 255;
    row({.path = "audio/mary/piano_Mary.mat", .array = "audio/mary/mary_129x586_float64.npy"});
    row({.path = "digits/mnist/t10k-images-idx3-ubyte.gz",
         .array = "digits/mnist/mnist_784x2000_uint8.npy",
         .firstSamples = 2000});
    row({.path = "digits/mnist/mnist-first1000-images-idx3-ubyte",
         .array = "digits/mnist/mnist_784x2000_uint8.npy",
         .firstSamples = 1000});
    row({.path = "digits/sklearn/digits.csv.gz", .array = "digits/sklearn/digits_64x1797_uint8.npy", .turned = true});
    row({.path = "faces/cbcl/pgm", .array = "faces/cbcl/cbcl_361x2429_uint8.npy", .scale = 255});
    row({.path = "faces/cbcl/CBCL.mat",
         .array = "faces/cbcl/cbcl_361x2429_float64.npy",
         .scale = -256 * pixel,
         .shift = 256 * pixel,
         .height = 19,
         .width = 19});
    row({.path = "faces/orl/pgm", .array = "faces/orl/orl_10304x400_uint8.npy", .scale = 255});
    row({.path = "genes/golub/golub_5000x38_expression.csv", .array = "genes/golub/golub_5000x38_float64.npy"});
    row({.path = "genes/golub/golub_5000x38_plain.txt", .array = "genes/golub/golub_5000x38_float64.npy"});
    row({.path = "hyperspectral/jasper/jasperRidge2_R198.mat",
         .array = "hyperspectral/jasper/jasper_198x10000_uint16.npy",
         .height = 100,
         .width = 100,
         .pixelsAreSamples = true});
    row({.path = "synthetic/swimmer/Swimmer.mat",
         .array = "synthetic/swimmer/swimmer_220x256_uint8.npy",
         .height = 20,
         .width = 11});
}

void TestRealData::originalsGiveTheKnownArrays()
{
    QFETCH(Original, original);
    const Dataset read = original.turned ? opened(original.path).transposed() : opened(original.path);
    const auto array = opened(original.array).V.dense<double>();
    const auto values = read.V.dense<double>();
    const Index samples = original.firstSamples > 0 ? original.firstSamples : array->cols();
    // A column of labels stands behind the pixels of the digits.
    QVERIFY(values->rows() == array->rows() || (original.turned && values->rows() == array->rows() + 1));
    QVERIFY(values->cols() >= samples);
    QVERIFY(values->cols() == samples || original.firstSamples > 0);
    double largest = 0;
    for (Index j = 0; j < samples; ++j)
        for (Index i = 0; i < array->rows(); ++i) {
            const Index row = original.pixelsAreSamples ? i : byColumns(original, i);
            const Index column = original.pixelsAreSamples ? byColumns(original, j) : j;
            const double value = original.scale * (*values)(row, column) + original.shift;
            largest = std::max(largest, std::abs(value - (*array)(i, j)));
        }
    QVERIFY2(largest <= 1e-9, qPrintable(QString::number(largest)));
}

void TestRealData::ratingsAreTheKnownTable()
{
    const Dataset list = opened("ratings/movielens-latest-small/ratings.csv"),
                  array = opened("ratings/movielens-latest-small/ratings_9742x610_csc.npz");
    // Films that nobody rated are not in the list, but have a row in the array.
    QVERIFY(list.V.isSparse());
    QCOMPARE(nmf::guessed(list).repairs.zeros.id, std::string("unknown"));
    QCOMPARE(nmf::guessed(array).repairs.zeros.id, std::string("known"));
    QCOMPARE(list.V.stored(), array.V.stored());
    QCOMPARE(list.V.cols(), array.V.cols());
    QCOMPARE(list.samples.names.front(), std::string("1"));
    QCOMPARE(list.features.names.front(), std::string("Toy Story (1995)"));
    for (Index j = 0; j < array.V.cols(); ++j) {
        std::vector<double> here, there;
        list.V.visitStored(j, [&](Index, double value) { here.push_back(value); });
        array.V.visitStored(j, [&](Index, double value) { there.push_back(value); });
        QCOMPARE(here, there);
    }
}

void TestRealData::aListOfRatingsCanStayATable()
{
    const Dataset table = nmf::load(test_data::path("ratings/movielens-latest-small/ratings.csv").toStdString(),
                                    nmf::formats(), {.member = "table"});
    QCOMPARE(table.V.rows(), Index(100836));
    QCOMPARE(table.V.cols(), Index(4));
}

void TestRealData::termsAndDocumentsAreNamed()
{
    const Dataset counts = opened("text/bbc/bbc.mtx"), array = opened("text/bbc/bbc_9635x2225_csc.npz");
    QVERIFY(counts.V.isSparse());
    QCOMPARE(counts.V.stored(), array.V.stored());
    QCOMPARE(counts.features.names.front(), std::string("ad"));
    QCOMPARE(counts.samples.names.back(), std::string("tech.401"));
    for (Index j = 0; j < array.V.cols(); ++j)
        QCOMPARE(counts.V.column(j), array.V.column(j));
}

QTEST_GUILESS_MAIN(TestRealData)
#include "tst_real_data.moc"
