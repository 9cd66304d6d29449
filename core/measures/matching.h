#pragma once

#include "core/matrix.h"

#include <vector>

namespace nmf
{

/// Which column of `found` belongs to which column of `wanted`, so that the sum of cosines is largest (Hungarian
/// method, Kuhn 1955).
struct Matching
{
    std::vector<Index> partner; ///< partner[a]: the column of found for wanted.col(a), −1 if there are too few
    std::vector<double> cosine; ///< cosine[a]: how alike they are, 0…1 for non-negative columns
};

Matching matchColumns(const Matrix<double>& wanted, const Matrix<double>& found);

} // namespace nmf
