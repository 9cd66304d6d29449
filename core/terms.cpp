#include "core/terms.h"

#include "core/known_entries.h"
#include "core/measures/variance_mismatch.h"
#include "core/short_number.h"
#include "core/smoothness.h"

#include <algorithm>
#include <limits>

namespace nmf
{

namespace
{

constexpr double largest = std::numeric_limits<double>::max();

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
             [](const Options&, const Dataset&, const Factors<double>& f) { return f.W.sum(); },
             [](const std::string& weight) { return weight + "‖W‖₁"; }},
            {{"l1-h", "L1 on H", "Weight of ‖H‖₁ in the objective: makes small entries of H zero.", 0, 0, largest},
             Demand::L1,
             "H",
             [](Options& o) -> double& { return o.onH.l1; },
             [](const Options&, const Dataset&, const Factors<double>& f) { return f.Ht.sum(); },
             [](const std::string& weight) { return weight + "‖H‖₁"; }},
            {{"l2-w", "L2 on W", "Weight of ½‖W‖²F in the objective: keeps large entries of W small.", 0, 0, largest},
             Demand::L2,
             "W",
             [](Options& o) -> double& { return o.onW.l2; },
             [](const Options&, const Dataset&, const Factors<double>& f) { return f.W.squaredNorm() / 2; },
             [](const std::string& weight) { return "½·" + weight + "‖W‖²F"; }},
            {{"l2-h", "L2 on H", "Weight of ½‖H‖²F in the objective: keeps large entries of H small.", 0, 0, largest},
             Demand::L2,
             "H",
             [](Options& o) -> double& { return o.onH.l2; },
             [](const Options&, const Dataset&, const Factors<double>& f) { return f.Ht.squaredNorm() / 2; },
             [](const std::string& weight) { return "½·" + weight + "‖H‖²F"; }}};
}

/// Σ_ij ω_ij Σ_a (W_ia H_aj)²: what leaving out components at random costs; Σ‖w_a‖²‖h_a‖² where all entries count
/// alike.
double droppedNorm(const Options& options, const Dataset& dataset, const Factors<double>& factors)
{
    const Vector<double> squaresW = factors.W.colwise().squaredNorm();
    if (!isWeighted(options, dataset))
        return squaresW.dot(factors.Ht.colwise().squaredNorm());
    const KnownEntries known(dataset, options);
    double sum = 0;
    for (Index j = 0; j < known.lines(Side::Coefficients); ++j) {
        const KnownLine line = known.line(Side::Coefficients, j);
        Vector<double> squares = line.zerosKnown ? squaresW : Vector<double>(Vector<double>::Zero(factors.rank()));
        for (std::size_t i = 0; !line.zerosKnown && i < line.size(); ++i)
            squares += line.weight(i) * factors.W.row(line.indices[i]).cwiseAbs2().transpose();
        for (const int left : line.leftOut)
            squares -= factors.W.row(left).cwiseAbs2().transpose();
        sum += squares.dot(factors.Ht.row(j).cwiseAbs2());
    }
    return sum;
}

std::vector<Term> overlaps()
{
    return {
        {{"overlap-w", "Overlap of W",
          "Weight of the inner products of different components of W: parts that share few features.", 0, 0, largest},
         Demand::Overlap,
         "W",
         [](Options& o) -> double& { return o.onW.overlap; },
         [](const Options&, const Dataset&, const Factors<double>& f) { return overlapOf(f.W); },
         [](const std::string& weight) { return weight + "Σ_{a<b}⟨w_a, w_b⟩"; }},
        {{"overlap-h", "Overlap of H",
          "Weight of the inner products of different components of H: each sample uses few parts.", 0, 0, largest},
         Demand::Overlap,
         "H",
         [](Options& o) -> double& { return o.onH.overlap; },
         [](const Options&, const Dataset&, const Factors<double>& f) { return overlapOf(f.Ht); },
         [](const std::string& weight) { return weight + "Σ_{a<b}⟨h_a, h_b⟩"; }}};
}

std::vector<Term> smoothnesses()
{
    return {{{"smooth-w", "Smoothness of W",
              "Weight of ½Σ(difference of neighbours)² in W: neighbours are pixels that touch, or features that follow "
              "each other.",
              0, 0, largest},
             Demand::Smoothness,
             "W",
             [](Options& o) -> double& { return o.onW.smoothness; },
             [](const Options&, const Dataset& d, const Factors<double>& f) {
                 return roughness(Grid::of(d.features, f.W.rows()), f.W);
             },
             [](const std::string& weight) { return "½·" + weight + "Σ(W_ia − W_ja)²"; }},
            {{"smooth-h", "Smoothness of H",
              "Weight of ½Σ(difference of neighbours)² in H: neighbours are samples that follow each other.", 0, 0,
              largest},
             Demand::Smoothness,
             "H",
             [](Options& o) -> double& { return o.onH.smoothness; },
             [](const Options&, const Dataset& d, const Factors<double>& f) {
                 return roughness(Grid::of(d.samples, f.Ht.rows()), f.Ht);
             },
             [](const std::string& weight) { return "½·" + weight + "Σ(H_ai − H_aj)²"; }}};
}

std::vector<Term> jointTerms()
{
    return {
        {{"dropout", "Dropout",
          "The share p of components that are left out at random, in the mean over all ways to do so: no component "
          "may grow much larger than the others.",
          0, 0, 0.95},
         Demand::Dropout,
         "",
         [](Options& o) -> double& { return o.together.dropout; },
         // The price of a share p is not p times that of one.
         [](const Options& o, const Dataset& d, const Factors<double>& f) {
             return droppedNorm(o, d, f) / 2 / (1 - o.together.dropout);
         },
         [](const std::string& share) { return "½·" + share + "/(1 − " + share + ")Σ‖w_a‖²‖h_a‖²"; }},
        {{"match-shares", "Variance shares",
          "Weight of the divergence of W's row sums and H's column sums from the variances of V's rows and columns, "
          "each as shares of their total.",
          0, 0, largest},
         Demand::VarianceMatching,
         "",
         [](Options& o) -> double& { return o.together.varianceShares; },
         [](const Options&, const Dataset& d, const Factors<double>& f) { return varianceMismatch(d, f, true); },
         [](const std::string& weight) { return weight + "Σ KL(shares of var V | shares of the sums of W, H)"; }},
        {{"match-sums", "Variances",
          "Weight of the divergence of W's row sums and H's column sums from the variances of V's rows and columns "
          "themselves, which fixes the units of the factors.",
          0, 0, largest},
         Demand::VarianceMatching,
         "",
         [](Options& o) -> double& { return o.together.varianceSums; },
         [](const Options&, const Dataset& d, const Factors<double>& f) { return varianceMismatch(d, f, false); },
         [](const std::string& weight) { return weight + "Σ KL(var V | sums of W, H)"; }},
        {{"trace", "Trace bound",
          "tr(WH) = Σ_i (WH)_ii, over the first min(m, n) entries of the diagonal, is at most this.", 0, 0, largest},
         Demand::TraceBound,
         "",
         [](Options& o) -> double& { return o.together.traceBound; },
         nullptr,
         [](const std::string& bound) { return "tr(WH) ≤ " + bound; }}};
}

std::vector<Term> constraints()
{
    const Term upperW{{"upper-w", "Upper bound on W", "No entry of W is larger; 0 for no bound.", 0, 0, largest},
                      Demand::UpperBound,
                      "W",
                      [](Options& o) -> double& { return o.ofW.upper; },
                      nullptr,
                      [](const std::string& bound) { return "W ≤ " + bound; }};
    const Term upperH{{"upper-h", "Upper bound on H", "No entry of H is larger; 0 for no bound.", 0, 0, largest},
                      Demand::UpperBound,
                      "H",
                      [](Options& o) -> double& { return o.ofH.upper; },
                      nullptr,
                      [](const std::string& bound) { return "H ≤ " + bound; }};
    const Term normW{{"norm-w", "Unit norm of W",
                      "The norm of every column of W that is one: 1 for the sum, 2 for the length; 0 for none.", 0, 0,
                      2, true},
                     Demand::UnitNorm,
                     "W",
                     [](Options& o) -> double& { return o.ofW.norm; },
                     nullptr,
                     [](const std::string& norm) -> std::string { return norm == "1" ? "‖w_a‖₁ = 1" : "‖w_a‖₂ = 1"; }};
    const Term normH{{"norm-h", "Unit norm of H",
                      "The norm of every row of H that is one: 1 for the sum, 2 for the length; 0 for none.", 0, 0, 2,
                      true},
                     Demand::UnitNorm,
                     "H",
                     [](Options& o) -> double& { return o.ofH.norm; },
                     nullptr,
                     [](const std::string& norm) -> std::string { return norm == "1" ? "‖h_a‖₁ = 1" : "‖h_a‖₂ = 1"; }};
    const Term sparseW{{"sparseness-w", "Sparseness of W",
                        "Every column of W has this sparseness by Hoyer's measure, between 0 (all alike) and 1 (one "
                        "entry); 0 for no such demand. One that dies has none.",
                        0, 0, 0.999},
                       Demand::Sparseness,
                       "W",
                       [](Options& o) -> double& { return o.ofW.sparseness; },
                       nullptr,
                       [](const std::string& share) { return "sp(w_a) = " + share; }};
    const Term sparseH{{"sparseness-h", "Sparseness of H",
                        "Every row of H has this sparseness by Hoyer's measure, between 0 (all alike) and 1 (one "
                        "entry); 0 for no such demand. One that dies has none.",
                        0, 0, 0.999},
                       Demand::Sparseness,
                       "H",
                       [](Options& o) -> double& { return o.ofH.sparseness; },
                       nullptr,
                       [](const std::string& share) { return "sp(h_a) = " + share; }};
    const Term sumH{{"sum-h", "Sum of each sample's H",
                     "What the coefficients of every sample sum to: 1 for shares of a whole; 0 for no such demand.", 0,
                     0, largest},
                    Demand::FixedSum,
                    "H",
                    [](Options& o) -> double& { return o.ofH.sum; },
                    nullptr,
                    [](const std::string& sum) { return "Σ_a H_aj = " + sum; }};
    const Term largestSumH{{"largest-sum-h", "Largest sum of each sample's H",
                            "The coefficients of no sample sum to more: 1 for shares of a whole of which a part may "
                            "stay unexplained; 0 for no such demand.",
                            0, 0, largest},
                           Demand::LargestSum,
                           "H",
                           [](Options& o) -> double& { return o.ofH.largestSum; },
                           nullptr,
                           [](const std::string& sum) { return "Σ_a H_aj ≤ " + sum; }};
    return {upperW, upperH, normW, normH, sparseW, sparseH, sumH, largestSumH};
}

std::vector<Term> table()
{
    std::vector<Term> all;
    for (const auto& some : {penalties(), overlaps(), smoothnesses(), jointTerms(), constraints()})
        all.insert(all.end(), some.begin(), some.end());
    return all;
}

} // namespace

double Term::price(const Options& options, const Dataset& dataset, const Factors<double>& factors) const
{
    // A weight of zero costs nothing however large the factor.
    return of(options) == 0 || !norm ? 0 : of(options) * norm(options, dataset, factors);
}

const std::vector<Term>& terms()
{
    static const std::vector<Term> all = table();
    return all;
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
    if (options.lockW.entries || options.lockH.entries)
        add(Demand::LockedEntries);
    if (!options.lockW.soft.empty() || !options.lockH.soft.empty())
        add(Demand::SoftLocks);
    return demands;
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
