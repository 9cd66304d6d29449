#include "core/error.h"
#include "core/factorize.h"
#include "core/measures/matching.h"
#include "core/measures/support.h"
#include "core/samples/samples.h"

#include <QtTest>

#include <Eigen/QR>

#include <algorithm>
#include <cmath>
#include <set>

using nmf::Dataset;
using nmf::Index;
using nmf::Matrix;
using nmf::Vector;

namespace
{

Matrix<double> valuesOf(const Dataset& dataset)
{
    Matrix<double> V(dataset.V.rows(), dataset.V.cols());
    for (Index column = 0; column < V.cols(); ++column)
        for (Index row = 0; row < V.rows(); ++row)
            V(row, column) = dataset.V(row, column);
    return V;
}

/// Whether V is not quite the product of the true parts.
bool isNoisy(const std::string& id)
{
    return id == "spectra" || id == "topics" || id == "ratings" || id == "genes";
}

/// How alike the parts that a run finds are to the true ones: the least of the cosines.
double leastLikeness(const char* id, const char* loss, nmf::Choice algorithm, nmf::Choice start, bool nanUnknown)
{
    const auto dataset = std::make_shared<const Dataset>(nmf::sampleNamed(id).make(1));
    nmf::Options options;
    options.rank = dataset->truth->rank();
    options.loss.id = loss;
    options.algorithm = std::move(algorithm);
    options.initializer = std::move(start);
    options.nanUnknown = nanUnknown;
    options.maxIterations = 500;
    const nmf::Result result = nmf::factorize(dataset, options);
    const std::vector<double> cosines = nmf::matchColumns(dataset->truth->W, result.factors.W).cosine;
    return *std::ranges::min_element(cosines);
}

Dataset made(const char* id, std::uint64_t seed = 1)
{
    return nmf::sampleNamed(id).make(seed);
}

/// HALS from the first of ten random starts that comes below 1e-3, or from the last.
nmf::Result firstGoodOfTen(const Dataset& dataset, Index rank)
{
    const auto shared = std::make_shared<const Dataset>(dataset);
    nmf::Result result;
    for (std::uint64_t seed = 1; seed <= 10; ++seed) {
        result = nmf::factorize(
            shared, {.rank = rank, .initializer = {"random"}, .seed = seed, .maxIterations = 1000, .tolerance = 0});
        if (result.history.back().relativeError < 1e-3)
            break;
    }
    return result;
}

} // namespace

class TestSamples : public QObject
{
    Q_OBJECT

private slots:
    void everySample_data();
    void everySample();
    void unknownIdIsRefusedWithTheIdsThatExist();
    void shapes_data();
    void shapes();
    void swimmerIsTheOneOfTheFacts();
    void swimmerShowsEveryPoseOnce();
    void barsAreRowsAndColumns();
    void facesAreWellExposed_data();
    void facesAreWellExposed();
    void otherSeedOtherPictures_data();
    void otherSeedOtherPictures();
    void everyLookOccursInTheFaces();
    void workedExampleIsTheTable();
    void barsAreRecovered();
    void swimmerIsRecovered();
    void swimmerIsFittedExactly();
    void sixteenPartsFitTheSwimmerOrMissIt();
    void truePartsAreFound_data();
    void truePartsAreFound();
    void smallTablesEndWhereTheyShould_data();
    void smallTablesEndWhereTheyShould();
};

void TestSamples::everySample_data()
{
    QTest::addColumn<QString>("id");
    for (const nmf::Sample& sample : nmf::samples())
        QTest::addRow("%s", sample.facts.id.c_str()) << QString::fromStdString(sample.facts.id);
}

void TestSamples::everySample()
{
    QFETCH(QString, id);
    const nmf::Sample& sample = nmf::sampleNamed(id.toStdString());
    QVERIFY(!sample.facts.name.empty() && sample.facts.summary.ends_with('.'));
    const Dataset dataset = sample.make(3);
    nmf::DataFacts facts = nmf::factsOf(dataset.V);
    facts.nans = 0; // ratings that nobody gave
    nmf::requireFactorizable(dataset, facts);
    QCOMPARE(dataset.source, "sample:" + sample.facts.id);
    QCOMPARE(dataset.title, sample.facts.name);
    if (dataset.samples.kind == nmf::Axis::Kind::Named)
        QCOMPARE(Index(dataset.samples.names.size()), dataset.V.cols());
    QVERIFY(!dataset.samples.noun.empty() && !dataset.features.noun.empty());
    QVERIFY(sample.suggestedRank >= 1 && sample.suggestedRank <= std::min(dataset.V.rows(), dataset.V.cols()));
    if (dataset.features.kind == nmf::Axis::Kind::Pixels)
        QCOMPARE(dataset.features.height * dataset.features.width * dataset.features.channels, dataset.V.rows());
    const Matrix<double> V = valuesOf(dataset), again = valuesOf(sample.make(3)); // the same seed, the same bits
    QVERIFY((V.array() == again.array() || (V.array().isNaN() && again.array().isNaN())).all());

    if (!dataset.truth)
        return;
    QCOMPARE(dataset.truth->rank(), sample.suggestedRank);
    QVERIFY(dataset.truth->W.minCoeff() >= 0 && dataset.truth->Ht.minCoeff() >= 0);
    if (isNoisy(sample.facts.id)) {
        // Within what noise and rounding may do, and not without.
        const Eigen::Array<bool, Eigen::Dynamic, Eigen::Dynamic> known = !V.array().isNaN();
        const Matrix<double> X = dataset.truth->W * dataset.truth->Ht.transpose();
        const double difference = known.select(V - X, 0.0).norm(), all = known.select(V, 0.0).norm();
        QVERIFY2(difference > 0 && difference < 0.6 * all, qPrintable(QString::number(difference / all)));
        return;
    }
    // Summed up one by one, in another order than a matrix product has: still equal to the last bit.
    Matrix<double> sum = Matrix<double>::Zero(dataset.V.rows(), dataset.V.cols());
    for (Index a = dataset.truth->rank() - 1; a >= 0; --a)
        sum += dataset.truth->W.col(a) * dataset.truth->Ht.col(a).transpose();
    QCOMPARE(sum, valuesOf(dataset));
    QCOMPARE(Matrix<double>(sum.cast<float>().cast<double>()), sum); // nor does single precision lose anything
}

void TestSamples::unknownIdIsRefusedWithTheIdsThatExist()
{
    try {
        nmf::sampleNamed("sunset");
        QFAIL("an unknown sample was accepted");
    } catch (const nmf::Error& error) {
        const std::string message = error.what();
        QVERIFY(message.find("sunset") != std::string::npos);
        for (const nmf::Sample& sample : nmf::samples())
            QVERIFY(message.find(sample.facts.id) != std::string::npos);
    }
}

void TestSamples::shapes_data()
{
    QTest::addColumn<QString>("id");
    QTest::addColumn<Index>("rows");
    QTest::addColumn<Index>("cols");
    QTest::addColumn<Index>("rank");
    QTest::addColumn<QString>("first");
    QTest::newRow("cartoon-faces") << "cartoon-faces" << Index(48 * 48) << Index(400) << Index(28) << "face 1";
    QTest::newRow("swimmer") << "swimmer" << Index(1024) << Index(256) << Index(17) << "figure 1";
    QTest::newRow("bars") << "bars" << Index(64) << Index(400) << Index(16) << "picture 1";
    QTest::newRow("spectra") << "spectra" << Index(120) << Index(1600) << Index(4) << "x 1, y 1";
    QTest::newRow("topics") << "topics" << Index(120) << Index(300) << Index(6) << "document 1";
    QTest::newRow("ratings") << "ratings" << Index(80) << Index(250) << Index(4) << "viewer 1";
    QTest::newRow("genes") << "genes" << Index(300) << Index(60) << Index(5) << "group 1, patient 1";
    QTest::newRow("piano") << "piano" << Index(160) << Index(192) << Index(5) << "0 s";
    QTest::newRow("worked-example") << "worked-example" << Index(3) << Index(3) << Index(2) << "column 1";
}

void TestSamples::shapes()
{
    QFETCH(QString, id);
    QFETCH(Index, rows);
    QFETCH(Index, cols);
    QFETCH(Index, rank);
    QFETCH(QString, first);
    const nmf::Sample& sample = nmf::sampleNamed(id.toStdString());
    const Dataset dataset = sample.make(1);
    QCOMPARE(dataset.V.rows(), rows);
    QCOMPARE(dataset.V.cols(), cols);
    QCOMPARE(sample.suggestedRank, rank);
    QCOMPARE(QString::fromStdString(dataset.samples.label(0)), first);
}

void TestSamples::swimmerIsTheOneOfTheFacts()
{
    const Dataset dataset = made("swimmer");
    const Matrix<double> V = valuesOf(dataset);
    QVERIFY(((V.array() == 0) || (V.array() == 1)).all());
    QVERIFY((V.colwise().sum().array() == 48).all());
    QCOMPARE(Eigen::ColPivHouseholderQR<Matrix<double>>(V).rank(), Index(13));

    const Matrix<double>& W = dataset.truth->W;
    QVERIFY((W.rowwise().sum().array() <= 1).all()); // disjoint
    QCOMPARE(W.col(0).sum(), 24.0);
    for (Index limb = 1; limb < W.cols(); ++limb)
        QCOMPARE(W.col(limb).sum(), 6.0);
    // The corners of the torso, and the tips of the first direction of each limb.
    for (const Index pixel : {10 * 32 + 15, 10 * 32 + 16, 21 * 32 + 15, 21 * 32 + 16})
        QCOMPARE(W(pixel, 0), 1.0);
    QCOMPARE(W(5 * 32 + 14, 1), 1.0);
    QCOMPARE(W(5 * 32 + 17, 5), 1.0);
    QCOMPARE(W(26 * 32 + 14, 9), 1.0);
    QCOMPARE(W(26 * 32 + 17, 13), 1.0);
    // The tips of the last: (1,−1), (1,1), (−1,−1), (−1,1).
    QCOMPARE(W(17 * 32 + 8, 4), 1.0);
    QCOMPARE(W(17 * 32 + 23, 8), 1.0);
    QCOMPARE(W(14 * 32 + 8, 12), 1.0);
    QCOMPARE(W(14 * 32 + 23, 16), 1.0);
}

void TestSamples::swimmerShowsEveryPoseOnce()
{
    const Dataset dataset = made("swimmer");
    const Matrix<double>& Ht = dataset.truth->Ht;
    std::set<std::vector<double>> poses;
    for (Index pose = 0; pose < Ht.rows(); ++pose) {
        QCOMPARE(Ht(pose, 0), 1.0);
        for (Index limb = 0; limb < 4; ++limb)
            QCOMPARE(Ht.row(pose).segment(1 + 4 * limb, 4).sum(), 1.0);
        const Vector<double> row = Ht.row(pose);
        poses.emplace(row.begin(), row.end());
    }
    QCOMPARE(poses.size(), std::size_t(256));
}

void TestSamples::barsAreRowsAndColumns()
{
    const Dataset dataset = made("bars");
    const Matrix<double>& W = dataset.truth->W;
    for (Index bar = 0; bar < 8; ++bar)
        for (Index y = 0; y < 8; ++y)
            for (Index x = 0; x < 8; ++x) {
                QCOMPARE(W(y * 8 + x, bar), y == bar ? 1.0 : 0.0);
                QCOMPARE(W(y * 8 + x, 8 + bar), x == bar ? 1.0 : 0.0);
            }
    const double share = (dataset.truth->Ht.array() > 0).cast<double>().mean();
    QVERIFY2(share > 0.2 && share < 0.3, qPrintable(QString::number(share)));
    QVERIFY((valuesOf(dataset).colwise().maxCoeff().array() > 0).all());
}

void TestSamples::facesAreWellExposed_data()
{
    QTest::addColumn<int>("seed");
    for (int seed = 0; seed < 20; ++seed)
        QTest::addRow("seed %d", seed) << seed;
}

void TestSamples::facesAreWellExposed()
{
    QFETCH(int, seed);
    const Matrix<double> V = valuesOf(made("cartoon-faces", static_cast<std::uint64_t>(seed)));
    QVERIFY(V.minCoeff() >= 0);
    QVERIFY(V.maxCoeff() <= 1);
    QVERIFY(V.colwise().maxCoeff().minCoeff() > 0.85);
}

void TestSamples::otherSeedOtherPictures_data()
{
    QTest::addColumn<QString>("id");
    QTest::newRow("cartoon-faces") << "cartoon-faces";
    QTest::newRow("bars") << "bars";
}

void TestSamples::otherSeedOtherPictures()
{
    QFETCH(QString, id);
    const nmf::Sample& sample = nmf::sampleNamed(id.toStdString());
    const Dataset first = sample.make(1), second = sample.make(2);
    QCOMPARE(first.truth->W, second.truth->W);
    const Matrix<double> difference = first.truth->Ht - second.truth->Ht;
    QVERIFY((difference.rowwise().lpNorm<Eigen::Infinity>().array() > 0).all());
}

void TestSamples::everyLookOccursInTheFaces()
{
    const Dataset dataset = made("cartoon-faces");
    const Matrix<double>& Ht = dataset.truth->Ht;
    for (Index a = 0; a < Ht.cols(); ++a) {
        const Index count = (Ht.col(a).array() > 0).count();
        QVERIFY2(count >= 20, qPrintable(QString("part %1 is in %2 faces").arg(a).arg(count)));
    }
    QCOMPARE(Eigen::ColPivHouseholderQR<Matrix<double>>(valuesOf(dataset)).rank(), Ht.cols());
    std::set<std::vector<double>> faces;
    for (Index face = 0; face < Ht.rows(); ++face) {
        const Vector<double> row = Ht.row(face);
        faces.emplace(row.begin(), row.end());
    }
    QCOMPARE(Index(faces.size()), Ht.rows());
}

void TestSamples::workedExampleIsTheTable()
{
    const Dataset dataset = made("worked-example");
    Matrix<double> wanted(3, 3);
    wanted << 5, 3, 0, //
        3, 7, 4,       //
        6, 2, 5;
    QCOMPARE(valuesOf(dataset), wanted);
    QCOMPARE(dataset.features.label(2), std::string("row 3"));
    QVERIFY(!dataset.truth);
}

void TestSamples::barsAreRecovered()
{
    const Dataset dataset = made("bars");
    const nmf::Result result = firstGoodOfTen(dataset, 16);
    QVERIFY2(result.history.back().relativeError < 1e-3,
             qPrintable(QString::number(result.history.back().relativeError)));
    for (const double cosine : nmf::matchColumns(dataset.truth->W, result.factors.W).cosine)
        QVERIFY2(cosine > 0.999, qPrintable(QString::number(cosine)));
    for (const double cosine : nmf::matchColumns(dataset.truth->Ht, result.factors.Ht).cosine)
        QVERIFY2(cosine > 0.999, qPrintable(QString::number(cosine)));
}

void TestSamples::swimmerIsRecovered()
{
    const Dataset dataset = made("swimmer");
    const nmf::Result result = firstGoodOfTen(dataset, 17);
    QVERIFY2(result.history.back().relativeError < 1e-3,
             qPrintable(QString::number(result.history.back().relativeError)));
    // The torso is in every figure and may be shared out among the limbs: the limbs are unique outside it only.
    Matrix<double> limbs = dataset.truth->W.rightCols(16), found = result.factors.W;
    for (Index pixel = 0; pixel < found.rows(); ++pixel)
        if (dataset.truth->W(pixel, 0) > 0)
            found.row(pixel).setZero();
    for (const double cosine : nmf::matchColumns(limbs, found).cosine)
        QVERIFY2(cosine > 0.999, qPrintable(QString::number(cosine)));
}

void TestSamples::swimmerIsFittedExactly()
{
    const Dataset dataset = made("swimmer");
    const nmf::Result result = nmf::factorize(std::make_shared<const Dataset>(dataset), {.rank = 17,
                                                                                         .algorithm = {"hals"},
                                                                                         .initializer = {"random"},
                                                                                         .seed = 1,
                                                                                         .maxIterations = 400,
                                                                                         .tolerance = 0,
                                                                                         .threads = 1});
    QVERIFY2(result.history.back().relativeError < 1e-12,
             qPrintable(QString::number(result.history.back().relativeError)));
    Matrix<double> found = result.factors.W;
    // The torso leaks into the limbs: what shows that the data leave that open are the nested supports.
    QVERIFY(!nmf::nestedSupports(found).empty());
    for (Index pixel = 0; pixel < found.rows(); ++pixel)
        if (dataset.truth->W(pixel, 0) > 0)
            found.row(pixel).setZero();
    for (const double cosine : nmf::matchColumns(Matrix<double>(dataset.truth->W.rightCols(16)), found).cosine)
        QVERIFY2(cosine > 1 - 1e-10, qPrintable(QString::number(1 - cosine)));
}

/// Though an exact solution exists, the torso shared out among the limbs, some starts end far from it.
void TestSamples::sixteenPartsFitTheSwimmerOrMissIt()
{
    const auto dataset = std::make_shared<const Dataset>(made("swimmer"));
    int fitted = 0, missed = 0;
    for (std::uint64_t seed = 1; seed <= 4; ++seed) {
        const nmf::Result result = nmf::factorize(
            dataset,
            {.rank = 16, .initializer = {"random"}, .seed = seed, .maxIterations = 80, .tolerance = 0, .threads = 1});
        const double error = result.history.back().relativeError;
        fitted += error < 1e-6;
        missed += error > 0.13 && error < 0.14;
    }
    QCOMPARE(fitted + missed, 4);
    QVERIFY(fitted > 0 && missed > 0);
}

void TestSamples::truePartsAreFound_data()
{
    QTest::addColumn<QString>("id");
    QTest::addColumn<QString>("loss");
    QTest::addColumn<QString>("algorithm");
    QTest::addColumn<QString>("start");
    QTest::addColumn<double>("likeness");
    const auto row = [](const char* id, const char* loss, const char* algorithm, const char* start, double likeness) {
        QTest::newRow(id) << id << loss << algorithm << start << likeness;
    };
    row("topics", "kl", "klcdx", "nndsvdar", 0.95);
    row("genes", "frobenius", "ehals", "nndsvdar", 0.9);
    row("piano", "kl", "klcdx", "nndsvdar", 0.95);
    row("ratings", "frobenius", "hals", "nndsvdar", 0.85);
    // Spectra have no zeros: what tells them apart is that each material has pixels of its own.
    row("spectra", "frobenius", "ehals", "spa", 0.95);
}

void TestSamples::truePartsAreFound()
{
    QFETCH(QString, id);
    QFETCH(QString, loss);
    QFETCH(QString, algorithm);
    QFETCH(QString, start);
    QFETCH(double, likeness);
    const double least = leastLikeness(qPrintable(id), qPrintable(loss), {algorithm.toStdString(), {}},
                                       {start.toStdString(), {}}, id == "ratings");
    QVERIFY2(least > likeness, qPrintable(QString::number(least)));
}

void TestSamples::smallTablesEndWhereTheyShould_data()
{
    QTest::addColumn<QString>("id");
    QTest::addColumn<QList<double>>("ends");
    QTest::newRow("two minima") << "two-minima" << QList<double>{2.0, 2.479};
    QTest::newRow("zero lock") << "zero-lock" << QList<double>{0.5, 2.0};
    QTest::newRow("many answers") << "many-answers" << QList<double>{0.5};
    QTest::newRow("rank gap") << "rank-gap" << QList<double>{0.293};
}

/// What 60 random starts come to: each of these, and nothing else.
void TestSamples::smallTablesEndWhereTheyShould()
{
    QFETCH(QString, id);
    QFETCH(QList<double>, ends);
    const nmf::Sample& sample = nmf::sampleNamed(id.toStdString());
    const auto dataset = std::make_shared<const Dataset>(sample.make(1));
    QList<int> counts(ends.size(), 0);
    for (std::uint64_t seed = 1; seed <= 60; ++seed) {
        const nmf::Result result = nmf::factorize(dataset, {.rank = sample.suggestedRank,
                                                            .algorithm = {"hals"},
                                                            .initializer = {"random"},
                                                            .seed = seed,
                                                            .maxIterations = 3000,
                                                            .tolerance = 0,
                                                            .threads = 1});
        bool known = false;
        for (qsizetype i = 0; i < ends.size(); ++i)
            if (std::abs(result.history.back().objective - ends[i]) < 1e-3) {
                ++counts[i];
                known = true;
            }
        QVERIFY2(known, qPrintable(QString::number(result.history.back().objective)));
    }
    for (const int count : counts)
        QVERIFY(count > 0);
}

QTEST_APPLESS_MAIN(TestSamples)
#include "tst_samples.moc"
