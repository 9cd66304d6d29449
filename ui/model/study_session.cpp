#include "ui/model/study.h"

namespace nmf::ui
{

void Study::openSession(const QString& path, const QString& data)
{
    m_loader.start([this, path = path.toStdString(), data = data.toStdString()](const std::stop_token& stop,
                                                                                const Worker::Tell& tell) {
        const LoadControl control = controlOf(stop, tell);
        try {
            const SavedSession session = readSession(path, control, data);
            const Loaded result =
                loaded(*session.dataset, QString::fromStdString(session.dataset->source), session.plan);
            tell([this, result, session, path] { restore(result, session, QString::fromStdString(path)); });
        } catch (const DataMissing& missing) {
            tell([this, path, sentence = std::string(missing.what())] {
                emit dataMissing(QString::fromStdString(path), QString::fromStdString(sentence));
            });
        }
    });
    emit loadingChanged();
}

void Study::restore(const Loaded& loaded, SavedSession session, const QString& path)
{
    accept(loaded);
    session.dataset = m_dataset;
    m_options = session.options;
    m_rankChosen = true;
    m_runs.assign(session.runs.begin(), session.runs.end());
    for (RunHistory& run : m_runs) {
        if (!run.last)
            continue;
        auto last = std::make_shared<Snapshot>(*run.last);
        last->dataset = m_dataset;
        run.last = std::move(last);
    }
    if (!m_runs.empty())
        m_runs.back().labels = {session.names, session.colors, session.order};
    m_runNumber = m_runs.empty() ? 0 : m_runs.back().number;
    emit optionsChanged();
    emit runsChanged();
    emit sessionOpened(path, session);
    if (session.reached)
        takeUp(std::make_shared<const SavedSession>(std::move(session)));
    emit opened(path);
}

void Study::takeUp(std::shared_ptr<const SavedSession> session)
{
    const Reached& reached = *session->reached;
    m_iterationLimit = reached.iterationLimit;
    startSolver(reached.options, reached.ended ? Phase::Finished : Phase::Paused, std::move(session));
}

SavedSession Study::session() const
{
    SavedSession session;
    session.dataset = m_dataset;
    session.plan = m_plan;
    session.options = m_options;
    session.runs = {m_runs.begin(), m_runs.end()};
    // Of a run that has shown nothing yet there is nothing to keep.
    while (!session.runs.empty() && session.runs.back().records.empty())
        session.runs.pop_back();
    if (!session.runs.empty()) {
        const ComponentLabels& labels = session.runs.back().labels;
        session.names = labels.names;
        session.colors = labels.colors;
        session.order = labels.order;
    }
    if (m_snapshot && !session.runs.empty() && session.runs.back().number == m_snapshot->run) {
        session.reached = placeOf(m_snapshot->run)->reached;
        session.reached->iterationLimit = m_iterationLimit;
    }
    return session;
}

} // namespace nmf::ui
