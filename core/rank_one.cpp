#include "core/rank_one.h"

#include "core/full_product.h"
#include "core/initializers/truncated_svd.h"

#include <cmath>

namespace nmf
{

namespace
{

/// With ‖w‖‖h‖ = s the penalties are smallest where λ_W‖w‖² = λ_H‖h‖², and are then s √(λ_W λ_H).
template <class Scalar>
Factors<Scalar> leadingPair(const Work<Scalar>& work, const std::stop_token& stop)
{
    const TruncatedSvd svd = truncatedSvd(work.V, 1, work.blocks, stop);
    const double onW = work.onW.l2, onH = work.onH.l2;
    const double size = std::max(svd.sigma(0) - std::sqrt(onW * onH), 0.0);
    const double ratio = onW > 0 ? std::pow(onH / onW, 0.25) : 1.0;
    return {(std::sqrt(size) * ratio * svd.U.cwiseAbs()).template cast<Scalar>(),
            (std::sqrt(size) / ratio * svd.V.cwiseAbs()).template cast<Scalar>()};
}

template <class Scalar>
Factors<Scalar> sumsOfLines(const SolverData<Scalar>& V, Blocks& blocks)
{
    Factors<Scalar> sums{fullProduct<Scalar>(V, Side::Basis, Matrix<Scalar>::Ones(V.cols(), 1), blocks),
                         fullProduct<Scalar>(V, Side::Coefficients, Matrix<Scalar>::Ones(V.rows(), 1), blocks)};
    const double total = sums.W.template cast<double>().sum();
    if (total > 0)
        for (Matrix<Scalar>* factor : {&sums.W, &sums.Ht})
            *factor *= static_cast<Scalar>(1 / std::sqrt(total));
    return sums;
}

} // namespace

template <class Scalar>
std::optional<Factors<Scalar>> bestComponent(const Work<Scalar>& work, const std::stop_token& stop)
{
    const bool penalized = !work.onW.none() || !work.onH.none();
    if (work.divergence.kullbackLeibler() && !penalized)
        return sumsOfLines(work.V, work.blocks);
    // A penalty on one factor alone vanishes as the other one grows: there is no best pair.
    const bool bounded = work.onW.l1 == 0 && work.onH.l1 == 0 && work.onW.l2 > 0 && work.onH.l2 > 0;
    if (work.divergence.quadratic() && (!penalized || bounded))
        return leadingPair(work, stop);
    return {};
}

template std::optional<Factors<float>> bestComponent(const Work<float>&, const std::stop_token&);
template std::optional<Factors<double>> bestComponent(const Work<double>&, const std::stop_token&);

} // namespace nmf
