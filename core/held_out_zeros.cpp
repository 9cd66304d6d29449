#include "core/held_out_zeros.h"

#include "core/random_numbers.h"

#include <algorithm>
#include <cmath>
#include <unordered_set>

namespace nmf
{

namespace
{

/// The random numbers that say which zeros are held out are drawn from this stream.
constexpr std::uint64_t zerosStream = 8;
/// So often is a place drawn for each zero that is wanted, on the mean: most of them are zeros, unless V is all but
/// dense.
constexpr std::uint64_t mostTrials = 32;

} // namespace

std::vector<Place> drawZeros(const DataMatrix& V, std::uint64_t seed, double share, std::size_t count,
                             const std::vector<Place>& taken)
{
    const auto rows = static_cast<std::uint64_t>(V.rows()), size = static_cast<std::uint64_t>(V.size());
    const double zeros = static_cast<double>(V.size() - V.stored());
    const std::size_t wanted = std::min(count, static_cast<std::size_t>(std::llround(share * zeros)));
    std::vector<Index> leftInRow(static_cast<std::size_t>(V.rows()), V.cols()),
        leftInColumn(static_cast<std::size_t>(V.cols()), V.rows());
    std::unordered_set<std::uint64_t> gone;
    const auto take = [&](const Place& place) {
        --leftInRow[static_cast<std::size_t>(place.row)];
        --leftInColumn[static_cast<std::size_t>(place.column)];
        gone.insert(static_cast<std::uint64_t>(place.column) * rows + static_cast<std::uint64_t>(place.row));
    };
    std::for_each(taken.begin(), taken.end(), take);
    const RandomNumbers random(seed, zerosStream);
    std::vector<Place> drawn;
    for (std::uint64_t trial = 0; drawn.size() < wanted && trial < mostTrials * wanted; ++trial) {
        const std::uint64_t number = random.below(size, trial);
        const Place place{static_cast<int>(number / rows), static_cast<int>(number % rows)};
        if (V(place.row, place.column) != 0 || gone.count(number) > 0 ||
            leftInRow[static_cast<std::size_t>(place.row)] < 2 ||
            leftInColumn[static_cast<std::size_t>(place.column)] < 2)
            continue;
        take(place);
        drawn.push_back(place);
    }
    return drawn;
}

} // namespace nmf
