#pragma once

#include "core/factorize.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

namespace nmf
{

/// How factors are nudged.
struct NudgePlan
{
    int times = 20;
    /// The largest of the random amounts, as a share of the root mean square of all entries, components balanced.
    double size = 0.05;
    std::uint64_t seed = 1;
};

/// What became of factors that were nudged.
struct Nudged
{
    enum class Verdict {
        Minimum,   ///< they always came back
        Stuck,     ///< at least one went to a lower objective
        Unsettled, ///< some ended higher, and none lower
    };
    Verdict verdict = Verdict::Minimum;
    double objective = 0;                ///< of the factors solved on as they are
    std::vector<double> objectives = {}; ///< of each nudged solution, in the order of the nudges
    int returned = 0, lower = 0, higher = 0;
    Options options = {};                             ///< that the solutions were found with, but for their start
    std::shared_ptr<const Factors<double>> best = {}; ///< of the lowest objective, if one is lower
    std::vector<Record> history = {};                 ///< of the best

    double lowest() const;
};

/// Adds a small positive random amount to all entries of W and of H at once, solves again, and does so several times.
/// Moving W alone, or H alone, does not lead out of every place that is no minimum: a part that is zero in both gets no
/// push from either. Solved more exactly than the options say, by the same algorithm; what is locked stays. The same
/// bits for any number of threads. `report` is told of how many are done, one call at a time, on any thread. Throws
/// Error and Cancelled.
Nudged nudge(std::shared_ptr<const Dataset> dataset, const Options& options, const Factors<double>& factors,
             const NudgePlan& plan = {}, const std::stop_token& stop = {},
             const std::function<void(int done)>& report = {});

/// The verdict for people, in a sentence or two.
std::string sentence(const Nudged& nudged);

} // namespace nmf
