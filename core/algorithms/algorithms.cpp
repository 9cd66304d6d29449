#include "core/algorithms/algorithms.h"

#include <algorithm>

namespace nmf
{

std::string unlessQuadratic(const Divergence& divergence)
{
    return divergence.quadratic() ? ""
                                  : "It needs a quadratic loss: choose the Frobenius loss or multiplicative updates.";
}

std::string unlessKullbackLeibler(const Divergence& divergence)
{
    return divergence.kullbackLeibler() ? ""
                                        : "It needs the Kullback-Leibler loss: choose that or multiplicative updates.";
}

bool Algorithm::servesDemand(const Divergence& divergence, Demand demand, bool weighted) const
{
    if (weighted && !servesWeights)
        return false;
    return serves ? serves(divergence, demand, weighted) : demand == Demand::L1 || demand == Demand::L2;
}

bool Algorithm::servesAll(const Divergence& divergence, const std::vector<Demand>& demands, bool weighted) const
{
    return std::all_of(demands.begin(), demands.end(),
                       [&](Demand demand) { return servesDemand(divergence, demand, weighted); });
}

std::string automaticAlgorithm(const Divergence& divergence, bool weighted, const std::vector<Demand>& demands)
{
    const std::string best = divergence.quadratic() ? "ehals" : divergence.kullbackLeibler() ? "klcdx" : "mue";
    if (find(algorithms(), best)->servesAll(divergence, demands, weighted))
        return best;
    // The table has the quick ones first.
    for (const Algorithm& algorithm : algorithms())
        if (algorithm.monotone && algorithm.refuses(divergence).empty() && (!weighted || algorithm.servesWeights) &&
            algorithm.servesAll(divergence, demands, weighted))
            return algorithm.facts.id;
    return best;
}

const std::vector<Algorithm>& algorithms()
{
    static const std::vector<Algorithm> table{extrapolatedHals(),
                                              acceleratedHals(),
                                              hals(),
                                              exactLeastSquares(),
                                              extrapolatedExactLeastSquares(),
                                              multiplicativeUpdates(),
                                              extrapolatedMultiplicativeUpdates(),
                                              extrapolatedJointMajorisation(),
                                              jointMajorisation(),
                                              extrapolatedKlCoordinateDescent(),
                                              klCoordinateDescent(),
                                              projectedGradient(),
                                              projectedLeastSquares(),
                                              gradientDescent(),
                                              onlineUpdates(),
                                              stochasticGradient()};
    return table;
}

} // namespace nmf
