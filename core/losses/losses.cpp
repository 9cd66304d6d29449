#include "core/losses/losses.h"

namespace nmf
{

const std::vector<Loss>& losses()
{
    static const std::vector<Loss> table{
        {.facts = {.id = "frobenius",
                   .name = "Frobenius",
                   .summary = "Half the sum of squared differences: noise of equal size everywhere.",
                   .source = "Lee & Seung 2001"},
         .formula = "½‖V − WH‖²F",
         .make = [](const Values&) { return Divergence{.beta = 2}; }},
    };
    return table;
}

} // namespace nmf
