#pragma once

#include "core/matrix.h"

namespace nmf
{

/// As many bytes as the widest vector register; the compiler splits it where registers are narrower. Loads may be
/// unaligned: how Eigen aligns follows the processor.
template <class Scalar>
struct Lane;
template <>
struct Lane<double>
{
    typedef double Type __attribute__((vector_size(64), aligned(alignof(double))));
};
template <>
struct Lane<float>
{
    typedef float Type __attribute__((vector_size(64), aligned(alignof(float))));
};

/// How many numbers a lane holds.
template <class Scalar>
constexpr Index laneSize = static_cast<Index>(64 / sizeof(Scalar));

} // namespace nmf
