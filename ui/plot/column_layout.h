#pragma once

#include "core/hierarchy.h"

#include <memory>
#include <vector>

namespace nmf::ui
{

/// How the columns of a heatmap stand.
struct ColumnLayout
{
    std::vector<Index> order = {};              ///< which column stands at each place; empty: as they come
    std::shared_ptr<const Hierarchy> tree = {}; ///< of which this is the order; null: none is drawn
    /// marks[column]: the number of a colour in a strip above; −1: none. Empty: there is no strip.
    std::vector<int> marks = {};
};

} // namespace nmf::ui
