#include "core/factorize.h"
#include "core/formats/formats.h"
#include "tests/support/test_data.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

#include <algorithm>

using namespace nmf;

namespace
{

QJsonArray referenceRuns()
{
    QFile file(test_data::path("reference.json"));
    if (!file.open(QIODevice::ReadOnly))
        return {};
    return QJsonDocument::fromJson(file.readAll()).object()["runs"].toArray();
}

std::shared_ptr<const Dataset> opened(const QString& name)
{
    return std::make_shared<const Dataset>(load(test_data::path(name).toStdString(), formats()));
}

double bestOf(const QJsonObject& run)
{
    double best = 1;
    for (const QJsonValue value : run["sklearn_cd_rel"].toObject())
        best = std::min(best, value.toDouble());
    return best;
}

} // namespace

/// Real data: what scikit-learn reaches on them is reached, and nothing lies below the bound of the truncated SVD.
class TestReference : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase()
    {
        NEEDS_TEST_DATA();
        QVERIFY2(!referenceRuns().isEmpty(), "reference.json is missing from the test data");
    }

    void facesReachTheReferenceIn300Iterations()
    {
        for (const QJsonValue value : referenceRuns()) {
            const QJsonObject run = value.toObject();
            if (!run["file"].toString().endsWith("cbcl_361x2429_float64.npy"))
                continue;
            Options options;
            options.rank = run["rank"].toInt();
            options.algorithm.id = "hals";
            options.initializer.id = "nndsvda";
            options.maxIterations = 300;
            options.tolerance = 0;
            const double error = factorize(opened(run["file"].toString()), options).history.back().relativeError;
            qInfo("faces, HALS, 300 iterations: relative error %.6f, reference %.6f", error, bestOf(run));
            QVERIFY(error <= 1.001 * bestOf(run));
            return;
        }
        QFAIL("the faces are not in reference.json");
    }

    void referenceIsReachedOrBeaten_data()
    {
        QTest::addColumn<QJsonObject>("run");
        for (const QJsonValue value : referenceRuns()) {
            const QJsonObject run = value.toObject();
            QTest::addRow("%s, k = %d", qPrintable(run["file"].toString()), run["rank"].toInt()) << run;
        }
    }
    void referenceIsReachedOrBeaten()
    {
        QFETCH(QJsonObject, run);
        const auto dataset = opened(run["file"].toString());
        Options options;
        options.rank = run["rank"].toInt();
        options.maxIterations = 300;
        options.tolerance = 1e-7;
        double best = 1;
        const double wanted = 1.001 * bestOf(run) + 1e-7;
        for (std::uint64_t seed = 0; seed < 8 && best > wanted; ++seed) {
            options.initializer.id = seed == 0 ? "nndsvda" : "random";
            options.seed = seed;
            best = std::min(best, factorize(dataset, options).history.back().relativeError);
        }
        qInfo("relative error %.8f, scikit-learn %.8f, bound %.8f", best, bestOf(run),
              run["svd_lower_bound_rel"].toDouble());
        QVERIFY(best <= wanted);
        QVERIFY(best >= run["svd_lower_bound_rel"].toDouble() * (1 - 1e-6) - 1e-7);
    }
};

QTEST_APPLESS_MAIN(TestReference)
#include "tst_reference.moc"
