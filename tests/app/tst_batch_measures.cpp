#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

namespace
{

struct Outcome
{
    int status = -1;
    QString output, errors;

    QJsonObject report() const { return QJsonDocument::fromJson(output.toUtf8()).object(); }
};

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

private slots:
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
