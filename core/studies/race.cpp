#include "core/studies/race.h"

#include "core/error.h"
#include "core/terms.h"

#include <algorithm>
#include <numeric>
#include <tuple>
#include <utility>

namespace nmf
{

namespace
{

/// Where a run of these options begins.
std::shared_ptr<const Factors<double>> startOf(std::shared_ptr<const Dataset> dataset, const Options& options,
                                               const std::stop_token& stop)
{
    if (options.start)
        return options.start;
    Run run(std::move(dataset), options);
    std::stop_source begun;
    const std::stop_callback cancelled(stop, [&] { begun.request_stop(); });
    run.advance(begun.get_token(), {.report = [&](const Run&) { begun.request_stop(); }});
    if (stop.stop_requested() || !run.started())
        throw Cancelled();
    return std::make_shared<const Factors<double>>(run.factors());
}

} // namespace

Race::Race(std::shared_ptr<const Dataset> dataset, std::vector<Options> lanes, const std::stop_token& stop)
{
    if (lanes.empty())
        throw Error("A race needs at least one lane.");
    const auto start = startOf(dataset, lanes.front(), stop);
    m_lanes.reserve(lanes.size());
    for (Options& options : lanes) {
        options.start = start;
        options.rank = start->rank();
        m_lanes.push_back({Run(dataset, std::move(options))});
    }
}

bool Race::over() const
{
    return std::ranges::all_of(m_lanes, [](const Lane& lane) { return lane.ended.has_value(); });
}

void Race::advanceToSeconds(double seconds, const std::stop_token& stop, const Report& report)
{
    advance([seconds](const Record& last) { return last.seconds >= seconds; }, stop, report);
}

void Race::advanceToIteration(int iteration, const std::stop_token& stop, const Report& report)
{
    advance([iteration](const Record& last) { return last.iteration >= iteration; }, stop, report);
}

void Race::advance(const Reached& reached, const std::stop_token& stop, const Report& report)
{
    for (std::size_t i = 0; i < m_lanes.size() && !stop.stop_requested(); ++i) {
        Lane& lane = m_lanes[i];
        if (lane.ended || (lane.run.started() && reached(lane.run.history().back())))
            continue;
        std::stop_source turn;
        const std::stop_callback outside(stop, [&] { turn.request_stop(); });
        const Termination termination = lane.run.advance(turn.get_token(), {.report = [&](const Run& run) {
                                                             if (run.betweenHalves())
                                                                 return;
                                                             if (report)
                                                                 report(i, run);
                                                             if (reached(run.history().back()))
                                                                 turn.request_stop();
                                                         }});
        if (termination != Termination::Stopped)
            lane.ended = termination;
    }
}

RaceMeasure measureOf(const Race& race)
{
    const Options& first = race.run(0).options();
    for (std::size_t i = 1; i < race.size(); ++i)
        if (race.run(i).options().loss != first.loss || !sameTerms(race.run(i).options(), first))
            return RaceMeasure::RelativeError;
    return RaceMeasure::Objective;
}

double valueOf(const Record& record, RaceMeasure measure)
{
    return measure == RaceMeasure::Objective ? record.objective : record.relativeError;
}

std::optional<Record> crossing(const std::vector<Record>& history, RaceMeasure measure, double target)
{
    const auto found =
        std::ranges::find_if(history, [&](const Record& record) { return valueOf(record, measure) <= target; });
    return found == history.end() ? std::nullopt : std::optional(*found);
}

std::vector<std::size_t> placings(const Race& race, double target)
{
    const RaceMeasure measure = measureOf(race);
    std::vector<std::tuple<bool, double, std::size_t>> keys;
    for (std::size_t i = 0; i < race.size(); ++i) {
        const std::vector<Record>& history = race.run(i).history();
        const std::optional<Record> crossed = crossing(history, measure, target);
        keys.emplace_back(!crossed, crossed ? crossed->seconds : valueOf(history.back(), measure), i);
    }
    std::ranges::sort(keys);
    std::vector<std::size_t> order;
    for (const auto& key : keys)
        order.push_back(std::get<2>(key));
    return order;
}

} // namespace nmf
