#pragma once

#include "core/samples/samples.h"

#include <cmath>

namespace nmf
{

/// The generators, one in each file of this folder. samples() gives their data sets the title and the source.
Sample swimmer();
Sample bars();
Sample cartoonFaces();
Sample workedExample();
Sample mixedSpectra();
Sample newsTopics();
Sample ratings();
Sample geneExpression();
Sample piano();
Sample twoMinima();
Sample zeroLock();
Sample manyAnswers();
Sample rankGap();

/// V = W H of the true parts, with the parts kept; the samples are named "<noun> 1", "<noun> 2", …
Dataset datasetOf(Factors<double> truth, Axis features, const std::string& noun);

/// Adds normal noise to a dense V, of so many times the root mean square of its entries; what would be negative is
/// zero.
void addNoise(Dataset& dataset, std::uint64_t seed, double share);

/// The nearest multiple of 1/256. Sums of products of such numbers are exact, in whatever order and with whatever
/// instructions they are computed, so V = W H holds to the last bit on every machine.
inline double inSteps(double value)
{
    return std::round(value * 256) / 256;
}

} // namespace nmf
