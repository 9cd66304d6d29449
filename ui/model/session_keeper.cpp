#include "ui/model/session_keeper.h"

#include "ui/model/options_json.h"

#include <utility>

namespace nmf::ui
{

namespace
{

constexpr double usualAutosaveSeconds = 60;

} // namespace

SessionKeeper::SessionKeeper(Study& study, const QString& recoveryFolder, QObject* parent)
    : QObject(parent), m_study(study), m_recovery(recoveryFolder)
{
    setAutosaveSeconds(usualAutosaveSeconds);
    m_timer.start();
    connect(&m_timer, &QTimer::timeout, this, &SessionKeeper::autosave);
    connect(&study, &Study::datasetChanged, this, &SessionKeeper::takeOther);
    connect(&study, &Study::opened, this, [this](const QString& source) {
        if (!isSessionPath(source))
            m_besides.sourceStamp = stampOf(m_study.dataset()->source);
    });
    connect(&study, &Study::sessionOpened, this, &SessionKeeper::takeOpened);
    connect(&study, &Study::snapshotChanged, this, &SessionKeeper::look);
    connect(&study, &Study::optionsChanged, this, &SessionKeeper::look);
    connect(&study, &Study::labelsChanged, this, &SessionKeeper::look);
    connect(&study, &Study::runNoted, this, &SessionKeeper::look);
    connect(&study, &Study::phaseChanged, this, [this] {
        look();
        if (m_study.phase() == Study::Phase::Finished)
            autosave();
    });
    connect(&m_saver, &Worker::failed, this, &SessionKeeper::failed);
    connect(&m_saver, &Worker::finished, this, [this] {
        if (!m_next.isEmpty())
            saveNow(std::exchange(m_next, {}));
    });
    connect(&m_autosaver, &Worker::failed, this, &SessionKeeper::autosaveFailed);
    connect(&m_autosaver, &Worker::finished, this, [this] {
        dropAutosaved();
        if (std::exchange(m_again, false))
            autosave();
    });
}

SessionKeeper::~SessionKeeper() = default;

void SessionKeeper::setAutosaveSeconds(double seconds)
{
    m_timer.setInterval(static_cast<int>(1000 * seconds));
}

SessionKeeper::Mark SessionKeeper::mark() const
{
    const auto& snapshot = m_study.snapshot();
    Mark now{.dataset = m_study.dataset(), .options = toJson(m_study.options())};
    for (const RunHistory& run : m_study.runs())
        if (!run.note.empty() || run.starred)
            now.notes[run.number] = {run.note, run.starred};
    if (!m_study.runs().empty())
        now.labels = m_study.runs().back().labels;
    if (snapshot) {
        now.run = snapshot->run;
        now.iteration = snapshot->record.iteration;
        now.betweenHalves = snapshot->betweenHalves;
    }
    return now;
}

SavedSession SessionKeeper::session() const
{
    SavedSession session = m_study.session();
    // Names that were given before anything was computed.
    if (session.runs.empty()) {
        session.names = m_besides.names;
        session.colors = m_besides.colors;
        session.order = m_besides.order;
    }
    session.unknown = m_besides.unknown;
    session.unknownMembers = m_besides.unknownMembers;
    session.sourceStamp = m_besides.sourceStamp;
    session.link = m_besides.link;
    session.view = m_view ? m_view() : m_besides.view;
    return session;
}

void SessionKeeper::look()
{
    const bool changed = m_study.snapshot() && mark() != m_saved;
    if (changed == std::exchange(m_changed, changed))
        return;
    if (m_changed && !m_leftover.isEmpty())
        autosave();
    emit stateChanged();
}

void SessionKeeper::takeOther()
{
    m_path.clear();
    m_leftover.clear();
    m_saved.reset();
    m_autosaved.reset();
    SavedSession none;
    // Transposed, the data are from the same file.
    none.sourceStamp = m_besides.sourceStamp;
    none.link = m_besides.link;
    m_besides = std::move(none);
    m_changed = false;
    emit stateChanged();
}

void SessionKeeper::takeOpened(const QString& path, const SavedSession& session)
{
    m_besides = session;
    m_besides.dataset.reset();
    m_besides.reached.reset();
    m_besides.runs.clear();
    if (path == m_opening) {
        m_leftover = std::exchange(m_opening, {});
        m_path = session.savedAs;
        emit stateChanged();
    } else {
        Mark opened{.dataset = m_study.dataset(), .options = toJson(session.options)};
        const Mark now = mark();
        opened.notes = now.notes;
        opened.labels = now.labels;
        if (session.reached) {
            opened.run = session.runs.back().number;
            opened.iteration = session.runs.back().records.back().iteration;
            opened.betweenHalves = session.reached->betweenHalves;
        }
        setSaved(path, opened);
    }
    emit viewOpened(session.view);
}

void SessionKeeper::setSaved(const QString& path, const Mark& mark)
{
    m_path = path;
    m_saved = mark;
    m_changed = false;
    look();
    emit stateChanged();
}

void SessionKeeper::save(const QString& path)
{
    if (m_saver.busy())
        m_next = path;
    else
        saveNow(path);
}

void SessionKeeper::saveNow(const QString& path)
{
    if (!m_study.dataset())
        return;
    m_saver.start([this, session = session(), embedding = m_embedding, path, mark = mark()](const std::stop_token&,
                                                                                            const Worker::Tell& tell) {
        // Not to be stopped: who saves and leaves wants it saved.
        const auto link = writeSession(session, embedding, path.toStdString());
        tell([this, path, mark, link] {
            if (m_study.dataset() == mark.dataset) {
                m_besides.link = link;
                setSaved(path, mark);
            }
            dropAutosaved();
            emit saved(path);
        });
    });
}

void SessionKeeper::autosave()
{
    if (!m_changed || m_autosaved == mark())
        return;
    if (m_autosaver.busy())
        m_again = true;
    else
        autosaveNow();
}

void SessionKeeper::autosaveNow()
{
    SavedSession kept = session();
    kept.savedAs = m_path;
    QString file;
    try {
        file = m_recovery.ownFile(QString::fromStdString(kept.dataset->title));
    } catch (const Error& error) {
        emit autosaveFailed(QString::fromStdString(error.what()));
        return;
    }
    m_autosaver.start([this, kept, embedding = m_embedding, file, mark = mark()](const std::stop_token& stop,
                                                                                 const Worker::Tell& tell) {
        const auto link = writeSession(kept, embedding, file.toStdString(), {.stop = stop});
        tell([this, mark, link] {
            if (m_study.dataset() == mark.dataset)
                m_besides.link = link;
            m_autosaved = mark;
            if (!m_leftover.isEmpty())
                Recovery::remove(std::exchange(m_leftover, {}));
            emit autosaved();
        });
    });
}

void SessionKeeper::dropAutosaved()
{
    if (m_changed || m_autosaver.busy())
        return;
    m_recovery.removeOwn();
    m_autosaved.reset();
}

void SessionKeeper::openLeftover(const Leftover& leftover)
{
    Recovery::markTried(leftover.file);
    m_opening = leftover.file;
    m_study.openSession(leftover.file);
}

} // namespace nmf::ui
