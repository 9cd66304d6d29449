#pragma once

#include <QAction>
#include <QMainWindow>
#include <QPointer>
#include <QStringList>

#include <optional>
#include <vector>

namespace nmf::ui
{

/// An order that the window takes, and where it stands: "Run › Step".
struct Command
{
    QStringList path; ///< the menus that lead to it, and its own text last
    QPointer<QAction> action;
    bool menusOpen = true; ///< none of the menus is disabled

    bool possible() const { return menusOpen && action && action->isEnabled(); }
    QString text() const { return path.join(QStringLiteral(" › ")); }
    /// All its keys, as the system writes them: "Ctrl+C".
    QString keys() const;
};

/// All orders that the menus and tool bars of a window lead to, each once, in their order; menus that are filled when
/// they open are filled.
std::vector<Command> commandsOf(const QMainWindow& window);

/// How well a text answers what was typed, the better the larger: the typed words, in any order, as words of it, as
/// beginnings, or as some of its letters in their order. Nothing if one of them is not in it.
std::optional<int> likeness(const QString& typed, const QString& text);

} // namespace nmf::ui
