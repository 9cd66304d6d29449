#pragma once

#include "core/matrix.h"

namespace nmf
{

/// Replaces x by the nearest point of {p ≥ 0, Σp = sum}, for sum > 0.
void projectOnSimplex(Eigen::Ref<Vector<double>> x, double sum);

} // namespace nmf
