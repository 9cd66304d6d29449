#pragma once

#include "core/algorithms/steps.h"

#include <vector>

namespace nmf
{

/// Moves a block of rows, each of which has a fixed sum: u minimises ½uᵀGu − (c − l1)ᵀu over {u ≥ 0, Σu = sum}. Weight
/// goes from one entry to another, always between the pair that gains most (sequential minimal optimisation, Platt
/// 1998; pairs by Fan, Chen & Lin 2005): no step ever loses, and where none gains the row is at its minimum.
template <class Scalar>
class SimplexRows
{
public:
    explicit SimplexRows(Index rank);

    /// At most so many exchanges a row. The rows satisfy their sum already, and keep it.
    void operator()(const Matrix<Scalar>& G, const Eigen::Ref<const Matrix<Scalar>>& C, double sum, int exchanges,
                    Eigen::Ref<Matrix<Scalar>> U);

private:
    bool exchange();

    Matrix<double> m_G;
    Vector<double> m_u, m_slope;
};

} // namespace nmf
