#include "app/solver_list.h"

#include "app/batch_options.h"
#include "core/algorithms/algorithms.h"
#include "core/error.h"
#include "core/losses/losses.h"
#include "core/options.h"

#include <algorithm>
#include <utility>
#include <vector>

namespace nmf::ui
{

namespace
{

struct PenaltyKind
{
    std::string name;
    Penalty penalty; ///< on both factors
};

struct DataKind
{
    std::string name;
    Dataset dataset = {};
    bool nanUnknown = false, unstoredUnknown = false;
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
    std::vector<DataKind> kinds{{.name = "dense"},
                                {.name = "sparse"},
                                {.name = "dense with unknown entries", .nanUnknown = true},
                                {.name = "sparse with unknown entries", .unstoredUnknown = true}};
    const Matrix<double> ones = Matrix<double>::Ones(2, 2);
    for (const std::size_t dense : {0, 2})
        kinds[dense].dataset.V = DataMatrix(ones);
    for (const std::size_t sparse : {1, 3})
        kinds[sparse].dataset.V = DataMatrix(SparseMatrix<double>(ones.sparseView()));
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

Answer answer(const Algorithm& algorithm, const Choice& loss, const DataKind& data)
{
    static const std::vector<PenaltyKind> kinds{
        {"no penalty", {}}, {"L1", {1, 0}}, {"L2", {0, 1}}, {"L1 with L2", {1, 1}}};
    Answer found;
    for (const PenaltyKind& kind : kinds) {
        Options options;
        options.rank = 1;
        options.loss = loss;
        options.algorithm = {algorithm.facts.id, {}};
        options.onW = options.onH = kind.penalty;
        options.nanUnknown = data.nanUnknown;
        options.unstoredUnknown = data.unstoredUnknown;
        const std::string reason = refusal(options, data.dataset);
        if (reason.empty())
            found.served += (found.served.empty() ? "" : ", ") + kind.name;
        else if (std::find(found.refusals.begin(), found.refusals.end(), reason) == found.refusals.end())
            found.refusals.push_back(reason);
    }
    return found;
}

std::string line(const std::string& loss, const std::string& data, const Answer& answer)
{
    std::string text = "    " + loss + ", " + data + ": " + (answer.served.empty() ? "no" : answer.served) + ".";
    for (const std::string& refusal : answer.refusals)
        text += " " + refusal;
    return text + "\n";
}

/// The lines of one loss: kinds of data with the same answer share one.
std::string lines(const Algorithm& algorithm, const Choice& loss, const std::vector<DataKind>& kinds)
{
    std::vector<std::pair<std::string, Answer>> answers;
    for (const DataKind& kind : kinds) {
        const Answer found = answer(algorithm, loss, kind);
        const auto same =
            std::find_if(answers.begin(), answers.end(), [&](const auto& earlier) { return earlier.second == found; });
        if (same == answers.end())
            answers.emplace_back(kind.name, found);
        else
            same->first += ", " + kind.name;
    }
    std::string text;
    for (const auto& [data, found] : answers)
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
            for (const Choice& choice : choicesOf(loss))
                text += lines(algorithm, choice, kinds);
    }
    return text;
}

} // namespace nmf::ui
