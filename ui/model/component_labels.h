#pragma once

#include "core/matrix.h"

#include <string>
#include <vector>

namespace nmf::ui
{

/// What a person has given the components of a run. Each list is empty, or shorter than the rank, where nothing was
/// given.
struct ComponentLabels
{
    std::vector<std::string> names = {};
    std::vector<std::string> colors = {}; ///< "#rrggbb", or empty
    std::vector<Index> order = {};        ///< as they were put by hand; empty: by energy

    bool operator==(const ComponentLabels&) const = default;
};

/// A component's name; its number, from 1, if it has none.
std::string componentName(const ComponentLabels& labels, Index component);
bool hasName(const ComponentLabels& labels, Index component);
/// Empty if it has none.
std::string colorOf(const ComponentLabels& labels, Index component);

void setName(ComponentLabels& labels, Index component, const std::string& name);
void setColor(ComponentLabels& labels, Index component, const std::string& color);

/// As they were put by hand, if that is an order of as many; else by energy.
std::vector<Index> orderOf(const ComponentLabels& labels, std::vector<Index> byEnergy);

/// The labels of components that are made of others: origin[i] is what the i-th was before, −1 for a new one.
ComponentLabels carried(const ComponentLabels& labels, const std::vector<Index>& origin);

} // namespace nmf::ui
