#pragma once

#include "core/algorithms/steps.h"

#include <vector>

namespace nmf
{

/// Moves a block of rows, each of which has a fixed sum, or a largest one: u minimises ½uᵀGu − (c − l1)ᵀu over {u ≥ 0,
/// Σu = sum}. Weight goes from one entry to another, always between the pair that gains most (sequential minimal
/// optimisation, Platt 1998; pairs by Fan, Chen & Lin 2005): no step ever loses, and where none gains the row is at its
/// minimum. What a row lacks of its largest sum is one more entry, which costs nothing.
template <class Scalar>
class SimplexRows
{
public:
    SimplexRows(Index rank, const Constraint& constraint);

    /// At most so many exchanges a row. The rows satisfy their constraint already, and keep it.
    void operator()(const Matrix<Scalar>& G, Scalar l1, const ConstMatrixRef<Scalar>& C, int exchanges,
                    MatrixRef<Scalar> U);

private:
    bool exchange();

    Index m_rank;
    double m_sum; ///< with what a row lacks, if it may lack any
    Matrix<double> m_G;
    Vector<double> m_u, m_slope;
};

} // namespace nmf
