#pragma once

#include "core/factors.h"
#include "core/options.h"

#include <optional>
#include <vector>

namespace nmf
{

/// What each component has in the model X = WH.
struct ComponentShares
{
    std::vector<double> mass;   ///< Σ(w_a h_a) / ΣX; their sum is one
    std::vector<double> energy; ///< ‖w_a h_a‖² / ‖X‖²; their sum is one only where components do not overlap
    double effective = 0;       ///< exp of the entropy of the masses: k if all are alike, 1 if one has all
};

/// All zero if the model is.
ComponentShares sharesOf(const Factors<double>& factors);

/// How many components have a part in WH: the others are nothing beside the largest.
Index aliveComponents(const Factors<double>& factors);

/// By how much the objective rises when a component is taken away and the others stay: infinite where nothing else
/// explains an entry that the loss cannot leave unexplained. With L1 and L2 penalties less what it costs; empty where
/// more is asked of the factors, and where it would take long.
std::vector<double> lossIncreases(const Dataset& dataset, const Options& options, const Factors<double>& factors);

/// How far a feature belongs to one component (Kim & Park 2007): 1 + Σ_a p_ia log p_ia / log k, p_ia = W_ia/Σ_b W_ib.
/// 1 for a feature of one component, 0 for one that all have alike, and for a row of zeros. Empty for k = 1.
std::vector<double> specificityOf(const Matrix<double>& W);

/// max_i of the share that component a has in the sum of feature i's row of X: W_ia‖h_a‖₁ / Σ_b W_ib‖h_b‖₁. One for
/// all components makes the factorization unique up to order and scale. With the factors exchanged it is that of H.
std::vector<double> purityOf(const Matrix<double>& W, const Matrix<double>& Ht);

/// The share of the entries that are zero.
double zeroShareOf(const Matrix<double>& factor);

/// 1 − ‖V−WH‖² / Σ(V − mean)²: the share of the variance that is explained. Empty if V does not vary, or if its entries
/// count differently.
std::optional<double> rSquared(const Dataset& dataset, const Options& options, double relativeError);

/// Of V under the model of independent rows and columns, r cᵀ/ΣV: the Kullback-Leibler divergence of the best
/// factorization of rank one.
double nullDivergence(const Dataset& dataset);

} // namespace nmf
