#include "tests/support/problems.h"

#include "core/error.h"
#include "core/studies/permuted_data.h"
#include "core/studies/run_agreement.h"

#include <QTest>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <set>

using namespace nmf;

namespace
{

using Kind = RankFitKey::Kind;

/// So many parts, sparse in both factors, and noise of a quarter of the table's norm.
std::shared_ptr<const Dataset> parts(Index count, std::uint64_t seed, Index rows = 40, Index columns = 30)
{
    const auto sparse = [](Matrix<double> values) { return (values.array() > 0.5).select(values, 0.0).eval(); };
    Matrix<double> V = sparse(problems::uniform(rows, count, 10 * seed + 1)) *
                       sparse(problems::uniform(count, columns, 10 * seed + 2));
    const Matrix<double> noise = (problems::uniform(rows, columns, 10 * seed + 3).array() - 0.5).matrix();
    V = (V + 0.25 * V.norm() / noise.norm() * noise).cwiseMax(0.0);
    return problems::dataset(V);
}

std::shared_ptr<const Dataset> sparsely(const Dataset& dense)
{
    auto result = std::make_shared<Dataset>(dense);
    result->V = DataMatrix(SparseMatrix<double>(dense.V.dense<double>()->sparseView()));
    return result;
}

RankPlan plan(std::vector<Index> ranks, int runs, double heldOut = 0, bool permuted = false)
{
    RankPlan result{.ranks = std::move(ranks), .runs = runs, .heldOut = heldOut, .permuted = permuted};
    result.options.initializer.id = "random";
    result.options.maxIterations = 100;
    result.options.tolerance = 1e-5;
    return result;
}

std::map<RankFitKey, std::shared_ptr<const RankFit>>
studied(const std::shared_ptr<const Dataset>& data, const RankPlan& plan, const std::set<RankFitKey>& done = {})
{
    std::map<RankFitKey, std::shared_ptr<const RankFit>> fits;
    studyRanks(data, plan, done, {}, [&](const auto& fit) { fits[fit->key] = fit; });
    return fits;
}

RankFits listOf(const std::map<RankFitKey, std::shared_ptr<const RankFit>>& fits)
{
    RankFits list;
    for (const auto& [key, fit] : fits)
        list.push_back(fit);
    return list;
}

std::vector<RankPoint> pointsOf(const RankFits& fits, const std::vector<Index>& ranks)
{
    std::vector<RankPoint> points;
    for (const Index rank : ranks)
        points.push_back(rankPointOf(fits, rank));
    return points;
}

bool sameBits(const RankFit& a, const RankFit& b)
{
    return a.key == b.key && a.last.objective == b.last.objective && a.heldOutError == b.heldOutError &&
           a.labels == b.labels && bool(a.factors) == bool(b.factors) &&
           (!a.factors || problems::sameBits(*a.factors, *b.factors));
}

/// The entries of each row in order of size.
Matrix<double> sortedRows(Matrix<double> values)
{
    for (Index i = 0; i < values.rows(); ++i) {
        std::vector<double> row;
        for (Index j = 0; j < values.cols(); ++j)
            row.push_back(values(i, j));
        std::ranges::sort(row);
        for (Index j = 0; j < values.cols(); ++j)
            values(i, j) = row[static_cast<std::size_t>(j)];
    }
    return values;
}

} // namespace

/// Fits of several ranks, and the rank that they suggest.
class TestRankStudy : public QObject
{
    Q_OBJECT

private slots:
    void everyFitIsReportedOnceAndIsThatOfItsSeed()
    {
        const auto data = parts(3, 1);
        const RankPlan some = plan({2, 4}, 3, 0.2, true);
        const auto fits = studied(data, some);
        QCOMPARE(fits.size(), std::size_t{2 * 3 * 3});
        std::set<std::uint64_t> seeds;
        for (const RankFitKey& key : fitsOf(some)) {
            const RankFit& fit = *fits.at(key);
            QVERIFY2(fit.usable(), fit.failure.c_str());
            QCOMPARE(fit.options.rank, key.rank);
            QCOMPARE(fit.options.seed, fits.at({key.rank, key.run, Kind::Whole})->options.seed);
            QVERIFY(fit.options.seed < std::uint64_t{1} << 31);
            seeds.insert(fit.options.seed);
            QCOMPARE(bool(fit.factors), key.kind == Kind::Whole);
            QCOMPARE(fit.heldOutError > 0, key.kind == Kind::HeldOut);
            if (key.kind != Kind::Whole)
                continue;
            const Result alone = factorize(data, fit.options);
            QVERIFY(problems::sameBits(alone.factors, *fit.factors));
            QCOMPARE(fit.history.size(), alone.history.size());
            QVERIFY(sameBits(*fitAgain(data, some, key), fit));
        }
        QCOMPARE(seeds.size(), std::size_t{2 * 3});
    }

    void neitherThreadsNorAStopChangesAnyBit()
    {
        const auto data = parts(3, 2);
        RankPlan some = plan({2, 3}, 3, 0.2, true);
        some.options.threads = 1;
        const auto whole = studied(data, some);
        for (const int threads : {1, 4}) {
            some.options.threads = threads;
            std::set<RankFitKey> done;
            std::map<RankFitKey, std::shared_ptr<const RankFit>> fits;
            const auto keep = [&](const std::shared_ptr<const RankFit>& fit) {
                QVERIFY2(!fits.contains(fit->key), "A fit was made twice.");
                fits[fit->key] = fit;
                done.insert(fit->key);
            };
            std::stop_source stop;
            studyRanks(data, some, {}, stop.get_token(), [&](const auto& fit) {
                keep(fit);
                if (fits.size() == 5)
                    stop.request_stop();
            });
            QVERIFY(fits.size() >= 5 && fits.size() < whole.size());
            studyRanks(data, some, done, {}, keep);
            QCOMPARE(fits.size(), whole.size());
            for (const auto& [key, fit] : fits)
                QVERIFY(sameBits(*fit, *whole.at(key)));
        }
    }

    void blocksAreBalancedAndNeverFitted()
    {
        const auto data = parts(3, 3, 43, 31);
        const RankPlan some = plan({3}, 2, 0.2);
        const HeldOutBlocks blocks = heldOutBlocksOf(some, *data, 1);
        QCOMPARE(blocks.groups, 5);
        Index held = 0;
        for (Index j = 0; j < 31; ++j) {
            Index inColumn = 0;
            for (Index i = 0; i < 43; ++i)
                inColumn += blocks.holds(i, j);
            QVERIFY(inColumn == 8 || inColumn == 9);
            held += inColumn;
        }
        QVERIFY(std::abs(static_cast<double>(held) / (43 * 31) - 0.2) < 0.01);
        QVERIFY(blocks.featureGroups != heldOutBlocksOf(some, *data, 0).featureGroups);
        // What stands in the blocks changes nothing but how well it is predicted.
        Matrix<double> other = *data->V.dense<double>();
        for (Index j = 0; j < 31; ++j)
            for (Index i = 0; i < 43; ++i)
                if (blocks.holds(i, j))
                    other(i, j) = 1000;
        const RankFitKey key{3, 1, Kind::HeldOut};
        const auto fit = fitAgain(data, some, key), spoilt = fitAgain(problems::dataset(other), some, key);
        QCOMPARE(spoilt->last.iteration, fit->last.iteration);
        QVERIFY(std::abs(spoilt->last.objective - fit->last.objective) < 1e-9 * fit->last.objective);
        QVERIFY(spoilt->heldOutError > 0.9 && fit->heldOutError < 0.5);
    }

    void theErrorInBlocksIsThatOfItsDefinition()
    {
        auto data = std::make_shared<Dataset>(*parts(2, 4, 12, 9));
        data->weights = DataMatrix(problems::uniform(12, 9, 5));
        const HeldOutBlocks blocks = drawHeldOutBlocks(12, 9, 0.3, 7);
        const Factors<double> factors{problems::uniform(12, 2, 6), problems::uniform(9, 2, 7)};
        double missed = 0, all = 0;
        for (Index i = 0; i < 12; ++i)
            for (Index j = 0; j < 9; ++j) {
                const double weight = (*data->weights)(i, j), v = data->V(i, j);
                double largest = 0;
                for (Index l = 0; l < 9; ++l)
                    largest = blocks.holds(i, l) ? largest : std::max(largest, data->V(i, l));
                const double rest = v - std::min(largest, factors.W.row(i).dot(factors.Ht.row(j)));
                missed += blocks.holds(i, j) ? weight * rest * rest : 0;
                all += blocks.holds(i, j) ? weight * v * v : 0;
            }
        QVERIFY(std::abs(errorInBlocks(*data, blocks, factors) - std::sqrt(missed / all)) < 1e-12);
        const auto left = withoutBlocks(*data, blocks);
        for (Index i = 0; i < 12; ++i)
            for (Index j = 0; j < 9; ++j)
                QCOMPARE((*left->weights)(i, j), blocks.holds(i, j) ? 0 : (*data->weights)(i, j));
    }

    void permutedFeaturesKeepTheirEntries_data()
    {
        QTest::addColumn<bool>("sparse");
        QTest::newRow("dense") << false;
        QTest::newRow("sparse") << true;
    }
    void permutedFeaturesKeepTheirEntries()
    {
        QFETCH(bool, sparse);
        const auto dense = parts(2, 5, 20, 50);
        const auto data = sparse ? sparsely(*dense) : dense;
        const auto permuted = permutedWithinFeatures(*data, 3);
        QCOMPARE(permuted->V.isSparse(), sparse);
        QCOMPARE(permuted->V.stored(), data->V.stored());
        Matrix<double> before(20, 50), after(20, 50);
        for (Index j = 0; j < 50; ++j) {
            before.col(j) = data->V.column(j);
            after.col(j) = permuted->V.column(j);
        }
        QVERIFY(before != after);
        QVERIFY(sortedRows(before) == sortedRows(after));
        QVERIFY(permutedWithinFeatures(*data, 4)->V.column(0) != permuted->V.column(0));
        // Each feature by itself: a column is not moved as a whole.
        for (Index j = 0; j < 50; ++j)
            QVERIFY(after.col(0) != before.col(j));
    }

    void everyPlaceOfAPermutationIsAsLikely()
    {
        // One entry of a sparse feature is found in each of five samples about as often.
        SparseMatrix<double> V(1, 5);
        V.insert(0, 2) = 1;
        Dataset data;
        data.V = DataMatrix(V);
        std::vector<int> found(5);
        for (std::uint64_t seed = 0; seed < 500; ++seed)
            for (Index j = 0; j < 5; ++j)
                found[static_cast<std::size_t>(j)] += permutedWithinFeatures(data, seed)->V(0, j) == 1;
        for (const int count : found)
            QVERIFY2(count > 65 && count < 135, qPrintable(QString::number(count)));
    }

    void whatIsUnknownStaysWhereItIs()
    {
        Matrix<double> V = problems::uniform(6, 8, 1);
        V(2, 3) = V(2, 5) = std::numeric_limits<double>::quiet_NaN();
        auto data = std::make_shared<Dataset>(*problems::dataset(V));
        Matrix<double> weights = Matrix<double>::Ones(6, 8);
        weights(4, 1) = 0;
        data->weights = DataMatrix(weights);
        const auto permuted = permutedWithinFeatures(*data, 1);
        QVERIFY(std::isnan(permuted->V(2, 3)) && std::isnan(permuted->V(2, 5)));
        QCOMPARE(permuted->V(4, 1), V(4, 1));
        QVERIFY(permuted->V.column(0) != data->V.column(0));
        // Of a sparse table the pattern, where that says what is known.
        const auto table = sparsely(*parts(2, 6, 10, 12));
        const auto kept = permutedWithinFeatures(*table, 1, Pattern::Kept);
        for (Index j = 0; j < 12; ++j)
            QVERIFY((kept->V.column(j).array() == 0).isApprox(table->V.column(j).array() == 0));
    }

    void noRankExplainsPermutedDataAsWell()
    {
        const RankFits fits = listOf(studied(parts(3, 7), plan({1, 2, 3, 4, 5}, 2, 0, true)));
        const std::vector<RankPoint> points = pointsOf(fits, {1, 2, 3, 4, 5});
        QVERIFY(points[2].permuted->mean > 1.2 * points[2].training->mean);
        const std::vector<RankSuggestion> suggestions = suggestedRanks(points, fits);
        const auto permuted = std::ranges::find(suggestions, RankSuggestion::Rule::Permuted, &RankSuggestion::rule);
        QVERIFY(permuted != suggestions.end());
        QCOMPARE(permuted->rank, Index{3});
        QVERIFY(!permuted->certainty.empty());
    }

    void heldOutEntriesOfSparseTablesArePredicted()
    {
        const auto fits = studied(sparsely(*parts(3, 8)), plan({3}, 2, 0.2));
        QCOMPARE(fits.size(), std::size_t{4});
        for (const auto& [key, fit] : fits) {
            QVERIFY2(fit->usable(), fit->failure.c_str());
            if (key.kind == Kind::HeldOut)
                QVERIFY2(fit->heldOutError > 0.1 && fit->heldOutError < 0.7,
                         qPrintable(QString::number(fit->heldOutError)));
        }
    }

    void heldOutBlocksTellTheTrueRankOfNoisyData()
    {
        int right = 0;
        for (std::uint64_t draw = 0; draw < 20; ++draw) {
            const auto data = parts(3, 100 + draw);
            RankPlan some = plan({1, 2, 3, 4, 5}, 4, 0.2);
            some.options.maxIterations = 50;
            const RankFits fits = listOf(studied(data, some));
            const std::vector<RankSuggestion> suggestions = suggestedRanks(pointsOf(fits, {1, 2, 3, 4, 5}), fits);
            QVERIFY(suggestions.front().rule == RankSuggestion::Rule::HeldOut);
            right += suggestions.front().rank == 3;
        }
        qInfo("%d of 20", right);
        QVERIFY2(right >= 18, qPrintable(QString::number(right)));
    }

    void theSuggestionSaysItsRuleAndHowSureItIs()
    {
        RankFits fits;
        const double errors[3][3] = {{0.5, 0.31, 0.30}, {0.52, 0.29, 0.31}, {0.51, 0.33, 0.29}};
        for (int run = 0; run < 3; ++run)
            for (Index rank = 2; rank <= 4; ++rank)
                fits.push_back(std::make_shared<const RankFit>(
                    RankFit{.key = {rank, run, Kind::HeldOut}, .options = {}, .heldOutError = errors[run][rank - 2]}));
        // Means 0.51, 0.31, 0.30 with a standard error of 0.0058 at the last.
        auto points = pointsOf(fits, {2, 3, 4});
        std::vector<RankSuggestion> suggestions = suggestedRanks(points, fits);
        QCOMPARE(suggestions.size(), std::size_t{1});
        QCOMPARE(suggestions[0].rank, Index{4});
        QVERIFY(suggestions[0].reason.find("one standard error") != std::string::npos);
        QVERIFY(suggestions[0].certainty.starts_with(
            "No other rank is within one standard error. Taken alone, 2 of 3 runs "));
        QVERIFY(suggestions[0].certainty.ends_with("try higher ones."));
        // A wider spread takes the simpler one.
        points[2].heldOut->standardError = 0.02;
        suggestions = suggestedRanks(points, fits);
        QCOMPARE(suggestions[0].rank, Index{3});
        QVERIFY(suggestions[0].certainty.starts_with(
            "2 ranks are within one standard error, from 3 to 4. Taken alone, 1 of 3 runs predicts"));
        // Nothing to go by, nothing said.
        QVERIFY(suggestedRanks(std::span(points).first(1), fits).empty());
        QVERIFY(suggestedRanks({}, {}).empty());
    }

    void theCopheneticCorrelationSuggestsWhereItBeginsToFall()
    {
        std::vector<RankPoint> points;
        for (const double cophenetic : {1.0, 0.998, 0.93, 0.99})
            points.push_back(
                {.rank = static_cast<Index>(points.size()) + 2, .consensus = Consensus{.cophenetic = cophenetic}});
        const std::vector<RankSuggestion> suggestions = suggestedRanks(points, {});
        QCOMPARE(suggestions.size(), std::size_t{1});
        QVERIFY(suggestions[0].rule == RankSuggestion::Rule::Cophenetic);
        QCOMPARE(suggestions[0].rank, Index{3});
        QVERIFY(suggestions[0].certainty.find("0.93") != std::string::npos);
    }

    void pointsDoNotDependOnWhatWasFinishedFirst()
    {
        RankFits fits = listOf(studied(parts(3, 9), plan({3}, 4, 0.2)));
        const RankPoint one = rankPointOf(fits, 3);
        std::ranges::reverse(fits);
        const RankPoint other = rankPointOf(fits, 3);
        QCOMPARE(one.training->mean, other.training->mean);
        QCOMPARE(one.heldOut->standardError, other.heldOut->standardError);
        QCOMPARE(*one.stability, *other.stability);
        QCOMPARE(one.consensus->cophenetic, other.consensus->cophenetic);
        QCOMPARE(one.best->key, other.best->key);
        QVERIFY(!rankPointOf(fits, 7).training);
    }

    void runsThatAgreeAreCounted()
    {
        // Two minima of the objective, and parts that one of them does not have.
        Matrix<double> V(3, 3);
        V << 0, 3, 0, 4, 3, 0, 0, 0, 2;
        RankPlan some = plan({2}, 30);
        some.options.maxIterations = 2000;
        some.options.tolerance = 1e-9;
        const RunAgreement found = agreementOfRuns(listOf(studied(problems::dataset(V), some)));
        QCOMPARE(found.runs.size(), std::size_t{30});
        QCOMPARE(found.levels.size(), std::size_t{2});
        QVERIFY(std::abs(found.levels[0].objective - 2) < 1e-3 && std::abs(found.levels[1].objective - 2.479) < 1e-3);
        QCOMPARE(found.levels[0].runs + found.levels[1].runs, 30);
        QVERIFY(found.levels[0].runs >= 10 && found.levels[1].runs >= 4);
        // The first sample, of one feature alone, fixes one part of those that are as good as the best; the other may
        // be anything between (1 0 0) and (1 1 0).
        QCOMPARE(found.components.size(), std::size_t{2});
        const auto fixed = std::ranges::max_element(found.components, {}, &FoundComponent::runs);
        QVERIFY(fixed->runs >= found.levels[0].runs);
        for (const FoundComponent& component : found.components)
            QVERIFY(component.runs >= 1 && component.runs <= 30 && component.meanCosine > 0 &&
                    component.meanCosine <= 1);
        QCOMPARE(found.samples.size(), std::size_t{3});
        // Two samples stand together in all runs where they are one, and the tree begins with the closest.
        QVERIFY(found.together->diagonal().minCoeff() == 1 && found.together->isApprox(found.together->transpose()));
        QCOMPARE(found.tree->order.size(), std::size_t{3});
        QVERIFY(agreementOfRuns({}).runs.empty());
    }

    void largeTablesAreShownByAPartOfTheirSamples()
    {
        RankFits fits;
        for (int run = 0; run < 2; ++run) {
            RankFit fit{.key = {2, run, Kind::Whole}, .options = {}};
            for (int j = 0; j < 4500; ++j)
                fit.labels.push_back(j % 2);
            fit.history.resize(1);
            fits.push_back(std::make_shared<const RankFit>(std::move(fit)));
        }
        const RunAgreement found = agreementOfRuns(fits);
        QCOMPARE(static_cast<Index>(found.samples.size()), treeLimit);
        QCOMPARE(found.samples.back(), Index{4497});
        QCOMPARE(found.together->rows(), treeLimit);
        QCOMPARE((*found.together)(0, 1), found.samples[1] % 2 == 0 ? 1.0 : 0.0);
        QCOMPARE(found.consensus->dispersion, 1.0);
        QVERIFY(found.components.empty());
    }

    void optionsBecomeThoseOfManyRuns()
    {
        std::string note;
        Options some;
        some.heldOut = 0.1;
        some.patience = 3;
        const Options many = optionsForStudy(some, note);
        QCOMPARE(many.initializer.id, "random");
        QCOMPARE(many.heldOut, 0.0);
        QCOMPARE(many.patience, 0);
        QVERIFY(note.find(some.initializer.id) != std::string::npos);
        note.clear();
        some.initializer.id = "random-columns";
        QCOMPARE(optionsForStudy(some, note).initializer.id, "random-columns");
        QVERIFY(note.empty());
        some.start = problems::goldenStart();
        QVERIFY(!optionsForStudy(some, note).start && !note.empty());
        some.lockW.components = {0};
        QVERIFY_EXCEPTION_THROWN(optionsForStudy(some, note), Error);
    }

    void impossibleStudiesAreRefused()
    {
        const auto data = parts(2, 10);
        const auto ignore = [](const auto&) {};
        for (const RankPlan& wrong :
             {plan({}, 2), plan({0, 2}, 2), plan({2, 5000}, 2), plan({2}, 0), plan({2}, 20000), plan({2}, 2, 0.6)})
            QVERIFY_EXCEPTION_THROWN(studyRanks(data, wrong, {}, {}, ignore), Error);
        RankPlan some = plan({2}, 2);
        some.options.initializer.id = "nndsvd";
        QVERIFY_EXCEPTION_THROWN(studyRanks(data, some, {}, {}, ignore), Error);
        QVERIFY_EXCEPTION_THROWN(
            studyRanks(problems::dataset(Matrix<double>::Ones(1, 9)), plan({1}, 1, 0.1), {}, {}, ignore), Error);
        QVERIFY_EXCEPTION_THROWN(
            studyRanks(problems::dataset(-Matrix<double>::Ones(5, 9)), plan({1}, 1), {}, {}, ignore), Error);
        std::stop_source stop;
        stop.request_stop();
        studyRanks(data, plan({2}, 2), {}, stop.get_token(), [](const auto&) { QFAIL("It was stopped."); });
    }
};

QTEST_APPLESS_MAIN(TestRankStudy)
#include "tst_rank_study.moc"
