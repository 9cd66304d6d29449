#pragma once

#include "core/matrix.h"

namespace nmf
{

/// Hoyer 2004: (√d − ‖x‖₁/‖x‖₂)/(√d − 1), d = length: 1 for one non-zero, 0 for constant entries, 0 (by convention) for
/// x = 0 or d = 1.
double sparseness(const Eigen::Ref<const Vector<double>>& x);

/// The mean sparseness of the columns.
double meanSparseness(const Matrix<double>& columns);

} // namespace nmf
