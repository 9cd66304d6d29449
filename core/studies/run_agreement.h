#pragma once

#include "core/hierarchy.h"
#include "core/measures/consensus.h"
#include "core/studies/rank_choice.h"

#include <memory>
#include <optional>
#include <vector>

namespace nmf
{

/// Runs that ended at the same objective.
struct ObjectiveLevel
{
    double objective = 0; ///< the lowest of them
    int runs = 0;
};

/// A component of the best run among the others.
struct FoundComponent
{
    int runs = 0;          ///< in how many it is found, the best among them
    double meanCosine = 0; ///< with its partner in each other run
};

/// How far the runs of one rank agree.
struct RunAgreement
{
    RankFits runs = {};                          ///< those with a result, the lowest objective first
    std::vector<ObjectiveLevel> levels = {};     ///< rising
    std::vector<FoundComponent> components = {}; ///< of the best run; empty of one run, or where no factors are kept
    std::optional<Consensus> consensus = {};     ///< of two runs or more
    std::vector<Index> samples = {}; ///< that the following two are about: all, or as many as treeLimit, evenly
    std::shared_ptr<const Matrix<double>> together = {}; ///< in which share of the runs two samples have one label
    std::shared_ptr<const Hierarchy> tree = {};          ///< of these samples, by 1 − together
};

/// Trees of more items are neither quick to make nor good to look at.
constexpr Index treeLimit = 2000;

/// A component is found in another run where the cosine with its partner there is at least this.
constexpr double foundFrom = 0.9;

/// Objectives that differ by less than a ten-thousandth are of one level.
RunAgreement agreementOfRuns(const RankFits& fits);

} // namespace nmf
