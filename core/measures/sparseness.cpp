#include "core/measures/sparseness.h"

#include <cmath>

namespace nmf
{

double sparseness(const Eigen::Ref<const Vector<double>>& x)
{
    const double largest = x.size() == 0 ? 0 : x.maxCoeff();
    if (x.size() < 2 || !(largest > 0))
        return 0;
    // Dividing by the largest entry keeps the squares from over- and underflowing.
    const double sum = (x / largest).sum(), norm = (x / largest).norm();
    const double root = std::sqrt(static_cast<double>(x.size()));
    return (root - sum / norm) / (root - 1);
}

double meanSparseness(const Matrix<double>& columns)
{
    if (columns.cols() == 0)
        return 0;
    double sum = 0;
    for (Index column = 0; column < columns.cols(); ++column)
        sum += sparseness(columns.col(column));
    return sum / static_cast<double>(columns.cols());
}

} // namespace nmf
