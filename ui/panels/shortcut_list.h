#pragma once

#include <QAction>
#include <QDialog>
#include <QLineEdit>
#include <QMainWindow>
#include <QTreeWidget>

namespace nmf::ui
{

/// All keys of the window, read from its orders when it opens, and what mouse and keys do in plots.
class ShortcutList : public QDialog
{
    Q_OBJECT

public:
    explicit ShortcutList(QMainWindow& window);

    /// Opens it; for a menu.
    QAction* action;

    /// Shows it beside the window, which goes on.
    void present();

private:
    void fill();
    void addRow(const QString& keys, const QString& what);
    void filter();

    QMainWindow& m_window;
    QLineEdit* m_typed;
    QTreeWidget* m_list;
};

} // namespace nmf::ui
