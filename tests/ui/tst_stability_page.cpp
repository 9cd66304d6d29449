#include "tests/support/own_settings.h"
#include "tests/support/study_driver.h"

#include "ui/pages/stability_page.h"

#include <QSpinBox>

#include <cmath>

using namespace nmf;
using namespace nmf::ui;
using namespace study_driver;

namespace
{

/// The page of a study of a small table.
struct Desk
{
    explicit Desk(const QByteArray& table, int rank = 2)
    {
        openNow(study, written(folder, "table.csv", table));
        Options options = study.options();
        options.rank = rank;
        options.algorithm = {"hals", {}};
        options.maxIterations = 2000;
        options.tolerance = 1e-9;
        study.setOptions(options);
        page.resize(1000, 700);
        page.show();
    }

    QPushButton* button(const char* id) { return page.findChild<QPushButton*>(id); }
    QString text(const char* id) { return page.findChild<QLabel*>(id)->text(); }
    void press(const char* id)
    {
        QVERIFY(button(id)->isVisible() && button(id)->isEnabled());
        QTest::mouseClick(button(id), Qt::LeftButton);
    }
    FitJob& fits() { return page.job().fits(); }
    void finish()
    {
        press("fits-go");
        QTRY_VERIFY(fits().phase() == FitJob::Phase::Done && page.job().upToDate());
        QTRY_COMPARE(page.findChild<LinePlot*>("stability-objectives")->drawnPoints(0), int(fits().fits().size()));
    }

    QTemporaryDir folder;
    Study study;
    Selection selection;
    StabilityPage page{study, selection};
};

/// Two true minima, 2 and 2.479.
const QByteArray twoMinima("0,3,0\n4,3,0\n0,0,2\n");

} // namespace

/// The page that says whether this is the only answer.
class TestStabilityPage : public QObject
{
    Q_OBJECT

    QTemporaryDir m_folder;

private slots:
    void initTestCase()
    {
        useOwnSettings(m_folder);
        QLocale::setDefault(QLocale::c());
    }

    void theMinimaAreCountedAndTheComponentsFound()
    {
        Desk desk(twoMinima);
        QCOMPARE(desk.page.findChild<QSpinBox*>("stability-rank")->value(), 2);
        const QList<PlotPlaceholder*> sentences = desk.page.findChildren<PlotPlaceholder*>();
        QCOMPARE(sentences.size(), 2);
        for (const PlotPlaceholder* sentence : sentences)
            QVERIFY(sentence->isVisible() && sentence->text().contains("appear"));
        desk.finish();
        for (const PlotPlaceholder* sentence : sentences)
            QTRY_VERIFY(!sentence->isVisible());
        QVERIFY2(desk.text("stability-summary").startsWith("20 runs end at 2 different objectives: "),
                 qPrintable(desk.text("stability-summary")));
        const RunAgreement& agreement = desk.page.job().agreement();
        auto* heatmap = desk.page.findChild<Heatmap*>("stability-consensus");
        QCOMPARE(heatmap->valueRange().high, 1.0);
        // The tree's order is that of the rows and of the columns.
        const QPointF corner = heatmap->positionOf(agreement.tree->order[0], agreement.tree->order[0]);
        const QPointF end = heatmap->positionOf(agreement.tree->order[2], agreement.tree->order[2]);
        QVERIFY(corner.x() < end.x() && corner.y() < end.y());
        const FigureTable tiles = desk.page.findChild<BarGrid*>("stability-bars")->table();
        QCOMPARE(tiles.header.size(), qsizetype(2) + 1);
    }

    void theRunThatIsClickedIsOpenedAndCanBeNudged()
    {
        Desk desk(twoMinima);
        desk.finish();
        Options options;
        connect(&desk.page, &StabilityPage::fitWanted, this, [&](auto, auto ofFit, auto) { options = ofFit; });
        auto* plot = desk.page.findChild<LinePlot*>("stability-objectives");
        const std::shared_ptr<const RankFit> worst = desk.page.job().agreement().runs.back();
        auto* canvas = plot->findChild<QWidget*>();
        QTest::mouseClick(canvas, Qt::LeftButton, {},
                          canvas->mapFromParent(plot->positionOf(20, worst->last.objective).toPoint()));
        QCOMPARE(options.seed, worst->options.seed);
        QCOMPARE(desk.button("stability-nudge")->text(), QStringLiteral("Nudge run %1").arg(worst->key.run + 1));
        desk.press("stability-nudge");
        QTRY_VERIFY(desk.page.job().nudged());
        QTRY_VERIFY(desk.text("stability-verdict").contains("This is a minimum"));
        QVERIFY(!desk.button("stability-open-lower")->isVisible());
    }

    void whatWasStuckCanBeLeftForTheLowerOne()
    {
        Desk desk("3,0,0\n0,2,0\n0,0,1\n");
        desk.page.findChild<QSpinBox*>("stability-runs")->setValue(40);
        desk.finish();
        double objective = 0;
        connect(&desk.page, &StabilityPage::fitWanted, this,
                [&](auto factors, auto, auto history) { objective = factors ? history.back().objective : 0; });
        desk.page.job().nudge(desk.page.job().agreement().runs.back()->key.run);
        QTRY_VERIFY(desk.page.job().nudged());
        QTRY_VERIFY(!desk.page.job().nudging());
        QVERIFY2(desk.text("stability-verdict").contains("merely stuck"), qPrintable(desk.text("stability-verdict")));
        desk.press("stability-open-lower");
        QCOMPARE(objective, desk.page.job().nudged()->lowest());
    }

    void aSampleOfTheConsensusIsThatOfTheWindow()
    {
        Desk desk("1,0,1,0,1\n0,1,0,1,0\n2,0,2,0,2\n0,3,0,3,0\n");
        desk.finish();
        auto* heatmap = desk.page.findChild<Heatmap*>("stability-consensus");
        auto* canvas = heatmap->findChild<QWidget*>();
        QTest::mouseClick(canvas, Qt::LeftButton, {}, canvas->mapFromParent(heatmap->positionOf(0, 3).toPoint()));
        QCOMPARE(desk.selection.sample(), 3);
        desk.selection.selectSample(1);
        QCOMPARE(heatmap->selectedColumn(), 1);
        QCOMPARE(heatmap->selectedRow(), 1);
    }

    void otherDataBeginAnew()
    {
        Desk desk(twoMinima);
        desk.finish();
        desk.study.setOptions([&] {
            Options options = desk.study.options();
            options.rank = 3;
            return options;
        }());
        // The runs that are here are of two parts.
        QCOMPARE(desk.page.findChild<QSpinBox*>("stability-rank")->value(), 2);
        openNow(desk.study, bars);
        QVERIFY(desk.fits().fits().empty() && desk.page.job().agreement().runs.empty());
        QVERIFY(!desk.button("stability-nudge")->isEnabled());
        QVERIFY(desk.text("stability-summary").startsWith("Is this the only answer?"));
    }
};

QTEST_MAIN(TestStabilityPage)
#include "tst_stability_page.moc"
