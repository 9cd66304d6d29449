#pragma once

#include "core/blocks.h"
#include "core/side.h"
#include "core/sparse_matrix.h"

#include <memory>
#include <vector>

namespace nmf
{

/// A copy of a factor with the k numbers of a row side by side, padded with zeros to whole lanes: a sparse product
/// jumps from row to row, and so meets each in as few cache lines as it can.
template <class Scalar>
class InterleavedFactor
{
public:
    /// Memory is asked for only if F is larger than all before it.
    void assign(const Matrix<Scalar>& F, Blocks& blocks);

    Index rank() const { return m_rank; }
    Index lanes() const { return m_lanes; }
    const Scalar* row(Index index) const { return m_lines[static_cast<std::size_t>(index * m_lanes)].values; }

private:
    struct alignas(64) Line
    {
        Scalar values[64 / sizeof(Scalar)];
    };

    std::vector<Line> m_lines;
    Index m_rank = 0, m_lanes = 0;
};

/// A sparse V kept by columns and by rows, so that V F and Vᵀ F are both formed output by output: nothing is scattered,
/// and the bits do not depend on the threads.
template <class Scalar>
class SparseData
{
public:
    /// `inverse` is what a kept value is multiplied by.
    SparseData(std::shared_ptr<const SparseMatrix<Scalar>> columns, Scalar inverse);

    Index rows() const { return m_byColumn->rows(); }
    Index cols() const { return m_byColumn->cols(); }
    Index entries() const { return m_byColumn->nonZeros(); }

    /// The entries of column `index` (Coefficients) or of row `index` (Basis).
    StoredEntries<Scalar> entriesOf(Side side, Index index) const;

    /// Rows [first, first + out.rows()) of V F (Basis) or Vᵀ F (Coefficients).
    void multiply(Side side, const InterleavedFactor<Scalar>& F, Index first, MatrixRef<Scalar> out) const;
    /// The same in the precision of F, which is read in place.
    template <class Other>
    void multiply(Side side, const Matrix<Other>& F, Index first, MatrixRef<Other> out) const;

    /// V Vᵀ (Basis) or Vᵀ V (Coefficients), and how many products it takes.
    Matrix<double> gram(Side side, Blocks& blocks) const;
    double gramCost(Side side) const;

    /// The tile of out's shape whose first entry is (row, column), dense.
    void tile(Index row, Index column, MatrixRef<Scalar> out) const;

private:
    /// Its columns are the outputs of a product on this side.
    const SparseMatrix<Scalar>& outputs(Side side) const { return side == Side::Basis ? m_byRow : *m_byColumn; }

    std::shared_ptr<const SparseMatrix<Scalar>> m_byColumn;
    SparseMatrix<Scalar> m_byRow; ///< Vᵀ
    Scalar m_inverse;
};

} // namespace nmf
