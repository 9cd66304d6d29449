#pragma once

#include "ui/model/selection.h"
#include "ui/model/session_keeper.h"
#include "ui/model/settings.h"

#include <QMainWindow>
#include <QMenu>
#include <QMessageBox>
#include <QPointer>

#include <functional>

namespace nmf::ui
{

class MessageBar;

/// Saving and opening sessions as the user meets them: the menu's entries, and what is asked.
class SessionActions : public QObject
{
    Q_OBJECT

public:
    SessionActions(Study& study, Selection& selection, Settings& settings, QMainWindow& window);

    SessionKeeper& keeper() { return m_keeper; }
    void setMessageBar(MessageBar* messages) { m_messages = messages; }
    void addTo(QMenu* file);

    /// Whether the window may close at once; else it is asked what shall become of the results, and perhaps closed.
    bool mayClose();
    /// Does what puts other things in the place of the results: at once if they are saved; else it is asked what shall
    /// become of them, and it is done when they are saved or given up, or never.
    void leaveResults(std::function<void()> then);
    /// Offers to open what a program that was ended has left; true if there is something.
    bool offerLeftovers();
    /// "faces": the session's file, else the data; empty if there is none.
    QString title() const;

signals:
    /// The title, or whether there is something to save.
    void titleChanged();
    /// What went as it should, for the status bar.
    void told(const QString& text);

private:
    using Then = std::function<void()>;

    void addPreferences(QMenu* file);
    void save(const Then& then = {});
    void saveAs(const Then& then = {});
    void saveTo(const QString& path, const Then& then);
    void afterSave(const QString& path);
    bool nothingToLose() const;
    void askAboutResults(const QString& text, const Then& then);
    void askForData(const QString& session, const QString& sentence);
    void warn(const QString& text);

    Study& m_study;
    Settings& m_settings;
    QMainWindow& m_window;
    SessionKeeper m_keeper;
    MessageBar* m_messages = nullptr;
    QAction *m_save, *m_saveAs;
    QPointer<QMessageBox> m_question; ///< about the results
    Then m_whenSaved;
    bool m_leaving = false; ///< it was answered that the window shall close
};

} // namespace nmf::ui
