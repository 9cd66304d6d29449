#include "ui/panels/commands.h"

#include <QMenu>
#include <QMenuBar>
#include <QSet>
#include <QToolBar>
#include <QToolButton>

#include <algorithm>

namespace nmf::ui
{

namespace
{

/// A menu's text without the marks of its access keys.
QString plain(const QString& text)
{
    QString result;
    for (qsizetype i = 0; i < text.size(); ++i)
        if (text[i] != '&' || (i + 1 < text.size() && text[i + 1] == '&' && ++i < text.size()))
            result += text[i];
    return result;
}

/// Walks through menus and collects what they lead to.
class Collector
{
public:
    void addMenu(QMenu* menu, QStringList path, bool open = true)
    {
        // Filled a second time, a menu has other orders than those that are already listed.
        if (m_walked.contains(menu))
            return;
        m_walked << menu;
        path << plain(menu->title());
        open = open && menu->isEnabled();
        emit menu->aboutToShow();
        for (QAction* action : menu->actions())
            action->menu() ? addMenu(action->menu(), path, open) : add(action, path, open);
    }

    void add(QAction* action, QStringList path, bool open = true)
    {
        const QString text = plain(action->text());
        if (action->isSeparator() || !action->isVisible() || text.isEmpty() || m_seen.contains(action))
            return;
        m_seen << action;
        path << text;
        m_commands.push_back({path, action, open});
    }

    std::vector<Command> take() { return std::move(m_commands); }

private:
    QSet<QAction*> m_seen;
    QSet<QMenu*> m_walked;
    std::vector<Command> m_commands;
};

/// 0 if the word is not in the text at all.
int likenessOfWord(const QString& word, const QString& text)
{
    constexpr int begins = 300, within = 200, scattered = 100;
    for (qsizetype at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1))
        if (at == 0 || !text[at - 1].isLetterOrNumber())
            return begins;
    if (text.contains(word))
        return within;
    qsizetype at = -1, skipped = 0;
    for (const QChar letter : word) {
        const qsizetype next = text.indexOf(letter, at + 1);
        if (next < 0)
            return 0;
        // A letter that begins a word costs nothing, however far it is.
        if (next > 0 && text[next - 1].isLetterOrNumber())
            skipped += next - at - 1;
        at = next;
    }
    return std::max(1, scattered - static_cast<int>(skipped));
}

} // namespace

QString Command::keys() const
{
    QStringList keys;
    if (action)
        for (const QKeySequence& key : action->shortcuts())
            keys << key.toString(QKeySequence::NativeText);
    return keys.join(QStringLiteral(", "));
}

std::vector<Command> commandsOf(const QMainWindow& window)
{
    Collector collector;
    const auto* bar = window.findChild<QMenuBar*>(QString(), Qt::FindDirectChildrenOnly);
    for (const QAction* action : bar ? bar->actions() : QList<QAction*>())
        if (action->menu())
            collector.addMenu(action->menu(), {});
    for (const QToolBar* tools : window.findChildren<QToolBar*>()) {
        for (QAction* action : tools->actions())
            collector.add(action, {plain(tools->windowTitle())});
        for (const QToolButton* button : tools->findChildren<QToolButton*>())
            if (button->menu() && !button->objectName().startsWith("qt_"))
                collector.addMenu(button->menu(), {plain(tools->windowTitle())});
    }
    return collector.take();
}

std::optional<int> likeness(const QString& typed, const QString& text)
{
    int sum = 0;
    const QString lower = text.toLower();
    for (const QString& word : typed.toLower().split(' ', Qt::SkipEmptyParts)) {
        const int own = likenessOfWord(word, lower);
        if (own == 0)
            return {};
        sum += own;
    }
    return sum;
}

} // namespace nmf::ui
