#include "core/algorithms/algorithms.h"

namespace nmf
{

std::string unlessQuadratic(const Divergence& divergence)
{
    return divergence.quadratic() ? ""
                                  : "It needs a quadratic loss: choose the Frobenius loss or multiplicative updates.";
}

const std::vector<Algorithm>& algorithms()
{
    static const std::vector<Algorithm> table{extrapolatedHals(), acceleratedHals(), hals(), multiplicativeUpdates()};
    return table;
}

} // namespace nmf
