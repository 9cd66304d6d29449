#include "core/formats/formats.h"
#include "core/losses/losses.h"
#include "tests/support/problems.h"

#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

using namespace nmf;

namespace
{

constexpr int iterations = 60;

Matrix<double> tableIn(const QString& path)
{
    return *load(path.toStdString(), formats()).V.dense<double>();
}

double difference(const Matrix<double>& found, const Matrix<double>& wanted)
{
    return (found - wanted).cwiseAbs().maxCoeff() / wanted.maxCoeff();
}

} // namespace

/// Multiplicative updates do what those of R's package NMF do, which moves H first and then W as well.
class TestRAgreement : public QObject
{
    Q_OBJECT

    QTemporaryDir m_folder;

    QString path(const QString& name) const { return m_folder.filePath(name); }

private slots:
    void initTestCase()
    {
        QVERIFY(m_folder.isValid());
        QProcess process;
        process.start("Rscript", {"-e", "quit(status = if (requireNamespace('NMF', quietly = TRUE)) 0 else 3)"});
        if (!process.waitForStarted() || !process.waitForFinished(60000) || process.exitCode() != 0)
            QSKIP("R's package NMF is not installed (r-cran-nmf, which tests/run leaves out for its size): NOTHING was "
                  "compared with it.");
    }

    void factorsAreThoseOfR_data()
    {
        QTest::addColumn<QString>("method");
        QTest::addColumn<QString>("loss");
        QTest::addColumn<bool>("zeros");
        QTest::addColumn<double>("tolerance");
        // Its updates for the Euclidean loss add 1e-9 to what they divide by, and to nothing else.
        QTest::newRow("Kullback-Leibler") << QStringLiteral("brunet") << QStringLiteral("kl") << false << 1e-12;
        QTest::newRow("Kullback-Leibler, zeros") << QStringLiteral("brunet") << QStringLiteral("kl") << true << 1e-12;
        QTest::newRow("Euclidean") << QStringLiteral("lee") << QStringLiteral("frobenius") << false << 1e-8;
        QTest::newRow("Euclidean, zeros") << QStringLiteral("lee") << QStringLiteral("frobenius") << true << 1e-8;
    }
    void factorsAreThoseOfR()
    {
        QFETCH(QString, method);
        QFETCH(QString, loss);
        QFETCH(bool, zeros);
        QFETCH(double, tolerance);
        Matrix<double> V = problems::uniform(60, 6, 1) * problems::uniform(6, 45, 2) + problems::uniform(60, 45, 3);
        if (zeros)
            V = (problems::uniform(60, 45, 4).array() < 0.3).select(0.0, V).eval();
        auto start = std::make_shared<Factors<double>>(
            Factors<double>{problems::uniform(60, 6, 5), problems::uniform(45, 6, 6)});
        saveCsv(path("V.csv").toStdString(), V, {}, {});
        saveCsv(path("W.csv").toStdString(), start->W, {}, {});
        saveCsv(path("H.csv").toStdString(), start->Ht.transpose(), {}, {});
        QProcess process;
        process.start("Rscript", {PARTSCOPE_R_AGREEMENT, m_folder.path(), QString::number(iterations), method});
        QVERIFY(process.waitForFinished(60000));
        QVERIFY2(process.exitCode() == 0, process.readAllStandardError().constData());
        const Factors<double> wanted{tableIn(path("W-" + method + ".csv")),
                                     tableIn(path("H-" + method + ".csv")).transpose()};

        Options options = problems::with("mu", 6, iterations);
        options.loss.id = loss.toStdString();
        options.start = start;
        const Result result = factorize(problems::dataset(V), options);
        const double onW = difference(result.factors.W, wanted.W), onH = difference(result.factors.Ht, wanted.Ht);
        qInfo("largest difference: W %.1e, H %.1e", onW, onH);
        QVERIFY(onW < tolerance && onH < tolerance);
        // The objective of R's factors, formed entry by entry.
        const Divergence divergence = find(losses(), options.loss.id)->make({});
        const Matrix<double> X = wanted.W * wanted.Ht.transpose();
        double objective = 0;
        for (Index i = 0; i < V.size(); ++i)
            objective += divergence(V(i), X(i));
        QVERIFY(std::abs(result.history.back().objective / objective - 1) < tolerance);
        // The proof that the comparison can fail: one iteration less is another result.
        options.maxIterations = iterations - 1;
        const Result before = factorize(problems::dataset(V), options);
        QVERIFY(difference(before.factors.W, wanted.W) > 100 * tolerance);
    }
};

QTEST_GUILESS_MAIN(TestRAgreement)
#include "tst_r_agreement.moc"
