#include "tests/support/problems.h"

#include "core/error.h"
#include "core/losses/losses.h"
#include "core/measures/certificates.h"
#include "core/transform.h"

#include <QTest>

#include <cmath>

using namespace nmf;

namespace
{

/// A basis with zeros, on which coefficients are unique.
Matrix<double> basis()
{
    Matrix<double> W = problems::uniform(50, 4, 1);
    return (W.array() > 0.4).select(W, 0.0);
}

/// Samples of the basis, with noise that no basis explains, a part of them zeros.
Matrix<double> samples(double noise = 0.2)
{
    Matrix<double> H = problems::uniform(4, 70, 2);
    H = (H.array() > 0.5).select(H, 0.0).eval();
    const Matrix<double> product = basis() * H;
    return (product.array() > 0.05)
        .select(product + noise * problems::uniform(50, 70, 3), Matrix<double>::Zero(50, 70));
}

std::shared_ptr<const Dataset> dataset(const Matrix<double>& V, bool sparse)
{
    auto result = std::make_shared<Dataset>();
    result->title = result->source = "test";
    if (sparse)
        result->V = DataMatrix(SparseMatrix<double>(V.sparseView()));
    else
        result->V = DataMatrix(V);
    return result;
}

double objectiveOf(const Options& options, const Matrix<double>& V, const Matrix<double>& W, const Matrix<double>& Ht,
                   const Matrix<double>& weights = {})
{
    const Divergence divergence = find(losses(), options.loss.id)->make(options.loss.values);
    const Matrix<double> X = W * Ht.transpose();
    double sum = options.onH.price(Ht.sum(), Ht.squaredNorm());
    for (Index i = 0; i < V.size(); ++i)
        if (weights.size() == 0 || weights.data()[i] > 0)
            sum += (weights.size() == 0 ? 1 : weights.data()[i]) * divergence(V.data()[i], X.data()[i]);
    return sum;
}

} // namespace

/// Coefficients for a basis that is given.
class TestTransform : public QObject
{
    Q_OBJECT

private slots:
    void whatWasFittedIsFoundAgain_data()
    {
        QTest::addColumn<QString>("loss");
        QTest::addColumn<QString>("algorithm");
        QTest::addColumn<bool>("sparse");
        QTest::addColumn<bool>("penalised");
        for (const bool sparse : {false, true})
            for (const bool penalised : {false, true}) {
                const char* words = penalised ? ", penalised" : "";
                QTest::addRow("Frobenius, %d%s", sparse, words) << "frobenius"
                                                                << "hals" << sparse << penalised;
                QTest::addRow("Kullback-Leibler, %d%s", sparse, words) << "kl"
                                                                       << "klcd" << sparse << penalised;
            }
    }
    void whatWasFittedIsFoundAgain()
    {
        QFETCH(QString, loss);
        QFETCH(QString, algorithm);
        QFETCH(bool, sparse);
        QFETCH(bool, penalised);
        const auto data = dataset(samples(), sparse);
        Options options;
        options.rank = 4;
        options.loss.id = loss.toStdString();
        options.algorithm.id = algorithm.toStdString();
        options.tolerance = 0;
        options.maxIterations = 20000;
        options.kktTolerance = 1e-14;
        if (penalised)
            options.onW = options.onH = {0.1, 0.2};
        const Result fitted = factorize(data, options);
        QCOMPARE(fitted.termination, Termination::ConvergedGradient);
        const Transformed found = transform(*data, fitted.factors.W, options);
        const double difference = (found.Ht - fitted.factors.Ht).cwiseAbs().maxCoeff();
        QVERIFY2(difference <= 1e-6 * fitted.factors.Ht.maxCoeff(), qPrintable(QString::number(difference)));
        const double before = objectiveOf(options, samples(), fitted.factors.W, fitted.factors.Ht);
        const double after = objectiveOf(options, samples(), fitted.factors.W, found.Ht);
        QVERIFY(after <= before * (1 + 1e-12));
        QVERIFY(std::abs(found.objective - after) < 1e-11 * after);
        QVERIFY(std::abs(found.relativeError - fitted.history.back().relativeError) < 1e-9);
        QCOMPARE(found.unsolved, Index{0});
    }

    void dropoutIsHonouredAndWhatIsNotServedRefused()
    {
        const auto data = dataset(samples(), false);
        Options options;
        options.rank = 4;
        options.algorithm.id = "hals";
        options.tolerance = 0;
        options.maxIterations = 20000;
        options.together.dropout = 0.2;
        const Result fitted = factorize(data, options);
        const Transformed found = transform(*data, fitted.factors.W, options);
        QVERIFY((found.Ht - fitted.factors.Ht).cwiseAbs().maxCoeff() <= 1e-6 * fitted.factors.Ht.maxCoeff());
        QVERIFY(std::abs(found.objective - fitted.history.back().objective) <= 1e-11 * found.objective);
        QVERIFY(found.gap < 1e-11 * found.objective);
        options.onH.overlap = 0.1;
        QVERIFY_EXCEPTION_THROWN(transform(*data, fitted.factors.W, options), Error);
    }

    void theGapBoundsTheDistanceFromTheMinimum_data()
    {
        QTest::addColumn<QString>("loss");
        QTest::addColumn<double>("l1");
        QTest::addColumn<double>("l2");
        QTest::addColumn<bool>("weighted");
        for (const char* loss : {"frobenius", "kl"})
            for (const double l1 : {0.0, 0.3})
                for (const double l2 : {0.0, 0.2})
                    for (const bool weighted : {false, true})
                        QTest::addRow("%s, %g, %g, %d", loss, l1, l2, weighted)
                            << QString(loss) << l1 << l2 << weighted;
    }
    void theGapBoundsTheDistanceFromTheMinimum()
    {
        QFETCH(QString, loss);
        QFETCH(double, l1);
        QFETCH(double, l2);
        QFETCH(bool, weighted);
        const Matrix<double> V = samples(), W = basis();
        Matrix<double> weights = problems::uniform(50, 70, 9);
        weights = (weights.array() > 0.3).select(weights, 0.0).eval();
        auto data = std::make_shared<Dataset>(*dataset(V, false));
        if (weighted)
            data->weights = DataMatrix(weights);
        Options options;
        options.rank = 4;
        options.loss.id = loss.toStdString();
        options.onH = {l1, l2};
        const Transformed found = transform(*data, W, options);
        const Matrix<double> used = weighted ? weights : Matrix<double>();
        QVERIFY(std::abs(found.objective - objectiveOf(options, V, W, found.Ht, used)) < 1e-11 * found.objective);
        QVERIFY2(found.gap >= 0 && found.gap < 1e-11 * found.objective, qPrintable(QString::number(found.gap)));
        QVERIFY2(found.residual < 1e-9, qPrintable(QString::number(found.residual)));
        // Away from the minimum the gap is at least the distance, and near it not much more.
        const Vector<double> prices = Vector<double>::Constant(4, l1), squares = Vector<double>::Constant(4, l2);
        const Divergence divergence = find(losses(), options.loss.id)->make({});
        const auto boundOf = [&](const Matrix<double>& Ht) {
            double sum = 0;
            for (Index j = 0; j < V.cols(); ++j)
                sum += columnGap({divergence, W, V.col(j), weighted ? Vector<double>(weights.col(j)) : Vector<double>(),
                                  prices, squares},
                                 Ht.row(j).transpose());
            return sum;
        };
        double last = 1e300;
        for (const double off : {0.3, 0.03, 0.003}) {
            const Matrix<double> moved = (found.Ht + off * problems::uniform(70, 4, 5)).eval();
            const double distance = objectiveOf(options, V, W, moved, used) - found.objective, bound = boundOf(moved);
            QVERIFY2(distance > 0 && bound >= distance * (1 - 1e-9),
                     qPrintable(QString("%1 bounds %2").arg(bound).arg(distance)));
            QVERIFY(bound < last);
            last = bound;
        }
    }

    void everyLossComesToAPointThatNoSmallMoveImproves_data()
    {
        QTest::addColumn<double>("beta");
        QTest::addColumn<bool>("weighted");
        for (const double beta : {-1.0, 0.0, 0.5, 1.0, 1.5, 2.0, 3.0})
            for (const bool weighted : {false, true})
                QTest::addRow("β = %g, %d", beta, weighted) << beta << weighted;
    }
    void everyLossComesToAPointThatNoSmallMoveImproves()
    {
        QFETCH(double, beta);
        QFETCH(bool, weighted);
        const Matrix<double> V = (samples(0.05).array() + 0.02).matrix(), W = (basis().array() + 0.01).matrix();
        Matrix<double> weights = problems::uniform(50, 70, 9);
        weights = (weights.array() > 0.3).select(weights, 0.0).eval();
        auto data = std::make_shared<Dataset>(*dataset(V, false));
        if (weighted)
            data->weights = DataMatrix(weights);
        Options options;
        options.loss = {"beta", {{"beta", beta}}};
        options.onH = {2, 0};
        const Transformed found = transform(*data, W, options);
        QCOMPARE(found.unsolved, Index{0});
        const Matrix<double> used = weighted ? weights : Matrix<double>();
        const double least = objectiveOf(options, V, W, found.Ht, used);
        QVERIFY(std::abs(found.objective - least) < 1e-10 * std::abs(least));
        QVERIFY((found.Ht.array() == 0).any() && (found.Ht.array() > 0).any());
        for (Index a = 0; a < 4; ++a)
            for (const double step : {1e-3, -1e-3})
                for (Index j = 0; j < V.cols(); j += 7) {
                    Matrix<double> moved = found.Ht;
                    moved(j, a) = std::max(moved(j, a) + step, 0.0);
                    QVERIFY(objectiveOf(options, V, W, moved, used) >= least * (1 - 1e-14));
                }
        // Where the loss is convex in the coefficients, any long multiplicative run ends no lower.
        if (beta < 1 || beta > 2 || weighted)
            return;
        Matrix<double> h = Matrix<double>::Constant(4, 70, 0.3);
        for (int update = 0; update < 2000; ++update) {
            const Matrix<double> X = W * h;
            h = h.array() * (W.transpose() * (X.array().pow(beta - 2) * V.array()).matrix()).array() /
                ((W.transpose() * X.array().pow(beta - 1).matrix()).array() + 0.02);
        }
        QVERIFY(least <= objectiveOf(options, V, W, h.transpose()) * (1 + 1e-10));
    }

    void sparseDataAndAnyThreadsGiveTheSame_data()
    {
        QTest::addColumn<QString>("loss");
        for (const char* loss : {"frobenius", "kl", "beta"})
            QTest::newRow(loss) << QString(loss);
    }
    void sparseDataAndAnyThreadsGiveTheSame()
    {
        QFETCH(QString, loss);
        Options options;
        options.loss.id = loss.toStdString();
        if (loss == "beta")
            options.loss.values["beta"] = 1.5;
        options.onH = {0.01, 0.02};
        options.threads = 1;
        const Transformed one = transform(*dataset(samples(), false), basis(), options);
        const Transformed sparse = transform(*dataset(samples(), true), basis(), options);
        QVERIFY((one.Ht - sparse.Ht).cwiseAbs().maxCoeff() < 1e-12 * one.Ht.maxCoeff());
        for (const int threads : {2, 8}) {
            options.threads = threads;
            const Transformed other = transform(*dataset(samples(), false), basis(), options);
            QVERIFY(other.Ht == one.Ht);
            QCOMPARE(other.objective, one.objective);
        }
    }

    void extremeScalesAndEmptyPartsAreHarmless()
    {
        Options options;
        for (const char* loss : {"frobenius", "kl"}) {
            options.loss.id = loss;
            const Transformed plain = transform(*dataset(samples(), false), basis(), options);
            for (const double size : {1e-200, 1e200}) {
                const Transformed balanced = transform(*dataset(samples() * size, false), basis() * size, options);
                QVERIFY((balanced.Ht - plain.Ht).cwiseAbs().maxCoeff() < 1e-10 * plain.Ht.maxCoeff());
            }
            Matrix<double> V = samples(), W = basis();
            V.col(5).setZero();
            W.col(2).setZero();
            W.row(7).setZero();
            const Transformed found = transform(*dataset(V, false), W, options);
            QVERIFY(found.Ht.allFinite() && found.Ht.row(5).isZero() && found.Ht.col(2).isZero());
            QVERIFY(std::isfinite(found.objective));
            QCOMPARE(found.unsolved, Index{0});
        }
    }

    void dependentComponentsAreSolved()
    {
        Options options;
        Matrix<double> W(50, 6);
        W << basis(), basis().col(0) + basis().col(1), basis().col(2) * 3;
        for (const char* loss : {"frobenius", "kl"}) {
            options.loss.id = loss;
            const Transformed wide = transform(*dataset(samples(), false), W, options);
            const Transformed narrow = transform(*dataset(samples(), false), basis(), options);
            QVERIFY(std::abs(wide.objective - narrow.objective) < 1e-9 * narrow.objective);
            QVERIFY(wide.gap < 1e-6 * wide.objective);
        }
    }

    void whatIsUnknownDoesNotCount()
    {
        Matrix<double> V = samples(0);
        const Matrix<double> H = problems::uniform(4, 70, 2);
        for (Index j = 0; j < 70; ++j)
            for (Index i = j % 5; i < 50; i += 5)
                V(i, j) = std::nan("");
        Options options;
        QVERIFY_EXCEPTION_THROWN(transform(*dataset(V, false), basis(), options), Error);
        options.nanUnknown = true;
        for (const char* loss : {"frobenius", "kl"}) {
            options.loss.id = loss;
            const Transformed found = transform(*dataset(V, false), basis(), options);
            QVERIFY(found.relativeError < 0.05);
            QVERIFY(found.unsolved == 0 && found.gap < 1e-9);
        }
    }

    void whatDoesNotFitIsRefused()
    {
        Options options;
        const auto refused = [&](const Matrix<double>& V, const Matrix<double>& W, const char* words) {
            try {
                transform(*dataset(V, false), W, options);
            } catch (const Error& error) {
                return std::string(error.what()).find(words) != std::string::npos;
            }
            return false;
        };
        QVERIFY(refused(samples().transpose(), basis(), "transposed"));
        QVERIFY(refused(samples().topRows(3), basis(), "features"));
        QVERIFY(refused(samples(), -basis(), "non-negative"));
        QVERIFY(refused(-samples(), basis(), "negative"));
        options.loss = {"beta", {{"beta", 0}}};
        QVERIFY(refused(samples(), basis(), "zero"));
        options.loss.id = "frobenius";
        std::stop_source stop;
        stop.request_stop();
        QVERIFY_EXCEPTION_THROWN(transform(*dataset(samples(), false), basis(), {}, stop.get_token()), Cancelled);
    }
};

QTEST_APPLESS_MAIN(TestTransform)
#include "tst_transform.moc"
