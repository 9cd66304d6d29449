#pragma once

#include "ui/model/selection.h"
#include "ui/model/session_keeper.h"
#include "ui/model/settings.h"

#include <QMainWindow>
#include <QMenu>

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
    enum class Then { Stay, Close };

    void addPreferences(QMenu* file);
    void save(Then then);
    void saveAs(Then then);
    void saveTo(const QString& path, Then then);
    void afterSave(const QString& path);
    void askBeforeClosing();
    void askForData(const QString& session, const QString& sentence);
    void warn(const QString& text);

    Study& m_study;
    Settings& m_settings;
    QMainWindow& m_window;
    SessionKeeper m_keeper;
    MessageBar* m_messages = nullptr;
    QAction *m_save, *m_saveAs;
    bool m_leaving = false; ///< it was answered that the window shall close
    bool m_closeWhenSaved = false;
};

} // namespace nmf::ui
