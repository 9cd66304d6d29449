#include "core/algorithms/algorithms.h"

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

std::string ifQuadraticPenalty(const Divergence&, const Penalty& penalty)
{
    return penalty.l2 == 0 ? "" : "It takes no L2 penalty with this loss: choose kl with klcd or mu, or leave L2 out.";
}

std::string automaticAlgorithm(const Divergence& divergence, bool weighted)
{
    if (divergence.quadratic())
        return "ehals";
    return weighted ? "mu" : divergence.kullbackLeibler() ? "klcdx" : "mue";
}

const std::vector<Algorithm>& algorithms()
{
    static const std::vector<Algorithm> table{extrapolatedHals(),
                                              acceleratedHals(),
                                              hals(),
                                              exactLeastSquares(),
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
