#pragma once

#include <cstdint>

namespace nmf
{

/// As many numbers as the widest vector register holds; the compiler splits it where registers are narrower. Loads may
/// be unaligned: how memory is aligned follows the processor.
template <class Scalar>
struct Lanes;

template <>
struct Lanes<double>
{
    static constexpr int count = 8;
    typedef double Type __attribute__((vector_size(64), aligned(8)));
    typedef std::uint64_t Bits __attribute__((vector_size(64), aligned(8)));
};

template <>
struct Lanes<float>
{
    static constexpr int count = 16;
    typedef float Type __attribute__((vector_size(64), aligned(4)));
    typedef std::uint32_t Bits __attribute__((vector_size(64), aligned(4)));
};

} // namespace nmf
