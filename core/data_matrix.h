#pragma once

#include "core/dense_values.h"
#include "core/sparse_matrix.h"

#include <memory>
#include <optional>
#include <variant>

namespace nmf
{

/// V, m features × n samples, as it was loaded: dense, in memory or in a mapped file, or sparse, in double or single
/// precision. Immutable and cheap to copy: copies share the numbers.
class DataMatrix
{
public:
    DataMatrix() = default;
    DataMatrix(Matrix<double> values);
    DataMatrix(Matrix<float> values);
    DataMatrix(DenseValues<double> values);
    DataMatrix(DenseValues<float> values);
    DataMatrix(SparseMatrix<double> values);
    DataMatrix(SparseMatrix<float> values);

    Index rows() const;
    Index cols() const;
    Index size() const { return rows() * cols(); }
    /// How many entries are kept: all of a dense matrix; of a sparse one those that the file listed.
    Index stored() const;
    double operator()(Index row, Index column) const;

    bool isSparse() const;
    /// True if the numbers are kept in single precision.
    bool isSingle() const;

    /// The file that the numbers lie in; null if they are in memory.
    const MappedFile* file() const;
    /// Whether the numbers lie row by row: then it is quicker to go through them so.
    bool byRows() const;

    /// The numbers as dense Scalar in memory: shared if they are kept so, else a copy. Throws Error if they are sparse:
    /// what is sparse may be too large for any memory, and is read by its stored entries.
    template <class Scalar>
    std::shared_ptr<const Matrix<Scalar>> dense() const;
    /// The same where they lie, if they are kept as Scalar.
    template <class Scalar>
    DenseValues<Scalar> denseValues() const;

    /// The numbers of a sparse matrix: shared if they are kept so, else a converted copy. Throws Error if they are
    /// dense.
    template <class Scalar>
    std::shared_ptr<const SparseMatrix<Scalar>> sparse() const;

    /// One column in double precision, length rows().
    Vector<double> column(Index sample) const;

    /// Calls visit(row, value) for every kept entry of a column; what a sparse column does not keep is zero.
    template <class Visit>
    void visitStored(Index sample, const Visit& visit) const;

    DataMatrix transposed() const;

private:
    template <class Values>
    using Shared = std::shared_ptr<const Values>;

    std::variant<Shared<DenseValues<double>>, Shared<DenseValues<float>>, Shared<SparseMatrix<double>>,
                 Shared<SparseMatrix<float>>>
        m_values = std::make_shared<const DenseValues<double>>(std::make_shared<const Matrix<double>>());
};

template <class Visit>
void DataMatrix::visitStored(Index sample, const Visit& visit) const
{
    std::visit(
        [&](const auto& values) {
            if constexpr (requires {
                              values->nonZeros();
                              values->outerIndexPtr();
                          }) {
                const Index end = values->outerIndexPtr()[sample + 1];
                for (Index at = values->outerIndexPtr()[sample]; at < end; ++at)
                    visit(static_cast<Index>(values->innerIndexPtr()[at]), static_cast<double>(values->valuePtr()[at]));
            } else {
                const auto& stored = values->stored();
                const auto* first = stored.data() + (values->byRows() ? sample : sample * stored.rows());
                const Index apart = values->byRows() ? stored.rows() : 1;
                for (Index row = 0; row < values->rows(); ++row)
                    visit(row, static_cast<double>(first[row * apart]));
            }
        },
        m_values);
}

/// What one pass over the entries tells. Minimum, maximum and mean are over the finite entries. The zeros that a sparse
/// matrix does not keep are counted, not visited.
struct DataFacts
{
    struct Place
    {
        Index row = 0, column = 0;
    };
    double minimum = 0, maximum = 0, sum = 0;
    Index zeros = 0, negatives = 0, nans = 0, infinities = 0;
    std::optional<Place> firstNegative, firstZero, firstNan, firstInfinity; ///< first in row-major order
};

DataFacts factsOf(const DataMatrix& V);

} // namespace nmf
