#pragma once

#include "tests/support/problems.h"

/// The same table in the ways in which data are kept.
namespace kept_as
{

inline nmf::Dataset dataset(const nmf::Matrix<double>& V, bool sparse, bool single = false)
{
    nmf::Dataset result = *problems::dataset(V);
    if (sparse)
        result.V = single ? nmf::DataMatrix(nmf::SparseMatrix<float>(V.cast<float>().sparseView()))
                          : nmf::DataMatrix(nmf::SparseMatrix<double>(V.sparseView()));
    else if (single)
        result.V = nmf::DataMatrix(V.cast<float>().eval());
    return result;
}

inline nmf::Matrix<double> whole(const nmf::DataMatrix& V)
{
    nmf::Matrix<double> all(V.rows(), V.cols());
    for (nmf::Index j = 0; j < V.cols(); ++j)
        all.col(j) = V.column(j);
    return all;
}

} // namespace kept_as
