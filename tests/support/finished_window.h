#pragma once

#include "tests/support/window_driver.h"
#include "ui/plot/tile_area.h"

/// A window with bars in it after so many iterations of HALS.
namespace finished_window
{

inline void runFor(nmf::ui::MainWindow& window, int iterations)
{
    using Phase = nmf::ui::Study::Phase;
    nmf::Options options = window.study().options();
    options.algorithm = {"hals", {}};
    options.maxIterations = iterations;
    options.tolerance = 0;
    window.study().setOptions(options);
    window.study().restart();
    QTRY_VERIFY(window.study().phase() == Phase::Finished && window_driver::iterationOf(window) == iterations &&
                window.study().snapshot()->run == window.study().runs().back().number);
    window.editor().settle();
    window.editor().stack().clear();
}

inline std::unique_ptr<nmf::ui::MainWindow> windowAfter(int iterations)
{
    auto window = window_driver::shownWindow();
    window_driver::openByCard(*window, "bars");
    runFor(*window, iterations);
    return window;
}

/// What Qt grumbled about that is ours: the platform without a display has no pointer and no keys that a menu could
/// take.
inline QStringList ownComplaints()
{
    QStringList own = window_driver::complaints();
    own.removeIf([](const QString& text) { return text.contains("grabbing"); });
    return own;
}

/// Chooses a component by its tile, and one of what the menu has for it.
inline void act(nmf::ui::MainWindow& window, int component, const QString& id)
{
    auto* gallery = window.findChild<nmf::ui::TileArea*>("basis-images");
    QTest::mouseClick(gallery->viewport(), Qt::LeftButton, {}, gallery->rectOf(component).center());
    QCOMPARE(window.selection().component(), component);
    auto* action = window.findChild<QAction*>("component-" + id);
    QVERIFY2(action && action->isEnabled(), qPrintable(id));
    action->trigger();
}

/// Waits until so many edits are made, and what they led to is shown.
inline void awaitEdits(nmf::ui::MainWindow& window, int count)
{
    QTRY_COMPARE(window.editor().stack().index(), count);
    QTRY_VERIFY(window.study().snapshot()->run == window.study().runs().back().number);
}

} // namespace finished_window
