#pragma once

#include "core/choice.h"
#include "core/options.h"

namespace nmf
{

/// A penalty's weight that the user can set: what forms, command lines and reports are built from.
struct PenaltyTerm
{
    Parameter parameter;
    std::string kind;                             ///< "L1": as a form names it that has a place for each factor
    Penalty Options::*on;                         ///< the factor
    double Penalty::*weight;                      ///< the norm
    double (*norm)(const Matrix<double>& factor); ///< what the weight multiplies in the objective

    double& of(Options& options) const { return options.*on.*weight; }
    double of(const Options& options) const { return options.*on.*weight; }
    /// Its share of the objective.
    double price(const Options& options, const Factors<double>& factors) const;
};

/// The table. Its order is the order in forms.
const std::vector<PenaltyTerm>& penaltyTerms();

} // namespace nmf
