#include "tests/support/own_settings.h"
#include "tests/support/study_driver.h"
#include "tests/support/window_driver.h"

#include "ui/pages/page_bar.h"
#include "ui/pages/rank_page.h"

#include <QCheckBox>
#include <QSpinBox>

using namespace nmf;
using namespace nmf::ui;
using namespace study_driver;

namespace
{

using Kind = RankFitKey::Kind;

/// The page of a study of bars, small enough to be done in a moment.
struct Desk
{
    Desk()
    {
        openNow(study, bars);
        Options options = study.options();
        options.maxIterations = 30;
        study.setOptions(options);
        page.resize(1000, 700);
        page.show();
        set("rank-from", 3);
        set("rank-to", 5);
        set("rank-runs", 3);
    }

    void set(const char* id, int value) { page.findChild<QSpinBox*>(id)->setValue(value); }
    QPushButton* button(const char* id) { return page.findChild<QPushButton*>(id); }
    void press(const char* id)
    {
        QVERIFY(button(id)->isVisible() && button(id)->isEnabled());
        QTest::mouseClick(button(id), Qt::LeftButton);
    }
    FitJob& fits() { return page.job().fits(); }
    bool done() { return fits().phase() == FitJob::Phase::Done && page.job().upToDate(); }
    LinePlot* errors() { return page.findChild<LinePlot*>("rank-errors"); }
    QString suggestion() { return page.findChild<QLabel*>("rank-suggestion")->text(); }

    Study study;
    RankPage page{study};
};

} // namespace

/// The page that says how many parts there are.
class TestRankPage : public QObject, window_driver::WindowTest
{
    Q_OBJECT

private slots:
    void initTestCase() { prepare(); }
    void init() { beginAfresh(); }

    void chartsFillAndSuggestARank()
    {
        Desk desk;
        QCOMPARE(desk.button("fits-go")->text(), "Start");
        QVERIFY(!desk.button("fits-anew")->isVisible());
        desk.page.findChild<QCheckBox*>("rank-permuted")->setChecked(true);
        desk.press("fits-go");
        QTRY_VERIFY(desk.done());
        QCOMPARE(desk.fits().fits().size(), std::size_t{3 * 3 * 3});
        QTRY_COMPARE(desk.errors()->drawnPoints(3), 9); // a point for each fit of all entries
        QTRY_COMPARE(desk.errors()->drawnPoints(0), 3); // and one for each rank
        QTRY_COMPARE(desk.errors()->drawnPoints(4), 9);
        QTRY_COMPARE(desk.errors()->drawnPoints(5), 9);
        QTRY_COMPARE(desk.page.findChild<LinePlot*>("rank-agreement")->drawnPoints(0), 3);
        const std::vector<RankPoint> points = desk.page.job().points();
        QCOMPARE(points.size(), std::size_t{3});
        for (const RankPoint& point : points)
            QVERIFY(point.training->runs == 3 && point.heldOut->runs == 3 && point.permuted->runs == 3 &&
                    point.consensus && point.stability);
        QVERIFY2(desk.suggestion().contains("one standard error"), qPrintable(desk.suggestion()));
        QVERIFY(desk.page.findChild<QLabel*>("rank-more")->text().contains("begins at random"));
        // Nothing is left to be made until more is asked for.
        QVERIFY(!desk.button("fits-go")->isEnabled());
        desk.set("rank-to", 6);
        desk.press("fits-go");
        QTRY_VERIFY(desk.done());
        QCOMPARE(desk.fits().fits().size(), std::size_t{4 * 3 * 3});
    }

    void beforeAStudyTheChartsSayWhatWillBeThere()
    {
        Desk desk;
        auto* agreement = desk.page.findChild<LinePlot*>("rank-agreement");
        for (const LinePlot* chart : {desk.errors(), agreement}) {
            const auto* sentence = chart->findChild<PlotPlaceholder*>();
            QVERIFY(sentence->isVisible() && sentence->text().contains("appear"));
        }
        desk.press("fits-go");
        QTRY_VERIFY(desk.done());
        for (const LinePlot* chart : {desk.errors(), agreement})
            QTRY_VERIFY(!chart->findChild<PlotPlaceholder*>()->isVisible());
    }

    void aClickOnAPointOpensThatFit()
    {
        Desk desk;
        desk.press("fits-go");
        QTRY_VERIFY(desk.done());
        QTRY_COMPARE(desk.errors()->drawnPoints(3), 9);
        std::shared_ptr<const Factors<double>> opened;
        Options options;
        std::vector<Record> history;
        connect(&desk.page, &RankPage::fitWanted, this, [&](auto factors, auto ofFit, auto records) {
            opened = factors;
            options = ofFit;
            history = records;
        });
        // The third run of rank 4 stands a little to the right.
        const RankFit& fit = *desk.fits().fits().at({4, 2, Kind::Whole});
        auto* canvas = desk.errors()->findChild<QWidget*>();
        const QPointF place = desk.errors()->positionOf(4.18, fit.last.relativeError);
        QTest::mouseClick(canvas, Qt::LeftButton, {}, canvas->mapFromParent(place.toPoint()));
        QVERIFY(opened);
        // Points may stand over each other; what is opened is a fit of that error.
        QCOMPARE(options.rank, Index{4});
        QCOMPARE(history.back().relativeError, fit.last.relativeError);
        QCOMPARE(opened->W.cols(), Index{4});
    }

    void itStopsAndGoesOnWithoutLosingAFit()
    {
        Desk desk;
        Options options = endless(desk.study.options());
        options.maxIterations = 200;
        desk.study.setOptions(options);
        desk.set("rank-runs", 40);
        desk.press("fits-go");
        QTRY_VERIFY(desk.fits().done() > 2);
        QCOMPARE(desk.button("fits-go")->text(), "Stop");
        desk.press("fits-go");
        QTRY_COMPARE(desk.fits().phase(), FitJob::Phase::Stopped);
        const auto kept = desk.fits().fits();
        QVERIFY(kept.size() < 3 * 2 * 40);
        QCOMPARE(desk.button("fits-go")->text(), "Resume");
        QVERIFY(desk.button("fits-anew")->isVisible());
        desk.press("fits-go");
        QTRY_VERIFY(desk.fits().fits().size() > kept.size());
        for (const auto& [key, fit] : kept)
            QCOMPARE(desk.fits().fits().at(key), fit); // not made again
        desk.press("fits-go");
        QTRY_COMPARE(desk.fits().phase(), FitJob::Phase::Stopped);
    }

    void theWindowIsFreeMeanwhileAndTheStudyRuns()
    {
        Desk desk;
        desk.study.setOptions(endless(desk.study.options()));
        desk.set("rank-runs", 20);
        desk.press("fits-go");
        desk.study.run();
        QTRY_VERIFY(iterationOf(desk.study) > 0);
        QCOMPARE(desk.fits().phase(), FitJob::Phase::Running);
        // A turn of the event loop while all cores are busy.
        bool turned = false;
        QTimer::singleShot(0, [&] { turned = true; });
        QCoreApplication::processEvents();
        QVERIFY(turned);
        desk.press("fits-go");
        QTRY_VERIFY(desk.fits().phase() != FitJob::Phase::Running);
    }

    void whatCannotBeFittedIsSaid()
    {
        Desk desk;
        Options options = desk.study.options();
        options.lockW.components = {0};
        desk.study.setOptions(options);
        auto* text = desk.page.findChild<QLabel*>("fits-text");
        desk.press("fits-go");
        QVERIFY2(text->text().contains("locked"), qPrintable(text->text()));
        options.lockW = {};
        desk.study.setOptions(options);
        desk.set("rank-to", 5000);
        desk.set("rank-from", 4999);
        desk.press("fits-go");
        QTRY_VERIFY2(text->text().contains("5000") || text->text().contains("4999"), qPrintable(text->text()));
        QCOMPARE(desk.fits().phase(), FitJob::Phase::Empty);
        QCOMPARE(desk.button("fits-go")->text(), "Start");
    }

    void otherDataBeginAnew()
    {
        Desk desk;
        desk.press("fits-go");
        QTRY_VERIFY(desk.done());
        openNow(desk.study, "sample:swimmer");
        QVERIFY(desk.fits().fits().empty() && desk.page.job().points().empty());
        QCOMPARE(desk.button("fits-go")->text(), "Start");
        QVERIFY(desk.suggestion().startsWith("How many parts?"));
    }

    void aPageOfTheWindowKeepsItsResults()
    {
        auto window = window_driver::shownWindow();
        auto* bar = window->findChild<PageBar*>();
        QVERIFY(!bar->isVisible());
        window_driver::openByCard(*window, "bars");
        QVERIFY(bar->isVisible());
        auto* page = window->findChild<RankPage*>();
        QVERIFY(!page->isVisible());
        bar->setCurrentIndex(1);
        QVERIFY(page->isVisible());
        QVERIFY(window->findChild<QWidget*>("model")->isVisible());
        QVERIFY(!window->findChild<QWidget*>("coefficients")->isVisible());
        page->findChild<QSpinBox*>("rank-from")->setValue(2);
        page->findChild<QSpinBox*>("rank-to")->setValue(3);
        page->findChild<QSpinBox*>("rank-runs")->setValue(2);
        QTest::mouseClick(page->findChild<QPushButton*>("fits-go"), Qt::LeftButton);
        bar->setCurrentIndex(0);
        QVERIFY(!page->isVisible() && window->findChild<QWidget*>("coefficients")->isVisible());
        QTRY_COMPARE(page->job().fits().phase(), FitJob::Phase::Done);
        bar->setCurrentIndex(1);
        QCOMPARE(page->job().fits().fits().size(), std::size_t{2 * 2 * 2});
        QCOMPARE(window_driver::complaints(), QStringList());
    }
};

QTEST_MAIN(TestRankPage)
#include "tst_rank_page.moc"
