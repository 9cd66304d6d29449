#pragma once

#include "core/lanes.h"

#include <utility>

namespace nmf
{

/// How many lines transposeLanes() turns at once.
constexpr int transposedLines = 8;

/// x₀ y₀ x₁ y₁ … of the first half of two vectors, or of the second.
template <class Vector, int... place>
Vector zipHalves(const Vector& x, const Vector& y, int half, std::integer_sequence<int, place...>)
{
    constexpr int count = sizeof...(place);
    if (half == 0)
        return __builtin_shufflevector(x, y, ((place % 2) * count + place / 2)...);
    return __builtin_shufflevector(x, y, ((place % 2) * count + count / 2 + place / 2)...);
}

/// Eight vectors, each of one line: in memory, what were the eight first numbers of the lines come first, then the
/// eight second ones, and so on. Three perfect shuffles.
template <class Scalar>
void transposeLanes(typename Lanes<Scalar>::Type (&lines)[transposedLines])
{
    using Vector = typename Lanes<Scalar>::Type;
    using Places = std::make_integer_sequence<int, Lanes<Scalar>::count>;
    constexpr int half = transposedLines / 2;
    for (int stage = 0; stage < 3; ++stage) {
        Vector next[transposedLines];
#pragma GCC unroll 8
        for (int i = 0; i < half; ++i) {
            next[2 * i] = zipHalves(lines[i], lines[i + half], 0, Places());
            next[2 * i + 1] = zipHalves(lines[i], lines[i + half], 1, Places());
        }
#pragma GCC unroll 8
        for (int i = 0; i < transposedLines; ++i)
            lines[i] = next[i];
    }
}

} // namespace nmf
