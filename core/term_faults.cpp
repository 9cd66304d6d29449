#include "core/terms.h"

#include "core/losses/losses.h"
#include "core/short_number.h"

#include <cmath>
#include <limits>
#include <tuple>

namespace nmf
{

namespace
{

constexpr double largest = std::numeric_limits<double>::max();

/// One factor and all that is asked of it, as far as it matters for its size.
struct SizedFactor
{
    std::string name;
    const Penalty& penalty;
    const Constraint& constraint;
    bool locked;     ///< all of it
    bool fixedUnits; ///< by the equality form of variance matching

    bool keepsSize() const { return locked || fixedUnits || constraint.norm > 0 || constraint.sum > 0; }
    /// Something in the objective falls with it.
    bool gainsByShrinking() const { return !penalty.none() && !keepsSize(); }
    /// Overlap does not hold parts that share nothing, which is what it leads to, however large they grow; smoothness
    /// holds all but a constant part.
    bool growsForFree() const
    {
        return !keepsSize() && !constraint.bounds() && penalty.l1 == 0 && penalty.l2 == 0 && penalty.smoothness == 0;
    }
};

bool allLocked(const FactorLock& lock, Index rank)
{
    return static_cast<Index>(lock.components.size()) == rank || (lock.entries && lock.entries->all());
}

/// Why a penalty on a factor has no best solution: the factor can shrink without end while the other one grows.
std::string oneSidedFault(const Options& options)
{
    const bool fixedUnits = options.together.varianceSums > 0;
    const SizedFactor W{"W", options.onW, options.ofW, allLocked(options.lockW, options.rank), fixedUnits};
    const SizedFactor H{"H", options.onH, options.ofH, allLocked(options.lockH, options.rank), fixedUnits};
    for (const auto& [shrinking, growing] : {std::tuple(&W, &H), std::tuple(&H, &W)}) {
        if (!shrinking->gainsByShrinking() || !growing->growsForFree())
            continue;
        const std::string with = shrinking->name, without = growing->name;
        if (growing->penalty.overlap > 0)
            return "A penalty on " + with + " has no best solution beside one on the overlap of " + without +
                   ": parts of " + without + " that share nothing can grow without end while " + with +
                   " shrinks and WH stays the same. Give " + without +
                   " a unit norm, or L1 or L2 too, if only a little, or take the penalty on " + with + " away.";
        return "A penalty on " + with + " alone has no best solution: " + with + " can shrink without end while " +
               without + " grows and WH stays the same. Give " + without +
               " a penalty too, if only a small one, or a unit norm, or take that on " + with + " away.";
    }
    return {};
}

/// Why the coefficients of a sample cannot have a fixed or a largest sum together with the rest.
std::string sumFault(const Options& options)
{
    if (options.ofH.sum > 0 && options.ofH.largestSum > 0)
        return "A fixed sum of every sample's coefficients leaves nothing to a largest one: take one of them away.";
    if (!(options.ofH.sum > 0) && !(options.ofH.largestSum > 0))
        return {};
    const std::string what = options.ofH.sum > 0 ? "A fixed sum" : "A largest sum";
    const bool otherwiseHeld = options.ofH.upper > 0 || options.ofH.norm > 0 || options.ofH.sparseness > 0;
    if (otherwiseHeld || options.onH.smoothness > 0 || !options.lockH.none() || options.together.matchesVariances())
        return what +
               " of every sample's coefficients does not go together with another constraint on H, its smoothness, "
               "variance matching, or locks on H: take one of them away.";
    const Divergence divergence = find(losses(), options.loss.id)->make(options.loss.values);
    if (!divergence.quadratic() && options.onH.l2 > 0)
        return what +
               " of every sample's coefficients and L2 on H go together for the Frobenius loss alone: take one of them "
               "away.";
    return {};
}

/// Why the constraints contradict each other or something else that is asked for.
std::string constraintFault(const Options& options)
{
    for (const auto& [constraint, place] : {std::pair(options.ofW, "W"), std::pair(options.ofH, "H")})
        if (constraint.upper > 0 && (constraint.norm > 0 || constraint.sparseness > 0))
            return std::string("An upper bound on ") + place +
                   " does not go together with a unit norm or a sparseness of " + place + ": take one of them away.";
    for (const auto& [penalty, constraint, place] :
         {std::tuple(options.onW, options.ofW, "W"), std::tuple(options.onH, options.ofH, "H")})
        if (penalty.smoothness > 0 && (constraint.norm > 0 || constraint.sparseness > 0))
            return std::string("Smoothness of ") + place +
                   " does not go together with a unit norm or a sparseness of " + place +
                   ": take one of them away, or hold the other factor.";
    for (const auto& [lock, constraint, place] :
         {std::tuple(options.lockW, options.ofW, "W"), std::tuple(options.lockH, options.ofH, "H")})
        if ((lock.entries || !lock.soft.empty()) && (constraint.norm > 0 || constraint.sparseness > 0))
            return std::string(lock.entries ? "Locked entries of " : "Parts that may move a little of ") + place +
                   " do not go together with a unit norm or a sparseness of " + place +
                   ": lock whole parts, or take the other away.";
    if (const std::string fault = sumFault(options); !fault.empty())
        return fault;
    if (options.together.matchesVariances() &&
        (options.ofW.norm > 0 || options.ofW.sparseness > 0 || options.ofH.norm > 0 || options.ofH.sparseness > 0))
        return "Variance matching does not go together with a unit norm or a sparseness: take one of them away.";
    if (options.together.traceBound > 0 && options.together.matchesVariances())
        return "A bound on the trace and variance matching do not go together: take one of them away.";
    if (options.together.traceBound > 0 && (options.onW.smoothness > 0 || options.onH.smoothness > 0))
        return "A bound on the trace does not go together with smoothness: take one of them away.";
    if (options.together.traceBound > 0 && !(options.ofW.none() && options.ofH.none()))
        return "A bound on the trace does not go together with an upper bound, a unit norm, a sparseness, or a fixed "
               "or "
               "largest sum: take one of them away.";
    return {};
}

} // namespace

std::string termsFault(const Options& options)
{
    for (const Term& term : terms()) {
        const double value = term.of(options);
        if (term.parameter.whole && value != std::floor(value))
            return term.parameter.name + " is " + shortNumber(value) + ": it must be a whole number.";
        if (!(value >= term.parameter.minimum && value <= term.parameter.maximum) || !std::isfinite(value))
            return term.parameter.name + " is " + shortNumber(value) + ": it must be a finite number from " +
                   shortNumber(term.parameter.minimum) +
                   (term.parameter.maximum < largest ? " to " + shortNumber(term.parameter.maximum) : " up") + ".";
    }
    if (const std::string fault = constraintFault(options); !fault.empty())
        return fault;
    if (options.together.traceBound > 0 && !(options.lockW.none() && options.lockH.none()))
        return "A bound on the trace and locked parts do not go together, for the locked ones may break it alone: "
               "unlock "
               "them, or take the bound away.";
    return oneSidedFault(options);
}

} // namespace nmf
