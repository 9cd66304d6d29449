#pragma once

#include "core/matrix.h"

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
    explicit HalsSweep(Index rank);

    void operator()(const Matrix<Scalar>& G, const Eigen::Ref<const Matrix<Scalar>>& C, Eigen::Ref<Matrix<Scalar>> U,
                    int sweeps);

private:
    static constexpr int tileBytes = 256;
    static constexpr int tileRows = tileBytes / static_cast<int>(sizeof(Scalar));
    using Tile = Eigen::Matrix<Scalar, tileRows, Eigen::Dynamic>;

    Tile m_C, m_U;
    Vector<Scalar> m_inverseDiagonal;
};

} // namespace nmf
