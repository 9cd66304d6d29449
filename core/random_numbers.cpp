#include "core/random_numbers.h"

#include <cmath>
#include <numbers>

namespace nmf
{

namespace
{

struct Product
{
    std::uint32_t high, low;
};

Product multiply(std::uint32_t a, std::uint32_t b)
{
    const std::uint64_t product = std::uint64_t{a} * b;
    return {static_cast<std::uint32_t>(product >> 32), static_cast<std::uint32_t>(product)};
}

/// 53 of 64 random bits as a number in (0, 1): the middle of one of 2⁵³ equal intervals.
double unit(std::uint32_t high, std::uint32_t low)
{
    const std::uint64_t bits = (std::uint64_t{high} << 32 | low) >> 11;
    return (static_cast<double>(bits) + 0.5) * 0x1p-53;
}

} // namespace

std::array<std::uint32_t, 4> RandomNumbers::bits(std::uint64_t index) const
{
    std::array<std::uint32_t, 4> counter{static_cast<std::uint32_t>(index), static_cast<std::uint32_t>(index >> 32),
                                         static_cast<std::uint32_t>(m_stream),
                                         static_cast<std::uint32_t>(m_stream >> 32)};
    std::array<std::uint32_t, 2> key{static_cast<std::uint32_t>(m_seed), static_cast<std::uint32_t>(m_seed >> 32)};
    for (int round = 0; round < 10; ++round) {
        const Product first = multiply(0xD2511F53u, counter[0]), second = multiply(0xCD9E8D57u, counter[2]);
        counter = {second.high ^ counter[1] ^ key[0], second.low, first.high ^ counter[3] ^ key[1], first.low};
        key[0] += 0x9E3779B9u;
        key[1] += 0xBB67AE85u;
    }
    return counter;
}

double RandomNumbers::uniform(std::uint64_t index) const
{
    const auto random = bits(index);
    return unit(random[0], random[1]);
}

double RandomNumbers::normal(std::uint64_t index) const
{
    const auto random = bits(index);
    const double radius = std::sqrt(-2 * std::log(unit(random[0], random[1])));
    return radius * std::cos(2 * std::numbers::pi * unit(random[2], random[3]));
}

std::uint64_t RandomNumbers::below(std::uint64_t count, std::uint64_t index) const
{
    const auto random = bits(index);
    // The bias of a plain remainder of 64 bits is below 2⁻³² for any count that occurs here.
    return (std::uint64_t{random[0]} << 32 | random[1]) % count;
}

} // namespace nmf
