#include "core/formats/formats.h"

#include <QDir>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

#include <cmath>

using nmf::Matrix;

namespace
{

struct Outcome
{
    int status = -1;
    QString output, errors;

    QJsonObject report() const { return QJsonDocument::fromJson(output.toUtf8()).object(); }
};

QByteArray littleEndian(quint32 value, int bytes)
{
    QByteArray text;
    for (int byte = 0; byte < bytes; ++byte)
        text.append(static_cast<char>(byte < 4 ? value >> (8 * byte) & 0xff : 0));
    return text;
}

/// A ZIP archive of one file that is not packed.
QByteArray zipOf(const QByteArray& name, const QByteArray& bytes)
{
    quint32 crc = 0xffffffff;
    for (const char character : bytes) {
        crc ^= static_cast<unsigned char>(character);
        for (int bit = 0; bit < 8; ++bit)
            crc = crc >> 1 ^ (crc & 1 ? 0xedb88320 : 0);
    }
    const auto size = static_cast<quint32>(bytes.size()), nameSize = static_cast<quint32>(name.size());
    const QByteArray facts = littleEndian(20, 2) + littleEndian(0, 8) + littleEndian(~crc, 4) + littleEndian(size, 4) +
                             littleEndian(size, 4) + littleEndian(nameSize, 2) + littleEndian(0, 2);
    const QByteArray member = "PK\3\4" + facts + name + bytes;
    const QByteArray directory = "PK\1\2" + littleEndian(20, 2) + facts + littleEndian(0, 14) + name;
    return member + directory + "PK\5\6" + littleEndian(0, 4) + littleEndian(1, 2) + littleEndian(1, 2) +
           littleEndian(static_cast<quint32>(directory.size()), 4) +
           littleEndian(static_cast<quint32>(member.size()), 4) + littleEndian(0, 2);
}

} // namespace

/// Stopping rules, measures and transforms by the built program.
class TestBatchMeasures : public QObject
{
    Q_OBJECT

    QTemporaryDir m_folder;

    Outcome partscope(const QStringList& arguments) const
    {
        QProcess process;
        process.setWorkingDirectory(m_folder.path());
        process.start(PARTSCOPE_PROGRAM, arguments);
        if (!process.waitForFinished(60000) || process.exitStatus() != QProcess::NormalExit)
            return {};
        return {process.exitCode(), QString::fromUtf8(process.readAllStandardOutput()),
                QString::fromUtf8(process.readAllStandardError())};
    }

    Outcome run(const QStringList& arguments) const { return partscope(QStringList{"run"} + arguments); }

    Matrix<double> matrixIn(const QString& file) const
    {
        return *nmf::load(m_folder.filePath(file).toStdString(), nmf::formats()).V.dense<double>();
    }

private slots:
    void theReportBoundsTheObjective()
    {
        const Outcome outcome = run(
            {"sample:worked-example", "--rank", "2", "--tol", "1e-12", "--max-iter", "20000", "--compare", "--json"});
        QCOMPARE(outcome.errors, "");
        const QJsonObject report = outcome.report(), models = report["compare"].toObject();
        const double objective = report["objective"].toDouble();
        QVERIFY(std::abs(report["lower_bound"].toDouble() - objective) < 1e-6 * objective);
        QVERIFY(report["gap"].toDouble(1) < 1e-6);
        QVERIFY(report["identities"].toObject()["components"].toDouble(1) < 1e-5);
        const double error = report["relative_error"].toDouble();
        QVERIFY(std::abs(models["svd"].toDouble() - error) < 1e-6);
        QVERIFY(models["pca"].toDouble(1) < error && models["vq"].toDouble() > error);
        const Outcome told = run({"sample:worked-example", "--compare"});
        QVERIFY2(told.output.contains("PCA") && told.output.contains("VQ"), qPrintable(told.output));
        // Of other losses there is no such bound, and unasked no comparison.
        const QJsonObject other = run({"sample:worked-example", "--loss", "kl", "--json"}).report();
        QVERIFY(other["lower_bound"].isNull() && !other.contains("compare"));
        QVERIFY(other["identities"].toObject()["row_sums"].isDouble());
        const Outcome refused = run({"sample:bars", "--compare", "--held-out", "0.1"});
        QCOMPARE(refused.status, 1);
        QVERIFY2(refused.errors.contains("--compare"), qPrintable(refused.errors));
    }

    void theReportTellsOfTheComponents()
    {
        const QJsonObject report = run({"sample:bars", "--loss", "kl", "--json"}).report();
        const QJsonArray components = report["components"].toArray();
        QCOMPARE(components.size(), report["options"].toObject()["rank"].toInt());
        double mass = 0;
        for (const QJsonValue component : components) {
            mass += component.toObject()["mass"].toDouble();
            for (const char* key : {"energy", "purity_W", "purity_H", "sparseness_W", "sparseness_H"})
                QVERIFY2(component.toObject()[key].isDouble(), key);
        }
        QVERIFY(std::abs(mass - 1) < 1e-12);
        const double effective = report["effective_components"].toDouble();
        QVERIFY(effective > 1 && effective <= static_cast<double>(components.size()));
        for (const char* key : {"r_squared", "explained_deviance", "specificity"})
            QVERIFY2(report[key].toDouble(-1) > 0 && report[key].toDouble() <= 1, key);
        QVERIFY(report["nested_supports"].toObject().contains("W"));
        const QJsonObject other = run({"sample:worked-example", "--json"}).report();
        QVERIFY(other["explained_deviance"].isNull());
        // Each loss has its own name for twice the objective.
        QVERIFY(std::abs(other["rss"].toDouble() - 2 * other["objective"].toDouble()) < 1e-12);
        QVERIFY(other["deviance"].isNull() && report["rss"].isNull());
        QVERIFY(std::abs(report["deviance"].toDouble() - 2 * report["objective"].toDouble()) <
                1e-9 * report["objective"].toDouble());
        QVERIFY(!report["components"].toArray()[0].toObject()["objective_without"].isNull());
        for (const QJsonObject& one : {report, other}) {
            QCOMPARE(one["monotonicity_violations"].toInt(-1), 0);
            QCOMPARE(one["effective_rank"].toInt(), one["options"].toObject()["rank"].toInt());
            QVERIFY(one["solver_reason"].toString().contains("quickest"));
            QVERIFY(one["init_reason"].toString().contains("lowest objective"));
        }
        const Outcome told = run({"sample:worked-example"});
        QVERIFY2(told.output.contains("Solver ehals, chosen automatically. It was the quickest"),
                 qPrintable(told.output));
        const QJsonObject asked =
            run({"sample:worked-example", "--solver", "hals", "--init", "random", "--json"}).report();
        QCOMPARE(asked["solver_reason"].toString(), "It was asked for.");
        QCOMPARE(asked["init_reason"].toString(), "It was asked for.");
        QVERIFY(other["components"].toArray()[0].toObject()["objective_without"].toDouble() > 0);
    }

    void knownClassesAreComparedWithTheComponents()
    {
        // Two kinds of samples, each of a part of its own.
        QFile table(m_folder.filePath("kinds.csv")), kinds(m_folder.filePath("kinds.txt"));
        QVERIFY(table.open(QFile::WriteOnly) && kinds.open(QFile::WriteOnly));
        table.write("1,2,0,0,3\n2,4,0,0,6\n0,0,5,1,0\n0,0,10,2,0\n");
        kinds.write("left\nleft\nright\nright\nright\n\n");
        table.close();
        kinds.close();
        const QStringList task{"kinds.csv", "--rank", "2", "--labels", "kinds.txt"};
        const QJsonObject labels = run(task + QStringList{"--json"}).report()["labels"].toObject();
        QCOMPARE(labels["classes"].toInt(), 2);
        QCOMPARE(labels["purity"].toDouble(), 0.8);
        QVERIFY(labels["entropy"].toDouble() > 0.5 && labels["entropy"].toDouble() < 0.6);
        QVERIFY(run(task).output.contains("purity 0.8"));
        const auto refusal = [&](const QByteArray& text) {
            if (!kinds.open(QFile::WriteOnly))
                return QString();
            kinds.write(text);
            kinds.close();
            const Outcome refused = run(task);
            return refused.status == 1 && refused.errors.count('\n') == 1 ? refused.errors : QString();
        };
        QVERIFY(refusal("a\nb\nc\n").contains("has 3 lines, but there are 5 samples"));
        QVERIFY(refusal("a\nb\n\nd\ne\n").contains("Line 3"));
        QVERIFY(kinds.remove());
        QVERIFY(run(task).errors.contains("kinds.txt cannot be read"));
        QVERIFY(run(task + QStringList{"--ranks", "2:3"}).status == 1);
    }

    void transformingWhatWasFittedFindsItAgain_data()
    {
        QTest::addColumn<QStringList>("options");
        QTest::newRow("Frobenius") << QStringList{};
        QTest::newRow("Kullback-Leibler") << QStringList{"--loss", "kl"};
        QTest::newRow("penalised") << QStringList{"--l1-w", "0.1", "--l1-h", "0.1", "--l2-h", "0.3"};
    }
    void transformingWhatWasFittedFindsItAgain()
    {
        QFETCH(QStringList, options);
        const QStringList exact{"--tol", "0", "--tol-kkt", "1e-14", "--max-iter", "20000"};
        QCOMPARE(
            run(QStringList{"sample:worked-example", "--rank", "2", "--output", "model", "--quiet"} + exact + options)
                .errors,
            "");
        const Outcome outcome =
            partscope({"transform", "model", "sample:worked-example", "--json", "--output", "coefficients"});
        QCOMPARE(outcome.errors, "");
        QCOMPARE(outcome.status, 0);
        const QJsonObject report = outcome.report();
        QVERIFY(report["gap"].toDouble(1) < 1e-9);
        QVERIFY(report["converged"].toBool());
        const Matrix<double> fitted = matrixIn("model/H.npy"), found = matrixIn("coefficients/H.npy");
        QVERIFY((fitted - found).cwiseAbs().maxCoeff() <= 1e-6 * fitted.maxCoeff());
        QVERIFY(!QFile::exists(m_folder.filePath("coefficients/W.npy")));
        // Other samples of other penalties.
        const Outcome told = partscope({"transform", "model", "sample:worked-example", "--l1-h", "0", "--l2-h", "0"});
        QCOMPARE(told.status, 0);
        QVERIFY2(told.output.contains("above its minimum"), qPrintable(told.output));
    }

    void anArchiveWithABasisIsAModel()
    {
        QFile file(m_folder.filePath("table.csv"));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("2,0,1\n4,0,2\n0,3,3\n");
        file.close();
        Matrix<double> W(3, 2);
        W << 1, 0, 2, 0, 0, 1;
        nmf::saveNpy(m_folder.filePath("W.npy").toStdString(), W);
        QFile array(m_folder.filePath("W.npy")), archive(m_folder.filePath("basis.npz"));
        QVERIFY(array.open(QIODevice::ReadOnly) && archive.open(QIODevice::WriteOnly));
        archive.write(zipOf("W.npy", array.readAll()));
        archive.close();
        const Outcome outcome = partscope({"transform", "basis.npz", "table.csv", "--output", "of-archive", "--json"});
        QCOMPARE(outcome.errors, "");
        Matrix<double> expected(2, 3);
        expected << 2, 0, 1, 0, 3, 3;
        QVERIFY((matrixIn("of-archive/H.npy") - expected).norm() < 1e-12);
        QCOMPARE(outcome.report()["relative_error"].toDouble(1), 0.0);
    }

    void modelsThatAreNoneAreRefused()
    {
        QVERIFY(QDir(m_folder.path()).mkpath("empty"));
        const auto refused = [&](const QStringList& arguments, const char* words) {
            const Outcome outcome = partscope(QStringList{"transform"} + arguments);
            return outcome.status == 1 && outcome.errors.contains(words) && outcome.errors.count('\n') == 1;
        };
        QVERIFY(refused({}, "needs MODEL and INPUT"));
        QVERIFY(refused({"nowhere", "sample:bars"}, "no MODEL"));
        QVERIFY(refused({"empty", "sample:bars"}, "report.json"));
        QCOMPARE(run({"sample:bars", "--max-iter", "3", "--output", "bars", "--quiet"}).status, 0);
        QVERIFY(refused({"bars", "sample:swimmer"}, "features"));
        QVERIFY(refused({"bars", "sample:bars", "--l1-h", "-1"}, "--l1-h"));
        QVERIFY(refused({"bars", "sample:bars", "--loss", "l7"}, "--loss"));
    }

    void theRuleThatFiredIsReported_data()
    {
        QTest::addColumn<QStringList>("rule");
        QTest::addColumn<QString>("id");
        QTest::addColumn<QString>("words");
        QTest::newRow("gradient") << QStringList{"--tol-kkt", "1e-3"} << "kkt"
                                  << "projected gradient";
        QTest::newRow("step") << QStringList{"--tol-step", "1e-3"} << "step"
                              << "both factors";
        QTest::newRow("labels") << QStringList{"--connectivity", "3"} << "connectivity"
                                << "strongest component";
        QTest::newRow("none") << QStringList{} << "iteration-limit"
                              << "Not converged";
    }
    void theRuleThatFiredIsReported()
    {
        QFETCH(QStringList, rule);
        QFETCH(QString, id);
        QFETCH(QString, words);
        const QStringList task{"sample:bars", "--solver", "mu", "--init", "random", "--tol", "0"};
        const Outcome outcome = run(task + rule + QStringList{"--json", "--max-iter", rule.isEmpty() ? "20" : "20000"});
        QCOMPARE(outcome.errors, "");
        const QJsonObject report = outcome.report();
        QCOMPARE(report["stopped_because"].toString(), id);
        QCOMPARE(report["converged"].toBool(), !rule.isEmpty());
        const QString sentence = report["stopped_because_sentence"].toString();
        QVERIFY2(sentence.contains(words), qPrintable(sentence));
        if (!rule.isEmpty())
            QCOMPARE(report["options"].toObject()[rule[0].mid(2).replace('-', '_')].toDouble(), rule[1].toDouble());
    }

    void rulesThatAreNoNumbersAreRefused()
    {
        for (const char* rule : {"--tol-kkt", "--tol-step", "--connectivity"}) {
            const Outcome refused = run({"sample:bars", rule, "-1"});
            QCOMPARE(refused.status, 1);
            QVERIFY2(refused.errors.contains(rule) && refused.errors.count('\n') == 1, qPrintable(refused.errors));
        }
    }
};

QTEST_GUILESS_MAIN(TestBatchMeasures)
#include "tst_batch_measures.moc"
