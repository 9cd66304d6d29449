#pragma once

#include "core/blocks.h"
#include "core/factors.h"
#include "core/initializers/truncated_svd.h"

#include <stop_token>

namespace nmf
{

/// V ≈ Y Zᵀ, m × ℓ and n × ℓ.
struct LowRank
{
    Matrix<double> Y, Z;

    /// Both halves with the roots of the singular values.
    static LowRank of(const TruncatedSvd& svd);
};

/// The leading pair of Y and Z, which has one sign, and of the others the positive and the negative parts, one after
/// the other (Atif, Qazi & Gillis 2019). Needs rank/2 + 1 pairs.
Factors<double> signedParts(const LowRank& approximation, Index rank);

/// How much is done: at most so many rounds, fewer when one brings `enough` of what the second brought, and at most so
/// many sweeps over a factor for one product with the copy.
struct Effort
{
    int rounds = 100;
    double enough = 1e-4;
    int sweeps = 1;
};

/// HALS on the low-rank matrix itself, which costs little: its products never touch V (after Erichson et al. 2018, in
/// whose place of a random range stands the best one). Throws Cancelled.
void improveOn(const LowRank& approximation, Factors<double>& start, const Effort& effort, Blocks& blocks,
               const std::stop_token& stop);

} // namespace nmf
