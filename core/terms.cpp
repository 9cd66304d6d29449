#include "core/terms.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>

namespace nmf
{

namespace
{

constexpr double largest = std::numeric_limits<double>::max();

std::string shortNumber(double value)
{
    char text[32];
    return {text, std::to_chars(text, text + sizeof text, value, std::chars_format::general, 4).ptr};
}

/// Σ_{a<b} u_aᵀu_b
double overlapOf(const Matrix<double>& factor)
{
    const Vector<double> sum = factor.rowwise().sum();
    return (sum.squaredNorm() - factor.squaredNorm()) / 2;
}

std::vector<Term> penalties()
{
    return {{{"l1-w", "L1 on W", "Weight of ‖W‖₁ in the objective: makes small entries of W zero.", 0, 0, largest},
             Demand::L1,
             "W",
             [](Options& o) -> double& { return o.onW.l1; },
             [](const Options&, const Factors<double>& f) { return f.W.sum(); },
             [](const std::string& weight) { return weight + "‖W‖₁"; }},
            {{"l1-h", "L1 on H", "Weight of ‖H‖₁ in the objective: makes small entries of H zero.", 0, 0, largest},
             Demand::L1,
             "H",
             [](Options& o) -> double& { return o.onH.l1; },
             [](const Options&, const Factors<double>& f) { return f.Ht.sum(); },
             [](const std::string& weight) { return weight + "‖H‖₁"; }},
            {{"l2-w", "L2 on W", "Weight of ½‖W‖²F in the objective: keeps large entries of W small.", 0, 0, largest},
             Demand::L2,
             "W",
             [](Options& o) -> double& { return o.onW.l2; },
             [](const Options&, const Factors<double>& f) { return f.W.squaredNorm() / 2; },
             [](const std::string& weight) { return "½·" + weight + "‖W‖²F"; }},
            {{"l2-h", "L2 on H", "Weight of ½‖H‖²F in the objective: keeps large entries of H small.", 0, 0, largest},
             Demand::L2,
             "H",
             [](Options& o) -> double& { return o.onH.l2; },
             [](const Options&, const Factors<double>& f) { return f.Ht.squaredNorm() / 2; },
             [](const std::string& weight) { return "½·" + weight + "‖H‖²F"; }}};
}

std::vector<Term> overlaps()
{
    return {
        {{"overlap-w", "Overlap of W",
          "Weight of the inner products of different components of W: parts that share few features.", 0, 0, largest},
         Demand::Overlap,
         "W",
         [](Options& o) -> double& { return o.onW.overlap; },
         [](const Options&, const Factors<double>& f) { return overlapOf(f.W); },
         [](const std::string& weight) { return weight + "Σ_{a<b}⟨w_a, w_b⟩"; }},
        {{"overlap-h", "Overlap of H",
          "Weight of the inner products of different components of H: each sample uses few parts.", 0, 0, largest},
         Demand::Overlap,
         "H",
         [](Options& o) -> double& { return o.onH.overlap; },
         [](const Options&, const Factors<double>& f) { return overlapOf(f.Ht); },
         [](const std::string& weight) { return weight + "Σ_{a<b}⟨h_a, h_b⟩"; }}};
}

std::vector<Term> jointTerms()
{
    return {{{"dropout", "Dropout",
              "The share p of components that are left out at random, in the mean over all ways to do so: no component "
              "may grow much larger than the others.",
              0, 0, 0.95},
             Demand::Dropout,
             "",
             [](Options& o) -> double& { return o.together.dropout; },
             // The price of a share p is not p times that of one.
             [](const Options& o, const Factors<double>& f) {
                 return f.W.colwise().squaredNorm().dot(f.Ht.colwise().squaredNorm()) / 2 / (1 - o.together.dropout);
             },
             [](const std::string& share) { return "½·" + share + "/(1 − " + share + ")Σ‖w_a‖²‖h_a‖²"; }}};
}

std::vector<Term> table()
{
    std::vector<Term> all;
    for (const auto& some : {penalties(), overlaps(), jointTerms()})
        all.insert(all.end(), some.begin(), some.end());
    return all;
}

/// Why a penalty on one factor alone has no best solution: the factor can shrink without end while the other grows.
std::string oneSidedFault(const Options& options)
{
    const auto pays = [](const Penalty& penalty) { return !penalty.none(); };
    const auto isHeld = [](const Constraint& constraint) { return constraint.bounds(); };
    const bool paysW = pays(options.onW), paysH = pays(options.onH);
    if (paysW == paysH || isHeld(options.ofW) || isHeld(options.ofH))
        return {};
    const std::string with = paysW ? "W" : "H", without = paysW ? "H" : "W";
    return "A penalty on " + with + " alone has no best solution: " + with + " can shrink without end while " +
           without + " grows and WH stays the same. Give " + without +
           " a penalty too, if only a small one, or take that on " + with + " away.";
}

} // namespace

double Term::price(const Options& options, const Factors<double>& factors) const
{
    // A weight of zero costs nothing however large the factor.
    return of(options) == 0 || !norm ? 0 : of(options) * norm(options, factors);
}

const std::vector<Term>& terms()
{
    static const std::vector<Term> all = table();
    return all;
}

const std::vector<Demand>& allDemands()
{
    static const std::vector<Demand> all{Demand::L1, Demand::L2, Demand::Overlap, Demand::Dropout, Demand::LockedParts};
    return all;
}

std::string nameOf(Demand demand)
{
    switch (demand) {
    case Demand::L1:
        return "L1";
    case Demand::L2:
        return "L2";
    case Demand::Overlap:
        return "Overlap";
    case Demand::Dropout:
        return "Dropout";
    case Demand::LockedParts:
        return "Locked parts";
    }
    return {};
}

std::string phraseOf(Demand demand)
{
    switch (demand) {
    case Demand::L1:
        return "an L1 penalty";
    case Demand::L2:
        return "an L2 penalty";
    case Demand::Overlap:
        return "a penalty on overlap";
    case Demand::Dropout:
        return "dropout";
    case Demand::LockedParts:
        return "locked parts";
    }
    return {};
}

std::vector<Demand> demandsOf(const Options& options)
{
    std::vector<Demand> demands;
    const auto add = [&](Demand demand) {
        if (std::find(demands.begin(), demands.end(), demand) == demands.end())
            demands.push_back(demand);
    };
    for (const Term& term : terms())
        if (term.of(options) != 0)
            add(term.demand);
    if (!options.lockW.components.empty() || !options.lockH.components.empty())
        add(Demand::LockedParts);
    return demands;
}

std::string termsFault(const Options& options)
{
    for (const Term& term : terms()) {
        const double value = term.of(options);
        if (!(value >= term.parameter.minimum && value <= term.parameter.maximum) || !std::isfinite(value))
            return term.parameter.name + " is " + shortNumber(value) + ": it must be a finite number from " +
                   shortNumber(term.parameter.minimum) +
                   (term.parameter.maximum < largest ? " to " + shortNumber(term.parameter.maximum) : " up") + ".";
    }
    return oneSidedFault(options);
}

std::string termsFormula(const Options& options)
{
    std::string added, demanded;
    for (const char* place : {"W", "H", ""})
        for (const Term& term : terms())
            if (term.place == place && term.of(options) != 0)
                (term.norm ? added : demanded) +=
                    (term.norm ? " + " : ", ") + term.formula(shortNumber(term.of(options)));
    return added + demanded;
}

void takeTerms(Options& to, const Options& from)
{
    to.onW = from.onW;
    to.onH = from.onH;
    to.ofW = from.ofW;
    to.ofH = from.ofH;
    to.together = from.together;
    to.lockW = from.lockW;
    to.lockH = from.lockH;
}

bool sameTerms(const Options& one, const Options& two)
{
    return one.onW == two.onW && one.onH == two.onH && one.ofW == two.ofW && one.ofH == two.ofH &&
           one.together == two.together && one.lockW == two.lockW && one.lockH == two.lockH;
}

} // namespace nmf
