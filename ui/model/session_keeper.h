#pragma once

#include "ui/model/recovery.h"
#include "ui/model/study.h"

#include <QTimer>

#include <functional>
#include <map>
#include <utility>

namespace nmf::ui
{

/// Keeps a study in a file: saves it when told to, and by itself into the recovery folder, off the window's thread;
/// knows whether there is anything to save.
class SessionKeeper : public QObject
{
    Q_OBJECT

public:
    SessionKeeper(Study& study, const QString& recoveryFolder, QObject* parent = nullptr);
    /// Waits until what was ordered is written. What was kept for recovery goes: the program ends as it should.
    ~SessionKeeper() override;

    /// What of the window belongs to a session; asked at every save.
    void setViewSource(std::function<QJsonObject()> view) { m_view = std::move(view); }
    void setEmbedding(Embedding embedding) { m_embedding = embedding; }
    void setAutosaveSeconds(double seconds);
    double autosaveSeconds() const { return m_timer.interval() / 1000.0; }

    /// Where the session was saved last; empty if it never was.
    const QString& path() const { return m_path; }
    /// Factors were computed, or options chosen for them, that are not in the session's file.
    bool changed() const { return m_changed; }
    bool saving() const { return m_saver.busy(); }

    void save(const QString& path);
    /// Writes what is there into the recovery folder, if it changed since that was done last.
    void autosave();

    std::vector<Leftover> leftovers() const { return m_recovery.leftovers(); }
    /// Opens what another program left. Once it is kept as this one's own, the other's file goes.
    void openLeftover(const Leftover& leftover);

signals:
    void saved(const QString& path);
    void failed(const QString& message);
    void autosaved();
    void autosaveFailed(const QString& message);
    /// The path, or changed().
    void stateChanged();
    /// A session was opened whose window looked so.
    void viewOpened(const QJsonObject& view);

private:
    /// What is saved of a study, to compare.
    struct Mark
    {
        std::shared_ptr<const Dataset> dataset;
        std::uint64_t run = 0;
        int iteration = 0;
        bool betweenHalves = false;
        QJsonObject options;
        std::map<std::uint64_t, std::pair<std::string, bool>> notes = {}; ///< of runs, and their stars
        ComponentLabels labels = {};

        bool operator==(const Mark&) const = default;
    };

    Mark mark() const;
    SavedSession session() const;
    /// Notes whether there is something to save.
    void look();
    /// Other data are open.
    void takeOther();
    void takeOpened(const QString& path, const SavedSession& session);
    void saveNow(const QString& path);
    void setSaved(const QString& path, const Mark& mark);
    void autosaveNow();
    /// What is saved need not be kept for recovery.
    void dropAutosaved();

    Study& m_study;
    std::function<QJsonObject()> m_view;
    Embedding m_embedding = Embedding::Small;
    QString m_path;
    bool m_changed = false;
    std::optional<Mark> m_saved, m_autosaved; ///< as in the session's file; as in the recovery folder
    bool m_again = false;                     ///< autosave once more, when that which is at work is done
    QString m_next;                           ///< where to save when that which is at work is done
    QString m_opening;                        ///< a leftover on its way
    QString m_leftover;                       ///< to be removed when what it holds is kept as this program's own
    SavedSession m_besides;                   ///< what the study does not know of the session that was opened
    QTimer m_timer;
    Recovery m_recovery;
    // Last: joined before anything their jobs use is gone.
    Worker m_saver, m_autosaver;
};

} // namespace nmf::ui
