#pragma once

#include "core/constraint.h"
#include "core/data_matrix.h"

#include <cstdint>
#include <string>
#include <vector>

namespace nmf
{

/// Arrays as the bytes of an NPY file, as numpy.load reads them: a matrix as it lies, column by column; its transpose,
/// without moving a number; a list.
std::string npyBytes(const Matrix<double>& values);
std::string npyBytesTransposed(const Matrix<double>& values);
std::string npyBytes(const Mask& mask);
std::string npyBytes(const std::vector<double>& list);

/// A dense V in the precision that it is kept in.
std::string npyBytes(const DataMatrix& dense);

/// The arrays of a sparse V under the names that scipy.sparse.save_npz gives them: format, shape, data, indices,
/// indptr.
struct NamedBytes
{
    std::string name, bytes;
};
std::vector<NamedBytes> sparseNpyBytes(const DataMatrix& sparse);

/// The header of an array: "<f8", whether it lies column by column, and its shape as Python writes it.
std::string npyHeader(const std::string& type, bool columnByColumn, const std::string& shape);

} // namespace nmf
