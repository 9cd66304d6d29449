#pragma once

#include "ui/model/settings.h"
#include "ui/model/study.h"

#include <QMainWindow>
#include <QMenu>
#include <QMimeData>

#include <optional>

namespace nmf::ui
{

class Importer;
class MessageBar;
class SessionActions;

/// The ways to data as the user meets them: menu entries, recent files, samples, what is dropped. All of them ask first
/// what shall become of results that are not saved.
class OpenActions : public QObject
{
    Q_OBJECT

public:
    OpenActions(Study& study, SessionActions& sessions, Settings& settings, MessageBar& messages, QMainWindow& window);

    /// Opens a file, folder or sample, as from the menu; with `thenRun` the run begins when the data are there.
    void open(const QString& source, bool thenRun = false);
    /// The same with a page before it where something is to be decided; with `always`, where nothing is too.
    void importFrom(const QString& source, bool always = false);
    /// The same by the plan of the last time.
    void reopen(const QString& source);
    void chooseFile(bool withPreview = false);
    void chooseFolder();
    /// False if this is nothing that could be opened, which the user is told.
    bool drop(const QMimeData& data);
    void addTo(QMenu* menu);
    /// What depends on there being data.
    void showSense();

    QAction *file = nullptr, *transpose = nullptr;
    QMenu *recent = nullptr, *samples = nullptr;

signals:
    /// Before anything runs on it.
    void opened();

private:
    void makeMenus();
    void chooseWeights();
    void fillRecent();
    void onOpened(const QString& source);

    Study& m_study;
    SessionActions& m_sessions;
    Settings& m_settings;
    MessageBar& m_messages;
    QMainWindow& m_window;
    Importer* m_importer;
    QAction *m_folder = nullptr, *m_preview = nullptr, *m_reload = nullptr, *m_weights = nullptr;
    std::optional<QString> m_runWhenOpened;
};

} // namespace nmf::ui
