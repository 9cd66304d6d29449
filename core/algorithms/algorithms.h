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
    bool monotone = true; ///< the objective never rises
    /// Why it cannot serve this loss, as a sentence; empty if it can.
    std::function<std::string(const Divergence&)> refuses;
    ForBoth<MakeSteps> make;
};

Algorithm extrapolatedHals();
Algorithm acceleratedHals();
Algorithm hals();
Algorithm multiplicativeUpdates();

/// The reason of algorithms that need a quadratic loss.
std::string unlessQuadratic(const Divergence& divergence);

/// The table. Its order is the order in menus.
const std::vector<Algorithm>& algorithms();

} // namespace nmf
