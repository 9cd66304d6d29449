#pragma once

#include "core/dataset.h"
#include "core/options.h"

#include <stop_token>

namespace nmf
{

/// The coefficients of data for a basis that is given.
struct Transformed
{
    Matrix<double> Ht;        ///< n × k
    double objective = 0;     ///< of the loss, and of the penalties on H
    double relativeError = 0; ///< ‖V−WH‖F / ‖V‖F
    /// The objective is at most this far above its minimum (see columnGap()); NaN for losses that have no such bound.
    double gap = 0;
    /// The largest |projected slope| of a coefficient as a share of the sum of the slope's two parts.
    double residual = 0;
    Index unsolved = 0; ///< samples whose residual is above transformTolerance
};

constexpr double transformTolerance = 1e-6;

/// Finds the best H ≥ 0 for this W (m × k), each sample by itself: exact least squares for the Frobenius loss, a
/// projected Newton method for the others, from a start that depends on nothing but W. The loss, L1 and L2 on H,
/// dropout, what is unknown and the threads are the options'; the rest of them does not count. A component of W that is
/// zero has coefficients of zero. In double precision. Throws Error and Cancelled.
Transformed transform(const Dataset& dataset, const Matrix<double>& W, const Options& options,
                      const std::stop_token& stop = {});

} // namespace nmf
