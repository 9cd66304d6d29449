#include "tests/support/promptly.h"
#include "tests/support/snapshots.h"
#include "tests/support/unknown_entries.h"
#include "ui/model/reconstruction.h"

#include <QSignalSpy>
#include <QTest>

#include <cmath>

using namespace nmf;
using namespace nmf::ui;

namespace
{

constexpr Index m = 12, n = 5, k = 4, sample = 3;

Matrix<double> basis()
{
    Matrix<double> W = problems::uniform(m, k, 1);
    W.col(2) *= 10;
    return W;
}

std::shared_ptr<const Snapshot> snapshotOfNoisyData(const Options& options = {})
{
    const Matrix<double> Ht = problems::uniform(n, k, 2);
    const Matrix<double> V = basis() * Ht.transpose() + problems::uniform(m, n, 3);
    return snapshotWith(problems::dataset(V), basis(), Ht, options);
}

double errorOf(const Vector<double>& v, const Vector<double>& x)
{
    return (v - x).norm() / v.norm();
}

bool near(double left, double right)
{
    return std::abs(left - right) <= 1e-12 * std::max(1.0, std::abs(right));
}

/// Half of the gradient of the squared error by each weight, over the known entries.
Vector<double> slopes(const Snapshot& snapshot, const Reconstruction& made)
{
    return snapshot.W->transpose() * made.column.weights.cwiseProduct(made.model - made.column.values);
}

} // namespace

/// One sample as a sum of parts: the numbers.
class TestReconstruction : public QObject
{
    Q_OBJECT

private slots:
    void thePartsAddUpToTheModel()
    {
        const auto snapshot = snapshotOfNoisyData();
        const Vector<double> v = snapshot->dataset->V.column(sample);
        const Reconstruction whole = reconstructionOf(snapshot, sample);
        const Vector<double> model = *snapshot->W * snapshot->Ht->row(sample).transpose();
        QCOMPARE(whole.parts.size(), std::size_t(k));
        QVERIFY((whole.model - model).norm() <= 1e-12);
        QVERIFY(near(whole.error, errorOf(v, model)));
        QVERIFY((whole.residual() - (v - model)).norm() <= 1e-12);
        for (std::size_t i = 1; i < whole.parts.size(); ++i)
            QVERIFY(whole.parts[i - 1].weight >= whole.parts[i].weight);
        Vector<double> sum = Vector<double>::Zero(m);
        for (Index first = 0; first <= k; ++first) {
            const Reconstruction partial = reconstructionOf(snapshot, sample, {.first = first});
            QVERIFY((partial.model - sum).norm() <= 1e-12);
            QVERIFY(near(partial.error, errorOf(v, sum)));
            QVERIFY(near(partial.foundError, whole.error));
            if (first == k)
                break;
            const SamplePart& next = whole.parts[std::size_t(first)];
            const Vector<double> added = snapshot->W->col(next.component) * (*snapshot->Ht)(sample, next.component);
            QVERIFY(near(added.norm(), next.weight));
            sum += added;
        }
    }

    void aPartIsSwitchedOff()
    {
        const auto snapshot = snapshotOfNoisyData();
        const Reconstruction without = reconstructionOf(snapshot, sample, {.off = {2}});
        const Vector<double> model = *snapshot->W * snapshot->Ht->row(sample).transpose();
        const Vector<double> taken = snapshot->W->col(2) * (*snapshot->Ht)(sample, 2);
        QVERIFY((without.model - (model - taken)).norm() <= 1e-12);
        QVERIFY(without.error > without.foundError);
        QCOMPARE(std::ranges::count_if(without.parts, &SamplePart::on), k - 1);
    }

    void aWeightIsChanged()
    {
        const auto snapshot = snapshotOfNoisyData();
        const Reconstruction before = reconstructionOf(snapshot, sample);
        const Reconstruction changed = reconstructionOf(snapshot, sample, {.weights = {{1, 7.0}}});
        const Vector<double> unit = snapshot->W->col(1).normalized();
        const double found = (*snapshot->scaledHt)(sample, 1);
        QVERIFY((changed.model - (before.model + (7.0 - found) * unit)).norm() <= 1e-12);
        const auto part = std::ranges::find(changed.parts, Index{1}, &SamplePart::component);
        QCOMPARE(part->weight, 7.0);
        QVERIFY(near(part->found, found));
        // The order stays, so that nothing jumps away under the hand.
        for (std::size_t i = 0; i < before.parts.size(); ++i)
            QCOMPARE(changed.parts[i].component, before.parts[i].component);
    }

    void solvedAgainNoWeightCouldBeBetter_data()
    {
        QTest::addColumn<bool>("withoutOne");
        QTest::newRow("all parts") << false;
        QTest::newRow("one is switched off") << true;
    }

    void solvedAgainNoWeightCouldBeBetter()
    {
        QFETCH(bool, withoutOne);
        const auto snapshot = snapshotOfNoisyData();
        const std::set<Index> off = withoutOne ? std::set<Index>{2} : std::set<Index>{};
        const std::map<Index, double> weights = bestWeights(*snapshot, sample, off);
        QCOMPARE(weights.contains(2), !withoutOne);
        const Reconstruction best = reconstructionOf(snapshot, sample, {.weights = weights, .off = off});
        QVERIFY(best.error < reconstructionOf(snapshot, sample, {.off = off}).error);
        const Vector<double> slope = slopes(*snapshot, best);
        for (const auto& [component, weight] : weights) {
            QVERIFY(weight >= 0);
            if (weight > 0)
                QVERIFY2(std::abs(slope(component)) <= 1e-8, qPrintable(QString::number(slope(component))));
            else
                QVERIFY(slope(component) >= -1e-8);
        }
    }

    void unknownEntriesCountForNothing_data()
    {
        QTest::addColumn<QString>("mark");
        QTest::newRow("missing numbers") << "nan";
        QTest::newRow("weights of zero") << "weight";
        QTest::newRow("gaps of a sparse table") << "gap";
    }

    void unknownEntriesCountForNothing()
    {
        QFETCH(QString, mark);
        const Matrix<double> truth = problems::uniform(n, k, 5), V = basis() * truth.transpose();
        const Matrix<double> known = problems::mask(m, n, 0.7, 6);
        Options options;
        auto dataset = std::make_shared<Dataset>(*problems::dataset(problems::masked(V, known)));
        options.nanUnknown = true;
        if (mark == "weight") {
            Matrix<double> wrong = V;
            wrong.array() += 100 * (1 - known.array());
            dataset = problems::weighted(wrong, known);
        } else if (mark == "gap") {
            dataset->V = problems::listed(V, known);
            options.unstoredUnknown = true;
        }
        const Matrix<double> Ht = truth.array() + 0.1;
        const auto snapshot = snapshotWith(dataset, basis(), Ht, options);
        const Reconstruction made = reconstructionOf(snapshot, sample);
        const Vector<double> counts = known.col(sample);
        const Vector<double> v = counts.cwiseProduct(V.col(sample)), x = counts.cwiseProduct(made.model);
        QVERIFY(near(made.error, errorOf(v, x)));
        for (Index i = 0; i < m; ++i) {
            QCOMPARE(std::isnan(made.residual()(i)), counts(i) == 0);
            QCOMPARE(std::isnan(made.knownColumn()(i)), counts(i) == 0);
            QCOMPARE(std::isnan(made.knownModel()(i)), counts(i) == 0);
        }
        // The known entries are an exact sum, which the best weights find.
        const std::map<Index, double> weights = bestWeights(*snapshot, sample, {});
        for (Index a = 0; a < k; ++a) {
            const double expected = truth(sample, a) * basis().col(a).norm();
            QVERIFY2(std::abs(weights.at(a) - expected) <= 1e-6 * expected, qPrintable(QString::number(a)));
        }
    }

    void otherLossesHaveTheirOwnBest()
    {
        Options options;
        options.loss = {"kl"};
        const auto snapshot = snapshotOfNoisyData(options);
        const Reconstruction best = reconstructionOf(snapshot, sample, {.weights = bestWeights(*snapshot, sample, {})});
        // Of Kullback-Leibler the gradient is Wᵀ(1 − v/x).
        const Vector<double> slope =
            snapshot->W->transpose() * (1 - best.column.values.array() / best.model.array()).matrix();
        for (const SamplePart& part : best.parts)
            QVERIFY(part.weight > 1e-9 ? std::abs(slope(part.component)) <= 1e-4 : slope(part.component) >= -1e-4);
    }

    void aSmallBasisIsAnsweredAtOnceAndALargeOneElsewhere()
    {
        Reconstructor reconstructor;
        std::shared_ptr<const Reconstruction> last;
        QObject::connect(&reconstructor, &Reconstructor::made, &reconstructor,
                         [&](const std::shared_ptr<const Reconstruction>& made) { last = made; });
        const auto small = snapshotOfNoisyData();
        reconstructor.ask(small, sample, {});
        QVERIFY(last && last->snapshot == small);
        constexpr Index many = 600'000;
        const auto large = snapshotWith(problems::dataset(Matrix<double>::Ones(many, 2)), Matrix<double>::Ones(many, 2),
                                        Matrix<double>::Constant(2, 2, 0.25));
        reconstructor.ask(large, 0, {});
        QVERIFY(last->snapshot == small);
        reconstructor.ask(large, 1, {});
        QTRY_VERIFY(last->snapshot == large && last->sample == 1);
        QVERIFY(near(last->error, 0.5));
    }

    void whatHasNoAnswerForOneSampleIsSaid()
    {
        Options options;
        options.onH.smoothness = 1;
        Reconstructor reconstructor;
        QSignalSpy failed(&reconstructor, &Reconstructor::failed);
        QSignalSpy solved(&reconstructor, &Reconstructor::solved);
        reconstructor.solve(snapshotOfNoisyData(options), sample, {});
        QTRY_COMPARE(failed.size(), 1);
        QVERIFY(failed[0][0].toString().contains("L1, L2 and dropout alone"));
        QVERIFY(solved.isEmpty());
    }
};

QTEST_GUILESS_MAIN(TestReconstruction)
#include "tst_reconstruction.moc"
