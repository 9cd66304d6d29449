#pragma once

#include "core/algorithms/steps.h"
#include "core/held_out.h"
#include "core/options.h"
#include "core/stopping_rules.h"
#include "core/zeros.h"

#include <memory>
#include <optional>
#include <stop_token>
#include <vector>

namespace nmf
{

/// Where the iterations were when a run went back to the factors that predicted held-out entries best: to go on from
/// there as if it had not.
template <class Scalar>
struct Ahead
{
    Factors<Scalar> factors, lastFinite;
    Steps<Scalar> steps;
    HeldOutWatch<Scalar> watch;
};

/// What a run keeps in its precision: the data and the factors as the algorithms see them, divided by the data's scale,
/// and the algorithm at work on them.
template <class Scalar>
struct TypedRun
{
    TypedRun(const Dataset& dataset, const Options& options);
    /// Computes the start, or takes the given one.
    void begin(const Options& options, const std::stop_token& stop);
    /// Takes factors that a run had come to, as they are.
    void beginAt(const Factors<double>& reached, const Options& options);
    /// Scales the halves of each component against each other, if that moves any by more than this share.
    void balance(const Options& options, double least);
    /// Gives components that have died new life, each `mostRevivals` times at most; how many it were. One that costs
    /// more in penalties than it could gain stays dead.
    int reviveDead(const Options& options);
    /// Begins with factors that may not satisfy the constraints yet.
    void adopt(const Options& options);
    /// Makes the algorithm's steps anew, for factors that have been changed.
    void prepare(const Options& options);
    /// Entries that are stuck at the floor of multiplicative rules though the objective would fall if they grew.
    void liftZeros(const Options& options);
    /// Makes the factors that predicted the held-out entries best the present ones.
    void goBackToBest(const Options& options);
    /// Makes the present factors those to go back to from what is no number.
    void keepFinite();
    void keepAhead() { ahead.reset(new Ahead<Scalar>{factors, lastFinite, steps, *heldOut}); }
    /// Undoes what was done since keepAhead().
    void takeUp();
    Work<Scalar> workOf(const Options& options);
    /// By how much two objectives of this size may differ though they are the same.
    double rounding(double objective) const;
    /// As they belong to the data as they came. What is locked is as it was given, to the last bit.
    Factors<double> unscaled(const Options& options) const;

    Blocks blocks;
    std::unique_ptr<KnownEntries> known; ///< null if all entries count, and alike
    SolverData<Scalar> V;                ///< where entries are unknown: V as the initialisers see it
    Grid gridW, gridH;
    double knownSquaredNorm = 0;
    std::optional<HeldOutWatch<Scalar>> heldOut = {};
    std::unique_ptr<Ahead<Scalar>> ahead = {}; ///< null if the run is where its iterations are
    Factors<Scalar> factors;
    Factors<Scalar> lastFinite; ///< as of the last record, to go back to from what is no number
    Zeros<Scalar> zeros;        ///< of the end of the run
    Steps<Scalar> steps;
    StoppingRules<Scalar> rules;
    std::vector<int> revivals = {}; ///< of each component
    double beta = 2;                ///< of the loss: D(cV|cX) = c^β D(V|X)
    Index zerosOfStart = 0;         ///< entries, before the constraints
    bool isBestComponent = false;   ///< the start is the best that one component can do (see bestComponent())

private:
    /// Whether nothing is asked of the factors but norms and what WH alone decides, so that their halves may be scaled
    /// against each other.
    static bool leavesScaleFree(const Options& options);
    Factors<Scalar> given(const Factors<double>& start) const;
    Factors<Scalar> computed(const Options& options, const std::stop_token& stop);
    /// Nothing where there is no closed form, or where a run is to follow another program from its start.
    std::optional<Factors<Scalar>> bestOne(const Options& options, const std::stop_token& stop);
    /// The penalty on factors divided by √c that weighs against the fit as the given one does, for V divided by c.
    Penalty scaled(const Penalty& penalty, const Divergence& divergence) const;
    Constraint scaled(Constraint constraint) const;
    JointTerms scaled(JointTerms terms, const Divergence& divergence) const;
    static void restore(Matrix<double>& factor, const Matrix<double>& start, const FactorLock& lock);
};

} // namespace nmf
