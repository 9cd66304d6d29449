#include "core/studies/run_agreement.h"

#include "core/measures/matching.h"

#include <algorithm>

namespace nmf
{

namespace
{

constexpr double alike = 1e-4, nothing = 1e-9;

RankFits bestFirst(const RankFits& fits)
{
    RankFits runs;
    for (const auto& fit : fits)
        if (fit->usable() && fit->key.kind == RankFitKey::Kind::Whole)
            runs.push_back(fit);
    std::ranges::sort(runs, {}, [](const auto& fit) { return std::pair(fit->last.scaledObjective, fit->key.run); });
    return runs;
}

std::vector<ObjectiveLevel> levelsOf(const RankFits& runs)
{
    std::vector<ObjectiveLevel> levels;
    double begin = 0;
    for (const auto& run : runs) {
        // Exact fits end at rounding, which is the same for all that matters.
        const double scaled = run->last.scaledObjective;
        const double slack = alike * begin + nothing * run->history.front().scaledObjective;
        if (levels.empty() || scaled > begin + slack) {
            levels.push_back({run->last.objective, 0});
            begin = scaled;
        }
        ++levels.back().runs;
    }
    return levels;
}

std::vector<FoundComponent> componentsOf(const RankFits& runs)
{
    if (runs.size() < 2 || !std::ranges::all_of(runs, [](const auto& run) { return bool(run->factors); }))
        return {};
    const Matrix<double>& best = runs.front()->factors->W;
    std::vector<FoundComponent> components(static_cast<std::size_t>(best.cols()), {.runs = 1});
    for (std::size_t i = 1; i < runs.size(); ++i) {
        const Matching matching = matchColumns(best, runs[i]->factors->W);
        for (std::size_t a = 0; a < components.size(); ++a) {
            components[a].runs += matching.cosine[a] >= foundFrom;
            components[a].meanCosine += matching.cosine[a];
        }
    }
    // Divided at the end: a sum of ones is exact, and so is their mean.
    for (FoundComponent& component : components)
        component.meanCosine /= static_cast<double>(runs.size() - 1);
    return components;
}

std::vector<Index> evenly(Index count)
{
    std::vector<Index> chosen;
    const Index taken = std::min(count, treeLimit);
    for (Index i = 0; i < taken; ++i)
        chosen.push_back(i * count / taken);
    return chosen;
}

} // namespace

RunAgreement agreementOfRuns(const RankFits& fits)
{
    RunAgreement result{.runs = bestFirst(fits)};
    result.levels = levelsOf(result.runs);
    result.components = componentsOf(result.runs);
    if (result.runs.size() < 2)
        return result;
    std::vector<std::vector<int>> labels, chosen;
    result.samples = evenly(static_cast<Index>(result.runs.front()->labels.size()));
    for (const auto& run : result.runs) {
        labels.push_back(run->labels);
        for (std::vector<int>& some = chosen.emplace_back(); const Index sample : result.samples)
            some.push_back(run->labels[static_cast<std::size_t>(sample)]);
    }
    result.consensus = consensusOf(labels);
    Matrix<double> together = consensusMatrix(chosen);
    result.tree = std::make_shared<const Hierarchy>(averageLinkage(Matrix<double>(1 - together.array())));
    result.together = std::make_shared<const Matrix<double>>(std::move(together));
    return result;
}

} // namespace nmf
