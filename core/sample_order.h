#pragma once

#include "core/dataset.h"
#include "core/hierarchy.h"

#include <memory>
#include <string>
#include <vector>

namespace nmf
{

/// In which order the samples stand beside each other.
enum class SampleOrder {
    AsTheyCome,  ///< in the data
    ByComponent, ///< by their strongest component, and of one component those first of which it is the largest share
    Clustered,   ///< by average linkage of the angles between them
    ByName,      ///< digits by their number
    ByGroup      ///< see groupsOf()
};

/// What is shown of H: a choice of the view, that changes no factor.
enum class CoefficientScale {
    AsTheyAre,
    ComponentMaximum, ///< every component's largest is one
    SampleSum         ///< every sample's sum is one: shares
};

struct OrderedSamples
{
    std::vector<Index> order = {};              ///< empty: as they come
    std::shared_ptr<const Hierarchy> tree = {}; ///< of clustered ones
};

/// Samples are clustered up to this number; the tree of more could be neither made nor seen.
constexpr Index mostClustered = 2000;

/// Orders the rows of Hᵀ. `components`: which component counts as the first, the second, …; of all. More samples than
/// mostClustered stand by their components instead.
OrderedSamples orderSamples(const Dataset& dataset, const Matrix<double>& Ht, const std::vector<Index>& components,
                            SampleOrder order);

/// The number of each sample's group, in the order of the names; a group is all whose names begin with the same
/// letters, up to the first digit or mark. Empty if there are no names, or not from 2 to 20 such groups.
std::vector<int> groupsOf(const std::vector<std::string>& names);

/// Hᵀ for showing.
Matrix<double> scaledFor(CoefficientScale scale, const Matrix<double>& Ht);

} // namespace nmf
