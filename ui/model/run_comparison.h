#pragma once

#include "core/matrix.h"

#include <memory>
#include <vector>

namespace nmf::ui
{

/// The parts of one basis, each beside the part of another that it is most like.
struct RunComparison
{
    struct Pair
    {
        Index left = 0;
        Index right = -1; ///< −1: there is none left for it
        double cosine = 0;
    };
    std::vector<Pair> pairs; ///< in the order of the left one
    /// A column for each pair, of length one (zero where there is no part), and right minus left.
    std::shared_ptr<const Matrix<double>> left, right, difference;
    double meanCosine = 0; ///< of those that have a partner
    Index alone = 0;       ///< parts of either that have none
};

/// `order`: of the columns of `left`.
RunComparison compareBases(const Matrix<double>& left, const std::vector<Index>& order, const Matrix<double>& right);

} // namespace nmf::ui
