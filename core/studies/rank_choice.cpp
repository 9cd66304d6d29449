#include "core/studies/rank_choice.h"

#include "core/measures/stability.h"
#include "core/short_number.h"

#include <algorithm>
#include <cmath>
#include <map>

namespace nmf
{

namespace
{

using Kind = RankFitKey::Kind;

std::optional<MeanOfRuns> meanOf(const std::vector<double>& values)
{
    if (values.empty())
        return {};
    const auto count = static_cast<double>(values.size());
    MeanOfRuns result{.runs = values.size()};
    for (const double value : values)
        result.mean += value / count;
    double squares = 0;
    for (const double value : values)
        squares += (value - result.mean) * (value - result.mean);
    result.standardError = values.size() > 1 ? std::sqrt(squares / (count - 1) / count) : 0;
    return result;
}

/// The usable fits of a kind, in the order of their runs: what was finished first must not count.
RankFits chosen(const RankFits& fits, Index rank, Kind kind)
{
    RankFits result;
    for (const auto& fit : fits)
        if (fit->key.rank == rank && fit->key.kind == kind && fit->usable())
            result.push_back(fit);
    std::ranges::sort(result, {}, [](const auto& fit) { return fit->key.run; });
    return result;
}

std::optional<MeanOfRuns> meanError(const RankFits& fits, Kind kind)
{
    std::vector<double> values;
    for (const auto& fit : fits)
        values.push_back(kind == Kind::HeldOut ? fit->heldOutError : fit->last.relativeError);
    return meanOf(values);
}

void addAgreement(const RankFits& whole, RankPoint& point)
{
    if (whole.size() < 2)
        return;
    std::vector<std::vector<int>> labels;
    std::vector<const Matrix<double>*> bases;
    for (const auto& fit : whole) {
        labels.push_back(fit->labels);
        if (fit->factors)
            bases.push_back(&fit->factors->W);
    }
    point.consensus = consensusOf(labels);
    if (bases.size() > 1)
        point.stability = stabilityOf(bases).stability;
}

std::string counted(std::size_t count, const std::string& one, const std::string& many)
{
    return std::to_string(count) + " " + (count == 1 ? one : many);
}

/// Where the smallest held-out error of each run is: rank → runs. Each run holds out the same entries of every rank.
std::map<Index, std::size_t> favouritesOf(std::span<const RankPoint> points, const RankFits& fits)
{
    std::map<int, std::map<Index, double>> errors;
    for (const auto& fit : fits)
        if (fit->key.kind == Kind::HeldOut && fit->usable())
            errors[fit->key.run][fit->key.rank] = fit->heldOutError;
    std::map<Index, std::size_t> favourites;
    for (const auto& [run, ofRanks] : errors)
        if (ofRanks.size() == points.size())
            ++favourites[std::ranges::min_element(ofRanks, {}, [](const auto& one) { return one.second; })->first];
    return favourites;
}

std::string agreed(std::size_t agreeing, std::size_t runs, Index rank)
{
    return " Taken alone, " + std::to_string(agreeing) + " of " + counted(runs, "run", "runs") +
           (agreeing == 1 ? " predicts" : " predict") + " best with rank " + std::to_string(rank) + ".";
}

std::string certaintyOfHeldOut(std::span<const RankPoint> points, const RankFits& fits, const RankPoint& least,
                               Index rank)
{
    if (least.heldOut->runs < 2)
        return "A single run has no standard error: let each rank run several times.";
    const double limit = least.heldOut->mean + least.heldOut->standardError;
    std::vector<Index> within;
    for (const RankPoint& point : points)
        if (point.heldOut && point.heldOut->mean <= limit)
            within.push_back(point.rank);
    std::string text = within.size() == 1
                           ? "No other rank is within one standard error."
                           : counted(within.size(), "rank is", "ranks are") + " within one standard error, from " +
                                 std::to_string(within.front()) + " to " + std::to_string(within.back()) + ".";
    const std::map<Index, std::size_t> favourites = favouritesOf(points, fits);
    std::size_t runs = 0;
    for (const auto& [favourite, count] : favourites)
        runs += count;
    if (const auto found = favourites.find(rank); runs > 0)
        text += agreed(found == favourites.end() ? 0 : found->second, runs, rank);
    if (points.size() > 1 && least.rank == points.back().rank)
        text += " The error still falls at the highest rank: try higher ones.";
    return text;
}

std::optional<RankSuggestion> byHeldOut(std::span<const RankPoint> points, const RankFits& fits)
{
    const RankPoint* least = nullptr;
    for (const RankPoint& point : points)
        if (point.heldOut && (!least || point.heldOut->mean < least->heldOut->mean))
            least = &point;
    if (!least || points.size() < 2)
        return {};
    const double limit = least->heldOut->mean + least->heldOut->standardError;
    const auto smallest = std::ranges::find_if(
        points, [&](const RankPoint& point) { return point.heldOut && point.heldOut->mean <= limit; });
    return RankSuggestion{smallest->rank, RankSuggestion::Rule::HeldOut,
                          "Rank " + std::to_string(smallest->rank) +
                              " is the smallest whose held-out error is within one standard error of the smallest one.",
                          certaintyOfHeldOut(points, fits, *least, smallest->rank)};
}

std::optional<RankSuggestion> byPermuted(std::span<const RankPoint> points)
{
    if (points.size() < 2 ||
        !std::ranges::all_of(points, [](const RankPoint& point) { return point.training && point.permuted; }))
        return {};
    std::size_t last = 0;
    double gain = 0, chance = 0;
    for (std::size_t i = 1; i < points.size(); ++i) {
        const double own = points[i - 1].training->mean - points[i].training->mean;
        const double ofChance = points[i - 1].permuted->mean - points[i].permuted->mean;
        if (!(own > ofChance))
            break;
        last = i;
        gain = own;
        chance = ofChance;
    }
    RankSuggestion result{points[last].rank,
                          RankSuggestion::Rule::Permuted,
                          "Up to rank " + std::to_string(points[last].rank) +
                              " each step lowers the training error more than it does on permuted data.",
                          {}};
    if (last == 0)
        result.certainty = "No step does: there is nothing here that chance would not explain, or the lowest rank is "
                           "too high.";
    else
        result.certainty = "The last such step lowers it by " + shortNumber(gain) + ", against " + shortNumber(chance) +
                           " on permuted data.";
    if (last + 1 == points.size())
        result.certainty += " That goes on to the highest rank: try higher ones.";
    return result;
}

std::optional<RankSuggestion> byCophenetic(std::span<const RankPoint> points)
{
    if (points.size() < 2 || !std::ranges::all_of(points, [](const RankPoint& point) {
            return point.consensus && std::isfinite(point.consensus->cophenetic);
        }))
        return {};
    // What the mean of a few runs can tell apart.
    constexpr double noteworthy = 0.005;
    std::size_t last = 0;
    while (last + 1 < points.size() &&
           points[last + 1].consensus->cophenetic >= points[last].consensus->cophenetic - noteworthy)
        ++last;
    RankSuggestion result{points[last].rank, RankSuggestion::Rule::Cophenetic,
                          "Rank " + std::to_string(points[last].rank) +
                              " is the last before the cophenetic correlation begins to fall.",
                          "It does not fall up to the highest rank: try higher ones."};
    if (last + 1 < points.size())
        result.certainty = "It is " + shortNumber(points[last].consensus->cophenetic) + " there and " +
                           shortNumber(points[last + 1].consensus->cophenetic) + " at the next.";
    return result;
}

} // namespace

RankPoint rankPointOf(const RankFits& fits, Index rank)
{
    RankPoint point{.rank = rank};
    const RankFits whole = chosen(fits, rank, Kind::Whole);
    point.training = meanError(whole, Kind::Whole);
    point.heldOut = meanError(chosen(fits, rank, Kind::HeldOut), Kind::HeldOut);
    point.permuted = meanError(chosen(fits, rank, Kind::Permuted), Kind::Permuted);
    for (const auto& fit : whole)
        if (!point.best || fit->last.scaledObjective < point.best->last.scaledObjective)
            point.best = fit;
    addAgreement(whole, point);
    return point;
}

std::vector<RankSuggestion> suggestedRanks(std::span<const RankPoint> points, const RankFits& fits)
{
    std::vector<RankSuggestion> suggestions;
    for (std::optional<RankSuggestion>& suggestion :
         std::vector{byHeldOut(points, fits), byPermuted(points), byCophenetic(points)})
        if (suggestion)
            suggestions.push_back(std::move(*suggestion));
    return suggestions;
}

} // namespace nmf
