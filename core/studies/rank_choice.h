#pragma once

#include "core/measures/consensus.h"
#include "core/studies/rank_study.h"

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace nmf
{

using RankFits = std::vector<std::shared_ptr<const RankFit>>;

/// A number over several runs.
struct MeanOfRuns
{
    double mean = 0;
    double standardError = 0; ///< of the mean; 0 of a single run
    std::size_t runs = 0;
};

/// What is known of one rank. What there are no fits for yet is empty.
struct RankPoint
{
    Index rank = 0;
    std::optional<MeanOfRuns> training = {};  ///< relative error
    std::optional<MeanOfRuns> heldOut = {};   ///< of entries that were not fitted
    std::optional<MeanOfRuns> permuted = {};  ///< relative error of permuted data
    std::optional<Consensus> consensus = {};  ///< of two runs or more
    std::optional<double> stability = {};     ///< the mean cosine of matched components over all pairs of runs
    std::shared_ptr<const RankFit> best = {}; ///< the whole fit with the smallest objective
};

/// Of the fits of this rank among all. The consensus and the stability take about a second for a few thousand samples.
RankPoint rankPointOf(const RankFits& fits, Index rank);

/// A rank that is suggested, and why.
struct RankSuggestion
{
    enum class Rule { HeldOut, Permuted, Cophenetic };
    Index rank = 0;
    Rule rule = Rule::HeldOut;
    std::string reason = {};    ///< the rule, as a sentence
    std::string certainty = {}; ///< how sure that is, in sentences
};

/// What each rule suggests that has enough to go by, the most trustworthy first: the smallest rank whose held-out error
/// is within one standard error of the smallest; the largest up to which each component lowers the error more than on
/// permuted data (Frigyesi & Höglund 2008); the largest before the cophenetic correlation begins to fall (Brunet et al.
/// 2004). `points` are of rising rank.
std::vector<RankSuggestion> suggestedRanks(std::span<const RankPoint> points, const RankFits& fits);

} // namespace nmf
