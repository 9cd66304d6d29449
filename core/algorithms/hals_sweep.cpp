#include "core/algorithms/hals_sweep.h"

#include "core/lanes.h"

#include <algorithm>

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
    for (int half = Lanes<Scalar>::count / 2; half > 0; half /= 2)
        for (int i = 0; i < half; ++i)
            moves[i] += moves[i + half];
    return moves[0];
}

/// Some rows of a column, less a number; a whole tile of them mostly.
template <class Scalar>
void copyRows(const Scalar* from, Index count, Scalar less, Scalar* to)
{
    using Vector = typename Lanes<Scalar>::Type;
    if (count < width * Lanes<Scalar>::count) {
        for (Index i = 0; i < count; ++i)
            to[i] = from[i] - less;
        return;
    }
    for (int i = 0; i < width; ++i)
        reinterpret_cast<Vector*>(to)[i] = reinterpret_cast<const Vector*>(from)[i] - less;
}

} // namespace

template <class Scalar>
HalsSweep<Scalar>::HalsSweep(Index rank)
    : m_C(Tile::Zero(tileRows, rank)), m_U(Tile::Zero(tileRows, rank)), m_G(rank, rank), m_inverseDiagonal(rank)
{
}

template <class Scalar>
const Matrix<Scalar>& HalsSweep<Scalar>::ordered(const Matrix<Scalar>& G, const std::vector<Index>& order)
{
    if (order.empty())
        return G;
    for (Index b = 0; b < G.cols(); ++b)
        for (Index a = 0; a < G.rows(); ++a)
            m_G(a, b) = G(order[static_cast<std::size_t>(a)], order[static_cast<std::size_t>(b)]);
    return m_G;
}

template <class Scalar>
void HalsSweep<Scalar>::sweepTileOften(const Matrix<Scalar>& G, int sweeps, Scalar enough)
{
    Scalar before = 0;
    for (int sweep = 0; sweep < sweeps; ++sweep) {
        const Scalar moves = sweepTile(G.data(), m_inverseDiagonal.data(), m_C.data(), m_U.data(), G.cols());
        if (sweep == 0)
            before = moves;
        else if (moves <= enough * enough * before)
            break;
    }
}

template <class Scalar>
void HalsSweep<Scalar>::operator()(const Matrix<Scalar>& G, Scalar l1, const ConstMatrixRef<Scalar>& C,
                                   MatrixRef<Scalar> U, int sweeps, Scalar enough, const std::vector<Index>& locked,
                                   const std::vector<Index>& order)
{
    const Matrix<Scalar>& gram = ordered(G, order);
    const auto at = [&](Index a) { return order.empty() ? a : order[static_cast<std::size_t>(a)]; };
    // A dead component (G_aa = 0) has no best value: its step is nothing.
    for (Index a = 0; a < U.cols(); ++a) {
        const bool moves = gram(a, a) > tiny<Scalar> && std::find(locked.begin(), locked.end(), at(a)) == locked.end();
        m_inverseDiagonal(a) = moves ? 1 / gram(a, a) : 0;
    }
    for (Index first = 0; first < U.rows(); first += tileRows) {
        const Index count = std::min<Index>(tileRows, U.rows() - first);
        if (count < tileRows) {
            // The missing rows of the last tile are zero and stay so.
            m_C.setZero();
            m_U.setZero();
        }
        for (Index a = 0; a < U.cols(); ++a) {
            copyRows<Scalar>(C.data() + at(a) * C.outerStride() + first, count, l1, m_C.col(a).data());
            copyRows<Scalar>(&U(first, at(a)), count, 0, m_U.col(a).data());
        }
        sweepTileOften(gram, sweeps, enough);
        for (Index a = 0; a < U.cols(); ++a)
            copyRows<Scalar>(m_U.col(a).data(), count, 0, &U(first, at(a)));
    }
}

template class HalsSweep<float>;
template class HalsSweep<double>;

} // namespace nmf
