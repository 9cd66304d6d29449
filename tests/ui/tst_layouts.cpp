#include "tests/support/window_driver.h"
#include "ui/pages/page_bar.h"

#include <QDialog>
#include <QDockWidget>

using namespace nmf::ui;
using namespace window_driver;

namespace
{

QDockWidget* dock(const MainWindow& window, const char* name)
{
    return window.findChild<QDockWidget*>(name);
}

QStringList openDocks(const MainWindow& window)
{
    QStringList names;
    for (const QDockWidget* each : window.findChildren<QDockWidget*>())
        if (each->isVisible())
            names << each->objectName();
    names.sort();
    return names;
}

QMap<QString, QRect> places(const MainWindow& window)
{
    QMap<QString, QRect> places;
    for (const QDockWidget* each : window.findChildren<QDockWidget*>())
        // Those behind a tab are somewhere, and nobody sees where.
        places[each->objectName()] = each->visibleRegion().isEmpty() ? QRect() : each->geometry();
    return places;
}

} // namespace

/// The ready-made layouts, and the window for an audience.
class TestLayouts : public QObject, WindowTest
{
    Q_OBJECT

private slots:
    void initTestCase() { prepare(); }
    void init() { beginAfresh(); }
    void cleanup() { QCOMPARE(complaints(), QStringList()); }

    void layoutsOpenTheirDocks();
    void layoutsWaitForData();
    void aNarrowScreenHasRoomForAll_data();
    void aNarrowScreenHasRoomForAll();
    void fullScreenHasLargeLettersAndNoMenus();
    void everythingIsAsBeforeAfterwards_data();
    void everythingIsAsBeforeAfterwards();
    void keysWorkInFullScreen();
    void closingInFullScreenRemembersTheWindowAsItWas();
};

void TestLayouts::layoutsOpenTheirDocks()
{
    const auto window = shownWindow();
    openByCard(*window, "bars");
    QTRY_VERIFY(dock(*window, "loss")->width() > 100);
    const int usual = dock(*window, "loss")->width();
    actionNamed(*window, "Teach")->trigger();
    QCOMPARE(openDocks(*window), (QStringList{"loss", "parts"}));
    QTRY_VERIFY(dock(*window, "loss")->width() > usual);
    const auto* basis = window->findChild<QWidget*>("basis-images");
    QTRY_VERIFY(basis->width() > window->width() / 2);
    for (const char* name : {"loss", "parts"})
        QTRY_VERIFY(!dock(*window, name)->visibleRegion().isEmpty());
    actionNamed(*window, "Images")->trigger();
    QCOMPARE(openDocks(*window), (QStringList{"component", "parts"}));
    QTRY_VERIFY(basis->width() > window->width() * 6 / 10);
    for (const char* name : {"component", "parts"})
        QTRY_VERIFY(!dock(*window, name)->visibleRegion().isEmpty());
    press(*window, Qt::Key_1, Qt::AltModifier);
    QCOMPARE(openDocks(*window),
             (QStringList{"coefficients", "component", "data", "loss", "model", "parts", "residuals", "runs"}));
    QTRY_COMPARE(dock(*window, "loss")->width(), usual);
}

void TestLayouts::layoutsWaitForData()
{
    const auto window = shownWindow();
    QVERIFY(!actionNamed(*window, "Teach")->isEnabled());
    openByCard(*window, "bars");
    QVERIFY(actionNamed(*window, "Teach")->isEnabled());
}

void TestLayouts::aNarrowScreenHasRoomForAll_data()
{
    QTest::addColumn<QString>("layout");
    for (const char* layout : {"Explore", "Teach", "Images"})
        QTest::newRow(layout) << layout;
}

void TestLayouts::aNarrowScreenHasRoomForAll()
{
    QFETCH(QString, layout);
    const auto window = shownWindow();
    openByCard(*window, "bars");
    actionNamed(*window, layout)->trigger();
    window->resize(1024, 700);
    QTRY_COMPARE(window->width(), 1024);
    QVERIFY2(window->minimumSizeHint().width() <= 1024, qPrintable(QString::number(window->minimumSizeHint().width())));
    auto* pages = window->findChild<PageBar*>();
    for (const int page : {1, 2}) {
        pages->setCurrentIndex(page);
        QVERIFY2(window->minimumSizeHint().width() <= 1024, qPrintable(pages->tabText(page)));
    }
}

void TestLayouts::fullScreenHasLargeLettersAndNoMenus()
{
    const auto window = shownWindow();
    openByCard(*window, "bars");
    const QFont before = QApplication::font();
    const int factHeight = window->findChild<QWidget*>("fact-objective")->height();
    press(*window, Qt::Key_F11);
    QVERIFY(window->isFullScreen());
    QVERIFY(QFontMetrics(QApplication::font()).height() > QFontMetrics(before).height() * 5 / 4);
    QTRY_COMPARE(window->menuBar()->height(), 0);
    QVERIFY(dock(*window, "loss")->isVisible());
    QVERIFY(dock(*window, "loss")->titleBarWidget()->height() <= 0);
    // What keeps room for its text keeps more.
    QTRY_VERIFY(window->findChild<QWidget*>("fact-objective")->height() > factHeight);
    press(*window, Qt::Key_F11);
    QCOMPARE(QApplication::font(), before);
}

void TestLayouts::everythingIsAsBeforeAfterwards_data()
{
    QTest::addColumn<int>("key");
    QTest::newRow("F11") << int(Qt::Key_F11);
    QTest::newRow("Esc") << int(Qt::Key_Escape);
}

void TestLayouts::everythingIsAsBeforeAfterwards()
{
    QFETCH(int, key);
    const auto window = shownWindow();
    openByCard(*window, "bars");
    dock(*window, "data")->close();
    window->resizeDocks({dock(*window, "loss")}, {433}, Qt::Horizontal);
    QTest::qWait(50);
    const auto before = places(*window);
    const QRect geometry = window->geometry();
    const QFont font = QApplication::font();
    const int menus = window->menuBar()->height();
    press(*window, Qt::Key_F11);
    QVERIFY(window->isFullScreen());
    QTest::qWait(50);
    press(*window, Qt::Key(key));
    QVERIFY(!window->isFullScreen());
    QCOMPARE(QApplication::font(), font);
    QTRY_COMPARE(window->geometry(), geometry);
    QTRY_COMPARE(window->menuBar()->height(), menus);
    QTRY_COMPARE(places(*window), before);
    QVERIFY(!dock(*window, "loss")->titleBarWidget());
    QVERIFY(!window->findChild<QAction*>("full-screen")->isChecked());
}

void TestLayouts::keysWorkInFullScreen()
{
    const auto window = shownWindow();
    openByCard(*window, "bars");
    press(*window, Qt::Key_F11);
    press(*window, Qt::Key_Period);
    QTRY_COMPARE(iterationOf(*window), 1);
    // One that stands in menus alone.
    press(*window, Qt::Key_Comma, Qt::ControlModifier);
    auto* preferences = window->findChild<QDialog*>("preferences");
    QVERIFY(preferences->isVisible());
    preferences->close();
    window->activateWindow();
    QVERIFY(QTest::qWaitForWindowActive(window.get()));
    // Esc closes the palette before it leaves the full screen.
    press(*window, Qt::Key_P, Qt::ControlModifier | Qt::ShiftModifier);
    QVERIFY(window->findChild<QWidget*>("command-palette")->isVisible());
    press(*window, Qt::Key_Escape);
    QVERIFY(!window->findChild<QWidget*>("command-palette")->isVisible());
    QVERIFY(window->findChild<QAction*>("full-screen")->isChecked());
    press(*window, Qt::Key_F11);
}

void TestLayouts::closingInFullScreenRemembersTheWindowAsItWas()
{
    const QFont font = QApplication::font();
    {
        const auto window = shownWindow();
        openByCard(*window, "bars");
        window->resize(1200, 700);
        press(*window, Qt::Key_F11);
        window->close();
    }
    QCOMPARE(QApplication::font(), font);
    const auto window = shownWindow();
    QVERIFY(!window->isFullScreen());
    QCOMPARE(window->size(), QSize(1200, 700));
}

QTEST_MAIN(TestLayouts)
#include "tst_layouts.moc"
