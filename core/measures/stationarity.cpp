#include "core/measures/stationarity.h"

#include "core/losses/losses.h"
#include "core/measures/data_product.h"
#include "core/terms.h"

namespace nmf
{

namespace
{

template <class Scalar>
StationarityIdentities quadraticIdentities(const SolverData<Scalar>& V, const Factors<double>& factors, Blocks& blocks)
{
    const Vector<double> crosses = factors.W.cwiseProduct(product(V, Side::Basis, factors.Ht, blocks)).colwise().sum();
    const Matrix<double> grams = (factors.W.transpose() * factors.W).cwiseProduct(factors.Ht.transpose() * factors.Ht);
    const Vector<double> own = grams.rowwise().sum();
    return {.components = (crosses - own).cwiseAbs().maxCoeff() / V.squaredNorm()};
}

template <class Scalar>
StationarityIdentities sumIdentities(const SolverData<Scalar>& V, const Factors<double>& factors, Blocks& blocks)
{
    const auto differences = [&](Side side) {
        const Matrix<double> ones = Matrix<double>::Ones(V.otherRowsOf(side), 1);
        const Matrix<double>&F = side == Side::Basis ? factors.Ht : factors.W,
              &U = side == Side::Basis ? factors.W : factors.Ht;
        const Vector<double> sums = product(V, side, ones, blocks), model = U * F.colwise().sum().transpose();
        return (sums - model).template lpNorm<1>() / sums.sum();
    };
    return {.rowSums = differences(Side::Basis), .columnSums = differences(Side::Coefficients)};
}

} // namespace

StationarityIdentities stationarityIdentities(const Dataset& dataset, const Options& options,
                                              const Factors<double>& factors)
{
    const Divergence divergence = find(losses(), options.loss.id)->make(options.loss.values);
    if (isWeighted(options, dataset) || !demandsOf(options).empty() ||
        !(divergence.quadratic() || divergence.kullbackLeibler()))
        return {};
    Blocks blocks(options.threads);
    return withSolverData(dataset, blocks, [&](const auto& V) -> StationarityIdentities {
        if (!(V.squaredNorm() > 0))
            return {};
        const Factors<double> divided{factors.W / V.factorScale(), factors.Ht / V.factorScale()};
        return divergence.quadratic() ? quadraticIdentities(V, divided, blocks) : sumIdentities(V, divided, blocks);
    });
}

} // namespace nmf
