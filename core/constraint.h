#pragma once

#include "core/matrix.h"

#include <algorithm>
#include <memory>
#include <vector>

namespace nmf
{

/// What a factor must satisfy besides being non-negative. Zero stands for "no such demand".
struct Constraint
{
    double upper = 0;      ///< no entry is larger
    double norm = 0;       ///< 1 or 2: this norm of every component's column is one
    double sparseness = 0; ///< every component has this sparseness by Hoyer's measure
    double sum = 0;        ///< of every row: of Ht, of a sample's coefficients
    double largestSum = 0; ///< no row has more

    bool none() const { return *this == Constraint{}; }
    /// Keeps a component from growing while its other half shrinks.
    bool bounds() const { return upper > 0 || norm > 0 || sum > 0 || largestSum > 0; }
    bool operator==(const Constraint&) const = default;
};

/// What is asked of both factors at once. Zero stands for "no such demand".
struct JointTerms
{
    /// The share of components that are left out at random, in the mean over all ways to leave them out:
    /// ½·p/(1−p)·Σ‖w_a‖²‖h_a‖² in the objective; where entries are unknown or weighted, of those that count:
    /// ½·p/(1−p)·Σ_ij ω_ij Σ_a (w_ia h_aj)².
    double dropout = 0;
    double traceBound = 0; ///< tr(WH) is at most this
    /// Weights of the Kullback-Leibler divergence of W's row sums and H's column sums from the variances of V's rows
    /// and columns: of their shares of the total, and of the sums themselves.
    double varianceShares = 0, varianceSums = 0;

    bool matchesVariances() const { return varianceShares != 0 || varianceSums != 0; }

    bool operator==(const JointTerms&) const = default;
};

using Mask = Eigen::Matrix<bool, Eigen::Dynamic, Eigen::Dynamic>;

/// A component that may move a little.
struct SoftLock
{
    Index component = 0;
    double share = 0; ///< no entry moves by more than this share of what it is at the start: zeros stay

    bool operator==(const SoftLock&) const = default;
};

/// What stays as it was given, to the last bit, or near it.
struct FactorLock
{
    std::vector<Index> components = {};            ///< their columns, rising
    std::shared_ptr<const Mask> entries = nullptr; ///< true where an entry stays; of the factor's shape

    std::vector<SoftLock> soft = {}; ///< rising, none of them locked besides

    bool none() const { return components.empty() && !entries && soft.empty(); }
    bool holds(Index component) const { return std::binary_search(components.begin(), components.end(), component); }
    /// Null if this component is not held softly.
    const SoftLock* softly(Index component) const
    {
        const auto found = std::ranges::find(soft, component, &SoftLock::component);
        return found == soft.end() ? nullptr : &*found;
    }
    bool operator==(const FactorLock&) const = default;
};

} // namespace nmf
