#pragma once

#include "core/factors.h"

#include <span>
#include <vector>

namespace nmf
{

/// The strongest component of each sample: argmax_a ‖w_a‖₁ H_aj, which does not depend on how the scale is shared
/// between W and H; the first of equal ones. Samples without any component have −1 and are a class of their own.
std::vector<int> labelsOf(const Factors<double>& factors);

/// The same as it was published: argmax_a H_aj, whatever the scale of the components (Brunet et al. 2004).
std::vector<int> publishedLabelsOf(const Factors<double>& factors);

/// How alike many runs sort the samples (Brunet et al. 2004; Kim & Park 2007). From C_jl, the share of runs in which
/// samples j and l have the same label.
struct Consensus
{
    double cophenetic = 0; ///< of 1 − C under average linkage; NaN where it is undefined
    double dispersion = 0; ///< (1/n²) Σ 4(C_jl − ½)², 1 if the runs agree
    double ambiguous = 0;  ///< the share of pairs with 0.1 < C_jl < 0.9
    Index samples = 0;     ///< how many took part: at most consensusLimit, drawn at random
};

/// C has n² entries: of more samples a random part takes part, the same in every call.
constexpr Index consensusLimit = 5000;

/// `runs` holds the labels of each run; at least two. Throws Error if there are fewer, or of different lengths.
Consensus consensusOf(std::span<const std::vector<int>> runs);

/// C itself, for at most consensusLimit samples.
Matrix<double> consensusMatrix(std::span<const std::vector<int>> runs);

} // namespace nmf
