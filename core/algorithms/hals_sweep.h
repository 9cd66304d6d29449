#pragma once

#include "core/solver_data.h"

#include <vector>

namespace nmf
{

/// Sweeps of coordinate descent over a block of rows: for a = 1…k, u_a ← [u_a + (c_a − U g_a)/G_aa]₊ (Cichocki, Zdunek
/// & Amari 2007). The rows are worked on in small tiles laid out so that one component of a tile fills a few vector
/// registers.
template <class Scalar>
class HalsSweep
{
public:
    static constexpr int tileRows = 256 / static_cast<int>(sizeof(Scalar));

    explicit HalsSweep(Index rank);

    /// At most `sweeps` sweeps; fewer on a tile whose moves have shrunk to `enough` of those of its first sweep.
    /// `locked`: components that stay. `order`: of the components in a sweep; empty for 1…k.
    void operator()(const Matrix<Scalar>& G, Scalar l1, const ConstMatrixRef<Scalar>& C, MatrixRef<Scalar> U,
                    int sweeps, Scalar enough = 0, const std::vector<Index>& locked = {},
                    const std::vector<Index>& order = {});

private:
    const Matrix<Scalar>& ordered(const Matrix<Scalar>& G, const std::vector<Index>& order);
    void sweepTileOften(const Matrix<Scalar>& G, int sweeps, Scalar enough);

    using Tile = Eigen::Matrix<Scalar, tileRows, Eigen::Dynamic>;

    Tile m_C, m_U;
    Matrix<Scalar> m_G; ///< in another order
    Vector<Scalar> m_inverseDiagonal;
};

/// How many sweeps the accelerated forms make for one product with V: as many as cost about this share of it, half of
/// it in Gillis & Glineur 2012. From counts of operations, never from a clock.
template <class Scalar>
int innerSweeps(const SolverData<Scalar>& V, Side side, Index rank, double share = 0.5)
{
    const double rows = static_cast<double>(V.rowsOf(side)), others = static_cast<double>(V.otherRowsOf(side));
    const double k = static_cast<double>(rank);
    const double ratio = 1 + (static_cast<double>(V.entries()) + others * k) / (rows * (k + 1));
    return static_cast<int>(1 + share * ratio);
}

} // namespace nmf
