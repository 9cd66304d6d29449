#pragma once

#include "core/options.h"

#include <functional>
#include <string>
#include <vector>

namespace nmf
{

/// A change of options that takes a fault away: "Take rank 12".
struct Mend
{
    std::string text;
    std::function<void(Options&)> apply;
};

/// What is wrong with options for a dataset.
struct Fault
{
    enum class Severity {
        Impossible, ///< no run can be made
        Foolish     ///< a run can be made, but not a good one
    };
    Severity severity;
    std::string sentence;
    std::vector<Mend> mends = {}; ///< at most three, each of which is sure to take it away
};

/// What is wrong with these options: first the impossible, of which as requireConsistent() and requireFactorizable()
/// one thing is said at a time, then the foolish. `facts`: of V.
std::vector<Fault> faultsOf(const Options& options, const Dataset& dataset, const DataFacts& facts);

} // namespace nmf
