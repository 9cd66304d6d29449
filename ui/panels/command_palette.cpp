#include "ui/panels/command_palette.h"

#include <QApplication>
#include <QHeaderView>
#include <QVBoxLayout>

#include <algorithm>
#include <functional>
#include <utility>

namespace nmf::ui
{

namespace
{

constexpr int widest = 620, tallest = 420, page = 8;

} // namespace

CommandPalette::CommandPalette(QMainWindow& window)
    : QFrame(&window), action(new QAction(tr("&Command palette…"), this)), m_window(window), m_typed(new QLineEdit),
      m_list(new QTreeWidget)
{
    setObjectName("command-palette");
    setFrameShape(QFrame::StyledPanel);
    setAutoFillBackground(true);
    action->setShortcut(QKeySequence("Ctrl+Shift+P"));
    action->setStatusTip(tr("Find any order of the window by typing some letters of it"));
    m_typed->setObjectName("palette-typed");
    m_typed->setPlaceholderText(tr("Type some letters of what you want to do"));
    m_typed->setAccessibleName(tr("Search the orders"));
    m_typed->setToolTip(tr("Some letters of an order; arrows choose, Return gives it, Esc leaves"));
    m_list->setObjectName("palette-list");
    m_list->setAccessibleName(tr("Orders"));
    m_list->setToolTip(tr("A click gives an order; gray ones cannot be given now"));
    m_list->setColumnCount(2);
    m_list->setHeaderHidden(true);
    m_list->setRootIsDecorated(false);
    m_list->setUniformRowHeights(true);
    m_list->setFocusPolicy(Qt::NoFocus);
    m_list->header()->setStretchLastSection(false);
    m_list->header()->setSectionResizeMode(0, QHeaderView::Stretch);
    m_list->header()->setSectionResizeMode(1, QHeaderView::ResizeToContents);
    auto* layout = new QVBoxLayout(this);
    layout->addWidget(m_typed);
    layout->addWidget(m_list);
    m_typed->installEventFilter(this);
    window.installEventFilter(this);
    connect(action, &QAction::triggered, this, &CommandPalette::open);
    connect(m_typed, &QLineEdit::textChanged, this, &CommandPalette::filter);
    connect(m_list, &QTreeWidget::itemClicked, this, &CommandPalette::carryOut);
    connect(qApp, &QApplication::focusChanged, this, [this](const QWidget*, const QWidget* now) {
        if (isVisible() && now && now != this && !isAncestorOf(now))
            hide();
    });
    hide();
}

void CommandPalette::open()
{
    m_commands = commandsOf(m_window);
    std::erase_if(m_commands, [this](const Command& command) { return command.action == action; });
    if (!isVisible())
        m_before = QApplication::focusWidget();
    m_typed->clear();
    filter();
    place();
    show();
    raise();
    m_typed->setFocus();
}

void CommandPalette::leave()
{
    hide();
    if (m_before)
        m_before->setFocus();
}

void CommandPalette::place()
{
    const QSize room = m_window.size();
    resize(std::min(widest, room.width() - 40), std::min(tallest, room.height() - 80));
    move((room.width() - width()) / 2, 40);
}

void CommandPalette::filter()
{
    std::vector<std::pair<int, const Command*>> found;
    for (const Command& command : m_commands)
        if (const auto like = likeness(m_typed->text(), command.text()); like && command.action)
            found.emplace_back(*like, &command);
    // What cannot be done now comes after what can and is as like.
    std::ranges::stable_sort(found, std::greater<>{},
                             [](const auto& entry) { return std::pair(entry.first, entry.second->possible()); });
    m_list->clear();
    for (const auto& [like, command] : found)
        addRow(*command);
    m_list->setCurrentItem(m_list->topLevelItem(0));
}

void CommandPalette::addRow(const Command& command)
{
    auto* row = new QTreeWidgetItem(m_list);
    const bool on = command.action->isCheckable() && command.action->isChecked();
    const bool possible = command.possible();
    row->setText(0, on ? tr("%1 (on)").arg(command.text()) : command.text());
    const QString key = command.action->shortcut().toString(QKeySequence::NativeText);
    row->setText(1, possible ? key : tr("not now"));
    row->setToolTip(0, command.action->statusTip());
    row->setData(0, Qt::UserRole, static_cast<int>(&command - m_commands.data()));
    if (possible)
        return;
    // Not disabled: what cannot be done now is to be found and told, too.
    const QBrush faint = palette().brush(QPalette::Disabled, QPalette::Text);
    row->setForeground(0, faint);
    row->setForeground(1, faint);
}

void CommandPalette::step(int rows)
{
    const int last = m_list->topLevelItemCount() - 1;
    const int now = m_list->indexOfTopLevelItem(m_list->currentItem());
    if (last >= 0)
        m_list->setCurrentItem(m_list->topLevelItem(std::clamp(now + rows, 0, last)));
}

void CommandPalette::carryOut()
{
    const QTreeWidgetItem* row = m_list->currentItem();
    if (!row)
        return;
    const Command chosen = m_commands[static_cast<std::size_t>(row->data(0, Qt::UserRole).toInt())];
    if (!chosen.possible())
        return;
    // First, so that the order concerns what had the focus.
    leave();
    if (chosen.action)
        chosen.action->trigger();
}

/// Whether a key is one of the list's own; does what it says if asked to.
bool CommandPalette::takesKey(const QKeyEvent& event, bool carryingOut)
{
    const std::pair<int, std::function<void()>> orders[] = {
        {Qt::Key_Down, [this] { step(1); }},        {Qt::Key_Up, [this] { step(-1); }},
        {Qt::Key_PageDown, [this] { step(page); }}, {Qt::Key_PageUp, [this] { step(-page); }},
        {Qt::Key_Return, [this] { carryOut(); }},   {Qt::Key_Enter, [this] { carryOut(); }},
        {Qt::Key_Escape, [this] { leave(); }}};
    for (const auto& [key, order] : orders) {
        if (event.key() != key || (event.modifiers() & ~Qt::KeypadModifier))
            continue;
        if (carryingOut)
            order();
        return true;
    }
    return false;
}

bool CommandPalette::eventFilter(QObject* watched, QEvent* event)
{
    if (watched == &m_window && event->type() == QEvent::Resize && isVisible())
        place();
    // Asked first, so that no shortcut of the window takes a key from here.
    const bool asked = event->type() == QEvent::ShortcutOverride;
    if (watched != m_typed || (!asked && event->type() != QEvent::KeyPress))
        return QFrame::eventFilter(watched, event);
    if (!takesKey(*static_cast<QKeyEvent*>(event), !asked))
        return QFrame::eventFilter(watched, event);
    event->accept();
    return true;
}

} // namespace nmf::ui
