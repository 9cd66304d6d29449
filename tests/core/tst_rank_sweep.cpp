#include "tests/support/problems.h"

#include "core/block_prediction.h"
#include "core/error.h"
#include "core/rank_sweep.h"

#include <QTest>

#include <algorithm>
#include <cmath>
#include <set>

using namespace nmf;

namespace
{

/// Four parts, sparse in both factors, and noise of a quarter of the table's norm.
std::shared_ptr<const Dataset> fourParts(double noise = 0.25)
{
    const auto sparse = [](Matrix<double> values) { return (values.array() > 0.5).select(values, 0.0).eval(); };
    Matrix<double> V = sparse(problems::uniform(60, 4, 1)) * sparse(problems::uniform(4, 50, 2));
    const Matrix<double> disturbance = (problems::uniform(60, 50, 3).array() - 0.5).matrix();
    V = (V + noise * V.norm() / disturbance.norm() * disturbance).cwiseMax(0.0);
    return problems::dataset(V);
}

Options randomStarts()
{
    Options options;
    options.initializer.id = "random";
    options.maxIterations = 200;
    options.tolerance = 1e-5;
    return options;
}

} // namespace

/// Runs of several ranks.
class TestRankSweep : public QObject
{
    Q_OBJECT

private slots:
    void wholeBlocksArePredictedBestByTheTrueRank_data()
    {
        QTest::addColumn<int>("parts");
        QTest::newRow("two by two") << 2;
        QTest::newRow("three by three") << 3;
    }
    void wholeBlocksArePredictedBestByTheTrueRank()
    {
        QFETCH(int, parts);
        const auto data = fourParts();
        Options options = randomStarts();
        std::vector<double> errors;
        for (Index rank = 1; rank <= 7; ++rank) {
            options.rank = rank;
            options.threads = 1;
            int reports = 0;
            const HeldOutMean mean = predictBlocks(*data, options, parts, {}, [&](int done, int all) {
                QCOMPARE(done, ++reports);
                QCOMPARE(all, parts * parts);
            });
            QCOMPARE(reports, parts * parts);
            QCOMPARE(mean.runs, static_cast<std::size_t>(parts));
            errors.push_back(mean.relativeError);
            options.threads = 3;
            QCOMPARE(predictBlocks(*data, options, parts).relativeError, mean.relativeError);
        }
        QCOMPARE(std::min_element(errors.begin(), errors.end()) - errors.begin(), 3);
        // The noise cannot be predicted.
        QVERIFY2(errors[3] > 0.2 && errors[3] < 0.4, qPrintable(QString::number(errors[3])));
    }

    void blocksOfAnExactProductArePredictedExactly()
    {
        const auto data = fourParts(0);
        auto sparse = std::make_shared<Dataset>();
        sparse->V = DataMatrix(SparseMatrix<double>(data->V.dense<double>()->sparseView()));
        Options options = randomStarts();
        options.rank = 4;
        options.maxIterations = 3000;
        options.tolerance = 0;
        const double dense = predictBlocks(*data, options, 2).relativeError;
        QVERIFY2(dense < 1e-3, qPrintable(QString::number(dense)));
        QVERIFY(std::abs(predictBlocks(*sparse, options, 2).relativeError - dense) < 1e-4);
    }

    void blocksAreRefusedWhereTheyCannotBePredicted()
    {
        const auto data = fourParts();
        QVERIFY_EXCEPTION_THROWN(predictBlocks(*data, randomStarts(), 1), Error);
        QVERIFY_EXCEPTION_THROWN(predictBlocks(*data, randomStarts(), 51), Error);
        Options some = randomStarts();
        some.heldOut = 0.1;
        QVERIFY_EXCEPTION_THROWN(predictBlocks(*data, some, 2), Error);
        some = randomStarts();
        some.onH.smoothness = 0.1;
        QVERIFY_EXCEPTION_THROWN(predictBlocks(*data, some, 2), Error);
        std::stop_source stop;
        stop.request_stop();
        QVERIFY_EXCEPTION_THROWN(predictBlocks(*data, randomStarts(), 2, stop.get_token()), Cancelled);
    }

    void eachRunIsThatOfItsSeedAndTheBestOfEachRankIsKept()
    {
        const auto data = fourParts();
        const RankSweep sweep = sweepRanks(data, randomStarts(), {5, 3, 5}, 4);
        QCOMPARE(sweep.ranks.size(), std::size_t{2});
        QVERIFY(!sweep.suggested && !sweep.stopped);
        std::set<std::uint64_t> seeds;
        for (const RankOutcome& outcome : sweep.ranks) {
            QCOMPARE(outcome.rank, &outcome == &sweep.ranks[0] ? 3 : 5);
            QCOMPARE(outcome.restarts.runs.size(), std::size_t{4});
            std::vector<double> objectives;
            for (std::size_t i = 0; i < 4; ++i) {
                const RestartOutcome& run = outcome.restarts.runs[i];
                Options alone = randomStarts();
                alone.rank = outcome.rank;
                alone.seed = seedOfRun(1, outcome.rank, static_cast<int>(i));
                QCOMPARE(run.seed, alone.seed);
                const Result result = factorize(data, alone);
                QCOMPARE(run.last.objective, result.history.back().objective);
                QVERIFY(run.W == result.factors.W);
                objectives.push_back(run.last.objective);
                seeds.insert(run.seed);
            }
            std::sort(objectives.begin(), objectives.end());
            QCOMPARE(outcome.objective->least, objectives[0]);
            QCOMPARE(outcome.objective->median, (objectives[1] + objectives[2]) / 2);
            QVERIFY(outcome.objective->lowerQuartile > objectives[0] &&
                    outcome.objective->lowerQuartile < objectives[1]);
            QCOMPARE(outcome.restarts.result.history.back().objective, objectives[0]);
            QCOMPARE(outcome.restarts.result.factors.rank(), outcome.rank);
            QCOMPARE(outcome.restarts.options.rank, outcome.rank);
        }
        QCOMPARE(seeds.size(), std::size_t{8});
    }

    void neitherThreadsNorTheOtherRanksChangeAnything()
    {
        Options options = randomStarts();
        options.threads = 1;
        options.heldOut = 0.1;
        const RankSweep one = sweepRanks(fourParts(), options, {2, 3, 4}, 3);
        const RankSweep alone = sweepRanks(fourParts(), options, {3}, 3);
        const auto same = [](const RankOutcome& a, const RankOutcome& b) {
            return a.restarts.best == b.restarts.best && a.restarts.result.factors.W == b.restarts.result.factors.W &&
                   a.restarts.result.factors.Ht == b.restarts.result.factors.Ht &&
                   a.objective->upperQuartile == b.objective->upperQuartile &&
                   a.heldOut->relativeError == b.heldOut->relativeError &&
                   a.heldOut->standardError == b.heldOut->standardError;
        };
        QVERIFY(same(one.ranks[1], alone.ranks[0]));
        for (const int threads : {2, 8}) {
            options.threads = threads;
            const RankSweep other = sweepRanks(fourParts(), options, {2, 3, 4}, 3);
            for (std::size_t i = 0; i < 3; ++i)
                QVERIFY(same(one.ranks[i], other.ranks[i]));
            QCOMPARE(other.suggested, one.suggested);
        }
    }

    void heldOutEntriesTellTheTrueRank_data()
    {
        QTest::addColumn<QString>("loss");
        QTest::addColumn<QString>("algorithm");
        QTest::newRow("Frobenius") << "frobenius"
                                   << "ehals";
        QTest::newRow("Kullback-Leibler") << "kl"
                                          << "mu";
    }
    void heldOutEntriesTellTheTrueRank()
    {
        QFETCH(QString, loss);
        QFETCH(QString, algorithm);
        Options options = randomStarts();
        options.loss.id = loss.toStdString();
        options.algorithm.id = algorithm.toStdString();
        options.heldOut = 0.1;
        options.maxIterations = 400;
        const RankSweep sweep = sweepRanks(fourParts(), options, {1, 2, 3, 4, 5, 6, 7}, 8);
        std::size_t least = 0;
        for (std::size_t i = 0; i < sweep.ranks.size(); ++i) {
            const HeldOutMean& mean = *sweep.ranks[i].heldOut;
            QCOMPARE(mean.runs, std::size_t{8});
            QVERIFY(mean.standardError > 0);
            if (mean.relativeError < sweep.ranks[least].heldOut->relativeError)
                least = i;
            // Run r of every rank predicts the same entries, which differ between the runs.
            for (std::size_t r = 0; r < 8; ++r)
                QCOMPARE(sweep.ranks[i].restarts.runs[r].heldOutSeed, options.heldOutSeed + r);
        }
        QCOMPARE(sweep.ranks[least].rank, Index{4});
        QCOMPARE(*sweep.suggested, Index{4});
        // What is fitted says nothing: it falls and falls.
        for (std::size_t i = 1; i < sweep.ranks.size(); ++i)
            QVERIFY(sweep.ranks[i].objective->median < sweep.ranks[i - 1].objective->median);
    }

    void theSuggestionIsTheSmallestRankWithinAStandardError()
    {
        Options options = randomStarts();
        options.heldOut = 0.1;
        const RankSweep sweep = sweepRanks(fourParts(), options, {4, 5, 6}, 6);
        const RankOutcome* least = &sweep.ranks[0];
        for (const RankOutcome& outcome : sweep.ranks)
            if (outcome.heldOut->relativeError < least->heldOut->relativeError)
                least = &outcome;
        const double limit = least->heldOut->relativeError + least->heldOut->standardError;
        for (const RankOutcome& outcome : sweep.ranks)
            if (outcome.heldOut->relativeError <= limit) {
                QCOMPARE(*sweep.suggested, outcome.rank);
                return;
            }
        QFAIL("No rank is within its own standard error.");
    }

    void quartilesAreInterpolated()
    {
        const Spread spread = spreadOf({5, 1, 2, 4});
        QCOMPARE(spread.least, 1.0);
        QCOMPARE(spread.lowerQuartile, 1.75);
        QCOMPARE(spread.median, 3.0);
        QCOMPARE(spread.upperQuartile, 4.25);
        QCOMPARE(spreadOf({7}).upperQuartile, 7.0);
    }

    void aRankWhoseObjectiveIsBeyondEveryNumberIsComparedAllTheSame()
    {
        // The objective of one part is beyond every number, and its runs are told apart by the scaled one; two parts
        // are exact.
        const Matrix<double> V = problems::uniform(60, 2, 1) * problems::uniform(2, 80, 2) * 1e154;
        Options options = randomStarts();
        options.maxIterations = 3000;
        options.tolerance = 0;
        const RankSweep sweep = sweepRanks(problems::dataset(V), options, {1, 2}, 3);
        QVERIFY(!sweep.stopped);
        QVERIFY(sweep.ranks[0].restarts.usable() && sweep.ranks[1].restarts.usable());
        QVERIFY(std::isinf(sweep.ranks[0].objective->median));
        QVERIFY(std::isfinite(sweep.ranks[1].objective->median));
        for (const RestartOutcome& run : sweep.ranks[0].restarts.runs)
            QVERIFY(run.failure.empty());
    }

    void impossibleSweepsAreRefused()
    {
        const auto data = fourParts();
        QVERIFY_EXCEPTION_THROWN(sweepRanks(data, randomStarts(), {}, 2), Error);
        QVERIFY_EXCEPTION_THROWN(sweepRanks(data, randomStarts(), {0, 2}, 2), Error);
        QVERIFY_EXCEPTION_THROWN(sweepRanks(data, randomStarts(), {2, 5000}, 2), Error);
        QVERIFY_EXCEPTION_THROWN(sweepRanks(data, randomStarts(), {2}, 0), Error);
        Options options = randomStarts();
        options.initializer.id = "nndsvd";
        QVERIFY_EXCEPTION_THROWN(sweepRanks(data, options, {2, 3}, 2), Error);
        QCOMPARE(sweepRanks(data, options, {2, 3}, 1).ranks.size(), std::size_t{2});
        std::stop_source stop;
        stop.request_stop();
        QVERIFY_EXCEPTION_THROWN(sweepRanks(data, randomStarts(), {2}, 2, stop.get_token()), Cancelled);
    }

    void aStopKeepsWhatWasReached()
    {
        Options options = randomStarts();
        options.threads = 1;
        std::stop_source stop;
        const RankSweep sweep =
            sweepRanks(fourParts(), options, {2, 3}, 3, stop.get_token(), [&](const RestartProgress& progress) {
                if (progress.finished == 2)
                    stop.request_stop();
                if (progress.total != 6)
                    QFAIL("The runs of all ranks count.");
            });
        QVERIFY(sweep.stopped);
        QVERIFY(!sweep.ranks[0].restarts.usable() && !sweep.ranks[0].objective); // The larger rank goes first.
        QVERIFY(sweep.ranks[1].restarts.usable());
    }
};

QTEST_APPLESS_MAIN(TestRankSweep)
#include "tst_rank_sweep.moc"
