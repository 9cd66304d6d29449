#pragma once

#include "core/factorize.h"
#include "core/studies/held_out_blocks.h"

#include <compare>
#include <cstdint>
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <vector>

namespace nmf
{

/// One fit of a rank study. Run r of every rank and kind has the same held-out entries, and the same permutation.
struct RankFitKey
{
    /// What is fitted.
    enum class Kind {
        Whole,   ///< all entries
        HeldOut, ///< all but some, which are predicted
        Permuted ///< the same numbers without what the samples have in common
    };
    Index rank = 0;
    int run = 0; ///< from 0
    Kind kind = Kind::Whole;

    auto operator<=>(const RankFitKey&) const = default;
};

/// How a fit came out. Immutable once reported.
struct RankFit
{
    RankFitKey key;
    std::string failure = {}; ///< why there is no result, as a sentence; empty if there is one
    Options options;          ///< with its rank and seed: by these the same bits are found again
    Record last = {};
    Termination termination = Termination::Stopped;
    double heldOutError = 0; ///< HeldOut: of what was not fitted, see errorInBlocks()
    // Of Whole fits alone:
    std::vector<int> labels = {};          ///< see labelsOf()
    std::vector<int> publishedLabels = {}; ///< see publishedLabelsOf()
    std::vector<Record> history = {};
    std::shared_ptr<const Factors<double>> factors = {}; ///< null where keeping all would take too much memory

    bool usable() const { return failure.empty(); }
};

/// What a rank study fits.
struct RankPlan
{
    Options options = {}; ///< but for the rank and the seeds, which it draws
    std::vector<Index> ranks = {};
    int runs = 10;         ///< of each rank and kind
    double heldOut = 0.1;  ///< the share that HeldOut fits do not see; 0: there are none of them
    bool permuted = false; ///< there are Permuted fits
};

/// The options that many runs can have: a start that does not depend on the seed, or hardly, gives way to a random one,
/// for which `note` says why, and so do a given start and entries that are held out for an early end. Throws Error
/// where parts are locked: these belong to one start.
Options optionsForStudy(Options options, std::string& note);

/// All fits of a plan in the order in which they are begun: the first run of all ranks, then the second, and so on, so
/// that every rank is known roughly before any is known well.
std::vector<RankFitKey> fitsOf(const RankPlan& plan);

/// Throws Error with one sentence if these fits cannot be made of these data.
void requirePossible(const RankPlan& plan, const Dataset& dataset);

/// Which entries the HeldOut fits of a run do not see; for dense V. Of sparse V single entries are held out, see
/// Options::heldOut.
HeldOutBlocks heldOutBlocksOf(const RankPlan& plan, const Dataset& dataset, int run);

/// Makes all fits of the plan but those that are done, beside each other, each on one thread, so that neither the
/// number of threads nor a stop and another call with the rest changes any bit. `report` is told of each fit at once,
/// one call at a time, on any thread. A fit that is under way when the token is asked to stop is given up within half
/// an iteration and not reported. A fit that fails is reported. Throws Error as requirePossible() does.
void studyRanks(std::shared_ptr<const Dataset> dataset, const RankPlan& plan, const std::set<RankFitKey>& done,
                const std::stop_token& stop, const std::function<void(const std::shared_ptr<const RankFit>&)>& report);

/// One fit by itself, with its factors and history: what studyRanks() found, to the last bit. Throws Error and
/// Cancelled.
std::shared_ptr<const RankFit> fitAgain(std::shared_ptr<const Dataset> dataset, const RankPlan& plan,
                                        const RankFitKey& key, const std::stop_token& stop = {});

} // namespace nmf
