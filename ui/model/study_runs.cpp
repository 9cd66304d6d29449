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
    place.reached.iterationLimit = place.reached.options.maxIterations;
    return place;
}

void Study::beginWith(const Options& options)
{
    if (!m_dataset)
        return;
    const bool goesOn = m_phase == Phase::Running;
    m_options = options;
    m_rankChosen = true;
    emit optionsChanged();
    begin(!goesOn);
}

void Study::adopt(const RunPlace& place)
{
    if (!m_dataset)
        return;
    m_options = place.reached.options;
    m_rankChosen = true;
    emit optionsChanged();
    auto session = std::make_shared<SavedSession>();
    session->dataset = m_dataset;
    session->options = m_options;
    session->reached = place.reached;
    session->runs = {place.run};
    RunHistory& run = session->runs.front();
    run.number = ++m_runNumber;
    run.title = titleOf(run.number, run.options);
    run.last.reset();
    m_runs.push_back(run);
    forgetOldRuns();
    showNewest();
    takeUp(std::move(session));
    emit runsChanged();
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
}

void Study::showNewest()
{
    look({});
}

} // namespace nmf::ui
