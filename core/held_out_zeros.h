#pragma once

#include "core/data_matrix.h"

#include <compare>
#include <cstdint>
#include <vector>

namespace nmf
{

/// Where an entry stands; by columns first.
struct Place
{
    int column, row;
    auto operator<=>(const Place&) const = default;
};

/// As many zeros of a sparse V as `count`, but at most this share of them, drawn at random from all that it does not
/// keep. None of them is among `taken`, and every row and column keeps an entry that is neither drawn nor taken. The
/// memory is that of these entries: V's zeros are too many to be gone through.
std::vector<Place> drawZeros(const DataMatrix& V, std::uint64_t seed, double share, std::size_t count,
                             const std::vector<Place>& taken);

} // namespace nmf
