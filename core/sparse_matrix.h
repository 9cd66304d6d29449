#pragma once

#include "core/matrix.h"

#include <Eigen/SparseCore>

#include <span>

namespace nmf
{

/// The entries of a table that are not zero, kept by columns; within a column the rows rise.
template <class Scalar>
using SparseMatrix = Eigen::SparseMatrix<Scalar, Eigen::ColMajor, int>;

/// The stored entries of one column, or of one row, of a sparse V.
template <class Scalar>
struct StoredEntries
{
    std::span<const int> indices;   ///< rising: the rows of a column, the columns of a row
    std::span<const Scalar> values; ///< as kept
    Scalar inverse = 1;             ///< what a kept value is multiplied by

    std::size_t size() const { return indices.size(); }
    Scalar value(std::size_t at) const { return values[at] * inverse; }
};

} // namespace nmf
