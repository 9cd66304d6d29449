#include "core/formats/formats.h"
#include "core/losses/losses.h"
#include "tests/support/problems.h"

#include <QDir>
#include <QFile>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

using namespace nmf;

namespace
{

constexpr int iterations = 60;
constexpr Index rows = 24, columns = 18, rank = 4;

Matrix<double> tableIn(const QString& path)
{
    return *load(path.toStdString(), formats()).V.dense<double>();
}

double difference(const Matrix<double>& found, const Matrix<double>& wanted)
{
    if (found.rows() != wanted.rows() || found.cols() != wanted.cols())
        return 1;
    return (found - wanted).cwiseAbs().maxCoeff() / wanted.maxCoeff();
}

} // namespace

/// Multiplicative updates do what those of R's package NMF do, which moves H first and then W as well. What it reached
/// is kept in tests/data/r_nmf, which says how it was made; where the package is installed it runs anew.
class TestRAgreement : public QObject
{
    Q_OBJECT

    bool m_installed = false;

    static QString kept(const QString& name) { return QStringLiteral(PARTSCOPE_R_RESULTS "/") + name; }

    static Matrix<double> data(bool zeros)
    {
        const Matrix<double> V = problems::uniform(rows, rank, 1) * problems::uniform(rank, columns, 2) +
                                 problems::uniform(rows, columns, 3);
        return zeros ? Matrix<double>((problems::uniform(rows, columns, 4).array() < 0.3).select(0.0, V)) : V;
    }

    static std::shared_ptr<const Factors<double>> start()
    {
        return std::make_shared<Factors<double>>(
            Factors<double>{problems::uniform(rows, rank, 5), problems::uniform(columns, rank, 6)});
    }

    static Factors<double> factorsIn(const QString& folder, const QString& method, const QString& ending = {})
    {
        return {tableIn(folder + "/W-" + method + ending + ".csv"),
                tableIn(folder + "/H-" + method + ending + ".csv").transpose()};
    }

    /// Lets R go from the start, and leaves what it reaches in the folder.
    static void runR(const QString& folder, const QString& method, const Matrix<double>& V)
    {
        const auto path = [&](const char* name) { return (folder + '/' + name).toStdString(); };
        saveCsv(path("V.csv"), V, {}, {});
        saveCsv(path("W.csv"), start()->W, {}, {});
        saveCsv(path("H.csv"), start()->Ht.transpose(), {}, {});
        QProcess process;
        process.start("Rscript", {PARTSCOPE_R_AGREEMENT, folder, QString::number(iterations), method});
        QVERIFY(process.waitForFinished(60000));
        QVERIFY2(process.exitCode() == 0, process.readAllStandardError().constData());
    }

private slots:
    void initTestCase()
    {
        QVERIFY2(QDir(kept({})).exists(), "tests/data/r_nmf is missing");
        QProcess process;
        process.start("Rscript", {"-e", "quit(status = if (requireNamespace('NMF', quietly = TRUE)) 0 else 3)"});
        m_installed = process.waitForStarted() && process.waitForFinished(60000) && process.exitCode() == 0;
        qInfo(m_installed ? "R's package NMF runs anew."
                          : "R's package NMF is not installed (r-cran-nmf): what it reached once is compared.");
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
        const Matrix<double> V = data(zeros);
        const QString ending = zeros ? QStringLiteral("-zeros") : QString();
        const Factors<double> wanted = factorsIn(kept({}), method, ending);
        if (m_installed) {
            QTemporaryDir folder;
            runR(folder.path(), method, V);
            if (QTest::currentTestFailed())
                return;
            const Factors<double> anew = factorsIn(folder.path(), method);
            QVERIFY(difference(anew.W, wanted.W) < 1e-12 && difference(anew.Ht, wanted.Ht) < 1e-12);
        }
        Options options = problems::with("mu", rank, iterations);
        options.loss.id = loss.toStdString();
        options.start = start();
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

    /// Nothing but with PARTSCOPE_KEEP_R_RESULTS in the environment: writes tests/data/r_nmf anew.
    void keepsWhatRReaches()
    {
        if (!qEnvironmentVariableIsSet("PARTSCOPE_KEEP_R_RESULTS"))
            return;
        QVERIFY(m_installed);
        for (const QString method : {"brunet", "lee"})
            for (const bool zeros : {false, true}) {
                QTemporaryDir folder;
                runR(folder.path(), method, data(zeros));
                for (const QString factor : {"W-", "H-"}) {
                    const QString to = kept(factor + method + (zeros ? "-zeros.csv" : ".csv"));
                    QFile::remove(to);
                    QVERIFY(QFile::copy(folder.filePath(factor + method + ".csv"), to));
                }
                QFile::remove(kept("versions.txt"));
                QVERIFY(QFile::copy(folder.filePath("versions.txt"), kept("versions.txt")));
            }
    }
};

QTEST_GUILESS_MAIN(TestRAgreement)
#include "tst_r_agreement.moc"
