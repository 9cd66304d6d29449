#pragma once

#include "core/restarts.h"

#include <optional>
#include <vector>

namespace nmf
{

/// How some numbers are spread; quartiles between two of them are interpolated.
struct Spread
{
    double least = 0, lowerQuartile = 0, median = 0, upperQuartile = 0;
};

/// Of at least one number.
Spread spreadOf(std::vector<double> values);

/// How well one rank predicts held-out entries.
struct HeldOutMean
{
    double relativeError = 0; ///< the mean over the runs
    double standardError = 0; ///< of that mean; 0 of a single run
    std::size_t runs = 0;
};

/// The runs of one rank.
struct RankOutcome
{
    Index rank = 0;
    Restarts restarts;
    std::optional<Spread> objective = {}; ///< over the runs that have a result
    std::optional<HeldOutMean> heldOut = {};
};

/// Runs of several ranks.
struct RankSweep
{
    std::vector<RankOutcome> ranks;      ///< rising
    std::optional<Index> suggested = {}; ///< by the held-out error
    bool stopped = false;                ///< not all runs came to their end
};

/// The smallest rank whose held-out error is within one standard error of the smallest one; none if nothing was held
/// out.
std::optional<Index> suggestedRank(const std::vector<RankOutcome>& ranks);

/// The seed of one run, from those of the whole.
std::uint64_t seedOfRun(std::uint64_t seed, Index rank, int run);

/// Runs each rank `count` times, all of these beside each other on the cores. Each has its own seed, drawn from those
/// of the options, its rank and its number, so that neither order nor threads change anything. With held-out entries,
/// run r of every rank predicts the same ones, another part of the table for each r. Throws as restart() does; a rank
/// of which all runs fail is reported and left out.
RankSweep sweepRanks(std::shared_ptr<const Dataset> dataset, const Options& options, std::vector<Index> ranks,
                     int count, std::stop_token stop = {},
                     const std::function<void(const RestartProgress&)>& report = {});

} // namespace nmf
