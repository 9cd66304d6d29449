#pragma once

#include "core/choice.h"
#include "core/options.h"

#include <vector>

namespace nmf
{

/// A number by which the user asks something of the factors besides the fit: what forms, command lines, formulas and
/// reports are built from.
struct Term
{
    Parameter parameter;
    Demand demand;
    std::string place; ///< "W", "H", or empty if it concerns both at once
    double& (*value)(Options&);
    /// What a weight of one adds to the objective; null for a constraint.
    double (*norm)(const Options&, const Factors<double>&);
    /// What it adds to the objective's formula, or what it demands, for this value.
    std::string (*formula)(const std::string& value);

    double& of(Options& options) const { return value(options); }
    double of(const Options& options) const { return value(const_cast<Options&>(options)); }
    /// Its share of the objective.
    double price(const Options& options, const Factors<double>& factors) const;
};

/// The table. Its order is the order in forms: what belongs to one demand stands together.
const std::vector<Term>& terms();

const std::vector<Demand>& allDemands();

/// "L1", "Overlap": a demand as a form names it, and "an L1 penalty" as a sentence does.
std::string nameOf(Demand demand);
std::string phraseOf(Demand demand);

/// What these options ask for, each once.
std::vector<Demand> demandsOf(const Options& options);

/// Why what is asked for has no best solution, or contradicts itself, as a sentence; empty if all is well.
std::string termsFault(const Options& options);

/// " + 0.1‖W‖₁" for all terms, then ", W ≤ 1" for all constraints.
std::string termsFormula(const Options& options);

/// Lets `to` ask what `from` asks.
void takeTerms(Options& to, const Options& from);
bool sameTerms(const Options& one, const Options& two);

} // namespace nmf
