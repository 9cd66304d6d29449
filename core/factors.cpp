#include "core/factors.h"

#include <algorithm>
#include <numeric>

namespace nmf
{

std::vector<double> energies(const Factors<double>& factors)
{
    std::vector<double> result;
    result.reserve(static_cast<std::size_t>(factors.rank()));
    for (Index a = 0; a < factors.rank(); ++a)
        result.push_back(factors.W.col(a).norm() * factors.Ht.col(a).norm());
    return result;
}

std::vector<Index> orderByEnergy(const Factors<double>& factors)
{
    const std::vector<double> energy = energies(factors);
    std::vector<Index> order(energy.size());
    std::iota(order.begin(), order.end(), Index{0});
    std::stable_sort(order.begin(), order.end(), [&](Index a, Index b) {
        return energy[static_cast<std::size_t>(a)] > energy[static_cast<std::size_t>(b)];
    });
    return order;
}

double traceOfModel(const Factors<double>& factors)
{
    const Index length = std::min(factors.W.rows(), factors.Ht.rows());
    return factors.W.topRows(length).cwiseProduct(factors.Ht.topRows(length)).sum();
}

} // namespace nmf
