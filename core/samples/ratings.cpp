#include "core/random_numbers.h"
#include "core/samples/generators.h"

#include <algorithm>
#include <array>
#include <limits>
#include <string>

namespace nmf
{

namespace
{

constexpr Index tastes = 4, filmsPerTaste = 20, films = tastes * filmsPerTaste, viewers = 250;
constexpr double seen = 0.25;

constexpr std::array<const char*, tastes> genres{{"comedy", "thriller", "romance", "space opera"}};

Matrix<double> appeal(std::uint64_t seed)
{
    const RandomNumbers random(seed, 1);
    Matrix<double> W(films, tastes);
    for (Index film = 0; film < films; ++film)
        for (Index taste = 0; taste < tastes; ++taste) {
            const double chance = random.uniform(static_cast<std::uint64_t>(film * tastes + taste));
            W(film, taste) = inSteps(film / filmsPerTaste == taste ? 3.5 + 1.5 * chance : chance);
        }
    return W;
}

/// Most viewers have one taste, some two.
Matrix<double> liking(std::uint64_t seed)
{
    Matrix<double> Ht(viewers, tastes);
    for (Index viewer = 0; viewer < viewers; ++viewer) {
        const RandomNumbers random(seed, 100 + static_cast<std::uint64_t>(viewer));
        const auto first = static_cast<Index>(random.below(tastes, 0)),
                   second = static_cast<Index>(random.below(tastes, 1));
        for (Index taste = 0; taste < tastes; ++taste)
            Ht(viewer, taste) = inSteps(0.05 + 0.1 * random.uniform(2 + static_cast<std::uint64_t>(taste)));
        Ht(viewer, first) += inSteps(0.45 + 0.1 * random.uniform(10));
        Ht(viewer, second) += inSteps(0.2 + 0.1 * random.uniform(11));
    }
    return Ht;
}

/// Half stars from a half to five, most of them unknown; every film and every viewer has some.
Dataset make(std::uint64_t seed)
{
    std::vector<std::string> names;
    for (Index film = 0; film < films; ++film)
        names.push_back(std::string(genres[static_cast<std::size_t>(film / filmsPerTaste)]) + " " +
                        std::to_string(film % filmsPerTaste + 1));
    Axis features = Axis::named(std::move(names));
    features.noun = "film";
    Dataset dataset = datasetOf({appeal(seed), liking(seed)}, std::move(features), "viewer");
    Matrix<double> V = *dataset.V.dense<double>();
    for (Index viewer = 0; viewer < viewers; ++viewer) {
        const RandomNumbers random(seed, 1000 + static_cast<std::uint64_t>(viewer));
        for (Index film = 0; film < films; ++film) {
            const auto draw = static_cast<std::uint64_t>(2 * film);
            // One film in 16 is seen for certain, so that nobody and nothing is without a rating.
            const bool known = (film + viewer) % 16 == 0 || random.uniform(draw) < seen;
            const double opinion = V(film, viewer) + 0.25 * random.normal(draw + 1);
            V(film, viewer) =
                known ? std::clamp(std::round(2 * opinion) / 2, 0.5, 5.0) : std::numeric_limits<double>::quiet_NaN();
        }
    }
    dataset.V = DataMatrix(std::move(V));
    return dataset;
}

} // namespace

Sample ratings()
{
    return {.facts = {.id = "ratings",
                      .name = "Film ratings",
                      .summary = "80 films, 250 viewers with four kinds of taste, and three quarters of the ratings "
                                 "unknown, to be filled in."},
            .suggestedRank = tastes,
            .make = make};
}

} // namespace nmf
