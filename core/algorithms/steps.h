#pragma once

#include "core/balance.h"
#include "core/blocks.h"
#include "core/constraint.h"
#include "core/factors.h"
#include "core/known_entries.h"
#include "core/losses/losses.h"
#include "core/penalty.h"
#include "core/smoothness.h"
#include "core/solver_data.h"

#include <functional>
#include <memory>

namespace nmf
{

/// What an algorithm works on. The run owns it all and outlives the algorithm's steps; everything is as divided by
/// SolverData::scale().
template <class Scalar>
struct Work
{
    const SolverData<Scalar>& V;
    Factors<Scalar>& factors;
    Blocks& blocks;
    Divergence divergence;
    std::uint64_t seed;
    Penalty onW = {}, onH = {};
    /// The entries to be fitted, with their weights; null if all of V is to be, with weight one.
    const KnownEntries* known = nullptr;
    Constraint ofW = {}, ofH = {};
    JointTerms together = {};
    FactorLock lockW = {}, lockH = {};
    /// What soft locks are near to, as it belongs to the data as they came; null if nothing was given.
    std::shared_ptr<const Factors<double>> start = nullptr;
    /// What a factor's entry of one is, as divided: where a constraint says one, this is meant.
    double unit = 1;
    Grid gridW = {}, gridH = {}; ///< which rows of a factor are neighbours

    const Penalty& penalty(Side side) const { return side == Side::Basis ? onW : onH; }
    const Constraint& constraint(Side side) const { return side == Side::Basis ? ofW : ofH; }
    const Grid& grid(Side side) const { return side == Side::Basis ? gridW : gridH; }
    const FactorLock& lock(Side side) const { return side == Side::Basis ? lockW : lockH; }
};

/// How well the factors fit, as divided.
struct Fit
{
    double objective = 0;       ///< what is minimised
    double squaredResidual = 0; ///< ‖V−WH‖²F
};

/// An algorithm at work on one run: it keeps its scratch memory and whatever it must remember in what these functions
/// hold.
template <class Scalar>
struct Steps
{
    /// The first half of an iteration: moves H. Empty if the algorithm moves both factors at once.
    std::function<void()> coefficients;
    /// The second half: moves W. If there is no first half, the whole iteration.
    std::function<void()> basis;
    /// The fit of the factors as they are now. Cheap: it falls out of the products that the last step has formed.
    std::function<Fit()> fit;
    /// The number that WH must be multiplied by to fit best as it stands; asked of a fresh start only.
    std::function<double()> bestScale;
    /// Told that the columns of the factors have been multiplied by these, WH being what it was. Without it the steps
    /// are made anew and what they remember is lost.
    std::function<void(const ColumnScales&)> rescaled = {};
    /// At the end of a run: brings H nearer to its best for the W that was reached, where the iterations did so for a
    /// few samples at a time. The run goes on, if it does, from what was there before. Without it that is left.
    std::function<void()> finish = {};
    /// No entry is kept below this, so that none is stuck at zero: the driver lifts those that lie there for no reason,
    /// and sets the others to zero when the run ends. Zero: there is no floor.
    Scalar floor = 0;
};

} // namespace nmf
