#include "app/solver_list.h"

#include "app/batch_options.h"
#include "core/algorithms/algorithms.h"
#include "core/error.h"
#include "core/losses/losses.h"
#include "core/options.h"
#include "core/terms.h"

#include <algorithm>
#include <vector>

namespace nmf::ui
{

namespace
{

struct DataKind
{
    std::string name;
    Dataset dataset;
};

/// What is served, and why the rest is not.
struct Answer
{
    std::string served;
    std::vector<std::string> refusals = {};

    bool operator==(const Answer&) const = default;
};

std::vector<DataKind> dataKinds()
{
    std::vector<DataKind> kinds{{"dense", {}}, {"sparse", {}}, {"weighted", {}}};
    kinds[0].dataset.V = DataMatrix(Matrix<double>::Ones(2, 2).eval());
    kinds[1].dataset.V = DataMatrix(SparseMatrix<double>(Matrix<double>::Ones(2, 2).sparseView()));
    kinds[2].dataset.V = kinds[0].dataset.V;
    kinds[2].dataset.weights = kinds[0].dataset.V; // missing entries are those of weight zero
    return kinds;
}

/// Why these options are refused; empty if they are not.
std::string refusal(const Options& options, const Dataset& dataset)
{
    try {
        requireConsistent(options, dataset);
        return {};
    } catch (const Error& error) {
        return error.what();
    }
}

/// A loss as it is without parameters, or at their initial and largest values, on which the answers may depend.
std::vector<Choice> choicesOf(const Loss& loss)
{
    if (loss.facts.parameters.empty())
        return {{loss.facts.id, {}}};
    std::vector<Choice> choices{{loss.facts.id, {}}, {loss.facts.id, {}}};
    for (const Parameter& parameter : loss.facts.parameters) {
        choices[0].values[parameter.id] = parameter.initial;
        choices[1].values[parameter.id] = parameter.maximum;
    }
    return choices;
}

Answer answer(const Algorithm& algorithm, const Choice& loss, const Dataset& dataset)
{
    Options options;
    options.rank = 1;
    options.loss = loss;
    options.algorithm = {algorithm.facts.id, {}};
    if (const std::string reason = refusal(options, dataset); !reason.empty())
        return {.served = {}, .refusals = {reason}};
    const Divergence divergence = find(losses(), loss.id)->make(loss.values);
    const bool weighted = isWeighted(options, dataset);
    Answer found{"yes"}, refused;
    for (const Demand demand : allDemands()) {
        std::string& list = algorithm.servesDemand(divergence, demand, weighted) ? found.served : refused.served;
        list += ", " + nameOf(demand);
    }
    if (!refused.served.empty()) {
        found.refusals.push_back("Not served: " + refused.served.substr(2) + ".");
        found.refusals.push_back(algorithm.refusalOf(divergence, allDemands(), weighted));
    }
    return found;
}

std::string line(const std::string& loss, const std::string& data, const Answer& answer)
{
    constexpr std::size_t lossWidth = 16, dataWidth = 26;
    std::string text = "    " + loss + std::string(lossWidth - std::min(lossWidth, loss.size()), ' ') + data +
                       std::string(dataWidth - std::min(dataWidth, data.size()), ' ') +
                       (answer.served.empty() ? "no" : answer.served) + ".";
    for (const std::string& refusal : answer.refusals)
        text += " " + refusal;
    return text + "\n";
}

/// The kinds of data that get the same answer share a line.
std::string linesOf(const Algorithm& algorithm, const Choice& loss, const std::vector<DataKind>& kinds)
{
    std::vector<std::pair<std::string, Answer>> lines;
    for (const DataKind& kind : kinds) {
        const Answer found = answer(algorithm, loss, kind.dataset);
        const auto same =
            std::find_if(lines.begin(), lines.end(), [&](const auto& known) { return known.second == found; });
        if (same == lines.end())
            lines.emplace_back(kind.name, found);
        else
            same->first += ", " + kind.name;
    }
    std::string text;
    for (const auto& [data, found] : lines)
        text += line(textOf(loss), data, found);
    return text;
}

} // namespace

std::string solverList()
{
    const std::vector<DataKind> kinds = dataKinds();
    std::string text;
    for (const Algorithm& algorithm : algorithms()) {
        text += algorithm.facts.id + "\n    " + algorithm.facts.name + " (" + algorithm.facts.source + "). " +
                algorithm.facts.summary + "\n";
        for (const Loss& loss : losses())
            for (const Choice& choice : choicesOf(loss)) {
                text += linesOf(algorithm, choice, kinds);
            }
    }
    return text;
}

} // namespace nmf::ui
