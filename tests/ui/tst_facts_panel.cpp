#include "tests/support/own_settings.h"
#include "tests/support/promptly.h"
#include "tests/support/study_driver.h"
#include "ui/panels/model_bar.h"
#include "ui/views/facts_panel.h"

#include <QLabel>

using namespace nmf;
using namespace nmf::ui;
using namespace study_driver;

/// What the window says of a run in numbers, and of the choice of the algorithm.
class TestFactsPanel : public QObject
{
    Q_OBJECT

    QTemporaryDir m_folder;

    static void runToTheEnd(Study& study, Options options)
    {
        study.setOptions(options);
        study.run();
        QTRY_VERIFY(study.phase() == Study::Phase::Finished && study.snapshot() && study.snapshot()->ended);
    }

private slots:
    void initTestCase()
    {
        QVERIFY(m_folder.isValid());
        useOwnSettings(m_folder);
        QLocale::setDefault(QLocale::c());
    }

    void theObjectiveHasTheFormulaOfItsLoss()
    {
        Study study;
        FactsPanel panel(study);
        panel.show();
        openNow(study, bars);
        const auto* objective = panel.findChild<QLabel*>("fact-objective");
        Options options = study.options();
        options.maxIterations = 5;
        runToTheEnd(study, options);
        QTRY_VERIFY(objective->toolTip().contains("½‖V − WH‖²F"));
        options.loss.id = "kl";
        options.algorithm.id = "klcd";
        options.onW.l1 = options.onH.l1 = 0.1;
        runToTheEnd(study, options);
        QTRY_VERIFY2(objective->toolTip().contains("log(v/x)") && objective->toolTip().contains("0.1‖W‖₁"),
                     qPrintable(objective->toolTip()));
    }

    void componentsThatDiedAreCounted()
    {
        Study study;
        FactsPanel panel(study);
        panel.show();
        openNow(study, bars);
        const auto* alive = panel.findChild<QLabel*>("fact-alive");
        Options options = study.options();
        options.maxIterations = 30;
        runToTheEnd(study, options);
        QVERIFY(alive->isHidden());
        options.onW.l1 = options.onH.l1 = 1e6;
        runToTheEnd(study, options);
        QTRY_VERIFY(!alive->isHidden());
        QCOMPARE(alive->text(), QString("0 of %1").arg(options.rank));
        QVERIFY(panel.findChild<QLabel*>("fact-end")->text().contains("the rank is 0 in effect"));
    }

    void aRunThatALimitEndedTooEarlyIsGoneOnWith()
    {
        Study study;
        FactsPanel panel(study);
        panel.show();
        openNow(study, "sample:swimmer");
        auto* more = panel.findChild<QPushButton*>("fact-continue");
        QVERIFY(!more->isVisible());
        Options options = study.options();
        options.algorithm.id = "mu";
        options.tolerance = 0;
        options.maxIterations = 20;
        runToTheEnd(study, options);
        QTRY_VERIFY(more->isVisible());
        QVERIFY2(more->text().startsWith("Still falling ") &&
                     more->text().endsWith(" % per 20 iterations: continue 100"),
                 qPrintable(more->text()));
        more->click();
        QVERIFY(!more->isVisible());
        QTRY_VERIFY(study.phase() == Study::Phase::Finished && study.snapshot()->record.iteration == 120);
        QTRY_VERIFY2(more->text().endsWith(" % per 100 iterations: continue 200"), qPrintable(more->text()));
        // One that has converged is done.
        options.algorithm.id = "ehals";
        options.tolerance = 0.1;
        options.maxIterations = 500;
        runToTheEnd(study, options);
        QTRY_VERIFY(study.snapshot()->ended == Termination::Converged && !more->isVisible());
    }

    void theAlgorithmHasItsReason()
    {
        Study study;
        ModelBar bar(study);
        openNow(study, bars);
        const auto* title = bar.findChild<QLabel*>("algorithm-title");
        QVERIFY2(title->toolTip().contains("chosen by itself") && title->toolTip().contains("quickest"),
                 qPrintable(title->toolTip()));
        Options options = study.options();
        options.algorithm.id = "mu";
        study.setOptions(options);
        QVERIFY2(title->toolTip().contains("ehals would be chosen"), qPrintable(title->toolTip()));
    }
};

QTEST_MAIN(TestFactsPanel)
#include "tst_facts_panel.moc"
