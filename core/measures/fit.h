#pragma once

namespace nmf
{

/// 1 − ‖V−WH‖²F/‖V‖²F (R's evar): the share of the sum of squares that the factors explain.
inline double explainedVariance(double relativeError)
{
    return 1 - relativeError * relativeError;
}

} // namespace nmf
