#pragma once

#include "core/blocks.h"
#include "core/data_matrix.h"

#include <memory>

namespace nmf
{

/// Which factor is moved: H sees Vᵀ and W, W sees V and Hᵀ. One half-step serves both.
enum class Side { Coefficients, Basis };

/// V as a solver in one precision sees it: divided by a power of four near its mean, so that guards may be absolute and
/// data of any size are fitted alike. Dividing is exact, and it happens inside the products, so V is kept once.
template <class Scalar>
class SolverData
{
public:
    SolverData(const DataMatrix& V, Blocks& blocks);

    Index rows() const { return m_values->rows(); }
    Index cols() const { return m_values->cols(); }
    /// Stored entries.
    Index entries() const { return rows() * cols(); }
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

    /// Rows [first, first + out.rows()) of V F (Basis) or Vᵀ F (Coefficients); out is count × F.cols().
    void multiply(Side side, const Matrix<Scalar>& F, Index first, Eigen::Ref<Matrix<Scalar>> out) const;

    /// V Vᵀ (Basis) or Vᵀ V (Coefficients), as divided.
    Matrix<double> gram(Side side, Blocks& blocks) const;

    /// Columns [first, first + count) as divided.
    Matrix<Scalar> columns(Index first, Index count) const;

    /// The tile of out's shape whose first entry is (row, column), as divided.
    void tile(Index row, Index column, Eigen::Ref<Matrix<Scalar>> out) const;

private:
    std::shared_ptr<const Matrix<Scalar>> m_values;
    Scalar m_inverse = 1; ///< 1/scale, or 1 if the values were divided when they were converted
    double m_scale = 1, m_squaredNorm = 0, m_mean = 0;
};

} // namespace nmf
