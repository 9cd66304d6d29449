#pragma once

#include "core/algorithms/steps.h"
#include "core/choice.h"
#include "core/demand.h"
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
    /// Whether it serves this demand on the factors; `weighted`: with unknown or weighted entries. Without it, it
    /// serves L1 and L2.
    std::function<bool(const Divergence&, Demand, bool weighted)> serves = {};
    bool servesWeights = false; ///< and unknown entries, for each loss that it serves
    /// Can leave out entries of a sparse table whose gaps are zeros, for the Frobenius and the Kullback-Leibler loss.
    bool servesKnownZeros = false;
    ForBoth<MakeSteps> make;
    /// What its steps are, as the end of a sentence that tells why a demand does not go with them.
    std::string nature = {};

    bool servesDemand(const Divergence& divergence, Demand demand, bool weighted) const;
    bool servesAll(const Divergence& divergence, const std::vector<Demand>& demands, bool weighted) const;
    /// Why it does not serve those of these demands that it does not, as a sentence; empty if it serves all.
    std::string refusalOf(const Divergence& divergence, const std::vector<Demand>& demands, bool weighted) const;
};

Algorithm extrapolatedHals();
Algorithm acceleratedHals();
Algorithm hals();
Algorithm exactLeastSquares();
Algorithm extrapolatedExactLeastSquares();
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

/// The same for those that need the Kullback-Leibler loss.
std::string unlessKullbackLeibler(const Divergence& divergence);

/// What sweeps of coordinate descent serve with the Frobenius loss.
bool servesSweeps(const Divergence& divergence, Demand demand, bool weighted);

/// What methods serve that solve for a factor at once: what keeps its problem convex.
bool servesConvexGram(const Divergence& divergence, Demand demand, bool weighted);

/// The id of the algorithm that serves this loss best when none is asked for; `weighted`: with unknown or weighted
/// entries. If none serves all demands, that which would be best without them.
std::string automaticAlgorithm(const Divergence& divergence, bool weighted = false,
                               const std::vector<Demand>& demands = {});

/// Why it is that one, as a sentence.
std::string automaticReason(const Divergence& divergence, bool weighted = false,
                            const std::vector<Demand>& demands = {});

/// The table. Its order is the order in menus.
const std::vector<Algorithm>& algorithms();

} // namespace nmf
