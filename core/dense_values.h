#pragma once

#include "core/mapped_file.h"
#include "core/matrix.h"

#include <memory>

namespace nmf
{

/// A dense V where it lies: in memory, or in a mapped file, there perhaps row by row. Immutable; copies share the
/// numbers.
template <class Scalar>
class DenseValues
{
public:
    using View = Eigen::Map<const Matrix<Scalar>>;

    explicit DenseValues(std::shared_ptr<const Matrix<Scalar>> values)
        : m_view(values->data(), values->rows(), values->cols()), m_owner(values), m_matrix(std::move(values))
    {
    }

    /// rows × cols numbers at `offset` bytes into the file, column by column or row by row.
    DenseValues(std::shared_ptr<const MappedFile> file, std::size_t offset, Index rows, Index cols, bool byRows)
        : m_view(reinterpret_cast<const Scalar*>(file->bytes() + offset), byRows ? cols : rows, byRows ? rows : cols),
          m_file(file.get()), m_byRows(byRows), m_owner(std::move(file))
    {
    }

    Index rows() const { return m_byRows ? m_view.cols() : m_view.rows(); }
    Index cols() const { return m_byRows ? m_view.rows() : m_view.cols(); }
    Index size() const { return m_view.size(); }
    Scalar coeff(Index row, Index column) const { return m_byRows ? m_view(column, row) : m_view(row, column); }
    Scalar operator()(Index row, Index column) const { return coeff(row, column); }

    /// As it lies: V, or Vᵀ if it is kept row by row.
    const View& stored() const { return m_view; }
    bool byRows() const { return m_byRows; }
    /// The file that it lies in; null if it is in memory.
    const MappedFile* file() const { return m_file; }
    /// The matrix in memory; null if it is mapped.
    const std::shared_ptr<const Matrix<Scalar>>& matrix() const { return m_matrix; }

    /// In memory and column by column, in another precision.
    template <class Other>
    Matrix<Other> cast() const
    {
        if (m_byRows)
            return m_view.transpose().template cast<Other>();
        return m_view.template cast<Other>();
    }

    /// Of a mapped one: the same numbers, the other way round.
    DenseValues transposed() const
    {
        DenseValues other = *this;
        other.m_byRows = !m_byRows;
        return other;
    }

private:
    View m_view;
    const MappedFile* m_file = nullptr;
    bool m_byRows = false;
    std::shared_ptr<const void> m_owner;
    std::shared_ptr<const Matrix<Scalar>> m_matrix;
};

} // namespace nmf
