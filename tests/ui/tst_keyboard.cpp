#include "tests/support/window_driver.h"
#include "ui/panels/elastic_net_dialog.h"
#include "ui/panels/export_dialog.h"
#include "ui/panels/montage_dialog.h"
#include "ui/plot/heatmap.h"

#include <QAbstractItemView>
#include <QAbstractSlider>
#include <QAbstractSpinBox>
#include <QAccessible>
#include <QCheckBox>
#include <QComboBox>
#include <QDialogButtonBox>
#include <QLineEdit>
#include <QListWidget>
#include <QScrollBar>
#include <QSet>
#include <QTabBar>
#include <QToolBar>

using namespace nmf::ui;
using namespace window_driver;

namespace
{

bool isPlot(const QWidget* widget)
{
    return widget->focusPolicy() != Qt::NoFocus && dynamic_cast<const Figure*>(widget);
}

/// Whether a person works with it: no part of another control, and nothing that Qt adds by itself.
bool isControl(const QWidget* widget)
{
    const bool some = qobject_cast<const QAbstractButton*>(widget) || qobject_cast<const QComboBox*>(widget) ||
                      qobject_cast<const QAbstractSpinBox*>(widget) || qobject_cast<const QLineEdit*>(widget) ||
                      qobject_cast<const QAbstractItemView*>(widget) || qobject_cast<const QAbstractSlider*>(widget);
    if (!some || widget->objectName().startsWith("qt_") || qobject_cast<const QScrollBar*>(widget))
        return isPlot(widget);
    for (const QWidget* above = widget->parentWidget(); above; above = above->parentWidget())
        if (qobject_cast<const QAbstractSpinBox*>(above) || qobject_cast<const QComboBox*>(above) ||
            qobject_cast<const QLineEdit*>(above) || qobject_cast<const QAbstractItemView*>(above) ||
            QByteArray(above->metaObject()->className()).startsWith("QComboBoxPrivate"))
            return false;
    return true;
}

/// What Qt names: "Close", "Cancel".
bool isStandard(const QWidget* widget)
{
    auto* button = qobject_cast<QAbstractButton*>(const_cast<QWidget*>(widget));
    const auto* box = qobject_cast<const QDialogButtonBox*>(widget->parentWidget());
    return button && box && box->standardButton(button) != QDialogButtonBox::NoButton;
}

QString nameOf(QWidget* widget)
{
    // A combo box says its current text instead of a name, and a field what is in it.
    if (qobject_cast<QComboBox*>(widget) || qobject_cast<QLineEdit*>(widget) || isPlot(widget))
        return widget->accessibleName();
    QAccessibleInterface* heard = QAccessible::queryAccessibleInterface(widget);
    return heard ? heard->text(QAccessible::Name) : QString();
}

/// "QSpinBox seed", for messages.
QString called(const QWidget* widget)
{
    QString text = QStringLiteral("%1 \"%2\"").arg(widget->metaObject()->className(), widget->objectName());
    if (const auto* button = qobject_cast<const QAbstractButton*>(widget))
        text += " " + button->text();
    return text;
}

QList<QWidget*> controlsOf(const QWidget& root)
{
    QList<QWidget*> controls;
    for (QWidget* widget : root.findChildren<QWidget*>())
        // Qt's own buttons of tables and rows of tabs.
        if (isControl(widget) && !qobject_cast<QTabBar*>(widget->parentWidget()) &&
            qstrcmp(widget->metaObject()->className(), "QTableCornerButton") != 0)
            controls << widget;
    return controls;
}

/// The controls that nobody hears, or that nothing explains.
QString unexplained(const QWidget& root)
{
    QStringList list;
    for (QWidget* widget : controlsOf(root)) {
        if (nameOf(widget).trimmed().isEmpty())
            list << called(widget) + " has no name";
        // Plots tell what is under the pointer instead.
        if (widget->toolTip().trimmed().isEmpty() && !isPlot(widget) && !isStandard(widget))
            list << called(widget) + " has no tooltip";
    }
    return list.join('\n');
}

/// A tool bar's own buttons are orders that menus have too, and what lies in another window has keys of its own.
bool isByTab(const QWidget* widget, const MainWindow& window)
{
    const auto* button = qobject_cast<const QToolButton*>(widget);
    const bool ordered = button && button->defaultAction() && qobject_cast<QToolBar*>(button->parentWidget());
    return widget->isVisible() && widget->isEnabled() && widget->window() == &window && !ordered;
}

} // namespace

/// The window without a mouse, and for those who hear it.
class TestKeyboard : public QObject, WindowTest
{
    Q_OBJECT

private slots:
    void initTestCase() { prepare(); }
    void init() { beginAfresh(); }
    void cleanup() { QCOMPARE(complaints(), QStringList()); }

    void everyControlHasANameAndASentence();
    void tabLeadsToEveryControl();
    void spacePressesWhatTabReached();
    void theViewInFocusHasAFrame();
};

void TestKeyboard::everyControlHasANameAndASentence()
{
    const auto window = shownWindow();
    openByCard(*window, "bars");
    press(*window, Qt::Key_Period);
    QTRY_VERIFY(rests(*window));
    // The parameters of every choice, and the faults of foolish ones, are there for the walk.
    for (const char* id : {"mue", "hals", "sgd", "online"}) {
        nmf::Options options = window->study().options();
        options.algorithm = {id, {}};
        options.rank = 10;
        window->study().setOptions(options);
        {
            const QString list = unexplained(*window);
            QVERIFY2(list.isEmpty(), qPrintable(list));
        }
    }
    nmf::Options options = window->study().options();
    options.rank = 100000;
    window->study().setOptions(options);
    {
        const QString list = unexplained(*window);
        QVERIFY2(list.isEmpty(), qPrintable(list));
    }
    QVERIFY(controlsOf(*window).size() > 70);
    const MontageDialog montage(window->study().snapshot());
    QCOMPARE(unexplained(montage), QString());
    const ElasticNetDialog net({}, {}, 3, 4);
    QCOMPARE(unexplained(net), QString());
    Exporter exporter;
    const ExportDialog saving(window->study(), exporter);
    QCOMPARE(unexplained(saving), QString());
}

void TestKeyboard::tabLeadsToEveryControl()
{
    const auto window = shownWindow();
    openByCard(*window, "bars");
    press(*window, Qt::Key_Period);
    QTRY_VERIFY(rests(*window));
    window->findChild<QToolButton*>("more-rules")->setChecked(true);
    QWidget* first = window->findChild<QWidget*>("rank");
    first->setFocus();
    QSet<const QWidget*> reached;
    for (int i = 0; i < 500; ++i) {
        QWidget* now = QApplication::focusWidget();
        QVERIFY(now);
        if (i > 0 && now == first)
            break;
        for (const QWidget* each = now; each; each = each->parentWidget())
            reached << each;
        QTest::keyClick(now, Qt::Key_Tab);
    }
    QCOMPARE(QApplication::focusWidget(), first);
    QStringList missed;
    for (const QWidget* control : controlsOf(*window))
        if (isByTab(control, *window) && !reached.contains(control))
            missed << called(control);
    QCOMPARE(missed.join('\n'), QString());
    QVERIFY(reached.size() > 30);
}

void TestKeyboard::spacePressesWhatTabReached()
{
    const auto window = shownWindow();
    openByCard(*window, "bars");
    auto* box = window->findChild<QCheckBox*>("loss-log-x");
    // Where the focus falls by itself is not reached: there Space runs.
    press(*window, Qt::Key_Tab);
    box->setFocus(Qt::TabFocusReason);
    QVERIFY(!box->isChecked());
    press(*window, Qt::Key_Space);
    QVERIFY(box->isChecked());
    QCOMPARE(window->study().phase(), Study::Phase::Ready);
    // So it is in a list that is ticked.
    press(*window, Qt::Key_Period);
    QTRY_VERIFY(rests(*window));
    click(window->findChild<QToolButton*>("basis-together"));
    auto* list = window->findChild<QListWidget*>("composite-parts");
    list->setFocus();
    list->setCurrentRow(0);
    const Qt::CheckState before = list->item(0)->checkState();
    press(*window, Qt::Key_Space);
    QVERIFY(list->item(0)->checkState() != before);
    QCOMPARE(window->study().phase(), Study::Phase::Paused);
    window->study().stop();
    // Where a click has left the focus, Space is for the run.
    box->setFocus(Qt::OtherFocusReason);
    window->findChild<QWidget*>("loss-plot")->setFocus();
    box->setFocus(Qt::MouseFocusReason);
    letRunEndlessly(*window);
    press(*window, Qt::Key_Space);
    QVERIFY(box->isChecked());
    QCOMPARE(window->study().phase(), Study::Phase::Running);
}

void TestKeyboard::theViewInFocusHasAFrame()
{
    const auto window = shownWindow();
    openByCard(*window, "bars");
    for (QWidget* plot : {window->findChild<QWidget*>("basis-images"), window->findChild<QWidget*>("loss-plot"),
                          static_cast<QWidget*>(window->findChild<Heatmap*>())}) {
        plot->setFocus();
        auto* frame = window->findChild<QWidget*>("focus-frame");
        QVERIFY(frame && frame->isVisible() && frame->parentWidget() == plot);
        QCOMPARE(frame->geometry(), plot->rect());
        // Clicks go through it.
        QCOMPARE(frame->mask().contains(plot->rect().center()), false);
    }
    window->findChild<QWidget*>("rank")->setFocus();
    QVERIFY(!window->findChild<QWidget*>("focus-frame"));
}

QTEST_MAIN(TestKeyboard)
#include "tst_keyboard.moc"
