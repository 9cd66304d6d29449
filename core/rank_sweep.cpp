#include "core/rank_sweep.h"

#include "core/error.h"
#include "core/random_numbers.h"

#include <algorithm>
#include <cmath>

namespace nmf
{

namespace
{

/// The seeds of the runs are drawn from this stream.
constexpr std::uint64_t seedStream = 23;

double quantile(const std::vector<double>& sorted, double share)
{
    const double place = share * static_cast<double>(sorted.size() - 1);
    const auto below = static_cast<std::size_t>(place);
    const std::size_t above = std::min(below + 1, sorted.size() - 1);
    // Equal neighbours have no difference to interpolate, nor have those that are beyond every number.
    if (sorted[below] == sorted[above])
        return sorted[below];
    return sorted[below] + (place - static_cast<double>(below)) * (sorted[above] - sorted[below]);
}

std::optional<HeldOutMean> heldOutMean(const Restarts& restarts)
{
    HeldOutMean result;
    double sum = 0, squares = 0;
    for (const RestartOutcome& outcome : restarts.runs)
        if (outcome.usable() && outcome.heldOut) {
            sum += outcome.heldOut->relativeError;
            ++result.runs;
        }
    if (result.runs == 0)
        return {};
    const auto count = static_cast<double>(result.runs);
    result.relativeError = sum / count;
    for (const RestartOutcome& outcome : restarts.runs)
        if (outcome.usable() && outcome.heldOut)
            squares += std::pow(outcome.heldOut->relativeError - result.relativeError, 2);
    result.standardError = result.runs > 1 ? std::sqrt(squares / (count - 1) / count) : 0;
    return result;
}

void requireSweep(const Options& options, const std::vector<Index>& ranks, int count)
{
    if (ranks.empty())
        throw Error("There is no rank to run.");
    if (count < 1 || count > 10000)
        throw Error("The number of restarts is " + std::to_string(count) + ": it must be from 1 to 10000.");
    if (ranks.size() * static_cast<std::size_t>(count) > 100000)
        throw Error("These are " + std::to_string(ranks.size()) + " ranks, " + std::to_string(count) +
                    " runs each: choose fewer, at most 100000 runs together.");
    if (options.start)
        throw Error("A given start has one rank: leave it out where several ranks are run.");
    if (const std::string fault = restartFault(options); count > 1 && !fault.empty())
        throw Error(fault);
}

} // namespace

std::optional<Index> suggestedRank(const std::vector<RankOutcome>& ranks)
{
    const HeldOutMean* least = nullptr;
    for (const RankOutcome& outcome : ranks)
        if (outcome.heldOut && (!least || outcome.heldOut->relativeError < least->relativeError))
            least = &*outcome.heldOut;
    for (const RankOutcome& outcome : ranks)
        if (outcome.heldOut && outcome.heldOut->relativeError <= least->relativeError + least->standardError)
            return outcome.rank;
    return {};
}

Spread spreadOf(std::vector<double> values)
{
    std::ranges::sort(values);
    return {values.front(), quantile(values, 0.25), quantile(values, 0.5), quantile(values, 0.75)};
}

std::uint64_t seedOfRun(std::uint64_t seed, Index rank, int run)
{
    const auto bits =
        RandomNumbers(seed, seedStream).bits(static_cast<std::uint64_t>(rank) << 32 | static_cast<std::uint64_t>(run));
    // What every reader of a report can hold exactly.
    return (static_cast<std::uint64_t>(bits[0]) << 32 | bits[1]) >> 11;
}

RankSweep sweepRanks(std::shared_ptr<const Dataset> dataset, const Options& options, std::vector<Index> ranks,
                     int count, std::stop_token stop, const std::function<void(const RestartProgress&)>& report)
{
    std::ranges::sort(ranks);
    ranks.erase(std::unique(ranks.begin(), ranks.end()), ranks.end());
    requireSweep(options, ranks, count);
    std::vector<RestartGroup> groups;
    for (const Index rank : ranks) {
        groups.push_back({options, {}});
        groups.back().options.rank = rank;
        for (int run = 0; run < count; ++run)
            groups.back().runs.push_back(
                {seedOfRun(options.seed, rank, run), options.heldOutSeed + static_cast<std::uint64_t>(run)});
    }
    std::vector<Restarts> restarts = restartGroups(std::move(dataset), groups, std::move(stop), report);
    RankSweep sweep;
    for (std::size_t i = 0; i < ranks.size(); ++i) {
        RankOutcome outcome{ranks[i], std::move(restarts[i])};
        std::vector<double> objectives;
        for (const RestartOutcome& run : outcome.restarts.runs)
            if (run.usable())
                objectives.push_back(run.last.objective);
        if (!objectives.empty())
            outcome.objective = spreadOf(std::move(objectives));
        outcome.heldOut = heldOutMean(outcome.restarts);
        sweep.stopped = sweep.stopped || outcome.restarts.stopped;
        sweep.ranks.push_back(std::move(outcome));
    }
    sweep.suggested = suggestedRank(sweep.ranks);
    return sweep;
}

} // namespace nmf
