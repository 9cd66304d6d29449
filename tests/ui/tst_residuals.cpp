#include "core/error.h"
#include "tests/support/promptly.h"
#include "tests/support/snapshots.h"
#include "tests/support/unknown_entries.h"
#include "ui/model/residual_part.h"
#include "ui/model/residuals.h"

#include <QSignalSpy>
#include <QTest>

#include <cmath>
#include <tuple>

using namespace nmf;
using namespace nmf::ui;

namespace
{

constexpr Index m = 23, n = 17, k = 3;

bool near(double left, double right)
{
    return std::abs(left - right) <= 1e-10 * std::max(1.0, std::abs(right));
}

struct Case
{
    std::shared_ptr<const Snapshot> snapshot;
    Matrix<double> residual; ///< NaN where unknown
    Matrix<double> weights;
};

/// The same numbers, kept and marked in different ways.
Case caseOf(const QString& kind)
{
    const Matrix<double> W = problems::uniform(m, k, 1), Ht = problems::uniform(n, k, 2);
    const Matrix<double> V = problems::uniform(m, n, 3), known = problems::mask(m, n, 0.6, 4);
    Case made{.snapshot = {}, .residual = V - W * Ht.transpose(), .weights = Matrix<double>::Ones(m, n)};
    auto dataset = std::make_shared<Dataset>(*problems::dataset(V));
    Options options;
    if (kind == "weights") {
        made.weights = 3 * known;
        dataset = problems::weighted(V, made.weights);
    } else if (kind == "missing") {
        made.weights = known;
        options.nanUnknown = true;
        dataset->V = problems::masked(V, known);
    } else if (kind == "sparse, gaps zero") {
        dataset->V = problems::listed(V, known);
        made.residual = V.cwiseProduct(known) - W * Ht.transpose();
    } else if (kind == "sparse, gaps unknown") {
        made.weights = known;
        options.unstoredUnknown = true;
        dataset->V = problems::listed(V, known);
    }
    made.residual = (made.weights.array() > 0).select(made.residual, problems::unknown);
    made.snapshot = snapshotWith(dataset, W, Ht, options);
    return made;
}

} // namespace

/// V − WH at a glance: the numbers.
class TestResiduals : public QObject
{
    Q_OBJECT

private slots:
    void eachKindOfTable_data()
    {
        QTest::addColumn<QString>("kind");
        for (const char* kind : {"dense", "weights", "missing", "sparse, gaps zero", "sparse, gaps unknown"})
            QTest::newRow(kind) << kind;
    }

    void eachKindOfTable()
    {
        QFETCH(QString, kind);
        const Case made = caseOf(kind);
        const Matrix<double> plain = (made.weights.array() > 0).select(made.residual, 0);
        const Matrix<double> squared = made.weights.array() * plain.array().square();
        const Residuals all = residualsOf(made.snapshot, 1000, 1000);
        QCOMPARE(all.cells->rows(), m);
        QCOMPARE(all.cells->cols(), n);
        for (Index j = 0; j < n; ++j) {
            QVERIFY(near((*all.ofSamples)(j, 0), std::sqrt(squared.col(j).sum())));
            for (Index i = 0; i < m; ++i) {
                const double cell = (*all.cells)(i, j);
                QVERIFY(made.weights(i, j) > 0 ? near(cell, made.residual(i, j)) : std::isnan(cell));
            }
        }
        for (Index i = 0; i < m; ++i)
            QVERIFY(near((*all.ofFeatures)(i, 0), std::sqrt(squared.row(i).sum())));
        const double counted = all.histogram.counts->sum() + double(all.histogram.beyond);
        QCOMPARE(counted, (made.weights.array() > 0).cast<double>().sum());
    }

    void aCellKeepsTheFarthestAndSaysWhere()
    {
        const Case made = caseOf("dense");
        const Residuals few = residualsOf(made.snapshot, 5, 4);
        QCOMPARE(few.cells->rows(), Index{5});
        QCOMPARE(few.cells->cols(), Index{4});
        Matrix<double> farthest = Matrix<double>::Zero(5, 4);
        for (Index j = 0; j < n; ++j)
            for (Index i = 0; i < m; ++i) {
                double& kept = farthest(few.rowOf(i), few.columnOf(j));
                if (std::abs(made.residual(i, j)) > std::abs(kept))
                    kept = made.residual(i, j);
            }
        for (Index row = 0; row < 5; ++row)
            for (Index column = 0; column < 4; ++column) {
                const Residuals::Place place = few.placeOf(row, column);
                QVERIFY(near((*few.cells)(row, column), farthest(row, column)));
                QVERIFY(near(made.residual(place.feature, place.sample), farthest(row, column)));
            }
    }

    void aCellOfUnknownEntriesHasAPlaceToo()
    {
        const Case made = caseOf("missing");
        const Residuals all = residualsOf(made.snapshot, 5, 4);
        for (Index j = 0; j < n; ++j)
            for (Index i = 0; i < m; ++i) {
                const Residuals::Place place = all.placeOf(all.rowOf(i), all.columnOf(j));
                QCOMPARE(all.rowOf(place.feature), all.rowOf(i));
                QCOMPARE(all.columnOf(place.sample), all.columnOf(j));
            }
    }

    void theHistogramHasZeroInTheMiddle()
    {
        // Most residuals are nothing, some are 1, one is far out.
        Matrix<double> V = Matrix<double>::Zero(100, 10);
        V.topRows(20).setOnes();
        V(99, 9) = 50;
        const auto snapshot =
            snapshotWith(problems::dataset(V), Matrix<double>::Zero(100, 1), Matrix<double>::Zero(10, 1));
        const Residuals::Histogram histogram = residualsOf(snapshot, 9, 9).histogram;
        const Index bins = histogram.counts->rows();
        const double rms = std::sqrt((200 + 2500) / 1000.0);
        QVERIFY(near(histogram.reach, 4 * rms));
        QCOMPARE(histogram.beyond, Index{1});
        QCOMPARE((*histogram.counts)(bins / 2, 0), 799.0);
        double ones = 0;
        for (Index bin = 0; bin < bins; ++bin)
            if (histogram.lower(bin) <= 1.02 && histogram.lower(bin + 1) >= 0.98)
                ones += (*histogram.counts)(bin, 0);
        QCOMPARE(ones, 200.0);
    }

    void outliersAreBeyondARobustBound_data()
    {
        QTest::addColumn<double>("scale");
        QTest::newRow("plain") << 1.0;
        QTest::newRow("tiny") << 1e-100;
        QTest::newRow("huge") << 1e100;
    }

    void outliersAreBeyondARobustBound()
    {
        QFETCH(double, scale);
        // Residuals are V itself: a median of 10, and four that no spread of the others explains.
        Matrix<double> V(7, 13);
        for (Index i = 0; i < V.size(); ++i)
            V.data()[i] = 8 + 4 * double(i % 45) / 44;
        for (const auto& [row, column, value] :
             {std::tuple(1, 2, 52.5), std::tuple(2, 9, 60.0), std::tuple(5, 4, 1e6), std::tuple(6, 4, 54.0)})
            V(row, column) = value;
        const auto snapshot =
            snapshotWith(problems::dataset(scale * V), Matrix<double>::Zero(7, 1), Matrix<double>::Zero(13, 1));
        const Residuals residuals = residualsOf(snapshot, 100, 100);
        // As near as two steps of a sixty-fourth.
        QVERIFY(std::abs(residuals.outliers.bound / scale / (3.5 * 1.4826 * 10) - 1) < 2.0 / 64);
        const Index farther = ((scale * V).array() > residuals.outliers.bound).count();
        QCOMPARE(residuals.outliers.count, farther);
        QVERIFY(farther >= 3 && farther <= 4);
        QVERIFY(residuals.outliers.holds(60 * scale) && residuals.outliers.holds(-60 * scale));
        QVERIFY(!residuals.outliers.holds(40 * scale));
        // What lies beyond the last bar is what a click on it leads to.
        QCOMPARE(residuals.worstIn(residuals.histogram.counts->rows() - 1).sample, Index{4});
        QCOMPARE(residuals.worstIn(0).sample, Index{-1});
    }

    void whereHalfIsFittedExactlyNothingIsAnOutlier()
    {
        Matrix<double> V = Matrix<double>::Zero(4, 4);
        V(3, 3) = 5;
        const auto snapshot =
            snapshotWith(problems::dataset(V), Matrix<double>::Zero(4, 1), Matrix<double>::Zero(4, 1));
        const Residuals residuals = residualsOf(snapshot, 9, 9);
        QCOMPARE(residuals.outliers.bound, 0.0);
        QCOMPARE(residuals.outliers.count, Index{0});
        QVERIFY(!residuals.outliers.holds(5));
    }

    void whatIsFittedExactlyHasNone()
    {
        const Matrix<double> W = problems::uniform(6, 2, 1), Ht = problems::uniform(5, 2, 2);
        const auto snapshot = snapshotWith(problems::dataset(W * Ht.transpose()), W, Ht);
        const Residuals none = residualsOf(snapshot, 9, 9);
        QVERIFY(none.relativeError < 1e-12);
        QVERIFY_EXCEPTION_THROWN(
            withPartFromResidual(*snapshotWith(problems::dataset(Matrix<double>::Zero(6, 5)), W, Ht), 0), Error);
    }

    void aStopIsHeard()
    {
        std::stop_source stop;
        stop.request_stop();
        QVERIFY_EXCEPTION_THROWN(residualsOf(caseOf("dense").snapshot, 9, 9, stop.get_token()), Cancelled);
    }

    void theNewestThatRestsIsTold()
    {
        ResidualJob job;
        std::shared_ptr<const Residuals> last;
        QObject::connect(&job, &ResidualJob::made, &job,
                         [&](const std::shared_ptr<const Residuals>& residuals) { last = residuals; });
        const Case first = caseOf("dense"), second = caseOf("missing");
        job.ask(first.snapshot);
        job.ask(second.snapshot);
        QTRY_VERIFY(last && last->snapshot == second.snapshot);
    }

    void aPartBeginsWhereSomethingIsLeft_data()
    {
        QTest::addColumn<QString>("kind");
        QTest::addColumn<int>("sample");
        for (const char* kind : {"dense", "missing", "sparse, gaps zero", "sparse, gaps unknown"}) {
            QTest::addRow("%s, one sample", kind) << kind << 4;
            QTest::addRow("%s, all samples", kind) << kind << -1;
        }
    }

    void aPartBeginsWhereSomethingIsLeft()
    {
        QFETCH(QString, kind);
        QFETCH(int, sample);
        const Case made = caseOf(kind);
        const Options options =
            withPartFromResidual(*made.snapshot, sample < 0 ? std::nullopt : std::optional<Index>(sample));
        QCOMPARE(options.rank, k + 1);
        QVERIFY(options.start);
        QVERIFY(options.start->W.leftCols(k) == *made.snapshot->W);
        QVERIFY(options.start->Ht.leftCols(k) == *made.snapshot->Ht);
        // Not zero anywhere, so that every algorithm can move it.
        QVERIFY(options.start->W.col(k).minCoeff() >= 0 && options.start->W.col(k).maxCoeff() > 0);
        const auto after = snapshotWith(made.snapshot->dataset, options.start->W, options.start->Ht, options);
        const double before = residualsOf(made.snapshot, 9, 9).relativeError;
        const Residuals now = residualsOf(after, 9, 9);
        QVERIFY2(now.relativeError < before, qPrintable(QStringLiteral("%1 ≥ %2").arg(now.relativeError).arg(before)));
    }

    void locksStayAsTheyWere()
    {
        const Case made = caseOf("dense");
        Options options = made.snapshot->options;
        options.lockW.components = {1};
        options.lockW.entries = std::make_shared<const Mask>(Mask::Constant(m, k, true));
        const auto locked = snapshotWith(made.snapshot->dataset, *made.snapshot->W, *made.snapshot->Ht, options);
        const Options more = withPartFromResidual(*locked, 0);
        QCOMPARE(more.lockW.components, std::vector<Index>{1});
        QVERIFY(more.lockW.entries->leftCols(k).all());
        QVERIFY(!more.lockW.entries->col(k).any());
    }
};

QTEST_GUILESS_MAIN(TestResiduals)
#include "tst_residuals.moc"
