#include "core/random_numbers.h"
#include "core/samples/generators.h"

namespace nmf
{

namespace
{

constexpr Index side = 8, barCount = 2 * side, pictures = 400;
constexpr double presence = 0.2;

/// The rows of the picture, then its columns.
Matrix<double> parts()
{
    Matrix<double> W = Matrix<double>::Zero(side * side, barCount);
    for (Index bar = 0; bar < side; ++bar)
        for (Index along = 0; along < side; ++along) {
            W(bar * side + along, bar) = 1;
            W(along * side + bar, side + bar) = 1;
        }
    return W;
}

/// Each bar is there with a chance of one in five, with its own strength. No picture is empty: one bar is always there.
Matrix<double> amounts(std::uint64_t seed)
{
    Matrix<double> Ht = Matrix<double>::Zero(pictures, barCount);
    for (Index picture = 0; picture < pictures; ++picture) {
        const RandomNumbers random(seed, static_cast<std::uint64_t>(picture));
        const auto certain = static_cast<Index>(random.below(barCount, 2 * barCount));
        for (Index bar = 0; bar < barCount; ++bar) {
            const auto draw = static_cast<std::uint64_t>(2 * bar);
            if (bar == certain || random.uniform(draw) < presence)
                Ht(picture, bar) = inSteps(0.25 + 0.75 * random.uniform(draw + 1));
        }
    }
    return Ht;
}

/// Földiák 1990: horizontal and vertical bars, laid over each other. Here their brightness adds up.
Dataset make(std::uint64_t seed)
{
    return datasetOf({parts(), amounts(seed)}, Axis::pixels(side, side), "picture");
}

} // namespace

Sample bars()
{
    return {.facts = {.id = "bars",
                      .name = "Bars",
                      .summary = "400 small pictures of crossing bars; each of the sixteen bars is one part.",
                      .source = "Földiák 1990"},
            .suggestedRank = barCount,
            .make = make};
}

} // namespace nmf
