#pragma once

#include "core/dataset.h"
#include "core/options.h"
#include "core/rank_sweep.h"

#include <functional>
#include <stop_token>

namespace nmf
{

/// How well a rank predicts whole blocks of V that it has not seen (bi-cross-validation, Owen & Perry 2009). Rows and
/// columns are drawn into `parts` groups each, by the options' held-out seed. For each pair of groups, with V laid out
/// as [A B; C D], D ≈ W_D H_D is fitted by the options, W_A is the best for B ≈ W_A H_D, H_A the best for C ≈ W_D H_A;
/// then A stands beside W_A H_A. The error of a run is ‖A − W_A H_A‖F over all its blocks, relative to ‖V‖F; the mean
/// is over the groups of rows. Throws Error, for tables that are not known whole too, and Cancelled.
HeldOutMean predictBlocks(const Dataset& dataset, const Options& options, int parts, const std::stop_token& stop = {},
                          const std::function<void(int done, int all)>& report = {});

} // namespace nmf
