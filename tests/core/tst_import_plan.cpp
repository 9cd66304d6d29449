#include "tests/support/problems.h"
#include "tests/support/refusal.h"
#include "tests/support/test_data.h"

#include "core/formats/formats.h"
#include "core/import_plan.h"
#include "core/pictures.h"

#include <QTest>

#include <cmath>

using namespace nmf;
using Pictures = ImportPlan::Pictures;

/// What a file holds becomes a table as the plan says, which says what it did; and the likeliest plan is guessed.
class TestImportPlan : public QObject
{
    Q_OBJECT

    static Matrix<double> whole(const DataMatrix& V)
    {
        Matrix<double> all(V.rows(), V.cols());
        for (Index j = 0; j < V.cols(); ++j)
            all.col(j) = V.column(j);
        return all;
    }

    static Dataset table(const Matrix<double>& V) { return *problems::dataset(V); }

    /// Pictures of 4 × 3 pixels: pixel (y, x) of picture j is 100 j + 10 y + x.
    static Dataset pictures(Index count)
    {
        Matrix<double> V(12, count);
        for (Index j = 0; j < count; ++j)
            for (Index y = 0; y < 4; ++y)
                for (Index x = 0; x < 3; ++x)
                    V(y * 3 + x, j) = static_cast<double>(100 * j + 10 * y + x);
        Dataset result = table(V);
        result.features = Axis::pixels(4, 3);
        return result;
    }

    static bool said(const Dataset& dataset, const char* words)
    {
        return std::any_of(dataset.notes.begin(), dataset.notes.end(),
                           [&](const std::string& note) { return note.find(words) != std::string::npos; });
    }

private slots:
    void anEmptyPlanChangesNothing()
    {
        const Dataset raw = table(problems::matrixA());
        const Dataset same = prepared(raw, {});
        QCOMPARE(whole(same.V), whole(raw.V));
        QCOMPARE(same.notes, raw.notes);
    }

    void pixelsComeIntoTheirOrder_data()
    {
        QTest::addColumn<bool>("sparse");
        QTest::addColumn<bool>("single");
        for (const bool sparse : {false, true})
            for (const bool single : {false, true})
                QTest::addRow("%s, %s", sparse ? "sparse" : "dense", single ? "single" : "double") << sparse << single;
    }
    void pixelsComeIntoTheirOrder()
    {
        QFETCH(bool, sparse);
        QFETCH(bool, single);
        // The same pictures, stored column by column.
        const Dataset wanted = pictures(2);
        Matrix<double> stored(12, 2);
        for (Index j = 0; j < 2; ++j)
            stored.col(j) = wanted.V.column(j).reshaped(3, 4).transpose().reshaped();
        Dataset raw = table(stored);
        if (sparse)
            raw.V = single ? DataMatrix(SparseMatrix<float>(stored.cast<float>().sparseView()))
                           : DataMatrix(SparseMatrix<double>(stored.sparseView()));
        else if (single)
            raw.V = DataMatrix(stored.cast<float>().eval());
        raw.weights = DataMatrix(stored);
        const Dataset made = prepared(raw, {.height = 4, .width = 3, .columnMajor = true});
        QCOMPARE(whole(made.V), whole(wanted.V));
        QCOMPARE(whole(*made.weights), whole(wanted.V));
        QVERIFY(made.V.isSparse() == sparse && made.V.isSingle() == single);
        QVERIFY(made.features.kind == Axis::Kind::Pixels && made.features.height == 4 && made.features.width == 3);
        QVERIFY(said(made, "MATLAB"));
        const Dataset asItIs = prepared(table(whole(wanted.V)), {.height = 4, .width = 3});
        QCOMPARE(whole(asItIs.V), whole(wanted.V));
        QCOMPARE(asItIs.features.label(4), std::string("x 2, y 2"));
        QVERIFY(said(asItIs, "4 × 3"));
        const QString refused = refusal([&] { prepared(raw, {.height = 5, .width = 3}); });
        QVERIFY2(refused.contains("15 numbers") && refused.contains("12 rows"), qPrintable(refused));
        QVERIFY(
            refusal([&] { prepared(raw, {.height = Index{1} << 40, .width = Index{1} << 40}); }).contains("12 rows"));
        QVERIFY(refusal([&] { prepared(raw, {.columnMajor = true}); }).contains("how high and wide"));
    }

    void channelsOfMatlabAreInterleaved()
    {
        // 2 × 1 pixels of 3 channels, channel after channel.
        Matrix<double> V(6, 1);
        V << 1, 2, 10, 20, 100, 200;
        const Dataset made = prepared(table(V), {.height = 2, .width = 1, .channels = 3, .columnMajor = true});
        QCOMPARE(whole(made.V), (Matrix<double>(6, 1) << 1, 10, 100, 2, 20, 200).finished());
    }

    void patchesAreCut()
    {
        const ImportPlan plan{.pictures = Pictures::Patches, .patchSize = 2, .patchStride = 1};
        const Dataset one = prepared(pictures(1), plan);
        QCOMPARE(one.V.rows(), Index{4});
        QCOMPARE(one.V.cols(), Index{6});
        QCOMPARE(whole(one.V).col(3), (Vector<double>(4) << 11, 12, 21, 22).finished());
        QVERIFY(one.samples.kind == Axis::Kind::Pixels && one.samples.height == 3 && one.samples.width == 2);
        const Dataset several = prepared(pictures(2), plan);
        QCOMPARE(several.V.cols(), Index{12});
        QCOMPARE(several.samples.names.size(), std::size_t{12});
        QCOMPARE(several.V(0, 6), 100.0);
        ImportPlan some = plan;
        some.patchCount = 4;
        const Dataset first = prepared(pictures(2), some), again = prepared(pictures(2), some);
        QCOMPARE(first.V.cols(), Index{4});
        QCOMPARE(whole(first.V), whole(again.V));
        some.patchSeed = 2;
        QVERIFY(whole(prepared(pictures(2), some).V) != whole(first.V));
        some.patchCount = 12;
        QCOMPARE(whole(prepared(pictures(2), some).V), whole(several.V));
        some.patchSize = 4;
        QVERIFY(refusal([&] { prepared(pictures(1), some); }).contains("do not fit"));
        QVERIFY(refusal([&] { prepared(table(problems::matrixA()), plan); }).contains("no picture"));
    }

    void aStackIsBandsByPixels()
    {
        const Dataset stack = prepared(pictures(5), {.pictures = Pictures::Pixels});
        QCOMPARE(stack.V.rows(), Index{5});
        QCOMPARE(stack.V.cols(), Index{12});
        QCOMPARE(whole(stack.V), Matrix<double>(whole(pictures(5).V).transpose()));
        QVERIFY(stack.samples.kind == Axis::Kind::Pixels && stack.samples.width == 3);
        QVERIFY(stack.features.kind == Axis::Kind::Ordered && stack.features.label(4) == "5");
        QVERIFY(refusal([&] { prepared(pictures(1), {.pictures = Pictures::Pixels}); }).contains("one gray picture"));
        // The same numbers as 5 × 4 pixels of 3 bands.
        const Dataset cube = prepared(pictures(5), {.pictures = Pictures::Pixels, .bandsLast = true});
        QCOMPARE(cube.V.rows(), Index{3});
        QVERIFY(cube.samples.height == 5 && cube.samples.width == 4);
        QCOMPARE(cube.V(2, 4 * 4 + 1), 412.0);
        Dataset colour = table((Matrix<double>(6, 1) << 1, 10, 100, 2, 20, 200).finished());
        colour.features = Axis::pixels(1, 2, 3);
        const Dataset channels = prepared(colour, {.pictures = Pictures::Pixels});
        QCOMPARE(whole(channels.V), (Matrix<double>(3, 2) << 1, 2, 10, 20, 100, 200).finished());
        QCOMPARE(channels.features.names, (std::vector<std::string>{"red", "green", "blue"}));
    }

    void picturesInAnotherSizeKeepTheirMean()
    {
        const Dataset given = pictures(1);
        const Vector<double> gray = given.V.column(0);
        for (const auto& [height, width] : {std::pair<Index, Index>{2, 3}, {3, 2}, {8, 6}, {5, 7}, {1, 1}}) {
            const Vector<double> made = resized(gray, given.features, height, width);
            QCOMPARE(made.size(), height * width);
            QVERIFY(std::abs(made.mean() - gray.mean()) < 1e-12 * gray.mean());
            QVERIFY(made.minCoeff() >= gray.minCoeff() - 1e-12 && made.maxCoeff() <= gray.maxCoeff() + 1e-12);
        }
        QCOMPARE(resized(gray, given.features, 2, 3), (Vector<double>(6) << 5, 6, 7, 25, 26, 27).finished());
        QCOMPARE(cropped(gray, given.features, 2, 1), (Vector<double>(2) << 11, 21).finished());
        QCOMPARE(cropped(gray, given.features, 4, 5).head(5), (Vector<double>(5) << 0, 0, 1, 2, 0).finished());
        // Channels do not mix.
        Axis colour = Axis::pixels(2, 1, 2);
        const Vector<double> two = (Vector<double>(4) << 1, 10, 3, 30).finished();
        QCOMPARE(resized(two, colour, 1, 1), (Vector<double>(2) << 2, 20).finished());
    }

    void axesAreOrdered()
    {
        Dataset raw = table(problems::matrixA());
        raw.features = Axis::named({"400", "410.5", "421"});
        ImportPlan plan{.features = {.ordered = true, .unit = "nm"},
                        .samples = {.ordered = true, .unit = "s", .first = 0, .step = 0.5}};
        const Dataset made = prepared(raw, plan);
        QVERIFY(made.features.kind == Axis::Kind::Ordered && made.samples.kind == Axis::Kind::Ordered);
        QCOMPARE(made.features.label(1), std::string("410.5 nm"));
        QCOMPARE(made.samples.label(2), std::string("1 s"));
    }

    void infiniteEntriesAreUnknownIfThatIsWanted()
    {
        Matrix<double> V = problems::matrixA();
        V(1, 1) = HUGE_VAL;
        QVERIFY(std::isinf(prepared(table(V), {}).V(1, 1)));
        const Dataset made = prepared(table(V), {.infiniteUnknown = true});
        QVERIFY(std::isnan(made.V(1, 1)) && said(made, "1 infinite entry"));
        V(0, 0) = std::nan("");
        QVERIFY(refusal([&] { prepared(table(V), {.infiniteUnknown = true}); }).contains("1 missing entry"));
        QCOMPARE(factsOf(prepared(table(V), {.missingUnknown = true, .infiniteUnknown = true}).V).nans, Index{2});
        Dataset sparse = table(V);
        sparse.V = DataMatrix(SparseMatrix<double>(V.sparseView()));
        QVERIFY(refusal([&] { prepared(sparse, {.infiniteUnknown = true}); }).contains("sparse"));
    }

    void stepsFollowEachOther()
    {
        Matrix<double> V(2, 3);
        V << -1, 0, 3, 1, 0, 1;
        const Dataset made =
            prepared(table(V),
                     {.transpose = true, .repairs = {.negative = {"zero"}}, .normalisation = {"l1"}, .exchanged = true},
                     DataMatrix(problems::uniform(2, 3, 1)));
        QCOMPARE(whole(made.V), (Matrix<double>(2, 3) << 0, 0, 1, 0.5, 0, 0.5).finished());
        QCOMPARE(whole(*made.weights), problems::uniform(2, 3, 1));
        QVERIFY(said(made, "set to zero") && said(made, "divided") && said(made, "nothing but zeros"));
        const QString refused =
            refusal([&] { prepared(table(V), {.transpose = true}, DataMatrix(problems::uniform(3, 2, 1))); });
        QVERIFY2(refused.contains("3 × 2") && refused.contains("2 × 3"), qPrintable(refused));
    }

    void linesOfZerosAreSaidAndKept()
    {
        Matrix<double> V = problems::matrixB();
        V.row(1).setZero();
        V.row(4).setZero();
        V.col(2).setZero();
        const Dataset made = prepared(table(V), {});
        QVERIFY(said(made, "2 rows and 1 column have nothing but zeros"));
        QCOMPARE(whole(made.V), V);
    }

    void shapesAreNeitherTooLongNorTooSmall()
    {
        using Shapes = std::vector<std::pair<Index, Index>>;
        QCOMPARE(shapesOf(361), (Shapes{{19, 19}}));
        QCOMPARE(shapesOf(10304), (Shapes{{112, 92}, {92, 112}}));
        QVERIFY(shapesOf(97).empty());
        QVERIFY(shapesOf(9).empty());
    }

    void plansAreGuessed_data()
    {
        QTest::addColumn<QString>("file");
        QTest::addColumn<int>("height");
        QTest::addColumn<int>("width");
        QTest::addColumn<bool>("columnMajor");
        QTest::addColumn<bool>("pixels");
        const auto add = [](const char* file, int height, int width, bool columnMajor = false, bool pixels = false) {
            QTest::newRow(file) << file << height << width << columnMajor << pixels;
        };
        add("faces/cbcl/cbcl_361x2429_uint8.npy", 19, 19);
        add("faces/cbcl/CBCL.mat", 19, 19, true);
        add("faces/orl/orl_10304x400_uint8.npy", 112, 92);
        add("faces/orl/orl_2576x400_float32.npy", 56, 46);
        add("digits/sklearn/digits_64x1797_uint8.npy", 8, 8);
        add("digits/mnist/mnist_784x2000_uint8.npy", 28, 28);
        add("synthetic/swimmer/swimmer_220x256_uint8.npy", 20, 11);
        add("hyperspectral/jasper/jasper_198x10000_uint16.npy", 100, 100, false, true);
        add("hyperspectral/jasper/jasperRidge2_R198.mat", 100, 100, true, true);
        add("genes/golub/golub_5000x38_float64.npy", 0, 0);
        add("audio/mary/mary_129x586_float64.npy", 0, 0);
        add("ratings/movielens-latest-small/ratings_1297x610_min20_float32.npy", 0, 0);
        add("graphs/karate/karate.mat", 0, 0);
        add("text/bbc/bbc_300x223_labelled.csv", 0, 0);
    }
    void plansAreGuessed()
    {
        NEEDS_TEST_DATA();
        QFETCH(QString, file);
        QFETCH(int, height);
        QFETCH(int, width);
        QFETCH(bool, columnMajor);
        QFETCH(bool, pixels);
        const Dataset raw = load(test_data::path(file).toStdString(), formats());
        const ImportPlan plan = guessed(raw);
        QVERIFY(plan.missingUnknown);
        QCOMPARE(plan.height, Index{height});
        QCOMPARE(plan.width, Index{width});
        QCOMPARE(plan.columnMajor, columnMajor);
        QVERIFY(!plan.transpose);
        QCOMPARE(plan.pictures == Pictures::Pixels, pixels);
        const Dataset made = prepared(raw, plan);
        const Axis& axis = pixels ? made.samples : made.features;
        QCOMPARE(axis.kind == Axis::Kind::Pixels, height > 0);
        // Pictures in rows are found as well. (The swimmer's samples count through the poses of four limbs, and look
        // like pictures of 16 × 16 themselves.)
        if (file.contains("swimmer"))
            return;
        const ImportPlan turned = guessed(raw.transposed());
        QCOMPARE(turned.transpose, height > 0 && !pixels);
    }

    void matlabsAbundancesAreThoseOfRowsByRow()
    {
        NEEDS_TEST_DATA();
        const Dataset stored = load(test_data::path("hyperspectral/jasper/jasperRidge2_R198.mat").toStdString(),
                                    formats(), {.member = "Y"});
        const Dataset made =
            prepared(stored, {.height = 100, .width = 100, .columnMajor = true, .pictures = Pictures::Pixels});
        const Dataset wanted =
            load(test_data::path("hyperspectral/jasper/jasper_198x10000_uint16.npy").toStdString(), formats());
        QCOMPARE(whole(made.V), whole(wanted.V));
    }
};

QTEST_APPLESS_MAIN(TestImportPlan)
#include "tst_import_plan.moc"
