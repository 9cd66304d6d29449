#include "core/algorithms/hals_sweep.h"

#include "core/lanes.h"

namespace nmf
{

namespace
{

/// One sweep over a tile of four lanes by k components, both arrays k tiles long and aligned. Returns the sum of the
/// squared moves.
template <class Scalar>
Scalar sweepTile(const Scalar* G, const Scalar* inverseDiagonal, const Scalar* C, Scalar* U, Index rank)
{
    using Vector = typename Lanes<Scalar>::Type;
    const auto* c = reinterpret_cast<const Vector*>(C);
    auto* u = reinterpret_cast<Vector*>(U);
    const Vector zero = {};
    Vector moves = {};
    for (Index a = 0; a < rank; ++a) {
        const Scalar* g = G + a * rank;
        // Two sums for each vector: one alone would wait for its own last addition. What has moved last comes last.
        Vector r0 = c[4 * a], r1 = c[4 * a + 1], r2 = c[4 * a + 2], r3 = c[4 * a + 3];
        Vector s0 = {}, s1 = {}, s2 = {}, s3 = {};
        const auto take = [&](Index from, Index to) {
            Index b = from;
            for (; b + 1 < to; b += 2) {
                const Scalar weight = g[b], other = g[b + 1];
                r0 -= weight * u[4 * b];
                r1 -= weight * u[4 * b + 1];
                r2 -= weight * u[4 * b + 2];
                r3 -= weight * u[4 * b + 3];
                s0 -= other * u[4 * b + 4];
                s1 -= other * u[4 * b + 5];
                s2 -= other * u[4 * b + 6];
                s3 -= other * u[4 * b + 7];
            }
            if (b < to) {
                const Scalar weight = g[b];
                r0 -= weight * u[4 * b];
                r1 -= weight * u[4 * b + 1];
                r2 -= weight * u[4 * b + 2];
                r3 -= weight * u[4 * b + 3];
            }
        };
        take(a, rank);
        take(0, a);
        r0 += s0;
        r1 += s1;
        r2 += s2;
        r3 += s3;
        const Scalar step = inverseDiagonal[a];
        const auto improve = [&](Vector& x, const Vector& residual) {
            const Vector best = x + residual * step;
            const Vector next = best > zero ? best : zero;
            const Vector move = next - x;
            moves += move * move;
            x = next;
        };
        improve(u[4 * a], r0);
        improve(u[4 * a + 1], r1);
        improve(u[4 * a + 2], r2);
        improve(u[4 * a + 3], r3);
    }
    Scalar sum = 0;
    for (std::size_t i = 0; i < sizeof(Vector) / sizeof(Scalar); ++i)
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
