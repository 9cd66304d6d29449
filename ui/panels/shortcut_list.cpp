#include "ui/panels/shortcut_list.h"

#include "ui/panels/commands.h"
#include "ui/panels/plot_gestures.h"

#include <QDialogButtonBox>
#include <QHeaderView>
#include <QVBoxLayout>

namespace nmf::ui
{

ShortcutList::ShortcutList(QMainWindow& window)
    : QDialog(&window), action(new QAction(tr("&Keyboard shortcuts…"), this)), m_window(window), m_typed(new QLineEdit),
      m_list(new QTreeWidget)
{
    setObjectName("shortcut-list");
    setWindowTitle(tr("Keyboard shortcuts"));
    // Where the question mark lies, and what it is with Shift, is another matter on every keyboard.
    action->setShortcuts(
        {QKeySequence("?"), QKeySequence("Shift+?"), QKeySequence("Ctrl+/"), QKeySequence("Ctrl+Shift+/")});
    action->setStatusTip(tr("All keys of the window, and what the mouse does in plots"));
    m_typed->setObjectName("shortcut-typed");
    m_typed->setPlaceholderText(tr("Search keys and what they do"));
    m_typed->setAccessibleName(tr("Search the shortcuts"));
    m_typed->setToolTip(tr("Some letters of a key or of what it does"));
    m_list->setObjectName("shortcuts");
    m_list->setAccessibleName(tr("Shortcuts"));
    m_list->setToolTip(tr("What a key or the mouse does"));
    m_list->setHeaderLabels({tr("Keys or mouse"), tr("What they do")});
    m_list->setRootIsDecorated(false);
    m_list->header()->setSectionResizeMode(0, QHeaderView::ResizeToContents);
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Close);
    auto* layout = new QVBoxLayout(this);
    layout->addWidget(m_typed);
    layout->addWidget(m_list);
    layout->addWidget(buttons);
    resize(640, 520);
    connect(action, &QAction::triggered, this, &ShortcutList::present);
    connect(m_typed, &QLineEdit::textChanged, this, &ShortcutList::filter);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
}

void ShortcutList::present()
{
    fill();
    m_typed->clear();
    show();
    raise();
    activateWindow();
    m_typed->setFocus();
}

void ShortcutList::fill()
{
    m_list->clear();
    for (const Command& command : commandsOf(m_window))
        if (const QString keys = command.keys(); !keys.isEmpty())
            addRow(keys, command.text());
    for (const PlotGesture& gesture : plotGestures())
        addRow(gesture.keys, gesture.where + QStringLiteral(" › ") + gesture.what);
}

void ShortcutList::addRow(const QString& keys, const QString& what)
{
    auto* row = new QTreeWidgetItem(m_list);
    row->setText(0, keys);
    row->setText(1, what);
    row->setToolTip(1, what);
}

void ShortcutList::filter()
{
    for (int i = 0; i < m_list->topLevelItemCount(); ++i) {
        QTreeWidgetItem* row = m_list->topLevelItem(i);
        row->setHidden(!likeness(m_typed->text(), row->text(0) + ' ' + row->text(1)));
    }
}

} // namespace nmf::ui
