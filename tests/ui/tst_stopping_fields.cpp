#include "tests/support/own_settings.h"
#include "tests/support/promptly.h"
#include "tests/support/study_driver.h"
#include "tests/support/typing.h"
#include "ui/panels/options_panel.h"
#include "ui/panels/stopping_fields.h"
#include "ui/views/facts_panel.h"

#include <QPushButton>

using namespace nmf;
using namespace nmf::ui;
using namespace study_driver;
using Phase = Study::Phase;

namespace
{

void choose(QWidget& panel, const char* name, const QString& text)
{
    auto* box = panel.findChild<QComboBox*>(name);
    QVERIFY(box);
    box->setCurrentIndex(box->findText(text));
    emit box->activated(box->currentIndex());
}

} // namespace

/// The rules that end a run, in the options panel.
class TestStoppingFields : public QObject
{
    Q_OBJECT

    QTemporaryDir m_folder;

private slots:
    void initTestCase()
    {
        QVERIFY(m_folder.isValid());
        useOwnSettings(m_folder);
        QLocale::setDefault(QLocale::c());
    }

    void theRarerRulesAreFoldedAwayUntilOneIsAskedFor()
    {
        Study study;
        OptionsPanel panel(study);
        panel.show();
        auto* field = panel.findChild<QSpinBox*>("connectivity");
        QVERIFY(field && !field->isVisible() && panel.findChild<QSpinBox*>("iterations")->isVisible());
        QTest::mouseClick(panel.findChild<QToolButton*>("more-rules"), Qt::LeftButton);
        QVERIFY(field->isVisible());
        OptionsPanel other(study);
        other.show();
        QVERIFY(!other.findChild<QSpinBox*>("connectivity")->isVisible());
        Options options = study.options();
        options.stepTolerance = 1e-5;
        study.setOptions(options);
        QVERIFY(other.findChild<QSpinBox*>("connectivity")->isVisible());
        QCOMPARE(other.findChild<QComboBox*>("tol-step")->currentText(), QString("1e-5"));
    }

    void fieldsAndOptionsFollowEachOther()
    {
        Study study;
        OptionsPanel panel(study);
        panel.show();
        QTest::mouseClick(panel.findChild<QToolButton*>("more-rules"), Qt::LeftButton);
        choose(panel, "tol-kkt", "1e-4");
        choose(panel, "tol-step", "1e-6");
        type(panel.findChild<QSpinBox*>("connectivity"), "40");
        type(panel.findChild<QDoubleSpinBox*>("held-out"), "5");
        type(panel.findChild<QSpinBox*>("patience"), "10");
        const Options& options = study.options();
        QCOMPARE(options.kktTolerance, 1e-4);
        QCOMPARE(options.stepTolerance, 1e-6);
        QCOMPARE(options.connectivityLooks, 40);
        QCOMPARE(options.heldOut, 0.05);
        QCOMPARE(options.patience, 10);
    }

    void whatCannotBeWaitsWithItsReason()
    {
        Study study;
        OptionsPanel panel(study);
        panel.show();
        openNow(study, bars);
        QTest::mouseClick(panel.findChild<QToolButton*>("more-rules"), Qt::LeftButton);
        const auto* fault = panel.findChild<QLabel*>("stopping-fault");
        type(panel.findChild<QSpinBox*>("patience"), "10");
        QVERIFY(fault->isVisible() && fault->text().contains("held out"));
        QCOMPARE(study.options().patience, 0);
        // Another change meanwhile does not take away what was entered.
        Options changed = study.options();
        changed.rank = 3;
        study.setOptions(changed);
        QCOMPARE(panel.findChild<QSpinBox*>("patience")->value(), 10);
        QVERIFY(fault->isVisible());
        type(panel.findChild<QDoubleSpinBox*>("held-out"), "10");
        QVERIFY(!fault->isVisible());
        QCOMPARE(study.options().patience, 10);
        QCOMPARE(study.options().heldOut, 0.1);
        // An algorithm that reads whole tables alone gives way.
        type(panel.findChild<QDoubleSpinBox*>("held-out"), "0");
        type(panel.findChild<QSpinBox*>("patience"), "0");
        type(panel.findChild<QDoubleSpinBox*>("held-out"), "0");
        Options options = study.options();
        options.algorithm = {"als", {}};
        study.setOptions(options);
        type(panel.findChild<QDoubleSpinBox*>("held-out"), "10");
        QVERIFY(study.options().algorithm.id != "als");
        QCOMPARE(study.options().heldOut, 0.1);
        QVERIFY(fault->isVisible() && fault->text().contains("HALS"));
    }

    void whatWaitsIsMendedByAButton()
    {
        Study study;
        OptionsPanel panel(study);
        panel.show();
        openNow(study, bars);
        QTest::mouseClick(panel.findChild<QToolButton*>("more-rules"), Qt::LeftButton);
        auto* mends = panel.findChild<QWidget*>("stopping-mends");
        QVERIFY(!mends->isVisible());
        type(panel.findChild<QSpinBox*>("patience"), "10");
        QVERIFY(mends->isVisible());
        auto* holding = mends->findChild<QPushButton*>("mend");
        QCOMPARE(holding->text(), QString("Hold out 10 % of the entries"));
        holding->click();
        QCOMPARE(study.options().heldOut, 0.1);
        QCOMPARE(study.options().patience, 10);
        QCOMPARE(panel.findChild<QDoubleSpinBox*>("held-out")->value(), 10.0);
        QVERIFY(!mends->isVisible() && !panel.findChild<QLabel*>("stopping-fault")->isVisible());
    }

    void aRunEndsByTheRuleAndGoesOnWithoutIt()
    {
        Study study;
        OptionsPanel panel(study);
        FactsPanel facts(study);
        panel.show();
        facts.show();
        openNow(study, bars);
        choose(panel, "tolerance", "never");
        QTest::mouseClick(panel.findChild<QToolButton*>("more-rules"), Qt::LeftButton);
        type(panel.findChild<QSpinBox*>("iterations"), "5000");
        type(panel.findChild<QSpinBox*>("connectivity"), "3");
        QVERIFY(!facts.findChild<QLabel*>("fact-held-out")->isVisible());
        study.run();
        QTRY_COMPARE(study.phase(), Phase::Finished);
        QVERIFY(study.snapshot()->ended == Termination::ConvergedLabels);
        QTRY_VERIFY(facts.findChild<QLabel*>("fact-end")->text().contains("strongest"));
        const int reached = study.snapshot()->record.iteration;
        study.continueFor(200);
        QTRY_COMPARE(study.phase(), Phase::Finished);
        QCOMPARE(study.snapshot()->record.iteration, reached + 200);
    }

    void theHeldOutErrorIsTold()
    {
        Study study;
        OptionsPanel panel(study);
        FactsPanel facts(study);
        panel.show();
        facts.show();
        openNow(study, bars);
        type(panel.findChild<QSpinBox*>("iterations"), "30");
        QTest::mouseClick(panel.findChild<QToolButton*>("more-rules"), Qt::LeftButton);
        type(panel.findChild<QDoubleSpinBox*>("held-out"), "5");
        study.run();
        QTRY_COMPARE(study.phase(), Phase::Finished);
        const auto* told = facts.findChild<QLabel*>("fact-held-out");
        QTRY_VERIFY(told->isVisible());
        QVERIFY(study.snapshot()->heldOut && study.snapshot()->heldOut->rootMeanSquare > 0);
        QCOMPARE(told->text(), QLocale().toString(study.snapshot()->heldOut->rootMeanSquare, 'g', 6));
    }

    /// Whichever of the two is asked for last says so, and a run goes on as it was.
    void aRuleThatDoesNotKnowATermIsSaidAtOnce()
    {
        Study study;
        OptionsPanel panel(study);
        panel.show();
        openNow(study, bars);
        study.setOptions(endless(study.options()));
        choose(panel, "tol-kkt", "1e-8");
        QCOMPARE(study.options().kktTolerance, 1e-8);
        type(panel.findChild<WeightBox*>("norm-w"), "2");
        const auto* fault = panel.findChild<QLabel*>("terms-fault");
        QVERIFY(fault->isVisible() && fault->text().contains("projected gradient"));
        QCOMPARE(study.options().ofW.norm, 0.0);
        // Taking away what is in the way is enough.
        choose(panel, "tol-kkt", "never");
        QVERIFY(study.options().ofW.norm == 2);
        choose(panel, "tol-kkt", "1e-8");
        QVERIFY(panel.findChild<QLabel*>("stopping-fault")->text().contains("projected gradient"));
        QCOMPARE(study.options().kktTolerance, 0.0);
        type(panel.findChild<WeightBox*>("norm-w"), "0");
        QCOMPARE(study.options().kktTolerance, 1e-8);
    }

    /// A rank that cannot be does not hold up the rest.
    void anOlderFaultHoldsUpNothing()
    {
        Study study;
        OptionsPanel panel(study);
        panel.show();
        openNow(study, bars);
        Options options = study.options();
        options.rank = 100000;
        study.setOptions(options);
        type(panel.findChild<QSpinBox*>("iterations"), "77");
        QCOMPARE(study.options().maxIterations, 77);
    }

    /// A rule that is set while a run goes on ends it.
    void aRuleCanBeSetDuringARun()
    {
        Study study;
        OptionsPanel panel(study);
        panel.show();
        openNow(study, QStringLiteral("sample:swimmer"));
        study.setOptions(endless(study.options()));
        study.run();
        QTest::qWait(50);
        QCOMPARE(study.phase(), Phase::Running);
        QTest::mouseClick(panel.findChild<QToolButton*>("more-rules"), Qt::LeftButton);
        choose(panel, "tol-step", "1e-3");
        QTRY_COMPARE_WITH_TIMEOUT(study.phase(), Phase::Finished, 20000);
        QVERIFY(study.snapshot()->ended == Termination::ConvergedStep);
    }
};

QTEST_MAIN(TestStoppingFields)
#include "tst_stopping_fields.moc"
