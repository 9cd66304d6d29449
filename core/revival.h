#pragma once

#include "core/blocks.h"
#include "core/factors.h"
#include "core/penalty.h"
#include "core/solver_data.h"

#include <vector>

namespace nmf
{

/// Components that have no part in WH: their energy is nothing beside ‖V‖F.
template <class Scalar>
std::vector<Index> deadComponents(const Factors<Scalar>& factors, const SolverData<Scalar>& V);

/// Gives a dead component the column that is fitted worst (the positive part of its residual), with the best
/// coefficients for it: ½‖V − WH‖²F falls by more than the penalties rise. False, and nothing is changed, if that gains
/// nothing.
template <class Scalar>
bool revive(Factors<Scalar>& factors, Index component, const SolverData<Scalar>& V, const Penalty& onW,
            const Penalty& onH, Blocks& blocks);

} // namespace nmf
