#pragma once

#include "core/matrix.h"

namespace nmf
{

/// The x ≥ 0 that minimises ½xᵀGx − cᵀx, G symmetric and positive definite: the active set method of Lawson & Hanson
/// 1974, one variable at a time from x = 0. Slow, but it ends at the minimum whatever the numbers.
Vector<double> activeSetSolution(const Matrix<double>& G, const Vector<double>& c);

} // namespace nmf
