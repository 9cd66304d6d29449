#pragma once

#include "core/choice.h"
#include "core/constraint.h"
#include "core/dataset.h"
#include "core/demand.h"
#include "core/factors.h"
#include "core/penalty.h"

#include <cstdint>
#include <memory>

namespace nmf
{

enum class Precision { Single, Double };

/// All that decides a run, besides the data. The names are scikit-learn's where it has one.
struct Options
{
    Index rank = 5;
    Choice loss{"frobenius"};
    Choice algorithm{"ehals"};
    Choice initializer{"nndsvdar"};
    std::shared_ptr<const Factors<double>> start =
        {};                     ///< given W (m × k) and Ht (n × k); used instead of the initializer
    Penalty onW = {}, onH = {}; ///< as they stand in the objective
    Constraint ofW = {}, ofH = {};
    JointTerms together = {};
    FactorLock lockW = {}, lockH = {}; ///< what stays as `start` gives it
    /// Every ten iterations the two halves of each penalised component are scaled against each other so that the
    /// penalties are smallest, which leaves WH as it is. Off to follow another program step by step.
    bool balanced = true;
    std::uint64_t seed = 1;
    int maxIterations = 500;
    /// Stop when the objective fell by less than this share of itself over the last ten iterations; 0 for never.
    double tolerance = 1e-6;
    /// Stop when the projected gradient is at most this share of that at the start, components balanced, or nothing but
    /// rounding; 0 for never. Looked at every ten iterations, which then cost about a tenth more (as much again as one
    /// or two iterations each time), and only if asked for.
    double kktTolerance = 0;
    /// Stop when an iteration changed neither factor by more than this share of its norm; 0 for never. Takes memory for
    /// the factors once more.
    double stepTolerance = 0;
    /// Stop when the strongest component of every sample was the same at so many looks, ten iterations apart (Brunet et
    /// al. 2004: 40); 0 for never.
    int connectivityLooks = 0;
    /// NaN entries of V are unknown and take no part in the fit, instead of being refused.
    bool nanUnknown = false;
    /// The entries that a sparse V does not keep are unknown, instead of zero.
    bool unstoredUnknown = false;
    /// This share of the known entries, drawn at random from its own seed, is never fitted but predicted. Of a sparse V
    /// whose gaps are zeros: this share of the others, and as many zeros, each of which counts for those it stands for.
    double heldOut = 0;
    std::uint64_t heldOutSeed = 1;
    /// Stop when the held-out loss, looked at every five iterations, has not fallen for so many looks; 0 for never. At
    /// any end such a run goes back to the factors that had the smallest.
    int patience = 0;
    double timeLimit = 0; ///< seconds of solving; 0 for none
    Precision precision = Precision::Double;
    int threads = 0; ///< 0: as many as the machine has cores. Changes the time, never the result.
};

/// Some entries are unknown, or count more than others: algorithms that are told of V's products only cannot serve.
bool isWeighted(const Options& options, const Dataset& dataset);

/// The algorithm of these options where it serves the loss, weights and all that is asked of the factors; else the one
/// that serves them best.
Choice suitedAlgorithm(const Options& options, bool weighted);

/// Throws Error with one sentence if these options are impossible, for this dataset.
void requireConsistent(const Options& options, const Dataset& dataset);

/// The objective that these options minimise, as a line of text: "½‖V − WH‖²F + 0.1‖W‖₁ + 0.1‖H‖₁".
std::string formula(const Options& options);

} // namespace nmf
