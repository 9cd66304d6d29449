#include "tests/support/kept_as.h"
#include "tests/support/problems.h"
#include "tests/support/refusal.h"
#include "ui/model/component_edits.h"
#include "ui/model/component_labels.h"

#include <Eigen/SVD>
#include <QTest>

#include <limits>

using namespace nmf;
using namespace nmf::ui;

namespace
{

Factors<double> someFactors(Index m, Index n, Index rank)
{
    return {problems::uniform(m, rank, 3), problems::uniform(n, rank, 4)};
}

Matrix<double> product(const Factors<double>& factors)
{
    return factors.W * factors.Ht.transpose();
}

/// Two parts that share nothing: V is exactly their sum.
struct TwoBlocks
{
    Factors<double> parts{Matrix<double>::Zero(8, 2), Matrix<double>::Zero(6, 2)};
    Matrix<double> V;

    TwoBlocks()
    {
        parts.W.col(0).head(4) << 1, 2, 3, 4;
        parts.W.col(1).tail(4) << 4, 3, 2, 1;
        parts.Ht.col(0).head(3) << 1, 2, 1;
        parts.Ht.col(1).tail(3) << 3, 1, 2;
        V = product(parts);
    }
};

const Options plain{.rank = 3};

} // namespace

/// What a person does to components, as functions of factors.
class TestComponentEdits : public QObject
{
    Q_OBJECT

private slots:
    void deletingTakesOneAway();
    void theOnlyPartStays();
    void aCopyLeavesTheProduct();
    void mergingGivesTheBestOfRankOne();
    void mergingWhatIsNothingGivesNothing();
    void splittingFindsTheTwo_data();
    void splittingFindsTheTwo();
    void whatIsOnePartIsNotSplit();
    void aSplitCanBeStopped();
    void theWorstSampleIsFound();
    void aPartBeginsFromWhatIsLeft();
    void whereNothingIsLeftNoPartBegins();
    void aPartBeginsFromASample();
    void aPartBeginsFromARegion_data();
    void aPartBeginsFromARegion();
    void ofARegionWhatIsPositiveCounts();
    void whereNothingSuitsNoRegionBegins();
    void picturesShowWhatARegionWouldHave();
    void unknownEntriesHaveNoSay();
    void paintedPixelsAreThere();
    void locksFollowTheirComponents();
    void entriesAreLockedAndReleased();
    void labelsFollowTheirComponents();
    void anOrderThatIsNoneIsLeft();
};

void TestComponentEdits::deletingTakesOneAway()
{
    const Factors<double> factors = someFactors(5, 4, 3);
    const ComponentEdit edit = withoutComponent(factors, 1);
    QCOMPARE(edit.origin, std::vector<Index>({0, 2}));
    QVERIFY(product(edit.factors).isApprox(product(factors) - factors.W.col(1) * factors.Ht.col(1).transpose(), 1e-13));
}

void TestComponentEdits::theOnlyPartStays()
{
    QVERIFY(refusal([] { withoutComponent(someFactors(5, 4, 1), 0); }).contains("only part"));
}

void TestComponentEdits::aCopyLeavesTheProduct()
{
    const Factors<double> factors = someFactors(5, 4, 3);
    const ComponentEdit edit = withCopy(factors, 2);
    QCOMPARE(edit.origin, std::vector<Index>({0, 1, 2, 2}));
    QVERIFY(product(edit.factors).isApprox(product(factors), 1e-13));
    QVERIFY(edit.factors.W.col(3) == factors.W.col(2));
}

void TestComponentEdits::mergingGivesTheBestOfRankOne()
{
    const Factors<double> factors = someFactors(9, 7, 4);
    const ComponentEdit edit = merged(factors, 3, 1);
    QCOMPARE(edit.origin, std::vector<Index>({0, 2, -1}));
    const Matrix<double> both =
        factors.W.col(1) * factors.Ht.col(1).transpose() + factors.W.col(3) * factors.Ht.col(3).transpose();
    const Matrix<double> one = edit.factors.W.col(2) * edit.factors.Ht.col(2).transpose();
    const auto values = Eigen::JacobiSVD<Matrix<double>>(both).singularValues();
    QVERIFY(std::abs((both - one).norm() - values(1)) < 1e-10 * values(0));
    QVERIFY(edit.factors.W.minCoeff() >= 0 && edit.factors.Ht.minCoeff() >= 0);
    QVERIFY(edit.factors.W.col(0) == factors.W.col(0) && edit.factors.W.col(1) == factors.W.col(2));
}

void TestComponentEdits::mergingWhatIsNothingGivesNothing()
{
    Factors<double> factors = someFactors(5, 4, 3);
    factors.W.leftCols(2).setZero();
    const ComponentEdit edit = merged(factors, 0, 1);
    QVERIFY(edit.factors.W.allFinite() && edit.factors.Ht.allFinite());
    QVERIFY(edit.factors.W.col(0).isZero());
}

void TestComponentEdits::splittingFindsTheTwo_data()
{
    QTest::addColumn<bool>("sparse");
    QTest::addColumn<bool>("unknown");
    QTest::newRow("dense") << false << false;
    QTest::newRow("sparse") << true << false;
    QTest::newRow("with an unknown entry") << false << true;
}

void TestComponentEdits::splittingFindsTheTwo()
{
    QFETCH(bool, sparse);
    QFETCH(bool, unknown);
    const TwoBlocks blocks;
    Matrix<double> V = blocks.V;
    Options options = plain;
    options.nanUnknown = unknown;
    if (unknown)
        V(0, 0) = std::numeric_limits<double>::quiet_NaN();
    const auto dataset = std::make_shared<const Dataset>(kept_as::dataset(V, sparse));
    // Both in one part, and one of no consequence beside it.
    Factors<double> one{Matrix<double>::Zero(8, 2), Matrix<double>::Zero(6, 2)};
    one.W.col(1) = blocks.parts.W.rowwise().sum();
    one.Ht.col(1) = blocks.parts.Ht.rowwise().sum();
    const ComponentEdit edit = split(dataset, options, one, 1);
    QCOMPARE(edit.origin, std::vector<Index>({0, -1, -1}));
    QVERIFY((product(edit.factors) - blocks.V).norm() < 1e-3 * blocks.V.norm());
}

void TestComponentEdits::whatIsOnePartIsNotSplit()
{
    const Factors<double> one{problems::uniform(6, 1, 3), problems::uniform(5, 1, 4)};
    const auto dataset = problems::dataset(product(one));
    QVERIFY(refusal([&] { split(dataset, plain, one, 0); }).contains("cannot be split"));
    // Of what explains nothing, there is nothing either.
    Factors<double> two{Matrix<double>::Zero(6, 2), Matrix<double>::Zero(5, 2)};
    two.W.col(0) = one.W;
    two.Ht.col(0) = one.Ht;
    QVERIFY(refusal([&] { split(dataset, plain, two, 1); }).contains("cannot be split"));
}

void TestComponentEdits::aSplitCanBeStopped()
{
    std::stop_source stop;
    stop.request_stop();
    const auto dataset = problems::dataset(problems::uniform(30, 20, 1));
    QVERIFY_EXCEPTION_THROWN(split(dataset, plain, someFactors(30, 20, 3), 0, stop.get_token()), Cancelled);
    QVERIFY_EXCEPTION_THROWN(worstExplained(*dataset, plain, someFactors(30, 20, 3), stop.get_token()), Cancelled);
}

void TestComponentEdits::theWorstSampleIsFound()
{
    const Factors<double> factors = someFactors(8, 6, 3);
    for (const bool sparse : {false, true}) {
        Matrix<double> V = product(factors);
        V(2, 4) += 0.5;
        V(3, 1) += 0.4;
        QCOMPARE(worstExplained(kept_as::dataset(V, sparse), plain, factors), Index{4});
        // Weights count.
        Dataset weighted = kept_as::dataset(V, sparse);
        Matrix<double> weights = Matrix<double>::Ones(8, 6);
        weights(2, 4) = 0;
        weighted.weights = DataMatrix(weights);
        QCOMPARE(worstExplained(weighted, plain, factors), Index{1});
    }
}

void TestComponentEdits::aPartBeginsFromWhatIsLeft()
{
    const Factors<double> factors = someFactors(8, 6, 3);
    const Matrix<double> V = product(factors);
    const ComponentEdit edit = begunFromRest(*problems::dataset(V), plain, factors, 1, 4);
    // What the others leave of exact data is the part's own share.
    QVERIFY(edit.factors.W.col(1).isApprox(factors.W.col(1) * factors.Ht(4, 1), 1e-12));
    QVERIFY(product(edit.factors).isApprox(V, 1e-12));
    QCOMPARE(edit.origin, std::vector<Index>({0, -1, 2}));
}

void TestComponentEdits::whereNothingIsLeftNoPartBegins()
{
    Factors<double> factors = someFactors(8, 6, 3);
    factors.W.col(1).setZero();
    const auto dataset = problems::dataset(product(factors) * 0.9);
    QVERIFY(refusal([&] { begunFromRest(*dataset, plain, factors, 1, 4); }).contains("leave nothing"));
    const auto nothing = problems::dataset(Matrix<double>::Zero(8, 6));
    QVERIFY(refusal([&] { begunFromSample(*nothing, plain, factors, 1, 4); }).contains("is zero"));
}

void TestComponentEdits::aPartBeginsFromASample()
{
    const TwoBlocks blocks;
    Factors<double> factors = blocks.parts;
    factors.W.col(1).setConstant(0.5);
    for (const bool sparse : {false, true}) {
        const ComponentEdit edit = begunFromSample(kept_as::dataset(blocks.V, sparse), plain, factors, 1, 5);
        QVERIFY(edit.factors.W.col(1) == blocks.V.col(5));
        QVERIFY(product(edit.factors).isApprox(blocks.V, 1e-12));
    }
}

void TestComponentEdits::aPartBeginsFromARegion_data()
{
    QTest::addColumn<bool>("sparse");
    QTest::newRow("dense") << false;
    QTest::newRow("sparse") << true;
}

void TestComponentEdits::aPartBeginsFromARegion()
{
    QFETCH(bool, sparse);
    const Factors<double> factors = someFactors(8, 6, 3);
    const std::vector<Index> region{1, 2, 6};
    const ComponentEdit edit = begunFromRegion(kept_as::dataset(product(factors), sparse), plain, factors, 1, region);
    // What the others leave of exact data is the part's own share.
    const double mean = factors.Ht.col(1).mean();
    Vector<double> expected = Vector<double>::Zero(8);
    for (const Index row : region)
        expected(row) = factors.W(row, 1) * mean;
    QVERIFY(edit.factors.W.col(1).isApprox(expected, 1e-12));
    QVERIFY(edit.factors.Ht.col(1).isApprox(factors.Ht.col(1) / mean, 1e-12));
    QVERIFY(edit.factors.W.col(0) == factors.W.col(0) && edit.factors.Ht.col(2) == factors.Ht.col(2));
    QCOMPARE(edit.origin, std::vector<Index>({0, -1, 2}));
}

void TestComponentEdits::ofARegionWhatIsPositiveCounts()
{
    // The other part is 2 everywhere; the second row is too small twice, and unknown once.
    Factors<double> factors{Matrix<double>::Ones(3, 2), Matrix<double>::Constant(4, 2, 2.0)};
    Matrix<double> V(3, 4);
    V << 5, 5, 5, 5, 4, 1, 0, std::numeric_limits<double>::quiet_NaN(), 2, 2, 2, 2;
    Options options{.rank = 2};
    options.nanUnknown = true;
    const std::vector<Index> region{1, 2};
    const ComponentEdit edit = begunFromRegion(*problems::dataset(V), options, factors, 0, region);
    QCOMPARE(edit.factors.W.col(0), (Vector<double>(3) << 0, 2.0 / 3, 0).finished());
    QVERIFY((edit.factors.Ht.col(0) - (Vector<double>(4) << 3, 0, 0, 0).finished()).norm() < 1e-14);
}

void TestComponentEdits::whereNothingSuitsNoRegionBegins()
{
    Factors<double> factors{Matrix<double>::Ones(2, 2), Matrix<double>::Constant(3, 2, 2.0)};
    Matrix<double> V = Matrix<double>::Constant(2, 3, 2.0);
    const std::vector<Index> one{0}, both{0, 1};
    const Options options{.rank = 2};
    QVERIFY(refusal([&] {
                begunFromRegion(*problems::dataset(V), options, factors, 0, both);
            }).contains("leave nothing in this region"));
    QVERIFY(refusal([&] {
                begunFromRegion(*problems::dataset(V), options, factors, 0, {});
            }).contains("leave nothing in this region"));
    // Each row has more in a sample in which the other has far less.
    V.col(0) << 3, 0;
    V.col(1) << 0, 3;
    QVERIFY(refusal([&] {
                begunFromRegion(*problems::dataset(V), options, factors, 0, both);
            }).contains("suits no sample"));
    QVERIFY(begunFromRegion(*problems::dataset(V), options, factors, 0, one).factors.W(0, 0) > 0);
}

void TestComponentEdits::picturesShowWhatARegionWouldHave()
{
    const Factors<double> factors = someFactors(8, 6, 3);
    const Matrix<double> V = product(factors) + problems::uniform(8, 6, 9);
    for (const bool sparse : {false, true}) {
        const Dataset dataset = kept_as::dataset(V, sparse);
        const Matrix<double> pictures = regionPictures(dataset, plain, factors, 1);
        const std::vector<Index> all{0, 1, 2, 3, 4, 5, 6, 7};
        QVERIFY(pictures.col(LeftPicture) == begunFromRegion(dataset, plain, factors, 1, all).factors.W.col(1));
        QVERIFY(pictures.col(DataPicture).isApprox(V.rowwise().mean(), 1e-12));
    }
    std::stop_source stop;
    stop.request_stop();
    QVERIFY_EXCEPTION_THROWN(regionPictures(*problems::dataset(V), plain, factors, 1, stop.get_token()), Cancelled);
}

void TestComponentEdits::unknownEntriesHaveNoSay()
{
    const Factors<double> factors = someFactors(8, 6, 3);
    Matrix<double> V = product(factors);
    V(2, 4) = V(5, 4) = V(1, 0) = std::numeric_limits<double>::quiet_NaN();
    Options options = plain;
    options.nanUnknown = true;
    const ComponentEdit edit = begunFromSample(*problems::dataset(V), options, factors, 0, 4);
    QCOMPARE(edit.factors.W(2, 0), 0.0);
    QCOMPARE(edit.factors.W(3, 0), V(3, 4));
    QVERIFY(edit.factors.Ht.allFinite());
    // In a sparse table whose gaps are unknown, what is not stored is not known to be zero.
    Matrix<double> few = Matrix<double>::Zero(8, 6);
    few(1, 2) = 4;
    few(6, 2) = 2;
    few(6, 3) = 1;
    Options gaps = plain;
    gaps.unstoredUnknown = true;
    const ComponentEdit rated = begunFromSample(kept_as::dataset(few, true), gaps,
                                                {Matrix<double>::Zero(8, 1), Matrix<double>::Zero(6, 1)}, 0, 2);
    QVERIFY(std::abs(rated.factors.Ht(2, 0) - 1) < 1e-14);
    QVERIFY(std::abs(rated.factors.Ht(3, 0) - 0.5) < 1e-14);
}

void TestComponentEdits::paintedPixelsAreThere()
{
    const Factors<double> factors = someFactors(8, 6, 3);
    const std::vector<PaintedEntry> entries{{0, 0}, {7, 2.5}};
    const ComponentEdit edit = painted(factors, 2, entries);
    QCOMPARE(edit.factors.W(0, 2), 0.0);
    QCOMPARE(edit.factors.W(7, 2), 2.5);
    QVERIFY(edit.factors.W.col(2).segment(1, 6) == factors.W.col(2).segment(1, 6));
    QVERIFY(edit.factors.W.leftCols(2) == factors.W.leftCols(2));
}

void TestComponentEdits::locksFollowTheirComponents()
{
    Options before = plain;
    setLocked(before.lockW, 2, true);
    setLocked(before.lockW, 0, true);
    setLocked(before.lockW, 0, true);
    setLocked(before.lockH, 1, true);
    QCOMPARE(before.lockW.components, std::vector<Index>({0, 2}));
    const std::vector<PaintedEntry> rows{{1, 0}, {3, 0}};
    lockEntries(before.lockW, 8, 3, 1, rows);
    const Factors<double> factors = someFactors(8, 6, 3);
    const Options deleted = optionsFor(before, withoutComponent(factors, 0));
    QCOMPARE(deleted.rank, Index{2});
    QCOMPARE(deleted.lockW.components, std::vector<Index>({1}));
    QCOMPARE(deleted.lockH.components, std::vector<Index>({0}));
    QVERIFY((*deleted.lockW.entries)(3, 0) && !(*deleted.lockW.entries)(2, 0) && !(*deleted.lockW.entries)(3, 1));
    QVERIFY(deleted.start->W.cols() == 2);
    // A copy is as its model is; what is made of two is free.
    const Options copied = optionsFor(before, withCopy(factors, 0));
    QCOMPARE(copied.lockW.components, std::vector<Index>({0, 1, 3}));
    const Options one = optionsFor(before, merged(factors, 0, 1));
    QCOMPARE(one.lockW.components, std::vector<Index>({1}));
    QVERIFY(!one.lockW.entries);
    setLocked(before.lockW, 2, false);
    setLocked(before.lockW, 1, false);
    QCOMPARE(before.lockW.components, std::vector<Index>({0}));
    // Held softly or locked, not both; and a part keeps its share wherever it goes.
    setSoft(before.lockW, 2, 0.1);
    setSoft(before.lockW, 0, 0.05);
    QVERIFY(before.lockW.components.empty());
    QCOMPARE(before.lockW.soft, std::vector<SoftLock>({{0, 0.05}, {2, 0.1}}));
    QCOMPARE(optionsFor(before, withoutComponent(factors, 0)).lockW.soft, std::vector<SoftLock>({{1, 0.1}}));
    setLocked(before.lockW, 2, true);
    setSoft(before.lockW, 0, 0);
    QVERIFY(before.lockW.soft.empty());
    QCOMPARE(before.lockW.components, std::vector<Index>({2}));
}

void TestComponentEdits::entriesAreLockedAndReleased()
{
    FactorLock lock;
    const std::vector<PaintedEntry> rows{{1, 0}, {3, 1}}, others{{2, 0}};
    lockEntries(lock, 5, 2, 0, rows);
    lockEntries(lock, 5, 2, 1, others);
    QVERIFY(hasLockedEntries(lock, 0) && hasLockedEntries(lock, 1));
    releaseEntries(lock, 0);
    QVERIFY(!hasLockedEntries(lock, 0) && hasLockedEntries(lock, 1));
    releaseEntries(lock, 1);
    QVERIFY(lock.none());
    releaseEntries(lock, 1);
}

void TestComponentEdits::labelsFollowTheirComponents()
{
    ComponentLabels labels;
    QCOMPARE(componentName(labels, 4), std::string("5"));
    setName(labels, 2, "nose");
    setColor(labels, 0, "#ff0000");
    labels.order = {2, 0, 1};
    QCOMPARE(componentName(labels, 2), std::string("nose"));
    QVERIFY(!hasName(labels, 0));
    const ComponentLabels deleted = carried(labels, {0, 2});
    QCOMPARE(componentName(deleted, 1), std::string("nose"));
    QCOMPARE(colorOf(deleted, 0), std::string("#ff0000"));
    QCOMPARE(deleted.order, std::vector<Index>({1, 0}));
    // New ones come last.
    const ComponentLabels splitInTwo = carried(labels, {0, 1, -1, -1});
    QVERIFY(splitInTwo.names.empty());
    QCOMPARE(splitInTwo.order, std::vector<Index>({0, 1, 2, 3}));
    setName(labels, 2, "");
    QVERIFY(labels.names.empty());
}

void TestComponentEdits::anOrderThatIsNoneIsLeft()
{
    ComponentLabels labels;
    const std::vector<Index> energy{1, 0, 2};
    QCOMPARE(orderOf(labels, energy), energy);
    labels.order = {0, 1};
    QCOMPARE(orderOf(labels, energy), energy);
    labels.order = {0, 1, 1};
    QCOMPARE(orderOf(labels, energy), energy);
    labels.order = {2, 1, 0};
    QCOMPARE(orderOf(labels, energy), labels.order);
}

QTEST_GUILESS_MAIN(TestComponentEdits)
#include "tst_component_edits.moc"
