#include "core/algorithms/algorithms.h"
#include "core/formats/formats.h"
#include "core/known_entries.h"
#include "core/termination.h"
#include "tests/support/test_data.h"
#include "tests/support/unknown_entries.h"

#include <QTest>

#include <algorithm>
#include <cmath>

using namespace nmf;
using namespace problems;

/// Entries that are held out: never fitted, but predicted.
class TestHeldOut : public QObject
{
    Q_OBJECT

private slots:
    void heldOutEntriesAreNeverFittedAndEveryLineKeepsOne()
    {
        Matrix<double> V = problems::uniform(25, 40, 50).array() + 0.1;
        const Options standard;
        Options options = with("ahals", {"frobenius", {}}, 3, 20);
        options.start = startOf(25, 40, 3, 51);
        for (const double share : {0.05, 0.3, 0.9}) {
            options.heldOut = share;
            const Result before = factorize(problems::dataset(V), options);
            const KnownEntries known(*problems::dataset(V), options);
            const auto count = static_cast<double>(known.heldOut().size());
            QCOMPARE(static_cast<double>(before.heldOut->entries), count);
            QVERIFY(std::abs(count / 1000 - share) < (share > 0.8 ? 0.07 : 0.04));
            QCOMPARE(known.entries() + static_cast<Index>(known.heldOut().size()), V.size());
            QCOMPARE(known.emptyLines(Side::Basis) + known.emptyLines(Side::Coefficients), Index(0));
            Matrix<double> changed = V;
            double squares = 0, norm = 0;
            const Matrix<double> X = modelOf(before.factors);
            for (const HeldOutEntry& entry : known.heldOut()) {
                squares += std::pow(V(entry.row, entry.column) - X(entry.row, entry.column), 2);
                norm += std::pow(V(entry.row, entry.column), 2);
                changed(entry.row, entry.column) += 0.5;
            }
            QVERIFY(std::abs(before.heldOut->rootMeanSquare / std::sqrt(squares / count) - 1) < 1e-12);
            QVERIFY(std::abs(before.heldOut->relativeError / std::sqrt(squares / norm) - 1) < 1e-12);
            const Result after = factorize(problems::dataset(changed), options);
            QVERIFY(after.factors.W == before.factors.W && after.factors.Ht == before.factors.Ht);
            QVERIFY(after.heldOut->rootMeanSquare != before.heldOut->rootMeanSquare);
            options.heldOutSeed = 2;
            const KnownEntries others(*problems::dataset(V), options);
            options.heldOutSeed = standard.heldOutSeed;
            QVERIFY(others.heldOut().size() != known.heldOut().size() ||
                    others.heldOut()[0].row != known.heldOut()[0].row ||
                    others.heldOut()[1].row != known.heldOut()[1].row);
        }
    }

    void patienceEndsARunThatLearnsNoise_data()
    {
        QTest::addColumn<bool>("single");
        QTest::addRow("double") << false;
        QTest::addRow("single") << true;
    }
    void patienceEndsARunThatLearnsNoise()
    {
        QFETCH(bool, single);
        // Of rank two, and as much noise; fitted with rank eight.
        const Matrix<double> V =
            problems::uniform(40, 2, 60) * problems::uniform(35, 2, 61).transpose() + problems::uniform(40, 35, 62);
        Options options = with("ehals", {"frobenius", {}}, 8, 3000);
        options.heldOut = 0.15;
        options.patience = 4;
        options.precision = single ? Precision::Single : Precision::Double;
        Run run(problems::dataset(V), options);
        QCOMPARE(idOf(run.advance()), std::string("held-out"));
        const HeldOutFit fit = *run.heldOut();
        QCOMPARE(run.history().back().iteration, run.iteration());
        const auto best = std::min_element(fit.looks.begin(), fit.looks.end(),
                                           [](const auto& a, const auto& b) { return a.second < b.second; });
        // The smallest but for what is no gain.
        QVERIFY(fit.rootMeanSquare <= best->second * (1 + 1e-4));
        QVERIFY(fit.looks.back().first >= run.iteration() + 4 * 5);
        QVERIFY(fit.rootMeanSquare < fit.looks.back().second);
        // The record is that of these factors.
        Matrix<double> known = Matrix<double>::Ones(40, 35);
        const KnownEntries entries(*problems::dataset(V), options);
        for (const HeldOutEntry& entry : entries.heldOut())
            known(entry.row, entry.column) = 0;
        const double objective = divergenceOf(V, known, run.factors(), {"frobenius", {}});
        QVERIFY(std::abs(run.history().back().objective / objective - 1) < (single ? 1e-5 : 1e-11));
        const Termination again = run.advance();
        QCOMPARE(idOf(again), std::string("held-out"));
        QVERIFY(run.heldOut()->rootMeanSquare <= fit.rootMeanSquare * (1 + 1e-4));
    }

    /// However a run ends, its factors are those that predicted best; going on is as if it had not ended.
    void theBestFactorsComeBackAtAnyEnd_data()
    {
        QTest::addColumn<QString>("end");
        QTest::addRow("iteration-limit") << "iteration-limit";
        QTest::addRow("converged") << "converged";
        QTest::addRow("time-limit") << "time-limit";
        QTest::addRow("stopped") << "stopped";
    }
    void theBestFactorsComeBackAtAnyEnd()
    {
        QFETCH(QString, end);
        const Matrix<double> V =
            problems::uniform(40, 2, 60) * problems::uniform(35, 2, 61).transpose() + problems::uniform(40, 35, 62);
        Options options = with("ehals", {"frobenius", {}}, 8, 93);
        options.heldOut = 0.15;
        options.patience = 1000;
        if (end == "converged")
            options.tolerance = 5e-3;
        std::stop_source stop;
        Run run(problems::dataset(V), options);
        const Termination termination =
            run.advance(stop.get_token(), {.report = [&](const Run& now) {
                            if (end == "stopped" && now.iteration() == 71 && now.betweenHalves())
                                stop.request_stop();
                            if (end == "time-limit" && now.iteration() == 71)
                                run.setLimits(93, 0, 1e-9);
                        }});
        QCOMPARE(QString::fromStdString(idOf(termination)), end);
        const HeldOutFit fit = *run.heldOut();
        QVERIFY(fit.looks.back().first > run.iteration() && fit.rootMeanSquare < fit.looks.back().second);
        QCOMPARE(run.history().back().iteration, run.iteration());
        QCOMPARE(run.history().size(), static_cast<std::size_t>(run.iteration()) + 1);
        QVERIFY(std::any_of(fit.looks.begin(), fit.looks.end(), [&](const auto& look) {
            return look.first == run.iteration() && look.second == fit.rootMeanSquare;
        }));
        QVERIFY(
            QString::fromStdString(run.notes().back()).contains(QString("iteration %1, which").arg(run.iteration())));
        QVERIFY(QString::fromStdString(sentence(termination, run.options(), run.history()))
                    .contains(QString("after %1 iterations, which predict").arg(run.iteration())));
        options.tolerance = 0;
        options.maxIterations = 120;
        Run whole(problems::dataset(V), options);
        whole.advance();
        run.setLimits(120, 0, 0);
        run.advance();
        QVERIFY(sameBits(run.factors(), whole.factors()));
        QCOMPARE(run.iteration(), whole.iteration());
        QVERIFY(run.heldOut()->looks == whole.heldOut()->looks);
        QCOMPARE(run.notes(), whole.notes());
        // A step from where the iterations are, whatever is shown.
        run.takeUp();
        QCOMPARE(run.iteration(), 120);
        run.setLimits(run.iteration() + 1, 0, 0);
        run.advance();
        QCOMPARE(run.heldOut()->looks.back().first, 121);
    }

    /// Of a sparse table whose gaps are zeros some of both are held out, and the fit is that of a dense table without
    /// them.
    void zerosOfASparseTableAreHeldOutToo_data()
    {
        QTest::addColumn<QString>("algorithm");
        QTest::addColumn<QString>("loss");
        for (const Algorithm& algorithm : algorithms())
            for (const char* loss : {"frobenius", "kl"})
                if (algorithm.servesKnownZeros && algorithm.refuses(find(losses(), loss)->make({})).empty())
                    QTest::addRow("%s, %s", algorithm.facts.id.c_str(), loss)
                        << QString::fromStdString(algorithm.facts.id) << loss;
    }
    void zerosOfASparseTableAreHeldOutToo()
    {
        QFETCH(QString, algorithm);
        QFETCH(QString, loss);
        const Matrix<double> listed = mask(60, 50, 0.25, 71);
        Matrix<double> V = (problems::uniform(60, 50, 70).array() + 0.1) * listed.array();
        auto sparse = std::make_shared<Dataset>();
        sparse->V = problems::listed(V, listed);
        Options options = with(algorithm.toStdString(), {loss.toStdString(), {}}, 4, 15);
        options.start = startOf(60, 50, 4, 72);
        options.heldOut = 0.2;
        options.threads = 2;
        options.onW.l1 = options.onH.l1 = 0.05;
        const KnownEntries known(*sparse, options);
        Matrix<double> weights = Matrix<double>::Ones(60, 50);
        double stored = 0, zeros = 0, weight = 0;
        for (const HeldOutEntry& entry : known.heldOut()) {
            QCOMPARE(entry.value, V(entry.row, entry.column));
            QCOMPARE(weights(entry.row, entry.column), 1.0);
            weights(entry.row, entry.column) = 0;
            (entry.value > 0 ? stored : zeros) += 1;
            weight += entry.value > 0 ? 0 : entry.weight;
        }
        QVERIFY(stored == zeros && stored > 100 && stored < 200);
        // Together they count as their kinds do in the table.
        const double nonZeros = listed.sum();
        QVERIFY(std::abs(weight / stored - (3000 - nonZeros) / nonZeros) < 1e-12);
        const Result result = factorize(sparse, options);
        options.heldOut = 0;
        const Result dense = factorize(weighted(V, weights), options);
        QVERIFY2(distance(result.factors, dense.factors) < 1e-9,
                 qPrintable(QString::number(distance(result.factors, dense.factors))));
        QVERIFY(std::abs(result.history.back().objective / dense.history.back().objective - 1) < 1e-9);
        QVERIFY(std::abs(result.history.back().relativeError / dense.history.back().relativeError - 1) < 1e-9);
        QCOMPARE(static_cast<double>(result.heldOut->entries), stored + zeros);
    }

    void aMissingEntryOfASparseTableIsNoZero()
    {
        const Matrix<double> listed = mask(30, 25, 0.4, 81), missing = mask(30, 25, 0.1, 82).cwiseProduct(listed);
        const Matrix<double> V =
            (missing.array() > 0).select(unknown, (problems::uniform(30, 25, 80).array() + 0.1) * listed.array());
        auto sparse = std::make_shared<Dataset>();
        sparse->V = problems::listed(V, listed);
        for (const auto& [algorithm, loss] :
             {std::pair<std::string, std::string>{"ahals", "frobenius"}, {"klcd", "kl"}}) {
            Options options = with(algorithm, {loss, {}}, 3, 12);
            options.start = startOf(30, 25, 3, 83);
            options.nanUnknown = true;
            const Result ofSparse = factorize(sparse, options), ofDense = factorize(problems::dataset(V), options);
            QVERIFY(distance(ofSparse.factors, ofDense.factors) < 1e-9);
        }
    }

    void ratingsThatWereNeverSeenArePredicted_data()
    {
        QTest::addColumn<QString>("loss");
        QTest::addColumn<int>("rank");
        QTest::addColumn<double>("l2");
        QTest::addColumn<int>("patience");
        QTest::addColumn<double>("bound");
        // Saying the mean of all ratings for each of them is wrong by 1.04.
        QTest::addRow("frobenius, one part") << "frobenius" << 1 << 1.0 << 0 << 0.89;
        QTest::addRow("frobenius, five parts") << "frobenius" << 5 << 1.0 << 4 << 0.96;
        QTest::addRow("kl, one part") << "kl" << 1 << 0.3 << 0 << 0.89;
        QTest::addRow("kl, five parts") << "kl" << 5 << 0.3 << 4 << 0.96;
    }
    void ratingsThatWereNeverSeenArePredicted()
    {
        QFETCH(QString, loss);
        QFETCH(int, rank);
        QFETCH(double, l2);
        QFETCH(int, patience);
        QFETCH(double, bound);
        NEEDS_TEST_DATA();
        const auto dataset = std::make_shared<const Dataset>(
            load(test_data::path("ratings/movielens-latest-small/ratings_9742x610_csc.npz").toStdString(), formats()));
        Options options = with(loss == "kl" ? "mu" : "ehals", {loss.toStdString(), {}}, rank, 100);
        options.unstoredUnknown = true;
        options.heldOut = 0.1;
        options.patience = patience;
        options.tolerance = 1e-6;
        options.onW.l2 = options.onH.l2 = l2;
        const Result result = factorize(dataset, options);
        qInfo("held-out ratings: %td, root mean square error %.4f", result.heldOut->entries,
              result.heldOut->rootMeanSquare);
        QVERIFY(result.heldOut->entries > 9000 && result.heldOut->entries < 11000);
        QVERIFY(result.heldOut->rootMeanSquare < bound);
    }
};

QTEST_GUILESS_MAIN(TestHeldOut)
#include "tst_held_out.moc"
