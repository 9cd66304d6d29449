#pragma once

#include "core/matrix.h"

namespace nmf
{

/// ‖x‖₁/‖x‖₂ of vectors of this length that have this sparseness by Hoyer's measure.
double normRatio(double sparseness, Index length);

/// Replaces x by the p ≥ 0 of this sparseness and ‖p‖₂ = 1 that is nearest to it, which is also that with the largest
/// xᵀp (Hoyer 2004). Where several are, the first entries are the larger ones.
void projectOnSparseness(Eigen::Ref<Vector<double>> x, double sparseness);

} // namespace nmf
