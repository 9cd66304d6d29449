#pragma once

#include "core/dataset.h"
#include "core/factors.h"

namespace nmf
{

/// The Kullback-Leibler divergence of W's row sums from the variances of V's rows, plus that of H's column sums from
/// those of V's columns; `shares`: of each as shares of its total. Rows and columns without variance are left out.
double varianceMismatch(const Dataset& dataset, const Factors<double>& factors, bool shares);

} // namespace nmf
