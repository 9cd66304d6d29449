#pragma once

#include "core/solver_data.h"

namespace nmf
{

/// V F (Basis) or Vᵀ F (Coefficients), all rows at once.
template <class Scalar>
Matrix<Scalar> fullProduct(const SolverData<Scalar>& V, Side side, const Matrix<Scalar>& F, Blocks& blocks)
{
    Matrix<Scalar> product(V.rowsOf(side), F.cols());
    const Partition parts = partition(product.rows());
    Operand<Scalar> operand;
    V.prepare(F, operand, blocks);
    blocks.run(parts.count(), [&](Index block, int) {
        V.multiply(side, operand, parts.first(block), product.middleRows(parts.first(block), parts.size(block)));
    });
    return product;
}

} // namespace nmf
