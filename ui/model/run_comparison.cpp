#include "ui/model/run_comparison.h"

#include "core/measures/matching.h"

#include <algorithm>
#include <utility>

namespace nmf::ui
{

namespace
{

/// The columns of these numbers scaled to length one; zero for −1 and for what has no direction.
std::shared_ptr<const Matrix<double>> directions(const Matrix<double>& columns, const std::vector<Index>& numbers)
{
    auto result =
        std::make_shared<Matrix<double>>(Matrix<double>::Zero(columns.rows(), static_cast<Index>(numbers.size())));
    for (std::size_t i = 0; i < numbers.size(); ++i)
        if (numbers[i] >= 0 && columns.col(numbers[i]).norm() > 0)
            result->col(static_cast<Index>(i)) = columns.col(numbers[i]).normalized();
    return result;
}

} // namespace

RunComparison compareBases(const Matrix<double>& left, const std::vector<Index>& order, const Matrix<double>& right)
{
    const Matching matching = matchColumns(left, right);
    RunComparison comparison;
    std::vector<Index> leftNumbers, rightNumbers;
    Index matched = 0;
    for (const Index a : order) {
        const auto at = static_cast<std::size_t>(a);
        comparison.pairs.push_back({a, matching.partner[at], matching.cosine[at]});
        leftNumbers.push_back(a);
        rightNumbers.push_back(matching.partner[at]);
        if (matching.partner[at] < 0)
            continue;
        ++matched;
        comparison.meanCosine += matching.cosine[at];
    }
    comparison.meanCosine /= static_cast<double>(std::max<Index>(1, matched));
    comparison.alone = left.cols() + right.cols() - 2 * matched;
    comparison.left = directions(left, leftNumbers);
    comparison.right = directions(right, rightNumbers);
    // What differs by rounding alone is the same.
    constexpr double rounding = 1e-12;
    Matrix<double> difference = *comparison.right - *comparison.left;
    difference = (difference.array().abs() > rounding).select(difference, 0.0);
    comparison.difference = std::make_shared<const Matrix<double>>(std::move(difference));
    return comparison;
}

} // namespace nmf::ui
