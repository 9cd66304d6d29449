#pragma once

#include <Eigen/Core>

#include <limits>

namespace nmf
{

using Index = Eigen::Index;

/// Dense, column-major.
template <class Scalar>
using Matrix = Eigen::Matrix<Scalar, Eigen::Dynamic, Eigen::Dynamic>;

template <class Scalar>
using Vector = Eigen::Matrix<Scalar, Eigen::Dynamic, 1>;

/// The floor of every divisor.
template <class Scalar>
constexpr Scalar tiny = std::numeric_limits<Scalar>::min();

} // namespace nmf
