#include "ui/model/study.h"

#include <algorithm>

namespace nmf::ui
{

namespace
{

/// The records up to an iteration, which are one for each.
std::vector<Record> recordsUpTo(const std::vector<Record>& records, int iteration)
{
    const auto end = std::ranges::upper_bound(records, iteration, {}, &Record::iteration);
    return {records.begin(), end};
}

Reached reachedBy(const Snapshot& snapshot)
{
    return {.options = snapshot.options,
            .W = snapshot.W,
            .Ht = snapshot.Ht,
            .comparableFrom = snapshot.comparableFrom,
            .betweenHalves = snapshot.betweenHalves,
            .ended = snapshot.ended,
            .endSentence = snapshot.endSentence,
            .notes = snapshot.notes,
            .iterationLimit = snapshot.options.maxIterations};
}

} // namespace

void takeRules(Options& to, const Options& from)
{
    to.maxIterations = from.maxIterations;
    to.tolerance = from.tolerance;
    to.timeLimit = from.timeLimit;
    to.kktTolerance = from.kktTolerance;
    to.stepTolerance = from.stepTolerance;
    to.connectivityLooks = from.connectivityLooks;
}

std::optional<RunPlace> Study::placeOf(std::uint64_t number, std::optional<int> iteration) const
{
    const auto run = std::ranges::find(m_runs, number, &RunHistory::number);
    if (run == m_runs.end())
        return {};
    const int end = run->last ? run->last->record.iteration : -1;
    if (run->last && iteration.value_or(end) >= end)
        return RunPlace{.run = *run, .reached = reachedBy(*run->last)};
    const Frame* frame = iteration ? m_history.at(number, *iteration) : nullptr;
    if (!frame)
        return {};
    RunPlace place{.run = *run, .reached = {}};
    place.run.records = recordsUpTo(run->records, frame->record.iteration);
    place.reached.options = run->last ? run->last->options : run->options;
    place.reached.W = frame->W;
    place.reached.Ht = frame->Ht;
    place.reached.comparableFrom = run->last ? std::min(run->last->comparableFrom, place.run.records.size()) : 0;
    place.reached.iterationLimit = place.reached.options.maxIterations;
    return place;
}

void Study::beginWith(const Options& options, const ComponentLabels& labels)
{
    if (!m_dataset)
        return;
    const bool goesOn = m_phase == Phase::Running;
    m_options = options;
    m_rankChosen = true;
    emit optionsChanged();
    begin(!goesOn, labels);
}

void Study::adopt(const RunPlace& place)
{
    if (!m_dataset)
        return;
    // When a run ends is no part of where it is: that is as it is chosen now.
    Options options = place.reached.options;
    takeRules(options, m_options);
    m_options = options;
    m_rankChosen = true;
    emit optionsChanged();
    auto session = std::make_shared<SavedSession>();
    session->dataset = m_dataset;
    session->options = m_options;
    session->reached = place.reached;
    session->reached->options = m_options;
    session->reached->iterationLimit = std::max(m_options.maxIterations, place.run.records.back().iteration);
    session->runs = {place.run};
    RunHistory& run = session->runs.front();
    run.number = ++m_runNumber;
    run.title = titleOf(run.number, run.options);
    run.last.reset();
    run.note.clear();
    run.starred = false;
    m_runs.push_back(run);
    forgetOldRuns();
    showNewest();
    takeUp(std::move(session));
    emit runsChanged();
}

void Study::adoptFit(const std::shared_ptr<const Factors<double>>& factors, const Options& options,
                     const std::vector<Record>& history)
{
    const Termination ended =
        history.back().iteration >= options.maxIterations ? Termination::IterationLimit : Termination::Converged;
    RunPlace place;
    place.run.options = options;
    place.run.records = history;
    // Aliases: the matrices live as long as the factors.
    place.reached = {.options = options,
                     .W = {factors, &factors->W},
                     .Ht = {factors, &factors->Ht},
                     .ended = ended,
                     .endSentence = sentence(ended, options, history),
                     .notes = {},
                     .iterationLimit = options.maxIterations};
    adopt(place);
}

void Study::look(std::shared_ptr<const Snapshot> snapshot)
{
    if (snapshot == m_looked)
        return;
    m_looked = std::move(snapshot);
    emit shownChanged();
}

void Study::showFrame(std::uint64_t number, int iteration)
{
    const auto run = std::ranges::find(m_runs, number, &RunHistory::number);
    const Frame* frame = m_history.at(number, iteration);
    if (run == m_runs.end() || !frame)
        return;
    if (run->last && frame->W == run->last->W) {
        showRun(number);
        return;
    }
    const Options& options = run->last ? run->last->options : run->options;
    std::shared_ptr<Snapshot> snapshot = snapshotOf(*frame, m_dataset, options, number);
    // Every component stays where it is at the end, so that it can be followed.
    if (run->last && run->last->order.size() == snapshot->order.size())
        snapshot->order = run->last->order;
    look(std::move(snapshot));
}

void Study::showRun(std::uint64_t number)
{
    const auto run = std::ranges::find(m_runs, number, &RunHistory::number);
    if (run == m_runs.end())
        return;
    if (number == m_runs.back().number)
        showNewest();
    else if (run->last)
        look(run->last);
    else
        emit message(Message::Information,
                     tr("Of run %1 the curve is kept, but not the factors any more: it cannot be shown.").arg(number));
}

void Study::showNewest()
{
    look({});
}

RunHistory* Study::runNumbered(std::uint64_t number)
{
    const auto run = std::ranges::find(m_runs, number, &RunHistory::number);
    return run == m_runs.end() ? nullptr : &*run;
}

const ComponentLabels& Study::labels() const
{
    static const ComponentLabels none;
    const auto run = shown() ? std::ranges::find(m_runs, shown()->run, &RunHistory::number) : m_runs.end();
    return run == m_runs.end() ? none : run->labels;
}

std::vector<Index> Study::shownOrder() const
{
    return shown() ? orderOf(labels(), shown()->order) : std::vector<Index>();
}

void Study::setLabels(std::uint64_t number, const ComponentLabels& labels)
{
    RunHistory* run = runNumbered(number);
    if (!run || run->labels == labels)
        return;
    run->labels = labels;
    emit labelsChanged();
}

void Study::setNote(std::uint64_t number, const QString& note)
{
    RunHistory* run = runNumbered(number);
    if (!run || run->note == note.toStdString())
        return;
    run->note = note.toStdString();
    emit runNoted();
}

void Study::setStarred(std::uint64_t number, bool starred)
{
    RunHistory* run = runNumbered(number);
    if (!run || run->starred == starred)
        return;
    run->starred = starred;
    emit runNoted();
}

void Study::deleteRun(std::uint64_t number)
{
    const auto run = std::ranges::find(m_runs, number, &RunHistory::number);
    if (run == m_runs.end() || number == m_runs.back().number)
        return;
    if (m_looked && m_looked->run == number)
        showNewest();
    m_history.drop(number);
    m_runs.erase(run);
    emit runsChanged();
}

} // namespace nmf::ui
