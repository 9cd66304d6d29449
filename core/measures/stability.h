#pragma once

#include "core/matrix.h"

#include <span>
#include <vector>

namespace nmf
{

/// How alike the components of many runs are.
struct Stability
{
    double stability = 0;             ///< the mean cosine of matched components over all pairs of runs
    double instability = 0;           ///< Amari type (Wu et al. 2016): 0 if all runs have the same components
    std::vector<double> perComponent; ///< of those of the reference run: the mean matched cosine with the other runs
    std::size_t pairs = 0;            ///< how many pairs of runs were compared
};

/// The W of each run, all of one shape; those of size 0 are left out. Of very many runs only so many pairs are compared
/// as end in good time. Throws Error if fewer than two are left.
Stability stabilityOf(std::span<const Matrix<double>* const> bases, std::size_t reference = 0);

/// (2k − Σ_b max_a c_ab − Σ_a max_b c_ab)/(2k), c = |correlation| of the columns of two W.
double amariDistance(const Matrix<double>& one, const Matrix<double>& other);

} // namespace nmf
