#include "tests/support/promptly.h"
#include "tests/support/study_watch.h"
#include "tests/support/window_driver.h"
#include "ui/plot/heatmap.h"
#include "ui/plot/tile_area.h"

#include <QAbstractButton>
#include <QAbstractSpinBox>
#include <QAccessible>
#include <QComboBox>
#include <QElapsedTimer>
#include <QLabel>
#include <QSpinBox>

using namespace nmf;
using namespace nmf::ui;
using namespace window_driver;
using Phase = Study::Phase;

namespace
{

/// Writes a number into a spin box as by keyboard.
void type(QSpinBox* box, const QString& text)
{
    QVERIFY(box);
    QVERIFY(box->isEnabled());
    QVERIFY2(box->isVisible(), qPrintable(box->objectName()));
    box->setFocus();
    box->selectAll();
    QTest::keyClicks(box, text);
    QTest::keyClick(box, Qt::Key_Return);
}

} // namespace

/// The window driven by events, as a person would; whatever Qt warns of is a failure.
class TestWindow : public QObject, WindowTest
{
    Q_OBJECT

private slots:
    void initTestCase() { prepare(); }
    void init() { beginAfresh(); }
    void cleanup() { QCOMPARE(complaints(), QStringList()); }

    void theFirstStartShowsTheSamples();
    void aCardOpensItsSample();
    void theKeysDriveARun();
    void theToolbarsButtonsDriveARun();
    void anotherRankWhileRunningBeginsAnew();
    void anotherSeedWhilePausedBeginsAnewAndRests();
    void keysOfARunDoNotDisturbTyping();
    void closingWhileRunningIsQuick_data();
    void closingWhileRunningIsQuick();
    void theLayoutIsRememberedAndReset();
    void aSelectionIsSeenInAllViews();
    void everyControlHasAName();
    void everyActionIsExplained();
};

void TestWindow::theFirstStartShowsTheSamples()
{
    const auto window = shownWindow();
    for (const char* id : {"bars", "swimmer", "cartoon-faces", "worked-example"}) {
        auto* card = window->findChild<QToolButton*>(QStringLiteral("sample:") + id);
        QVERIFY2(card && card->isVisible(), id);
        QTRY_VERIFY2_WITH_TIMEOUT(!card->icon().isNull(), id, 20000);
    }
    for (const QDockWidget* dock : window->findChildren<QDockWidget*>())
        QVERIFY(!dock->isVisible());
    QVERIFY(!messages(*window)->isVisible());
    QVERIFY(!actionNamed(*window, "Run")->isEnabled());
}

void TestWindow::aCardOpensItsSample()
{
    const auto window = shownWindow();
    openByCard(*window, "bars");
    QVERIFY(window->windowTitle().contains("Bars", Qt::CaseInsensitive));
    QVERIFY(window->findChild<QWidget*>("basis-images")->isVisible());
    for (const char* dock : {"data", "model", "coefficients", "loss"})
        QVERIFY2(window->findChild<QDockWidget*>(dock)->isVisible(), dock);
    QCOMPARE(window->study().phase(), Phase::Ready);
    QVERIFY(window->findChild<QLabel*>("data-facts")->text().contains("V is"));
}

void TestWindow::theKeysDriveARun()
{
    const auto window = shownWindow();
    StudyWatch watch(window->study());
    openByCard(*window, "bars");
    letRunEndlessly(*window);

    press(*window, Qt::Key_Space);
    QCOMPARE(window->study().phase(), Phase::Running);
    QTRY_VERIFY(iterationOf(*window) > 0);
    press(*window, Qt::Key_Space);
    QCOMPARE(window->study().phase(), Phase::Paused);
    QTRY_VERIFY(rests(*window));
    QTRY_VERIFY(window->findChild<QLabel*>("status")->text().startsWith("Paused at iteration"));

    const int held = iterationOf(*window);
    press(*window, Qt::Key_Period);
    QTRY_COMPARE(iterationOf(*window), held + 1);
    press(*window, Qt::Key_Period, Qt::ShiftModifier);
    QTRY_VERIFY(window->study().snapshot()->betweenHalves);
    QCOMPARE(iterationOf(*window), held + 1);
    QVERIFY(window->findChild<QLabel*>("fact-iteration")->text().endsWith("½"));
    press(*window, Qt::Key_Period, Qt::ShiftModifier);
    QTRY_COMPARE(iterationOf(*window), held + 2);

    press(*window, Qt::Key_Return, Qt::ControlModifier);
    QTRY_COMPARE(window->study().phase(), Phase::Finished);
    QCOMPARE(iterationOf(*window), held + 102);
    QVERIFY(!window->findChild<QLabel*>("fact-end")->text().isEmpty());
    press(*window, Qt::Key_Return, Qt::ControlModifier);
    QTRY_COMPARE(iterationOf(*window), held + 202);
    QTRY_COMPARE(window->study().phase(), Phase::Finished);

    const std::uint64_t run = window->study().snapshot()->run;
    press(*window, Qt::Key_R);
    QCOMPARE(window->study().phase(), Phase::Running);
    QTRY_VERIFY(window->study().snapshot()->run == run + 1);
    press(*window, Qt::Key_Period, Qt::ControlModifier);
    QTRY_COMPARE(window->study().phase(), Phase::Finished);
    QVERIFY(window->study().snapshot()->ended == Termination::Stopped);
    QCOMPARE(watch.wrong, QStringList());
}

void TestWindow::theToolbarsButtonsDriveARun()
{
    const auto window = shownWindow();
    openByCard(*window, "bars");
    letRunEndlessly(*window);
    const auto button = [&](const char* name) -> QToolButton* {
        auto* action = window->findChild<QAction*>(name);
        for (auto* candidate : window->findChildren<QToolButton*>())
            if (action && candidate->defaultAction() == action && candidate->isVisible())
                return candidate;
        return nullptr;
    };
    QVERIFY(!button("stop")->isEnabled());
    click(button("run"));
    QTRY_VERIFY(iterationOf(*window) > 0);
    QVERIFY(button("stop")->isEnabled());
    click(button("run"));
    QTRY_VERIFY(rests(*window));
    const int held = iterationOf(*window);
    click(button("step"));
    QTRY_COMPARE(iterationOf(*window), held + 1);
    click(button("half-step"));
    QTRY_VERIFY(window->study().snapshot()->betweenHalves);
    click(button("stop"));
    QTRY_COMPARE(window->study().phase(), Phase::Finished);
    click(button("restart"));
    QCOMPARE(window->study().phase(), Phase::Running);
    click(button("stop"));
    QTRY_COMPARE(window->study().phase(), Phase::Finished);
    const int reached = iterationOf(*window);
    click(button("continue"));
    QTRY_COMPARE(iterationOf(*window), reached + 100);
}

void TestWindow::anotherRankWhileRunningBeginsAnew()
{
    const auto window = shownWindow();
    StudyWatch watch(window->study());
    runBarsEndlessly(*window);
    auto* rank = window->findChild<QSpinBox*>("rank");
    const int before = rank->value();
    type(rank, "3");
    QCOMPARE(window->study().phase(), Phase::Running);
    QTRY_COMPARE(window->study().snapshot()->options.rank, Index{3});
    QTest::keyClick(rank, Qt::Key_Up);
    QTRY_COMPARE(window->study().snapshot()->options.rank, Index{4});
    QVERIFY(before != 3);
    QCOMPARE(window->study().phase(), Phase::Running);
    QCOMPARE(window->study().runs().size(), std::size_t{3});
    QCOMPARE(watch.wrong, QStringList());
    QCOMPARE(watch.errors, QStringList());
}

void TestWindow::anotherSeedWhilePausedBeginsAnewAndRests()
{
    const auto window = shownWindow();
    openByCard(*window, "bars");
    Options options = window->study().options();
    options.initializer.id = "random";
    window->study().setOptions(options);
    press(*window, Qt::Key_Period);
    QTRY_COMPARE(iterationOf(*window), 1);
    type(window->findChild<QSpinBox*>("seed"), "17");
    QTRY_COMPARE(window->study().snapshot()->options.seed, std::uint64_t{17});
    QTRY_VERIFY(rests(*window));
    QCOMPARE(iterationOf(*window), 0);
    QCOMPARE(window->study().phase(), Phase::Paused);
}

void TestWindow::keysOfARunDoNotDisturbTyping()
{
    const auto window = shownWindow();
    openByCard(*window, "bars");
    auto* limit = window->findChild<QSpinBox*>("iterations");
    QVERIFY(limit && limit->isVisible());
    type(limit, "77");
    QCOMPARE(window->study().options().maxIterations, 77);
    QCOMPARE(window->study().phase(), Phase::Ready);
    QVERIFY(!window->study().snapshot());
}

void TestWindow::closingWhileRunningIsQuick_data()
{
    QTest::addColumn<QString>("source");
    QTest::addColumn<bool>("paused");
    QTest::newRow("bars") << "sample:bars" << false;
    QTest::newRow("paused") << "sample:bars" << true;
    QTest::newRow("faces") << "sample:cartoon-faces" << false;
}

void TestWindow::closingWhileRunningIsQuick()
{
    QFETCH(QString, source);
    QFETCH(bool, paused);
    auto window = shownWindow();
    openNow(*window, source);
    letRunEndlessly(*window);
    press(*window, Qt::Key_Space);
    QTRY_VERIFY_WITH_TIMEOUT(iterationOf(*window) > 0, 20000);
    if (paused)
        press(*window, Qt::Key_Space);
    QElapsedTimer timer;
    timer.start();
    press(*window, Qt::Key_Q, Qt::ControlModifier);
    QVERIFY(!window->isVisible());
    window.reset();
    QVERIFY2(timer.elapsed() < promptly, qPrintable(QString::number(timer.elapsed())));
}

void TestWindow::theLayoutIsRememberedAndReset()
{
    {
        const auto window = shownWindow();
        openByCard(*window, "bars");
        window->resize(1200, 700);
        actionNamed(*window, "Loss")->trigger();
        QVERIFY(!window->findChild<QDockWidget*>("loss")->isVisible());
        auto* model = window->findChild<QDockWidget*>("model");
        window->addDockWidget(Qt::RightDockWidgetArea, model);
        window->close();
    }
    const auto window = shownWindow();
    openByCard(*window, "bars");
    QCOMPARE(window->size(), QSize(1200, 700));
    QVERIFY(!window->findChild<QDockWidget*>("loss")->isVisible());
    QVERIFY(window->findChild<QDockWidget*>("data")->isVisible());
    QCOMPARE(window->dockWidgetArea(window->findChild<QDockWidget*>("model")), Qt::RightDockWidgetArea);

    actionNamed(*window, "Reset layout")->trigger();
    for (const char* dock : {"data", "model", "coefficients", "loss"})
        QVERIFY2(window->findChild<QDockWidget*>(dock)->isVisible(), dock);
    QCOMPARE(window->dockWidgetArea(window->findChild<QDockWidget*>("model")), Qt::LeftDockWidgetArea);
}

void TestWindow::aSelectionIsSeenInAllViews()
{
    const auto window = shownWindow();
    openByCard(*window, "bars");
    press(*window, Qt::Key_Period);
    QTRY_COMPARE(iterationOf(*window), 1);
    QSignalSpy chosen(&window->selection(), &Selection::componentChanged);
    auto* gallery = window->findChild<TileArea*>("basis-images");
    QTest::mouseClick(gallery->viewport(), Qt::LeftButton, {}, gallery->rectOf(2).center());
    QCOMPARE(chosen.count(), 1);
    QCOMPARE(window->selection().component(), 2);
    QCOMPARE(window->findChild<Heatmap*>("coefficients")->selectedRow(), 2);
    openNow(*window, m_good);
    QCOMPARE(window->selection().component(), -1);
}

void TestWindow::everyControlHasAName()
{
    const auto window = shownWindow();
    openByCard(*window, "bars");
    int controls = 0;
    for (QWidget* widget : window->findChildren<QWidget*>()) {
        const bool isControl = qobject_cast<QAbstractButton*>(widget) || qobject_cast<QComboBox*>(widget) ||
                               qobject_cast<QAbstractSpinBox*>(widget);
        // Qt's own buttons of docks, tool bars and tables.
        if (!isControl || widget->objectName().startsWith("qt_") ||
            qstrcmp(widget->metaObject()->className(), "QTableCornerButton") == 0)
            continue;
        ++controls;
        QAccessibleInterface* heard = QAccessible::queryAccessibleInterface(widget);
        QVERIFY(heard);
        // A combo box says its current text instead of a name.
        const QString name =
            qobject_cast<QComboBox*>(widget) ? widget->accessibleName() : heard->text(QAccessible::Name);
        QVERIFY2(!name.trimmed().isEmpty(), qPrintable(QStringLiteral("%1 \"%2\" in \"%3\"")
                                                           .arg(widget->metaObject()->className(), widget->objectName(),
                                                                widget->parentWidget()->objectName())));
    }
    QVERIFY(controls > 20);
}

void TestWindow::everyActionIsExplained()
{
    const auto window = shownWindow();
    openByCard(*window, "bars");
    for (const char* name : {"run", "step", "half-step", "stop", "restart", "continue"}) {
        auto* action = window->findChild<QAction*>(name);
        QVERIFY2(action, name);
        QVERIFY2(!action->icon().isNull(), name);
        QVERIFY2(action->toolTip().contains(action->shortcut().toString(QKeySequence::NativeText)), name);
    }
    QMap<QString, QString> keys;
    for (QAction* action : window->findChildren<QAction*>())
        for (const QKeySequence& key : action->shortcuts()) {
            QVERIFY2(!keys.contains(key.toString()), qPrintable(key.toString() + " is taken twice: " + action->text()));
            keys[key.toString()] = action->text();
        }
    QVERIFY(keys.size() > 10);
}

QTEST_MAIN(TestWindow)
#include "tst_window.moc"
