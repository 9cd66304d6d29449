#pragma once

#include "core/constraint.h"
#include "core/factors.h"

namespace nmf
{

/// Makes factors satisfy the constraints on them, `one` being what a norm of one is. Where a column must be scaled and
/// the other half may take the inverse, WH stays. What is locked, softly too, stays as it is, and is free of the
/// constraints.
template <class Scalar>
void makeFeasible(Factors<Scalar>& factors, const Constraint& ofW, const Constraint& ofH, const FactorLock& lockW,
                  const FactorLock& lockH, double one);

/// Multiplies WH by this, each factor that is not held taking its share; if both are held nothing is done.
template <class Scalar>
void scaleFree(Factors<Scalar>& factors, double scale, const Constraint& ofW, const Constraint& ofH);

} // namespace nmf
