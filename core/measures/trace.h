#pragma once

#include "core/factors.h"
#include "core/options.h"

#include <optional>

namespace nmf
{

/// What a bound on the trace of WH has come to.
struct TraceReport
{
    double trace = 0;
    bool active = false; ///< the bound is in the way
    /// By how much the objective falls for each unit that the bound is raised, as the slopes of the factors tell it;
    /// zero where the bound is not in the way. In the mean of both factors, where penalties leave them at odds.
    double multiplier = 0;
    /// No matrices of this rank, signed ones either, have a smaller objective under the bound. Of small square V and
    /// the Frobenius loss only.
    std::optional<double> leastObjective = {};
};

/// Of factors that end a run under a bound.
TraceReport traceReport(const Dataset& dataset, const Options& options, const Factors<double>& factors);

} // namespace nmf
