#include "core/smoothness.h"

namespace nmf
{

Grid Grid::of(const Axis& axis, Index length)
{
    if (axis.kind == Axis::Kind::Pixels)
        return {axis.height, axis.width, axis.channels};
    return {1, length, 1};
}

template <class Scalar>
double roughness(const Grid& grid, const Matrix<Scalar>& U)
{
    double sum = 0;
    for (Index a = 0; a < U.cols(); ++a)
        for (Index row = 0; row < U.rows(); ++row)
            grid.forNeighbours(row, [&](Index other) {
                const double step = static_cast<double>(U(row, a)) - static_cast<double>(U(other, a));
                // Each pair is seen from both ends.
                sum += step * step / 4;
            });
    return sum;
}

template double roughness(const Grid&, const Matrix<float>&);
template double roughness(const Grid&, const Matrix<double>&);

} // namespace nmf
