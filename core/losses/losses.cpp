#include "core/losses/losses.h"

namespace nmf
{

namespace
{

Loss frobenius()
{
    return {.facts = {.id = "frobenius",
                      .name = "Frobenius",
                      .summary = "Half the sum of squared differences: noise of equal size everywhere.",
                      .source = "Lee & Seung 2001"},
            .formula = "½‖V − WH‖²F",
            .make = [](const Values&) { return Divergence{.beta = 2}; }};
}

Loss kullbackLeibler()
{
    return {.facts = {.id = "kl",
                      .name = "Kullback-Leibler",
                      .summary = "For counts and amounts, where noise grows with the root of the value.",
                      .source = "Lee & Seung 2001"},
            .formula = "Σ v log(v/x) − v + x, X = WH",
            .make = [](const Values&) { return Divergence{.beta = 1}; }};
}

Loss itakuraSaito()
{
    return {.facts = {.id = "is",
                      .name = "Itakura-Saito",
                      .summary = "For spectra and powers, where noise grows with the value. V must be positive.",
                      .source = "Févotte, Bertin & Durrieu 2009"},
            .formula = "Σ v/x − log(v/x) − 1, X = WH",
            .make = [](const Values&) { return Divergence{.beta = 0}; }};
}

Loss betaDivergence()
{
    Facts facts{.id = "beta",
                .name = "β-divergence",
                .summary = "Between and beyond the others: β = 2 is Frobenius, 1 Kullback-Leibler, 0 Itakura-Saito.",
                .source = "Févotte & Idier 2011",
                .parameters = {{.id = "beta",
                                .name = "β",
                                .help = "The smaller, the less large values count. V must be positive unless β is.",
                                .initial = 1.5,
                                .minimum = -5,
                                .maximum = 5}}};
    return {.facts = facts,
            .formula = "Σ (v^β + (β−1)x^β − βvx^(β−1)) / (β(β−1)), X = WH",
            .make = [facts](const Values& values) { return Divergence{.beta = valueOf(facts, values, "beta")}; }};
}

} // namespace

const std::vector<Loss>& losses()
{
    static const std::vector<Loss> table{frobenius(), kullbackLeibler(), itakuraSaito(), betaDivergence()};
    return table;
}

} // namespace nmf
