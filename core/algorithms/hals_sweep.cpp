#include "core/algorithms/hals_sweep.h"

#include "core/lanes.h"

namespace nmf
{

namespace
{

/// So many components are moved together: what the others leave of them is formed in one walk over the tile, each of
/// whose vectors is then read once for all of them. As many as there are registers for.
#ifdef __AVX512F__
constexpr int most = 4;
#else
constexpr int most = 1;
#endif
/// Vectors of a tile for each component.
constexpr int width = 4;

/// Moves components [first, first + count) of a tile, one after the other. Returns the squared moves, lane by lane.
template <int count, class Scalar>
typename Lanes<Scalar>::Type moveTogether(const Scalar* G, const Scalar* inverseDiagonal,
                                          const typename Lanes<Scalar>::Type* c, typename Lanes<Scalar>::Type* u,
                                          Index first, Index rank)
{
    using Vector = typename Lanes<Scalar>::Type;
    Vector residual[count][width];
#pragma GCC unroll 8
    for (int p = 0; p < count; ++p)
#pragma GCC unroll 8
        for (int i = 0; i < width; ++i)
            residual[p][i] = c[width * (first + p) + i];
    for (Index b = 0; b < rank; ++b) {
        const Scalar* g = G + b * rank + first;
#pragma GCC unroll 8
        for (int p = 0; p < count; ++p)
#pragma GCC unroll 8
            for (int i = 0; i < width; ++i)
                residual[p][i] -= g[p] * u[width * b + i];
    }
    const Vector zero = {};
    Vector moves = {};
#pragma GCC unroll 8
    for (int p = 0; p < count; ++p) {
        const Scalar* g = G + (first + p) * rank + first;
#pragma GCC unroll 8
        for (int i = 0; i < width; ++i) {
            Vector& x = u[width * (first + p) + i];
            const Vector best = x + residual[p][i] * inverseDiagonal[first + p];
            const Vector next = best > zero ? best : zero;
            const Vector move = next - x;
            moves += move * move;
            x = next;
            // What the next ones find.
#pragma GCC unroll 8
            for (int q = p + 1; q < count; ++q)
                residual[q][i] -= g[q] * move;
        }
    }
    return moves;
}

/// One sweep over a tile of four vectors of rows by k components, both arrays k tiles long and aligned; G is symmetric.
/// Returns the sum of the squared moves.
template <class Scalar>
Scalar sweepTile(const Scalar* G, const Scalar* inverseDiagonal, const Scalar* C, Scalar* U, Index rank)
{
    using Vector = typename Lanes<Scalar>::Type;
    const auto* c = reinterpret_cast<const Vector*>(C);
    auto* u = reinterpret_cast<Vector*>(U);
    Vector moves = {};
    Index first = 0;
    for (; first + most <= rank; first += most)
        moves += moveTogether<most>(G, inverseDiagonal, c, u, first, rank);
    for (; first < rank; ++first)
        moves += moveTogether<1>(G, inverseDiagonal, c, u, first, rank);
    Scalar sum = 0;
    for (Index i = 0; i < Lanes<Scalar>::count; ++i)
        sum += moves[i];
    return sum;
}

} // namespace

template <class Scalar>
HalsSweep<Scalar>::HalsSweep(Index rank)
    : m_C(Tile::Zero(tileRows, rank)), m_U(Tile::Zero(tileRows, rank)), m_inverseDiagonal(rank)
{
}

template <class Scalar>
void HalsSweep<Scalar>::operator()(const Matrix<Scalar>& G, Scalar l1, const Eigen::Ref<const Matrix<Scalar>>& C,
                                   Eigen::Ref<Matrix<Scalar>> U, int sweeps, Scalar enough,
                                   const std::vector<Index>& locked)
{
    const Index rank = U.cols();
    // A dead component (G_aa = 0) has no best value: its step is nothing.
    for (Index a = 0; a < rank; ++a)
        m_inverseDiagonal(a) = G(a, a) > tiny<Scalar> ? 1 / G(a, a) : 0;
    for (const Index a : locked)
        m_inverseDiagonal(a) = 0;
    for (Index first = 0; first < U.rows(); first += tileRows) {
        const Index count = std::min<Index>(tileRows, U.rows() - first);
        if (count < tileRows) {
            // The missing rows of the last tile are zero and stay so.
            m_C.setZero();
            m_U.setZero();
        }
        m_C.topRows(count) = C.middleRows(first, count).array() - l1;
        m_U.topRows(count) = U.middleRows(first, count);
        Scalar before = 0;
        for (int sweep = 0; sweep < sweeps; ++sweep) {
            const Scalar moves = sweepTile(G.data(), m_inverseDiagonal.data(), m_C.data(), m_U.data(), rank);
            if (sweep == 0)
                before = moves;
            else if (moves <= enough * enough * before)
                break;
        }
        U.middleRows(first, count) = m_U.topRows(count);
    }
}

template class HalsSweep<float>;
template class HalsSweep<double>;

} // namespace nmf
