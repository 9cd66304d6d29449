#pragma once

#include "core/matrix.h"

#include <memory>
#include <optional>
#include <variant>

namespace nmf
{

/// V, m features × n samples, as it was loaded. Immutable and cheap to copy: copies share the numbers.
class DataMatrix
{
public:
    DataMatrix() = default;
    DataMatrix(Matrix<double> values);
    DataMatrix(Matrix<float> values);

    Index rows() const;
    Index cols() const;
    Index size() const { return rows() * cols(); }
    double operator()(Index row, Index column) const;

    /// True if the numbers are kept in single precision.
    bool isSingle() const;

    /// The numbers as dense Scalar: shared if they are kept so, else a converted copy.
    template <class Scalar>
    std::shared_ptr<const Matrix<Scalar>> dense() const;

    /// One column in double precision, length rows().
    Vector<double> column(Index sample) const;

    DataMatrix transposed() const;

private:
    std::variant<std::shared_ptr<const Matrix<double>>, std::shared_ptr<const Matrix<float>>> m_values =
        std::make_shared<const Matrix<double>>();
};

/// What one pass over the entries tells. Minimum, maximum and mean are over the finite entries.
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
