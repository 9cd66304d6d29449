#pragma once

#include "core/algorithms/steps.h"
#include "core/options.h"

namespace nmf
{

/// How far the factors are from a point where no small move lowers the objective: the norm of the projected gradient
/// (Lin 2007) of V divided by SolverData::scale(), for β = 2 divided by ‖V‖^(3/2), which makes it free of the data's
/// size. It depends on how the scale is shared out; where no penalty decides that, each component has halves of equal
/// norm. Sparse V is read by its stored entries where the loss allows it, and never made dense as a whole. Entries
/// count as the options and the weights say.
double kktResidual(const Dataset& dataset, const Options& options, const Factors<double>& factors);

/// Whether it is defined: nothing is asked of the factors but L1, L2 and locks; what is locked takes no part, and
/// leaves the scale of the halves as it is.
bool servesKkt(const Options& options);

/// The same of a run on its way, which its penalties are balanced for if `balanced`. Costs about as much as one or two
/// iterations, and memory for the factors in double.
template <class Scalar>
double kktResidual(const Work<Scalar>& work, bool balanced);

} // namespace nmf
