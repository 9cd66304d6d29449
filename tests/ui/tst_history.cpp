#include "ui/model/history.h"

#include <QTest>

#include <algorithm>
#include <cmath>

using namespace nmf;
using namespace nmf::ui;

namespace
{

/// Eight numbers: the iteration, eight times.
Frame frameOf(int iteration)
{
    Frame frame;
    frame.record.iteration = iteration;
    frame.W = std::make_shared<const Matrix<double>>(Matrix<double>::Constant(5, 1, iteration));
    frame.Ht = std::make_shared<const Matrix<double>>(Matrix<double>::Constant(3, 1, iteration));
    return frame;
}

const std::size_t each = frameOf(0).bytes();

std::vector<int> iterationsOf(const History& history, std::uint64_t run)
{
    std::vector<int> iterations;
    for (const Frame& frame : history.of(run))
        iterations.push_back(frame.record.iteration);
    return iterations;
}

/// What a run of so many iterations leaves.
void keepRun(History& history, std::uint64_t run, int iterations)
{
    int last = -1;
    for (int iteration = 0; iteration <= iterations; ++iteration) {
        if (!isFrameDue(iteration, last) && iteration < iterations)
            continue;
        last = iteration;
        history.add(run, frameOf(iteration));
    }
}

/// The frames and what they take, counted otherwise.
std::size_t bytesOf(const History& history, std::initializer_list<std::uint64_t> runs)
{
    std::size_t bytes = 0;
    for (const std::uint64_t run : runs)
        for (const Frame& frame : history.of(run))
            bytes += frame.bytes();
    return bytes;
}

} // namespace

/// The past of runs: what is kept, and what goes when memory is used up.
class TestHistory : public QObject
{
    Q_OBJECT

private slots:
    void theFirstAreKeptAndThenEachTenthMore();
    void framesLieInTheOrderOfTheirIterations();
    void theSameIterationIsReplaced();
    void aFrameIsTheLastAtOrBeforeAnIteration();
    void whatComesAfterACutIsForgotten();
    void aDroppedRunIsGone();
    void memoryStaysWithinTheBudget();
    void whatIsLeftIsSpreadEvenlyOverTheLogarithm();
    void aSmallerBudgetHoldsAtOnce();
    void ofManyRunsTheEndsOfTheOldestGo();
    void theNewestRunKeepsAFrameHoweverLarge();
};

void TestHistory::theFirstAreKeptAndThenEachTenthMore()
{
    std::vector<int> kept;
    for (int iteration = 0, last = -1; iteration <= 10000; ++iteration)
        if (isFrameDue(iteration, last))
            kept.push_back(last = iteration);
    for (int iteration = 0; iteration <= 16; ++iteration)
        QCOMPARE(kept[static_cast<std::size_t>(iteration)], iteration);
    for (std::size_t i = 17; i < kept.size(); ++i) {
        QVERIFY(kept[i] >= 1.1 * kept[i - 1]);
        QVERIFY(kept[i] - 1 < 1.1 * kept[i - 1]);
    }
    QVERIFY(kept.size() < 100);
    // A run that has gone back does not keep again what lies there.
    QVERIFY(!isFrameDue(5, 5));
    QVERIFY(!isFrameDue(4, 5));
}

void TestHistory::framesLieInTheOrderOfTheirIterations()
{
    History history;
    for (const int iteration : {5, 1, 9, 0, 7})
        history.add(1, frameOf(iteration));
    QCOMPARE(iterationsOf(history, 1), std::vector({0, 1, 5, 7, 9}));
    QCOMPARE(history.bytes(), 5 * each);
    QVERIFY(history.of(2).empty());
}

void TestHistory::theSameIterationIsReplaced()
{
    History history;
    history.add(1, frameOf(3));
    Frame other = frameOf(3);
    other.W = std::make_shared<const Matrix<double>>(Matrix<double>::Constant(50, 1, 7));
    history.add(1, other);
    QCOMPARE(history.of(1).size(), std::size_t{1});
    QVERIFY(history.of(1).front().W == other.W);
    QCOMPARE(history.bytes(), other.bytes());
}

void TestHistory::aFrameIsTheLastAtOrBeforeAnIteration()
{
    History history;
    QVERIFY(!history.at(1, 0));
    for (const int iteration : {2, 4, 8})
        history.add(1, frameOf(iteration));
    const auto at = [&](int iteration) { return history.at(1, iteration)->record.iteration; };
    QCOMPARE(at(4), 4);
    QCOMPARE(at(7), 4);
    QCOMPARE(at(8), 8);
    QCOMPARE(at(1000), 8);
    // Before the first there is none: the first is nearest.
    QCOMPARE(at(0), 2);
}

void TestHistory::whatComesAfterACutIsForgotten()
{
    History history;
    keepRun(history, 1, 10);
    keepRun(history, 2, 10);
    history.cut(1, 4);
    QCOMPARE(iterationsOf(history, 1), std::vector({0, 1, 2, 3, 4}));
    QCOMPARE(history.of(2).size(), std::size_t{11});
    QCOMPARE(history.bytes(), bytesOf(history, {1, 2}));
    history.cut(7, 0);
}

void TestHistory::aDroppedRunIsGone()
{
    History history;
    keepRun(history, 1, 10);
    keepRun(history, 2, 5);
    history.drop(1);
    QVERIFY(history.of(1).empty());
    QCOMPARE(history.bytes(), 6 * each);
    history.clear();
    QVERIFY(history.of(2).empty());
    QCOMPARE(history.bytes(), std::size_t{0});
}

void TestHistory::memoryStaysWithinTheBudget()
{
    History history;
    history.setBudget(20 * each);
    for (int iteration = 0; iteration <= 500; ++iteration) {
        history.add(1, frameOf(iteration));
        QVERIFY(history.bytes() <= 20 * each);
    }
    QCOMPARE(history.bytes(), bytesOf(history, {1}));
    const std::vector<int> kept = iterationsOf(history, 1);
    QCOMPARE(kept.size(), std::size_t{20});
    QCOMPARE(kept.front(), 0);
    QCOMPARE(kept.back(), 500);
    for (const Frame& frame : history.of(1))
        QCOMPARE((*frame.W)(0, 0), static_cast<double>(frame.record.iteration));
}

void TestHistory::whatIsLeftIsSpreadEvenlyOverTheLogarithm()
{
    History history;
    history.setBudget(24 * each);
    keepRun(history, 1, 100000);
    const std::vector<int> kept = iterationsOf(history, 1);
    // Past the first few, whose steps cannot be smaller than one iteration, no gap is many times another.
    double widest = 0, narrowest = 1e9;
    for (std::size_t i = 1; i < kept.size(); ++i) {
        if (kept[i - 1] < 10)
            continue;
        const double gap = std::log((kept[i] + 1.0) / (kept[i - 1] + 1.0));
        widest = std::max(widest, gap);
        if (i + 1 < kept.size())
            narrowest = std::min(narrowest, gap);
    }
    QVERIFY2(widest < 4 * narrowest, qPrintable(QStringLiteral("%1 beside %2").arg(widest).arg(narrowest)));
}

void TestHistory::aSmallerBudgetHoldsAtOnce()
{
    History history;
    keepRun(history, 1, 1000);
    QVERIFY(history.bytes() > 10 * each);
    history.setBudget(10 * each);
    QCOMPARE(history.of(1).size(), std::size_t{10});
    QCOMPARE(history.of(1).back().record.iteration, 1000);
    QCOMPARE(history.budget(), 10 * each);
    QVERIFY(history.largestFrame() < history.budget());
}

void TestHistory::ofManyRunsTheEndsOfTheOldestGo()
{
    History history;
    history.setBudget(5 * each);
    for (std::uint64_t run = 1; run <= 3; ++run)
        keepRun(history, run, 50);
    QVERIFY(history.bytes() <= 5 * each);
    QVERIFY(history.of(1).empty());
    for (const std::uint64_t run : {2, 3}) {
        QCOMPARE(history.of(run).front().record.iteration, 0);
        QCOMPARE(history.of(run).back().record.iteration, 50);
    }
}

void TestHistory::theNewestRunKeepsAFrameHoweverLarge()
{
    History history;
    history.setBudget(each / 2);
    history.add(1, frameOf(0));
    history.add(2, frameOf(0));
    QVERIFY(history.of(1).empty());
    QCOMPARE(history.of(2).size(), std::size_t{1});
}

QTEST_GUILESS_MAIN(TestHistory)
#include "tst_history.moc"
