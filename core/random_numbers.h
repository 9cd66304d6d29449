#pragma once

#include <array>
#include <cstdint>

namespace nmf
{

/// Counter-based random numbers: Philox 4×32-10 (Salmon, Moraes, Dror & Shaw 2011). A number depends on (seed, stream,
/// index) alone, not on what was drawn before, so it is the same on any machine and for any number of threads.
class RandomNumbers
{
public:
    explicit RandomNumbers(std::uint64_t seed, std::uint64_t stream = 0) : m_seed(seed), m_stream(stream) {}

    /// 128 random bits.
    std::array<std::uint32_t, 4> bits(std::uint64_t index) const;
    /// Uniform in (0, 1).
    double uniform(std::uint64_t index) const;
    /// Standard normal, by Box and Muller.
    double normal(std::uint64_t index) const;
    /// Uniform in {0, …, count−1}.
    std::uint64_t below(std::uint64_t count, std::uint64_t index) const;

private:
    std::uint64_t m_seed, m_stream;
};

} // namespace nmf
