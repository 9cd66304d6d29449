#pragma once

#include "ui/model/preferences.h"
#include "ui/model/session_keeper.h"
#include "ui/panels/preferences_dialog.h"
#include "ui/theme_actions.h"

#include <QAction>
#include <QMainWindow>

namespace nmf::ui
{

/// Opens the preferences, and lets what is preferred come into force.
class PreferencesActions : public QObject
{
    Q_OBJECT

public:
    PreferencesActions(Study& study, SessionKeeper& keeper, Settings& settings, ThemeActions& themes,
                       QMainWindow& window);

    QAction* action;

private:
    void open();
    void enforce(const Preferences& preferences);
    /// A run that goes on is not begun anew for it.
    void enforceThreads();

    Study& m_study;
    SessionKeeper& m_keeper;
    Settings& m_settings;
    QMainWindow& m_window;
    PreferencesDialog* m_dialog;
    int m_threads = 0;          ///< that are preferred
    bool m_threadsWait = false; ///< until a run has ended
};

} // namespace nmf::ui
