#pragma once

#include "core/blocks.h"
#include "core/data_matrix.h"
#include "core/side.h"
#include "core/sparse_data.h"

#include <memory>
#include <optional>

namespace nmf
{

/// A factor F made ready for the products of one pass. Kept by who makes the passes, so that nothing is allocated in
/// them.
template <class Scalar>
class Operand
{
public:
    const Matrix<Scalar>& factor() const { return *m_factor; }

private:
    template <class>
    friend class SolverData;

    const Matrix<Scalar>* m_factor = nullptr;
    InterleavedFactor<Scalar> m_rows; ///< where products jump from row to row
};

/// V as a solver in one precision sees it: divided by a power of four near its mean, so that guards may be absolute and
/// data of any size are fitted alike. Dividing is exact, and it happens inside the products, so V is kept once.
template <class Scalar>
class SolverData
{
public:
    SolverData(const DataMatrix& V, Blocks& blocks);

    Index rows() const { return m_rows; }
    Index cols() const { return m_cols; }
    bool isSparse() const { return m_sparse.has_value(); }
    /// The most entries that are stored in a row or a column.
    Index longestLine() const;
    /// Stored entries.
    Index entries() const { return m_sparse ? m_sparse->entries() : rows() * cols(); }
    /// Rows of the factor that is moved, and of the other one.
    Index rowsOf(Side side) const { return side == Side::Basis ? rows() : cols(); }
    Index otherRowsOf(Side side) const { return side == Side::Basis ? cols() : rows(); }

    /// What V was divided by: 4^z.
    double scale() const { return m_scale; }
    /// √scale: what each factor is multiplied by to fit the data as they came.
    double factorScale() const;
    /// ‖V‖²F and the mean of V, as divided.
    double squaredNorm() const { return m_squaredNorm; }
    double mean() const { return m_mean; }

    /// Makes F ready for multiply(); F must stay as it is until the pass is over.
    void prepare(const Matrix<Scalar>& F, Operand<Scalar>& operand, Blocks& blocks) const;

    /// Rows [first, first + out.rows()) of V F (Basis) or Vᵀ F (Coefficients); out is count × F.cols().
    void multiply(Side side, const Operand<Scalar>& F, Index first, MatrixRef<Scalar> out) const;
    /// The same of an F that is used once only, or for a few rows.
    void multiply(Side side, const Matrix<Scalar>& F, Index first, MatrixRef<Scalar> out) const;

    /// V Vᵀ (Basis) or Vᵀ V (Coefficients), as divided.
    Matrix<double> gram(Side side, Blocks& blocks) const;

    /// Columns [first, first + count) as divided, dense: for narrow strips.
    Matrix<Scalar> columns(Index first, Index count) const;

    /// The tile of out's shape whose first entry is (row, column), as divided.
    void tile(Index row, Index column, MatrixRef<Scalar> out) const;
    /// Of a sparse V: the stored entries of column `index` (Coefficients) or of row `index` (Basis).
    StoredEntries<Scalar> storedEntries(Side side, Index index) const { return m_sparse->entriesOf(side, index); }
    /// V by columns and by rows; null if V is dense.
    const SparseData<Scalar>* sparse() const { return m_sparse ? &*m_sparse : nullptr; }

private:
    void keepDense(const DataMatrix& V, Blocks& blocks);
    void keepSparse(const DataMatrix& V, Blocks& blocks);
    /// The sums over the columns, or rows, that fix scale, mean and norm.
    template <class LineSum, class LineNorm>
    void measure(Index lines, Blocks& blocks, const LineSum& lineSum, const LineNorm& lineNorm);

    Index m_rows = 0, m_cols = 0;
    /// The side whose outputs are the columns of a dense V as it lies, for one or the other side of V.
    Side sideAsStored(Side side) const { return m_values->byRows() ? opposite(side) : side; }

    std::optional<DenseValues<Scalar>> m_values; ///< none if V is sparse
    std::optional<SparseData<Scalar>> m_sparse;
    Scalar m_inverse = 1; ///< 1/scale, or 1 if the values were divided when they were converted
    double m_scale = 1, m_squaredNorm = 0, m_mean = 0;
};

} // namespace nmf
