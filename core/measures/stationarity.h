#pragma once

#include "core/factors.h"
#include "core/options.h"

#include <optional>

namespace nmf
{

/// What holds at every stationary point of a loss without penalties, whatever the data: how far the factors are from
/// it, as a share.
struct StationarityIdentities
{
    /// Frobenius: the largest |⟨V − WH, w_a h_a⟩| beside ‖V‖²F; at zero ‖V − WH‖² = ‖V‖² − ‖WH‖².
    std::optional<double> components = {};
    /// Kullback-Leibler: Σ|row sums of V − WH| beside ΣV, and the same of the columns.
    std::optional<double> rowSums = {}, columnSums = {};
};

/// Of factors found with these options; empty where penalties, weights or another loss leave nothing that must hold.
StationarityIdentities stationarityIdentities(const Dataset& dataset, const Options& options,
                                              const Factors<double>& factors);

} // namespace nmf
