#pragma once

#include "core/blocks.h"
#include "core/dataset.h"

#include <cstdint>
#include <stop_token>
#include <vector>

namespace nmf
{

/// V ≈ mean 1ᵀ + basis coefficientsᵀ: the sharpest picture that k signed parts and a mean can give (PCA).
struct PrincipalComponents
{
    Vector<double> mean;
    Matrix<double> basis;        ///< m × k, orthonormal
    Matrix<double> coefficients; ///< n × k
    double relativeError = 0;
};

/// V ≈ for each sample the centre of its cluster: one part each (vector quantization).
struct VectorQuantization
{
    Matrix<double> centres;   ///< m × k
    std::vector<Index> owner; ///< the centre of each sample
    double relativeError = 0;
};

/// Throws Cancelled; Error where both sides of V are too long for it.
PrincipalComponents principalComponents(const Dataset& dataset, Index rank, Blocks& blocks,
                                        const std::stop_token& stop = {});
VectorQuantization vectorQuantization(const Dataset& dataset, Index rank, std::uint64_t seed, Blocks& blocks,
                                      const std::stop_token& stop = {});

/// ‖V − X‖F / ‖V‖F of the best X of this rank, signs allowed (Eckart & Young): no factorization is below it.
double smallestRelativeError(const Dataset& dataset, Index rank, Blocks& blocks, const std::stop_token& stop = {});

/// The same as an objective, ½Σ_{i>k}σ_i², less what rounding may have added: no ½‖V − WH‖²F of this rank is below it,
/// and one that reaches it is the best there is. Reads V in double precision.
double smallestObjective(const Dataset& dataset, Index rank, Blocks& blocks, const std::stop_token& stop = {});

/// Whether that takes no longer than a second or so.
bool smallestObjectiveIsCheap(const Dataset& dataset, Index rank);

} // namespace nmf
