#pragma once

#include "tests/support/own_settings.h"
#include "tests/support/promptly.h"
#include "tests/support/study_driver.h"
#include "ui/main_window.h"
#include "ui/widgets/message_bar.h"

#include <QApplication>
#include <QMenuBar>
#include <QSettings>
#include <QSignalSpy>
#include <QTest>
#include <QToolButton>

/// The window driven by events, as a person would.
namespace window_driver
{

using namespace nmf::ui;

/// What Qt grumbled about since the last look.
inline QStringList& complaints()
{
    static QStringList list;
    return list;
}

inline void note(QtMsgType type, const QMessageLogContext&, const QString& text)
{
    // What the platform without a display cannot do is not ours.
    if (type != QtDebugMsg && type != QtInfoMsg && !text.startsWith("This plugin does not support "))
        complaints() << text;
}

inline std::unique_ptr<MainWindow> shownWindow()
{
    auto window = std::make_unique<MainWindow>();
    if (Settings().windowGeometry().isEmpty()) {
        // The platform without a display has a small screen, which the window would fill.
        window->showNormal();
        window->resize(1400, 900);
    }
    window->show();
    window->activateWindow();
    if (!QTest::qWaitForWindowActive(window.get()))
        qWarning("The window did not become active.");
    return window;
}

/// A key as the keyboard sends it: to where the focus is.
inline void press(MainWindow& window, Qt::Key key, Qt::KeyboardModifiers modifiers = {})
{
    QWidget* focus = QApplication::focusWidget();
    QTest::keyClick(focus && window.isAncestorOf(focus) ? focus : &window, key, modifiers);
}

inline void click(QWidget* button)
{
    QVERIFY(button && button->isVisible());
    QTest::mouseClick(button, Qt::LeftButton);
}

/// Clicks the card of a sample and waits for its data.
inline void openByCard(MainWindow& window, const QString& id)
{
    QSignalSpy opened(&window.study(), &Study::opened);
    click(window.findChild<QToolButton*>("sample:" + id));
    QTRY_COMPARE(opened.count(), 1);
}

inline void openNow(MainWindow& window, const QString& source)
{
    QSignalSpy opened(&window.study(), &Study::opened);
    window.open(source);
    QVERIFY(opened.wait(60000));
}

/// Rules that end no run, set as a person sets them.
inline void letRunEndlessly(MainWindow& window)
{
    window.study().setOptions(study_driver::endless(window.study().options()));
}

inline int iterationOf(MainWindow& window)
{
    return study_driver::iterationOf(window.study());
}

/// Clicks the bars' card and runs them, by the keys, until they show something.
inline void runBarsEndlessly(MainWindow& window)
{
    openByCard(window, "bars");
    letRunEndlessly(window);
    press(window, Qt::Key_Space);
    QTRY_VERIFY(iterationOf(window) > 0);
}

/// Runs what is open, by the keys, to its end.
inline void runToTheEnd(MainWindow& window)
{
    press(window, Qt::Key_Space);
    QTRY_COMPARE(window.study().phase(), Study::Phase::Finished);
}

inline bool rests(MainWindow& window)
{
    return window.study().phase() != Study::Phase::Running && window.study().snapshot() &&
           window.study().snapshot()->resting;
}

inline MessageBar* messages(MainWindow& window)
{
    return window.findChild<MessageBar*>();
}

inline QAction* actionNamed(QMenu* menu, const QString& text)
{
    for (QAction* action : menu->actions()) {
        if (QString(action->text()).remove('&') == text)
            return action;
        if (action->menu())
            if (QAction* found = actionNamed(action->menu(), text))
                return found;
    }
    return nullptr;
}

inline QAction* actionNamed(MainWindow& window, const QString& text)
{
    for (QAction* menu : window.menuBar()->actions())
        if (QAction* found = menu->menu() ? actionNamed(menu->menu(), text) : nullptr)
            return found;
    return nullptr;
}

/// What the tests of the window begin and end with: settings of their own, and a list of what Qt warns of.
class WindowTest
{
protected:
    void prepare() const
    {
        QVERIFY(m_folder.isValid());
        useOwnSettings(m_folder);
        qInstallMessageHandler(note);
    }

    static void beginAfresh()
    {
        QSettings().clear();
        // Most tests close windows with results that nobody wants.
        Settings().setText("session/ask", "no");
        complaints().clear();
    }

    QTemporaryDir m_folder;
    QString m_good = study_driver::written(m_folder, "good.csv", "1,0,2,3\n0,4,1,0\n3,1,0,2\n2,2,2,1\n5,0,1,2\n");
};

} // namespace window_driver
