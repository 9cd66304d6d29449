#pragma once

#include "ui/panels/commands.h"

#include <QFrame>
#include <QKeyEvent>
#include <QLineEdit>
#include <QTreeWidget>

namespace nmf::ui
{

/// Every order of the window, found by typing some letters of it: arrows choose, Return gives it, Esc leaves.
class CommandPalette : public QFrame
{
    Q_OBJECT

public:
    explicit CommandPalette(QMainWindow& window);

    /// Opens it; for a menu.
    QAction* action;

    void open();

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    /// The rows that what is typed leaves, best first.
    void filter();
    void addRow(const Command& command);
    void place();
    void step(int rows);
    void carryOut();
    /// Gives the focus back.
    void leave();
    bool takesKey(const QKeyEvent& event, bool carryingOut);

    QMainWindow& m_window;
    QLineEdit* m_typed;
    QTreeWidget* m_list;
    std::vector<Command> m_commands;
    QPointer<QWidget> m_before; ///< had the focus
};

} // namespace nmf::ui
