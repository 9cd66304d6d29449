#include "tests/support/window_driver.h"
#include "ui/panels/command_palette.h"
#include "ui/panels/plot_gestures.h"
#include "ui/panels/shortcut_list.h"

#include <QStatusBar>

using namespace nmf::ui;
using namespace window_driver;

namespace
{

/// What leads nowhere else: the orders themselves.
QList<QAction*> ordersOf(const QMenu* menu)
{
    QList<QAction*> orders;
    for (QAction* action : menu->actions())
        if (action->menu())
            orders << ordersOf(action->menu());
        else if (!action->isSeparator())
            orders << action;
    return orders;
}

QTreeWidget* listOf(const MainWindow& window)
{
    return window.findChild<QTreeWidget*>("palette-list");
}

/// Opens the palette by its keys and types.
void search(MainWindow& window, const QString& text)
{
    press(window, Qt::Key_P, Qt::ControlModifier | Qt::ShiftModifier);
    auto* typed = window.findChild<QLineEdit*>("palette-typed");
    QVERIFY(typed && typed->isVisible());
    QCOMPARE(QApplication::focusWidget(), typed);
    QTest::keyClicks(typed, text);
}

QString firstOf(const MainWindow& window)
{
    const QTreeWidgetItem* row = listOf(window)->currentItem();
    return row ? row->text(0) : QString();
}

} // namespace

/// Every order found by its name, and every key in a list.
class TestCommandPalette : public QObject, WindowTest
{
    Q_OBJECT

private slots:
    void initTestCase() { prepare(); }
    void init() { beginAfresh(); }
    void cleanup() { QCOMPARE(complaints(), QStringList()); }

    void wordsAreFoundInAnyOrderAndInPart_data();
    void wordsAreFoundInAnyOrderAndInPart();
    void everyOrderIsThereOnce();
    void returnGivesTheOrder();
    void arrowsChooseAndEscapeGivesTheFocusBack();
    void whatCannotBeDoneNowIsSaidAndNotDone();
    void anOrderConcernsWhatHadTheFocus();
    void theListHasEveryKey();
    void theListIsSearched();
};

void TestCommandPalette::wordsAreFoundInAnyOrderAndInPart_data()
{
    QTest::addColumn<QString>("typed");
    QTest::addColumn<QString>("better");
    QTest::addColumn<QString>("worse"); ///< empty: not found
    QTest::newRow("a word before a part of one") << "step"
                                                 << "Run › Half step"
                                                 << "Edit › Misstep";
    QTest::newRow("a part of a word before letters") << "ayo"
                                                     << "View › Reset layout"
                                                     << "Apply bright tones";
    QTest::newRow("words in any order") << "dark view"
                                        << "View › Theme › Dark"
                                        << "";
    QTest::newRow("letters in their order") << "vtd"
                                            << "View › Theme › Dark"
                                            << "";
    QTest::newRow("capitals or not") << "RESET"
                                     << "View › Reset layout"
                                     << "Run › Restart";
    QTest::newRow("what is not there") << "view zebra"
                                       << ""
                                       << "View › Theme › Dark";
}

void TestCommandPalette::wordsAreFoundInAnyOrderAndInPart()
{
    QFETCH(QString, typed);
    QFETCH(QString, better);
    QFETCH(QString, worse);
    const auto good = likeness(typed, better), bad = likeness(typed, worse);
    QCOMPARE(good.has_value(), !better.isEmpty());
    QVERIFY(!good || !bad || *good > *bad);
    QVERIFY(good || !bad);
    QVERIFY(likeness({}, worse).has_value());
}

void TestCommandPalette::everyOrderIsThereOnce()
{
    const auto window = shownWindow();
    openByCard(*window, "bars");
    QHash<QAction*, int> found;
    for (const Command& command : commandsOf(*window)) {
        ++found[command.action];
        QVERIFY2(!command.text().contains('&'), qPrintable(command.text()));
    }
    for (const QAction* menu : window->menuBar()->actions())
        for (QAction* order : ordersOf(menu->menu()))
            QVERIFY2(found.value(order) == 1, qPrintable(order->text()));
    // The list of what was open is filled when it is asked for.
    QVERIFY(std::ranges::any_of(commandsOf(*window),
                                [](const Command& command) { return command.text() == "File › Open recent › Bars"; }));
}

void TestCommandPalette::returnGivesTheOrder()
{
    const auto window = shownWindow();
    openByCard(*window, "bars");
    const auto rows = window->study().dataset()->V.rows(), columns = window->study().dataset()->V.cols();
    search(*window, "exch row");
    QCOMPARE(firstOf(*window), QString("Edit › Exchange rows and columns"));
    QCOMPARE(listOf(*window)->currentItem()->text(1), QString("Ctrl+T"));
    press(*window, Qt::Key_Return);
    QVERIFY(!listOf(*window)->isVisible());
    QTRY_COMPARE(window->study().dataset()->V.rows(), columns);
    QCOMPARE(window->study().dataset()->V.cols(), rows);
}

void TestCommandPalette::arrowsChooseAndEscapeGivesTheFocusBack()
{
    const auto window = shownWindow();
    openByCard(*window, "bars");
    auto* gallery = window->findChild<QWidget*>("basis-images");
    gallery->setFocus();
    search(*window, "theme");
    QVERIFY(listOf(*window)->topLevelItemCount() >= 3);
    const QString first = firstOf(*window);
    press(*window, Qt::Key_Down);
    QVERIFY(firstOf(*window) != first);
    press(*window, Qt::Key_Up);
    QCOMPARE(firstOf(*window), first);
    // A key that is an order of the window is a letter here.
    press(*window, Qt::Key_Space);
    QCOMPARE(window->study().phase(), Study::Phase::Ready);
    press(*window, Qt::Key_Escape);
    QVERIFY(!listOf(*window)->isVisible());
    QCOMPARE(QApplication::focusWidget(), gallery);
    // A click elsewhere closes it as well.
    search(*window, "theme");
    window->findChild<QWidget*>("rank")->setFocus();
    QVERIFY(!listOf(*window)->isVisible());
}

void TestCommandPalette::whatCannotBeDoneNowIsSaidAndNotDone()
{
    const auto window = shownWindow();
    openByCard(*window, "bars");
    QVERIFY(!window->findChild<QAction*>("stop")->isEnabled());
    search(*window, "run stop");
    QCOMPARE(firstOf(*window), QString("Run › Stop"));
    QCOMPARE(listOf(*window)->currentItem()->text(1), QString("not now"));
    press(*window, Qt::Key_Return);
    QVERIFY(listOf(*window)->isVisible());
    // What a closed menu leads to cannot be done either.
    window->findChild<QLineEdit*>("palette-typed")->clear();
    QTest::keyClicks(window->findChild<QLineEdit*>("palette-typed"), "save figure loss");
    QCOMPARE(listOf(*window)->currentItem()->text(1), QString("not now"));
}

void TestCommandPalette::anOrderConcernsWhatHadTheFocus()
{
    const auto window = shownWindow();
    openByCard(*window, "bars");
    press(*window, Qt::Key_Period);
    QTRY_VERIFY(rests(*window));
    window->findChild<QWidget*>("loss-plot")->setFocus();
    QSignalSpy shown(window->findChild<QStatusBar*>(), &QStatusBar::messageChanged);
    search(*window, "copy figure");
    press(*window, Qt::Key_Return);
    QVERIFY(!shown.isEmpty());
    QVERIFY2(shown.back()[0].toString().contains("Loss curve"), qPrintable(shown.back()[0].toString()));
}

void TestCommandPalette::theListHasEveryKey()
{
    const auto window = shownWindow();
    openByCard(*window, "bars");
    press(*window, Qt::Key_Question, Qt::ShiftModifier);
    const auto* list = window->findChild<QTreeWidget*>("shortcuts");
    QVERIFY(list && list->isVisible());
    QStringList listed;
    for (int i = 0; i < list->topLevelItemCount(); ++i)
        listed << list->topLevelItem(i)->text(0).split(", ");
    int keys = 0;
    for (const QAction* action : window->findChildren<QAction*>())
        for (const QKeySequence& key : action->shortcuts()) {
            // Fields to type in have keys of their own, which all programs have.
            if (qobject_cast<QLineEdit*>(action->parent()))
                continue;
            ++keys;
            QVERIFY2(listed.contains(key.toString(QKeySequence::NativeText)), qPrintable(action->text()));
        }
    QVERIFY(keys > 15);
    for (const PlotGesture& gesture : plotGestures())
        QVERIFY2(!list->findItems(gesture.where + " › " + gesture.what, Qt::MatchExactly, 1).isEmpty(),
                 qPrintable(gesture.what));
    // What moves the selection is no action of a menu, and has to be told all the same.
    for (const char* keys : {"1 to 9", "Up, Down", "Left, Right", "Ctrl with a click", "Space", "Esc",
                             "Ctrl with the wheel, or Ctrl and + or −"})
        QVERIFY2(!list->findItems(keys, Qt::MatchExactly, 0).isEmpty(), keys);
}

void TestCommandPalette::theListIsSearched()
{
    const auto window = shownWindow();
    press(*window, Qt::Key_Slash, Qt::ControlModifier);
    const auto* list = window->findChild<QTreeWidget*>("shortcuts");
    QVERIFY(list && list->isVisible());
    QTest::keyClicks(window->findChild<QLineEdit*>("shortcut-typed"), "ctrl t exchange");
    QStringList shown;
    for (int i = 0; i < list->topLevelItemCount(); ++i)
        if (!list->topLevelItem(i)->isHidden())
            shown << list->topLevelItem(i)->text(1);
    QCOMPARE(shown, QStringList{"Edit › Exchange rows and columns"});
}

QTEST_MAIN(TestCommandPalette)
#include "tst_command_palette.moc"
