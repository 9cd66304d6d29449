#pragma once

#include "core/algorithms/steps.h"
#include "core/choice.h"
#include "core/precision.h"

#include <string>
#include <vector>

namespace nmf
{

template <class Scalar>
using MakeSteps = std::function<Steps<Scalar>(const Values&, const Work<Scalar>&)>;

/// A way to minimise. One file of code, one line in the table.
struct Algorithm
{
    Facts facts;
    bool monotone = true;  ///< the objective never rises
    bool usesSeed = false; ///< draws random numbers: another seed is another run
    /// Why it cannot serve this loss, as a sentence; empty if it can.
    std::function<std::string(const Divergence&)> refuses;
    /// Why it cannot serve this penalty on a factor, as a sentence; empty if it can. Without it, it serves all.
    std::function<std::string(const Divergence&, const Penalty&)> refusesPenalty = {};
    bool servesWeights = false; ///< and unknown entries, for each loss that it serves
    ForBoth<MakeSteps> make;
};

Algorithm extrapolatedHals();
Algorithm acceleratedHals();
Algorithm hals();
Algorithm exactLeastSquares();
Algorithm multiplicativeUpdates();
Algorithm extrapolatedMultiplicativeUpdates();
Algorithm projectedGradient();
Algorithm projectedLeastSquares();
Algorithm gradientDescent();
Algorithm stochasticGradient();
Algorithm onlineUpdates();
Algorithm jointMajorisation();
Algorithm extrapolatedJointMajorisation();
Algorithm klCoordinateDescent();
Algorithm extrapolatedKlCoordinateDescent();

/// The reason of algorithms that need a quadratic loss.
std::string unlessQuadratic(const Divergence& divergence);

/// The same for those that need the Kullback-Leibler loss, and for those that cannot take an L2 penalty.
std::string unlessKullbackLeibler(const Divergence& divergence);
std::string ifQuadraticPenalty(const Divergence& divergence, const Penalty& penalty);

/// The id of the algorithm that serves this loss best when none is asked for; `weighted`: with unknown or weighted
/// entries.
std::string automaticAlgorithm(const Divergence& divergence, bool weighted = false);

/// The table. Its order is the order in menus.
const std::vector<Algorithm>& algorithms();

} // namespace nmf
