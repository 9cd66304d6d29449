#include "core/terms.h"
#include "tests/support/own_settings.h"
#include "tests/support/promptly.h"
#include "tests/support/study_driver.h"
#include "tests/support/study_watch.h"
#include "tests/support/typing.h"
#include "ui/panels/elastic_net_dialog.h"
#include "ui/panels/options_panel.h"

#include <QPushButton>

using namespace nmf;
using namespace nmf::ui;
using namespace study_driver;
using Phase = Study::Phase;

namespace
{

WeightBox* boxOf(const QWidget& panel, const char* id)
{
    return panel.findChild<WeightBox*>(id);
}

/// The pair that must be given together.
void typeL1(const QWidget& panel, const QString& onW, const QString& onH)
{
    type(boxOf(panel, "l1-w"), onW);
    type(boxOf(panel, "l1-h"), onH);
}

QString textOf(const QWidget& panel, const char* name)
{
    const auto* label = panel.findChild<QLabel*>(name);
    return label && !label->isHidden() ? label->text() : QString();
}

} // namespace

/// The penalties in the options panel, and what they do to a run.
class TestPenaltyPanel : public QObject
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

    void init() { QSettings().clear(); }

    void everyTermHasAField()
    {
        Study study;
        OptionsPanel panel(study);
        for (const Term& term : terms()) {
            const WeightBox* box = boxOf(panel, term.parameter.id.c_str());
            QVERIFY2(box, term.parameter.id.c_str());
            QCOMPARE(box->value(), 0.0);
            QCOMPARE(box->text(), QString("none"));
            QCOMPARE(box->accessibleName(), QString::fromStdString(term.parameter.name));
        }
        const QList<WeightBox*> boxes = panel.findChildren<WeightBox*>();
        QCOMPARE(boxes.size(), static_cast<qsizetype>(terms().size()));
        panel.resize(300, 900);
        panel.show();
        QVERIFY(QTest::qWaitForWindowExposed(&panel));
        for (const WeightBox* one : boxes)
            for (const WeightBox* other : boxes)
                QVERIFY2(one == other || !QRect(one->mapTo(&panel, QPoint()), one->size())
                                              .intersects(QRect(other->mapTo(&panel, QPoint()), other->size())),
                         qPrintable(one->objectName() + " lies over " + other->objectName()));
    }

    void penaltiesAreGivenAsInScikitLearn()
    {
        Study study;
        OptionsPanel panel(study);
        panel.show();
        auto* button = panel.findChild<QToolButton*>("elastic-net");
        // The weights follow from the data's shape.
        QVERIFY(button && !button->isEnabled());
        openNow(study, bars);
        QVERIFY(button->isEnabled());
        button->click();
        auto* dialog = panel.findChild<ElasticNetDialog*>();
        QVERIFY(dialog);
        type(dialog->findChild<WeightBox*>("alpha-w"), "0.01");
        type(dialog->findChild<WeightBox*>("alpha-h"), "0.02");
        dialog->findChild<QDoubleSpinBox*>("l1-ratio")->setValue(0.25);
        QCOMPARE(study.options().onW.l1, 0.0);
        const auto features = static_cast<double>(study.dataset()->V.rows()),
                   samples = static_cast<double>(study.dataset()->V.cols());
        QVERIFY(textOf(*dialog, "weights").contains(QString::number(samples * 0.01 * 0.25, 'g', 4)));
        dialog->accept();
        const auto near = [](double value, double wanted) { return std::abs(value - wanted) < 1e-9 * wanted; };
        const Options& options = study.options();
        QVERIFY(near(options.onW.l1, samples * 0.01 * 0.25) && near(options.onW.l2, samples * 0.01 * 0.75));
        QVERIFY(near(options.onH.l1, features * 0.02 * 0.25) && near(options.onH.l2, features * 0.02 * 0.75));
        QVERIFY(near(boxOf(panel, "l2-h")->value(), options.onH.l2));
        // It opens with what is in force, and cancelling changes nothing.
        QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete);
        button->click();
        dialog = panel.findChild<ElasticNetDialog*>();
        QVERIFY(near(dialog->findChild<WeightBox*>("alpha-w")->value(), 0.01));
        QVERIFY(near(dialog->findChild<QDoubleSpinBox*>("l1-ratio")->value(), 0.25));
        dialog->findChild<QDoubleSpinBox*>("l1-ratio")->setValue(1);
        dialog->reject();
        QVERIFY(near(study.options().onW.l2, samples * 0.01 * 0.75));
    }

    void fieldsAndFormulaFollowEachOther()
    {
        Study study;
        OptionsPanel panel(study);
        panel.show();
        type(boxOf(panel, "l1-w"), "0.25");
        type(boxOf(panel, "l2-h"), "3e-7");
        QCOMPARE(study.options().onW, (Penalty{0.25, 0}));
        QCOMPARE(study.options().onH, (Penalty{0, 3e-7}));
        QCOMPARE(textOf(panel, "formula"), QString("½‖V − WH‖²F + 0.25‖W‖₁ + ½·3e-07‖H‖²F"));
        Options options = study.options();
        options.onW = {0, 2};
        options.onH = {1, 0};
        study.setOptions(options);
        QCOMPARE(boxOf(panel, "l1-w")->value(), 0.0);
        QCOMPARE(boxOf(panel, "l2-w")->value(), 2.0);
        QCOMPARE(boxOf(panel, "l1-h")->value(), 1.0);
        QCOMPARE(boxOf(panel, "l2-h")->value(), 0.0);
        QCOMPARE(textOf(panel, "formula"), QString("½‖V − WH‖²F + ½·2‖W‖²F + 1‖H‖₁"));
    }

    void halfAPairWaitsForTheOtherHalf()
    {
        Study study;
        OptionsPanel panel(study);
        panel.show();
        type(boxOf(panel, "l1-w"), "0.5");
        QVERIFY(textOf(panel, "terms-fault").contains("W alone"));
        QVERIFY(study.options().onW.none());
        QCOMPARE(textOf(panel, "formula"), QString("½‖V − WH‖²F"));
        // Another change meanwhile does not take away what was entered.
        Options options = study.options();
        options.rank = 3;
        study.setOptions(options);
        QCOMPARE(boxOf(panel, "l1-w")->value(), 0.5);
        type(boxOf(panel, "l1-h"), "0.1");
        QCOMPARE(textOf(panel, "terms-fault"), QString());
        QCOMPARE(study.options().onW, (Penalty{0.5, 0}));
        QCOMPARE(study.options().onH, (Penalty{0.1, 0}));
        QCOMPARE(study.options().rank, Index{3});
    }

    void halfAPairIsMendedByAButton()
    {
        Study study;
        OptionsPanel panel(study);
        panel.show();
        openNow(study, bars);
        type(boxOf(panel, "l1-w"), "0.5");
        QVERIFY(textOf(panel, "terms-fault").contains("W alone"));
        auto* mends = panel.findChild<QWidget*>("terms-mends");
        QVERIFY(mends->isVisible());
        QPushButton* lengths = nullptr;
        for (auto* button : mends->findChildren<QPushButton*>())
            if (button->text().startsWith("Give the rows of H length one"))
                lengths = button;
        QVERIFY(lengths);
        lengths->click();
        QCOMPARE(study.options().onW.l1, 0.5);
        QCOMPARE(study.options().ofH.norm, 2.0);
        QCOMPARE(boxOf(panel, "norm-h")->value(), 2.0);
        QCOMPARE(boxOf(panel, "l1-w")->value(), 0.5);
        QVERIFY(!mends->isVisible());
        QCOMPARE(textOf(panel, "terms-fault"), QString());
        study.run();
        QTRY_COMPARE(study.phase(), Phase::Finished);
        // What waits is taken back by a button, too.
        type(boxOf(panel, "norm-h"), "0");
        QVERIFY(mends->isVisible());
        for (auto* button : mends->findChildren<QPushButton*>())
            if (!button->isHidden() && button->text().contains("L1 on W"))
                button->click();
        QVERIFY(study.options().onW.none() && study.options().ofH.none());
        QCOMPARE(boxOf(panel, "l1-w")->value(), 0.0);
    }

    void whatIsWrongIsSaidAtOnceWithAButtonThatMendsIt()
    {
        Study study;
        OptionsPanel panel(study);
        panel.show();
        auto* faults = panel.findChild<QWidget*>("faults");
        openNow(study, bars);
        QVERIFY(!faults->isVisible());
        Options options = study.options();
        options.rank = 100000;
        study.setOptions(options);
        QVERIFY(faults->isVisible());
        QVERIFY2(faults->findChild<QLabel*>("fault")->text().contains("rank is 100000"),
                 qPrintable(faults->findChild<QLabel*>("fault")->text()));
        faults->findChild<QPushButton*>("mend")->click();
        QVERIFY(study.options().rank < 100);
        QVERIFY(!faults->isVisible());
        options = study.options();
        options.algorithm.id = "mu";
        options.initializer.id = "nndsvd";
        study.setOptions(options);
        QVERIFY(faults->isVisible());
        // A run can be made all the same.
        study.run();
        QTRY_COMPARE(study.phase(), Phase::Finished);
        for (auto* button : faults->findChildren<QPushButton*>())
            if (!button->isHidden())
                button->click();
        QCOMPARE(study.options().initializer.id, std::string("nndsvdar"));
        QVERIFY(!faults->isVisible());
    }

    void whatASparseTableDoesNotStoreIsZeroOrUnknown()
    {
        Study study;
        OptionsPanel panel(study);
        panel.show();
        auto* unstored = panel.findChild<QComboBox*>("unstored");
        openNow(study, bars);
        QVERIFY(!unstored->isVisible());
        const QString ratings = written(m_folder, "ratings.mtx",
                                        "%%MatrixMarket matrix coordinate real general\n4 5 9\n1 1 5\n2 1 3\n3 2 4\n"
                                        "4 2 1\n1 3 2\n2 4 5\n3 4 3\n4 5 4\n1 5 1\n");
        openNow(study, ratings);
        QVERIFY(unstored->isVisible());
        Options options = study.options();
        options.rank = 1;
        options.algorithm = {"als", {}};
        study.setOptions(options);
        unstored->setCurrentIndex(1);
        emit unstored->activated(1);
        QVERIFY(study.options().unstoredUnknown);
        QVERIFY(study.options().algorithm.id != "als");
        study.run();
        QTRY_COMPARE(study.phase(), Phase::Finished);
        // Nine numbers in rows and columns of at most three: nearly met, which zeros would forbid.
        QVERIFY(study.snapshot()->record.relativeError < 0.5);
        openNow(study, bars);
        QVERIFY(!unstored->isVisible() && !study.options().unstoredUnknown);
    }

    void scrollingPastChangesNothing()
    {
        Study study;
        OptionsPanel panel(study);
        panel.show();
        panel.activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(&panel));
        const auto turn = [](QWidget* field) {
            QWheelEvent wheel(QPointF(5, 5), field->mapToGlobal(QPointF(5, 5)), {}, {0, -120}, Qt::NoButton,
                              Qt::NoModifier, Qt::NoScrollPhase, false);
            QCoreApplication::sendEvent(field, &wheel);
        };
        boxOf(panel, "l1-w")->setFocus();
        auto* iterations = panel.findChild<QSpinBox*>("iterations");
        const int before = iterations->value();
        turn(iterations);
        turn(panel.findChild<QComboBox*>("tolerance"));
        QCOMPARE(iterations->value(), before);
        QCOMPARE(study.options().tolerance, Options().tolerance);
        iterations->setFocus();
        turn(iterations);
        QCOMPARE(iterations->value(), before - 1);
    }

    void whatIsNoWeightIsNotTaken()
    {
        Study study;
        OptionsPanel panel(study);
        panel.show();
        typeL1(panel, "1", "1");
        for (const char* text : {"-2", "nan", "inf", "1e999", "1e", ""}) {
            type(boxOf(panel, "l1-w"), text);
            const double weight = study.options().onW.l1;
            QVERIFY2(std::isfinite(weight) && weight >= 0, text);
        }
        typeL1(panel, "none", "0");
        QVERIFY(study.options().onW.none() && study.options().onH.none());
    }

    void arrowsClimbByOneTwoFive()
    {
        WeightBox box(100);
        QVector<double> values;
        for (int step = 0; step < 4; ++step) {
            box.stepUp();
            values << box.value();
        }
        QCOMPARE(values, (QVector<double>{0.01, 0.02, 0.05, 0.1}));
        box.setValue(0.03);
        box.stepUp();
        QCOMPARE(box.value(), 0.05);
        box.setValue(0.03);
        box.stepDown();
        QCOMPARE(box.value(), 0.02);
        box.setValue(1e-6);
        box.stepDown();
        QCOMPARE(box.value(), 0.0);
        box.setValue(70);
        box.stepUp();
        box.stepUp();
        QCOMPARE(box.value(), 100.0);
    }

    void anAlgorithmThatDoesNotServeGivesWay()
    {
        Study study;
        OptionsPanel panel(study);
        panel.show();
        Options options = study.options();
        options.algorithm.id = "als";
        study.setOptions(options);
        type(boxOf(panel, "overlap-w"), "1");
        type(boxOf(panel, "overlap-h"), "1");
        type(boxOf(panel, "l2-w"), "0.1");
        type(boxOf(panel, "l2-h"), "0.1");
        QCOMPARE(study.options().onW.overlap, 1.0);
        QVERIFY(study.options().algorithm.id != "als");
        QVERIFY(textOf(panel, "terms-fault").contains("HALS"));
        QVERIFY(textOf(panel, "formula").contains("⟨w_a, w_b⟩"));
    }

    void aRunGoesOnWithOtherPenalties_data()
    {
        QTest::addColumn<bool>("paused");
        QTest::newRow("running") << false;
        QTest::newRow("paused") << true;
    }
    void aRunGoesOnWithOtherPenalties()
    {
        QFETCH(bool, paused);
        Study study;
        StudyWatch watch(study);
        OptionsPanel panel(study);
        panel.show();
        openNow(study, "sample:bars");
        runEndlessly(study);
        if (paused) {
            study.pause();
            QTRY_VERIFY(study.phase() == Phase::Paused && study.snapshot()->resting);
        }
        const int before = study.snapshot()->record.iteration;
        typeL1(panel, "2", "3");
        if (paused)
            study.run();
        QTRY_COMPARE(study.snapshot()->options.onW, (Penalty{2, 0}));
        QTRY_VERIFY(study.snapshot()->record.iteration > before + 5);
        QCOMPARE(study.snapshot()->options.onH, (Penalty{3, 0}));
        QCOMPARE(study.runs().size(), std::size_t{1});
        QCOMPARE(watch.errors, QStringList());
        QVERIFY(study.snapshot()->record.objective > 10);
        typeL1(panel, "0", "0");
        QTRY_VERIFY(study.snapshot()->options.onW.none());
        QTRY_VERIFY(study.snapshot()->record.objective < 10);
        QCOMPARE(study.runs().size(), std::size_t{1});
        QCOMPARE(study.phase(), Phase::Running);
    }

    void whatTheAlgorithmDoesNotServeEndsTheRunWithItsSentence()
    {
        Study study;
        StudyWatch watch(study);
        openNow(study, "sample:bars");
        Options options = study.options();
        options.loss.id = "kl";
        options.algorithm.id = "klcd";
        options.onH = {0, 0.1};
        options.onW = options.onH;
        study.setOptions(options);
        runEndlessly(study);
        options = study.options();
        options.algorithm.id = "jmm";
        study.setOptions(options);
        QTRY_COMPARE(study.phase(), Phase::Finished);
        QCOMPARE(watch.errors.size(), 1);
        QVERIFY2(watch.errors[0].contains("L2"), qPrintable(watch.errors[0]));
        // Another algorithm and the penalty that it serves, at once; the run goes on where it was.
        const int before = study.snapshot()->record.iteration;
        options.onH = {0.1, 0};
        options.onW = options.onH;
        study.setOptions(options);
        study.continueFor(10'000'000);
        QTRY_VERIFY(study.snapshot()->record.iteration > before);
        QCOMPARE(study.snapshot()->options.algorithm.id, std::string("jmm"));
        QCOMPARE(study.snapshot()->options.onW, (Penalty{0.1, 0}));
        QCOMPARE(study.runs().size(), std::size_t{1});
        QCOMPARE(watch.errors.size(), 1);
    }
};

QTEST_MAIN(TestPenaltyPanel)
#include "tst_penalty_panel.moc"
