#pragma once

#include "core/factorize.h"

#include <cstdint>
#include <functional>
#include <stop_token>
#include <string>
#include <vector>

namespace nmf
{

/// How one of many runs came out.
struct RestartOutcome
{
    std::uint64_t seed = 0;
    std::uint64_t heldOutSeed = 0;
    bool begun = false; ///< false: it was stopped before it had a start
    Record last = {};
    Termination termination = Termination::Stopped;
    std::string failure = {}; ///< why there is no result, as a sentence; empty if there is one
    std::optional<HeldOutFit> heldOut = {};
    std::vector<int> labels;          ///< the strongest component of each sample, see labelsOf()
    std::vector<int> publishedLabels; ///< see publishedLabelsOf()
    Matrix<double> W;                 ///< empty where keeping all would take too much memory

    bool usable() const { return begun && failure.empty(); }
};

/// Many runs of the same options.
struct Restarts
{
    std::vector<RestartOutcome> runs; ///< in the order of their seeds
    std::size_t best = 0;             ///< the one with the lowest objective; of equal ones the first
    Result result;                    ///< its result
    Options options;                  ///< its options
    bool stopped = false;             ///< not all runs came to their end

    /// False if no run has a result.
    bool usable() const { return !runs.empty() && runs[best].usable(); }
};

/// Runs of options that differ in their seeds.
struct RestartGroup
{
    /// Of the random numbers, and of the held-out entries.
    struct Seeds
    {
        std::uint64_t seed = 0, heldOut = 0;
    };
    Options options;
    std::vector<Seeds> runs;
};

/// What is known while they run.
struct RestartProgress
{
    std::size_t finished = 0, total = 0;
    double lowestObjective = 0; ///< once finished > 0
};

/// Why these options need no second run, as a sentence; empty if every seed gives another run.
std::string restartFault(const Options& options);

/// Runs the options with the seeds seed, seed + 1, …, seed + count − 1. The runs go on beside each other, one to a
/// core, and each on one thread, so that the result has the same bits for any number of threads. The time limit holds
/// for each run. A run that fails is reported and left out; throws Error if all fail, and Cancelled if none had a start
/// when the token was asked to stop. After that the runs end with the iteration that they are in. `report` is told when
/// a run has ended, one call at a time, on any thread.
Restarts restart(std::shared_ptr<const Dataset> dataset, const Options& options, int count, std::stop_token stop = {},
                 const std::function<void(const RestartProgress&)>& report = {});

/// Several groups of runs at once, as restart() does one; the threads are those of the first. A group of which all runs
/// fail has no result; throws Error if all groups are like that.
std::vector<Restarts> restartGroups(std::shared_ptr<const Dataset> dataset, const std::vector<RestartGroup>& groups,
                                    std::stop_token stop = {},
                                    const std::function<void(const RestartProgress&)>& report = {});

} // namespace nmf
