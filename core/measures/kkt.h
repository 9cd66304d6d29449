#pragma once

#include "core/dataset.h"
#include "core/factors.h"
#include "core/options.h"

namespace nmf
{

/// How far the factors are from a point where no small move lowers the objective: the norm of the projected gradient
/// (Lin 2007) of V divided by SolverData::scale(), for β = 2 divided by ‖V‖^(3/2), which makes it free of the data's
/// size. It depends on how the scale is shared out; where no penalty decides that, each component has halves of equal
/// norm. Sparse V is read by its stored entries where the loss allows it, and never made dense as a whole. All of V
/// counts: not for weighted or unknown entries.
double kktResidual(const Dataset& dataset, const Options& options, const Factors<double>& factors);

/// Whether it is defined: no weights, and nothing asked of the factors but L1 and L2.
bool servesKkt(const Options& options, const Dataset& dataset);

} // namespace nmf
