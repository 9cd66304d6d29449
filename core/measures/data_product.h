#pragma once

#include "core/dataset.h"
#include "core/solver_data.h"

namespace nmf
{

/// Calls action(data) with the data of a solver in the precision that they are kept in.
template <class Action>
auto withSolverData(const Dataset& dataset, Blocks& blocks, const Action& action)
{
    if (dataset.V.isSingle())
        return action(SolverData<float>(dataset.V, blocks));
    return action(SolverData<double>(dataset.V, blocks));
}

/// V F (Basis) or Vᵀ F (Coefficients), V as divided.
template <class Scalar>
Matrix<double> product(const SolverData<Scalar>& V, Side side, const Matrix<double>& F, Blocks& blocks)
{
    const Matrix<Scalar> narrow = F.template cast<Scalar>();
    Matrix<Scalar> result(V.rowsOf(side), F.cols());
    const Partition parts = partition(result.rows());
    blocks.run(parts.count(), [&](Index part, int) {
        V.multiply(side, narrow, parts.first(part), result.middleRows(parts.first(part), parts.size(part)));
    });
    return result.template cast<double>();
}

} // namespace nmf
