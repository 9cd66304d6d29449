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

/// A matrix or a part of one, to write in or to read: columns at any distance. The stride is named because clang 14
/// gives a template two names that do not link where it is left to Eigen's default.
template <class Scalar>
using MatrixRef = Eigen::Ref<Matrix<Scalar>, 0, Eigen::OuterStride<>>;

template <class Scalar>
using ConstMatrixRef = Eigen::Ref<const Matrix<Scalar>, 0, Eigen::OuterStride<>>;

/// The floor of every divisor.
template <class Scalar>
constexpr Scalar tiny = std::numeric_limits<Scalar>::min();

} // namespace nmf
