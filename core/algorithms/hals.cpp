#include "core/algorithms/algorithms.h"
#include "core/algorithms/hals_sweep.h"
#include "core/algorithms/quadratic_pass.h"

#include <memory>

namespace nmf
{

namespace
{

/// As many bytes as the widest vector register; the compiler splits it where registers are narrower.
template <class Scalar>
struct Lane;
template <>
struct Lane<double>
{
    typedef double Type __attribute__((vector_size(64)));
};
template <>
struct Lane<float>
{
    typedef float Type __attribute__((vector_size(64)));
};

/// One sweep over a tile of four lanes by k components, both arrays k tiles long and aligned.
template <class Scalar>
void sweepTile(const Scalar* G, const Scalar* inverseDiagonal, const Scalar* C, Scalar* U, Index rank)
{
    using Vector = typename Lane<Scalar>::Type;
    const auto* c = reinterpret_cast<const Vector*>(C);
    auto* u = reinterpret_cast<Vector*>(U);
    for (Index a = 0; a < rank; ++a) {
        const Scalar* g = G + a * rank;
        Vector r0 = c[4 * a], r1 = c[4 * a + 1], r2 = c[4 * a + 2], r3 = c[4 * a + 3];
        for (Index b = 0; b < rank; ++b) {
            const Scalar weight = g[b];
            r0 -= weight * u[4 * b];
            r1 -= weight * u[4 * b + 1];
            r2 -= weight * u[4 * b + 2];
            r3 -= weight * u[4 * b + 3];
        }
        const Scalar step = inverseDiagonal[a];
        const Vector zero = {};
        const auto improve = [&](Vector& x, const Vector& residual) {
            const Vector moved = x + residual * step;
            x = moved > zero ? moved : zero;
        };
        improve(u[4 * a], r0);
        improve(u[4 * a + 1], r1);
        improve(u[4 * a + 2], r2);
        improve(u[4 * a + 3], r3);
    }
}

} // namespace

template <class Scalar>
HalsSweep<Scalar>::HalsSweep(Index rank)
    : m_C(Tile::Zero(tileRows, rank)), m_U(Tile::Zero(tileRows, rank)), m_inverseDiagonal(rank)
{
}

template <class Scalar>
void HalsSweep<Scalar>::operator()(const Matrix<Scalar>& G, const Eigen::Ref<const Matrix<Scalar>>& C,
                                   Eigen::Ref<Matrix<Scalar>> U, int sweeps)
{
    const Index rank = U.cols();
    // A dead component (G_aa = 0) has no best value: its step is nothing.
    for (Index a = 0; a < rank; ++a)
        m_inverseDiagonal(a) = G(a, a) > tiny<Scalar> ? 1 / G(a, a) : 0;
    for (Index first = 0; first < U.rows(); first += tileRows) {
        const Index count = std::min<Index>(tileRows, U.rows() - first);
        if (count < tileRows) {
            // The missing rows of the last tile are zero and stay so.
            m_C.setZero();
            m_U.setZero();
        }
        m_C.topRows(count) = C.middleRows(first, count);
        m_U.topRows(count) = U.middleRows(first, count);
        for (int sweep = 0; sweep < sweeps; ++sweep)
            sweepTile(G.data(), m_inverseDiagonal.data(), m_C.data(), m_U.data(), rank);
        U.middleRows(first, count) = m_U.topRows(count);
    }
}

template class HalsSweep<float>;
template class HalsSweep<double>;

namespace
{

template <class Scalar>
Steps<Scalar> makeHals(const Values&, const Work<Scalar>& work)
{
    std::vector<HalsSweep<Scalar>> sweeps(static_cast<std::size_t>(work.blocks.threads()),
                                          HalsSweep<Scalar>(work.factors.rank()));
    const auto shared = std::make_shared<std::vector<HalsSweep<Scalar>>>(std::move(sweeps));
    return alternateQuadratic<Scalar>(
        work, [shared](const Matrix<Scalar>& G, const Eigen::Ref<const Matrix<Scalar>>& C, Eigen::Ref<Matrix<Scalar>> U,
                       int thread) { (*shared)[static_cast<std::size_t>(thread)](G, C, U, 1); });
}

} // namespace

Algorithm hals()
{
    return {.facts = {.id = "hals",
                      .name = "HALS / coordinate descent",
                      .summary = "Sets one component after another to its best value. Fast; scikit-learn's \"cd\".",
                      .source = "Cichocki, Zdunek & Amari 2007"},
            .monotone = true,
            .refuses = [](const Divergence& divergence) -> std::string {
                return divergence.quadratic()
                           ? ""
                           : "HALS needs a quadratic loss: choose the Frobenius loss or multiplicative updates.";
            },
            .make = {makeHals<float>, makeHals<double>}};
}

} // namespace nmf
