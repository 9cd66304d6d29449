#include "app/term_options.h"

#include "app/arguments.h"
#include "app/batch_options.h"
#include "core/error.h"
#include "core/terms.h"

#include <limits>

namespace nmf::ui
{

void addTermOptions(Arguments& arguments)
{
    for (const Term& term : terms())
        arguments.add(QString::fromStdString(term.parameter.id), QString::fromStdString(term.parameter.help), "A");
    arguments.add("alpha-w",
                  "Instead of these, scikit-learn's strength for W: n·A·R‖W‖₁ + ½·n·A·(1 − R)‖W‖²F for n samples.",
                  "A");
    arguments.add("alpha-h", "The same for H, times the number of features. Standard: that of --alpha-w.", "A");
    arguments.add("l1-ratio", "R: the share of L1 in --alpha-w and --alpha-h, from 0 to 1. Standard: 0.", "R");
}

void readTerms(const Arguments& arguments, RunRequest& request)
{
    constexpr double largest = std::numeric_limits<double>::max();
    const bool scaled = arguments.isSet("alpha-w") || arguments.isSet("alpha-h");
    for (const Term& term : terms()) {
        const QString name = QString::fromStdString(term.parameter.id);
        if (scaled && (term.demand == Demand::L1 || term.demand == Demand::L2) && arguments.isSet(name))
            throw Error("--" + term.parameter.id +
                        " and --alpha-w or --alpha-h are two ways of giving the same penalties: use one of them.");
        arguments.number(name, term.of(request.options), term.parameter.minimum, term.parameter.maximum);
    }
    if (!scaled && arguments.isSet("l1-ratio"))
        throw Error("--l1-ratio is a share of --alpha-w and --alpha-h: give one of these too.");
    if (!scaled)
        return;
    ElasticNet net;
    arguments.number("alpha-w", net.onW, 0.0, largest);
    net.onH = net.onW;
    arguments.number("alpha-h", net.onH, 0.0, largest);
    arguments.number("l1-ratio", net.l1Ratio, 0.0, 1.0);
    request.elasticNet = net;
}

} // namespace nmf::ui
