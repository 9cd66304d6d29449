#pragma once

#include "core/matrix.h"

#include <vector>

namespace nmf
{

/// The share of the entries of each column that are in use: above 1e-10 of the column's largest. (Multiplicative rules
/// never reach zero itself.) A column of zeros uses none.
std::vector<double> supportShares(const Matrix<double>& columns);
/// Their mean.
double meanSupport(const Matrix<double>& columns);

/// Column `inner` is in use only where column `outer` is: up to `most` times the inner one can be taken from the outer
/// one and given back through the coefficients without changing WH, so the factorization is not unique.
struct NestedSupport
{
    Index inner = 0, outer = 0;
    double most = 0;
};

std::vector<NestedSupport> nestedSupports(const Matrix<double>& columns);

} // namespace nmf
