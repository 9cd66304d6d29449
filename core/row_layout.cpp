#include "core/row_layout.h"

#include "core/lane_transpose.h"

#include <algorithm>
#include <cstring>

namespace nmf
{

namespace
{

constexpr int together = transposedLines;

/// As many rows as there are lanes, `columns` of eight columns of U.
template <class Scalar>
void layOutTile(const Scalar* U, Index stride, Index columns, Scalar* out, Index step)
{
    using Vector = typename Lanes<Scalar>::Type;
    Vector tile[together];
    for (int a = 0; a < together; ++a)
        tile[a] = a < columns ? *reinterpret_cast<const Vector*>(U + a * stride) : Vector{};
    transposeLanes<Scalar>(tile);
    for (int i = 0; i < Lanes<Scalar>::count; ++i)
        std::memcpy(out + i * step, reinterpret_cast<const Scalar*>(tile) + i * together, together * sizeof(Scalar));
}

} // namespace

template <class Scalar>
void layOutRows(const ConstMatrixRef<Scalar>& U, Scalar* out, Index step)
{
    constexpr Index lanes = Lanes<Scalar>::count;
    if (U.rows() < lanes) {
        Eigen::Map<Matrix<Scalar>> rows(out, step, U.rows());
        rows.topRows(U.cols()) = U.transpose();
        rows.bottomRows(step - U.cols()).setZero();
        return;
    }
    for (Index begin = 0; begin < U.rows(); begin += lanes) {
        // The last ones are laid out together with some before them, once more.
        const Index row = std::min(begin, U.rows() - lanes);
        for (Index column = 0; column < step; column += together)
            layOutTile(U.data() + std::min(column, U.cols() - 1) * U.outerStride() + row, U.outerStride(),
                       U.cols() - column, out + row * step + column, step);
    }
}

template void layOutRows(const ConstMatrixRef<float>&, float*, Index);
template void layOutRows(const ConstMatrixRef<double>&, double*, Index);

} // namespace nmf
