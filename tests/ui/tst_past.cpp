#include "tests/support/finished_window.h"
#include "tests/support/study_watch.h"
#include "ui/model/result_matrices.h"
#include "ui/panels/timeline.h"
#include "ui/plot/line_plot.h"
#include "ui/session_actions.h"
#include "ui/views/compare_view.h"
#include "ui/views/runs_view.h"

#include <QComboBox>
#include <QLabel>
#include <QPushButton>
#include <QSlider>
#include <QTableView>

using namespace nmf;
using namespace nmf::ui;
using namespace finished_window;
using namespace window_driver;
using Phase = Study::Phase;

namespace
{

QLabel* label(MainWindow& window, const char* name)
{
    return window.findChild<QLabel*>(name);
}

} // namespace

/// The timeline and the runs, by mouse and keys in the window.
class TestPast : public QObject, WindowTest
{
    Q_OBJECT

private slots:
    void initTestCase() { prepare(); }
    void init() { beginAfresh(); }
    void cleanup() { QCOMPARE(ownComplaints(), QStringList()); }

    void theTimelineMovesAllViews();
    void aReplayEndsAtTheNewest();
    void aClickOnTheCurveShowsThatIteration_data();
    void aClickOnTheCurveShowsThatIteration();
    void whatIsShownIsWhatIsWritten();
    void theTableSaysWhatTheRunsAre();
    void aRowShowsItsRun();
    void notesAndStarsAreKept();
    void aRunIsTakenUpAgainAndForgotten();
    void twoRunsAreCompared();

private:
    std::vector<Index> m_order;
    Matrix<double> m_first;
};

void TestPast::theTimelineMovesAllViews()
{
    const auto window = windowAfter(40);
    auto* slider = window->findChild<QSlider*>("timeline-slider");
    QVERIFY(slider->isVisible() && slider->isEnabled());
    QCOMPARE(slider->value(), slider->maximum());
    QCOMPARE(label(*window, "timeline-text")->text(), QStringLiteral("Iteration 40"));
    auto* back = window->findChild<QToolButton*>("timeline-back");
    QVERIFY(!back->isVisible());
    const auto before = window->findChild<ImageGrid*>("basis-images")->table().rows;

    slider->setFocus();
    QTest::keyClick(slider, Qt::Key_Home);
    QCOMPARE(window->study().shown()->record.iteration, 0);
    for (int time = 0; time < 3; ++time)
        QTest::keyClick(slider, Qt::Key_Right);
    QCOMPARE(window->study().shown()->record.iteration, 3);
    QCOMPARE(label(*window, "timeline-text")->text(), QStringLiteral("Run 1: iteration 3 of 40"));
    QCOMPARE(label(*window, "fact-iteration")->text(), QStringLiteral("3"));
    QVERIFY(window->findChild<ImageGrid*>("basis-images")->table().rows != before);
    QVERIFY(back->isVisible());
    click(back);
    QVERIFY(window->study().showsNewest() && !back->isVisible());
    QVERIFY(window->findChild<ImageGrid*>("basis-images")->table().rows == before);

    click(window->findChild<QToolButton*>("timeline-start"));
    QCOMPARE(window->study().shown()->record.iteration, 0);
    click(window->findChild<QToolButton*>("timeline-newest"));
    QVERIFY(window->study().showsNewest());
    QCOMPARE(iterationOf(*window), 40);
}

void TestPast::aReplayEndsAtTheNewest()
{
    const auto window = windowAfter(8);
    auto* timeline = window->findChild<Timeline*>();
    std::vector<int> seen;
    connect(&window->study(), &Study::shownChanged, this,
            [&] { seen.push_back(window->study().shown()->record.iteration); });
    click(window->findChild<QToolButton*>("timeline-replay"));
    QVERIFY(timeline->replaying());
    QTRY_VERIFY(!timeline->replaying());
    QCOMPARE(seen, std::vector({0, 1, 2, 3, 4, 5, 6, 7, 8}));
    QVERIFY(window->study().showsNewest());
    // Held in its middle, it stays there.
    auto* replay = window->findChild<QToolButton*>("timeline-replay");
    connect(&window->study(), &Study::shownChanged, replay, [&] {
        if (timeline->replaying() && window->study().shown()->record.iteration == 2)
            replay->click();
    });
    click(replay);
    QTRY_VERIFY(!timeline->replaying());
    QTest::qWait(100);
    QCOMPARE(window->study().shown()->record.iteration, 2);
    QCOMPARE(window->study().phase(), Phase::Finished);
}

void TestPast::aClickOnTheCurveShowsThatIteration_data()
{
    QTest::addColumn<int>("against");
    QTest::newRow("iterations") << 0;
    QTest::newRow("seconds") << 1;
}

void TestPast::aClickOnTheCurveShowsThatIteration()
{
    QFETCH(int, against);
    const auto window = windowAfter(16);
    auto* box = window->findChild<QComboBox*>("loss-against");
    box->setCurrentIndex(against);
    emit box->activated(against);
    auto* plot = window->findChild<LinePlot*>("loss-plot");
    const Record& record = window->study().runs().back().records[9];
    QTRY_VERIFY(plot->drawnPoints(1) > 3);
    QCoreApplication::processEvents();
    const double next = window->study().runs().back().records[10].seconds;
    const double x = against == 0 ? 9 : 0.5 * (record.seconds + next);
    const QPoint at = plot->positionOf(x, record.objective).toPoint();
    QWidget* inside = plot->childAt(at);
    QVERIFY(inside);
    QTest::mouseClick(inside, Qt::LeftButton, {}, inside->mapFrom(plot, at));
    // A pixel may be more than one iteration.
    QVERIFY(!window->study().showsNewest());
    QVERIFY2(std::abs(window->study().shown()->record.iteration - 9) <= (against == 0 ? 0 : 3),
             qPrintable(QString::number(window->study().shown()->record.iteration)));
}

void TestPast::whatIsShownIsWhatIsWritten()
{
    const auto window = windowAfter(20);
    window->study().showFrame(1, 4);
    const Matrix<double> W = *window->study().shown()->W;
    auto* action = actionNamed(*window, "Copy as command");
    QVERIFY(action && action->isEnabled());
    auto* grid = window->findChild<ImageGrid*>("basis-images");
    const FigureTable table = grid->table();
    const Index first = window->study().shownOrder().front();
    for (Index row = 0; row < W.rows(); ++row)
        QCOMPARE(table.rows[static_cast<std::size_t>(row)][3], exactNumber(W(row, first)));
}

void TestPast::theTableSaysWhatTheRunsAre()
{
    const auto window = windowAfter(12);
    Options options = window->study().options();
    options.rank = 3;
    options.onW.l2 = options.onH.l2 = 0.25;
    window->study().setOptions(options);
    runFor(*window, 7);
    RunTable table(window->study());
    QCOMPARE(table.rowCount(), 2);
    const auto cell = [&](int row, RunTable::Column column) {
        return table.data(table.index(row, column), RunTable::sortRole);
    };
    QCOMPARE(cell(1, RunTable::Number).toInt(), 2);
    QCOMPARE(cell(1, RunTable::Rank).toInt(), 3);
    QCOMPARE(cell(0, RunTable::Iterations).toInt(), 12);
    QCOMPARE(cell(1, RunTable::Iterations).toInt(), 7);
    QVERIFY(cell(0, RunTable::Terms).toString().isEmpty());
    QVERIFY2(cell(1, RunTable::Terms).toString().contains("0.25"), qPrintable(cell(1, RunTable::Terms).toString()));
    QCOMPARE(cell(1, RunTable::Objective).toDouble(), window->study().snapshot()->record.objective);
    QCOMPARE(cell(1, RunTable::RelativeError).toDouble(), window->study().snapshot()->record.relativeError);
    QVERIFY(cell(0, RunTable::Loss).toString().contains("Frobenius"));
    for (int column = 0; column < RunTable::Columns; ++column) {
        QVERIFY(!table.headerData(column, Qt::Horizontal, Qt::DisplayRole).toString().isEmpty());
        QVERIFY(!table.data(table.index(0, column), Qt::ToolTipRole).toString().isEmpty());
    }
}

void TestPast::aRowShowsItsRun()
{
    const auto window = windowAfter(6);
    const auto first = window->study().snapshot();
    runFor(*window, 9);
    auto* dock = window->findChild<QDockWidget*>("runs");
    dock->raise();
    auto* table = window->findChild<QTableView*>("runs-table");
    QTRY_VERIFY(table->isVisible());
    QTRY_COMPARE(table->model()->rowCount(), 2);
    const auto clickRow = [&](int row) {
        QTest::mouseClick(table->viewport(), Qt::LeftButton, {},
                          table->visualRect(table->model()->index(row, RunTable::Rank)).center());
    };
    QTRY_COMPARE(table->currentIndex().row(), 1);
    clickRow(0);
    QCOMPARE(window->study().shown(), first);
    QCOMPARE(label(*window, "timeline-text")->text(), QStringLiteral("Run 1: iteration 6 of 6"));
    clickRow(1);
    QVERIFY(window->study().showsNewest());
    // Sorted by what was found, the best is first.
    table->sortByColumn(RunTable::Objective, Qt::AscendingOrder);
    QCOMPARE(table->model()->index(0, RunTable::Number).data(RunTable::sortRole).toInt(), 2);
}

void TestPast::notesAndStarsAreKept()
{
    const QString file = m_folder.filePath("noted.partscope");
    {
        const auto window = windowAfter(5);
        runFor(*window, 6);
        auto* dock = window->findChild<QDockWidget*>("runs");
        dock->raise();
        auto* table = window->findChild<QTableView*>("runs-table");
        QTRY_COMPARE(table->model()->rowCount(), 2);
        QTRY_VERIFY(table->isVisible());
        QVERIFY(table->model()->setData(table->model()->index(0, RunTable::Note), " with more noise ", Qt::EditRole));
        QTest::mouseClick(table->viewport(), Qt::LeftButton, {},
                          table->visualRect(table->model()->index(1, RunTable::Star)).center());
        QVERIFY(window->study().runs()[1].starred);
        window->study().setStarred(1, true);
        m_first = *window->study().runs()[0].last->W;
        window->editor().rename(2, "stripe");
        window->editor().recolor(2, "#0072b2");
        window->editor().move(window->study().shownOrder().back(), -1);
        QSignalSpy saved(&window->sessions().keeper(), &SessionKeeper::saved);
        window->sessions().keeper().save(file);
        QVERIFY(saved.wait(20000));
        QVERIFY(!window->sessions().keeper().changed());
        // Words are work, too.
        window->study().setNote(2, "the last");
        QVERIFY(window->sessions().keeper().changed());
        window->study().setNote(2, "");
        QVERIFY(!window->sessions().keeper().changed());
        m_order = window->study().shownOrder();
    }
    const auto window = shownWindow();
    openNow(*window, file);
    QTRY_VERIFY(window->study().snapshot());
    QCOMPARE(window->study().runs()[0].note, std::string("with more noise"));
    QVERIFY(window->study().runs()[1].starred);
    QCOMPARE(componentName(window->study().labels(), 2), std::string("stripe"));
    QCOMPARE(colorOf(window->study().labels(), 2), std::string("#0072b2"));
    QVERIFY(window->study().shownOrder() == m_order);
    QVERIFY(!window->sessions().keeper().changed());
    // Of a run with a star the factors are kept, too.
    window->study().showRun(1);
    QVERIFY(*window->study().shown()->W == m_first);
    window->study().adopt(*window->study().placeOf(1));
    QTRY_COMPARE(window->study().snapshot()->run, std::uint64_t{3});
    QVERIFY(*window->study().snapshot()->W == m_first);
    QCOMPARE(iterationOf(*window), 5);
}

void TestPast::aRunIsTakenUpAgainAndForgotten()
{
    const auto window = windowAfter(6);
    const auto first = window->study().snapshot();
    runFor(*window, 9);
    window->findChild<QDockWidget*>("runs")->raise();
    auto* table = window->findChild<QTableView*>("runs-table");
    QTRY_COMPARE(table->model()->rowCount(), 2);
    QTRY_VERIFY(table->isVisible());
    table->selectRow(0);
    QCOMPARE(window->study().shown(), first);
    click(window->findChild<QPushButton*>("runs-restore"));
    QTRY_COMPARE(window->study().snapshot()->run, std::uint64_t{3});
    QVERIFY(*window->study().snapshot()->W == *first->W);
    QTRY_COMPARE(table->model()->rowCount(), 3);
    table->selectRow(1);
    click(window->findChild<QPushButton*>("runs-delete"));
    QTRY_COMPARE(table->model()->rowCount(), 2);
    QCOMPARE(window->study().runs().size(), std::size_t{2});
    // The present one stays.
    table->selectRow(1);
    QTRY_VERIFY(window->study().showsNewest());
    QVERIFY(!window->findChild<QPushButton*>("runs-delete")->isEnabled());
}

void TestPast::twoRunsAreCompared()
{
    const auto window = windowAfter(6);
    runFor(*window, 30);
    window->findChild<QDockWidget*>("runs")->raise();
    auto* table = window->findChild<QTableView*>("runs-table");
    QTRY_COMPARE(table->model()->rowCount(), 2);
    QTRY_VERIFY(table->isVisible());
    auto* compare = window->findChild<QPushButton*>("runs-compare");
    QVERIFY(!compare->isEnabled());
    table->selectAll();
    click(compare);
    auto* view = window->findChild<CompareView*>();
    QVERIFY(view && view->isVisible());
    QTRY_VERIFY(view->findChild<QLabel*>("compare-summary")->text().contains("mean cosine"));
    auto* left = view->findChild<ImageGrid*>("compare-left");
    const auto rank = static_cast<qsizetype>(window->study().options().rank);
    for (const char* name : {"compare-left", "compare-right", "compare-difference"})
        QCOMPARE(view->findChild<ImageGrid*>(name)->table().header.size(), rank + 3);
    QTRY_VERIFY(view->findChild<LinePlot*>("compare-curves")->drawnPoints(1) > 2);
    QTest::mouseClick(left->viewport(), Qt::LeftButton, {}, left->rectOf(1).center());
    QCOMPARE(view->findChild<ImageGrid*>("compare-difference")->selectedComponent(), 1);
    view->close();
}

QTEST_MAIN(TestPast)
#include "tst_past.moc"
