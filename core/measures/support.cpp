#include "core/measures/support.h"

#include <limits>

namespace nmf
{

namespace
{

constexpr double inUse = 1e-10;

/// One where an entry is in use.
Matrix<double> supportOf(const Matrix<double>& columns)
{
    Matrix<double> support = Matrix<double>::Zero(columns.rows(), columns.cols());
    for (Index a = 0; a < columns.cols(); ++a)
        if (const double largest = columns.rows() > 0 ? columns.col(a).maxCoeff() : 0; largest > 0)
            support.col(a) = (columns.col(a).array() > inUse * largest).cast<double>();
    return support;
}

} // namespace

std::vector<double> supportShares(const Matrix<double>& columns)
{
    std::vector<double> shares;
    for (Index a = 0; a < columns.cols(); ++a) {
        const double largest = columns.rows() > 0 ? columns.col(a).maxCoeff() : 0;
        const Index used = largest > 0 ? (columns.col(a).array() > inUse * largest).count() : 0;
        shares.push_back(used > 0 ? static_cast<double>(used) / static_cast<double>(columns.rows()) : 0);
    }
    return shares;
}

double meanSupport(const Matrix<double>& columns)
{
    return columns.size() == 0 ? 0 : supportOf(columns).mean();
}

std::vector<NestedSupport> nestedSupports(const Matrix<double>& columns)
{
    const Matrix<double> support = supportOf(columns);
    std::vector<NestedSupport> pairs;
    for (Index inner = 0; inner < columns.cols(); ++inner) {
        if (support.col(inner).sum() == 0)
            continue;
        for (Index outer = 0; outer < columns.cols(); ++outer) {
            if (outer == inner || (support.col(inner).array() > support.col(outer).array()).any())
                continue;
            double most = std::numeric_limits<double>::infinity();
            for (Index i = 0; i < columns.rows(); ++i)
                if (support(i, inner) > 0)
                    most = std::min(most, columns(i, outer) / columns(i, inner));
            pairs.push_back({inner, outer, most});
        }
    }
    return pairs;
}

} // namespace nmf
