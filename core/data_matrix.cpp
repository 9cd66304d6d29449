#include "core/data_matrix.h"

#include <cmath>
#include <type_traits>

namespace nmf
{

namespace
{

template <class Scalar>
std::shared_ptr<const Matrix<Scalar>> shared(Matrix<Scalar> values)
{
    return std::make_shared<const Matrix<Scalar>>(std::move(values));
}

} // namespace

DataMatrix::DataMatrix(Matrix<double> values) : m_values(shared(std::move(values))) {}

DataMatrix::DataMatrix(Matrix<float> values) : m_values(shared(std::move(values))) {}

Index DataMatrix::rows() const
{
    return std::visit([](const auto& values) { return values->rows(); }, m_values);
}

Index DataMatrix::cols() const
{
    return std::visit([](const auto& values) { return values->cols(); }, m_values);
}

double DataMatrix::operator()(Index row, Index column) const
{
    return std::visit([&](const auto& values) { return static_cast<double>((*values)(row, column)); }, m_values);
}

bool DataMatrix::isSingle() const
{
    return std::holds_alternative<std::shared_ptr<const Matrix<float>>>(m_values);
}

template <class Scalar>
std::shared_ptr<const Matrix<Scalar>> DataMatrix::dense() const
{
    using Kept = std::shared_ptr<const Matrix<Scalar>>;
    if (const Kept* kept = std::get_if<Kept>(&m_values))
        return *kept;
    return std::visit([](const auto& values) { return shared<Scalar>(values->template cast<Scalar>()); }, m_values);
}

template std::shared_ptr<const Matrix<double>> DataMatrix::dense<double>() const;
template std::shared_ptr<const Matrix<float>> DataMatrix::dense<float>() const;

Vector<double> DataMatrix::column(Index sample) const
{
    return std::visit([&](const auto& values) -> Vector<double> { return values->col(sample).template cast<double>(); },
                      m_values);
}

DataMatrix DataMatrix::transposed() const
{
    return std::visit(
        [](const auto& values) {
            using Values = std::remove_cvref_t<decltype(*values)>;
            return DataMatrix(Values(values->transpose()));
        },
        m_values);
}

namespace
{

void keepFirst(std::optional<DataFacts::Place>& first, Index row, Index column)
{
    if (!first || row < first->row || (row == first->row && column < first->column))
        first = DataFacts::Place{row, column};
}

} // namespace

DataFacts factsOf(const DataMatrix& V)
{
    DataFacts facts;
    bool any = false;
    for (Index column = 0; column < V.cols(); ++column) {
        const Vector<double> values = V.column(column);
        double sum = 0;
        for (Index row = 0; row < values.size(); ++row) {
            const double value = values(row);
            if (std::isnan(value)) {
                ++facts.nans;
                keepFirst(facts.firstNan, row, column);
                continue;
            }
            if (std::isinf(value)) {
                ++facts.infinities;
                keepFirst(facts.firstInfinity, row, column);
                continue;
            }
            if (value < 0) {
                ++facts.negatives;
                keepFirst(facts.firstNegative, row, column);
            }
            if (value == 0) {
                ++facts.zeros;
                keepFirst(facts.firstZero, row, column);
            }
            facts.minimum = any ? std::min(facts.minimum, value) : value;
            facts.maximum = any ? std::max(facts.maximum, value) : value;
            any = true;
            sum += value;
        }
        facts.sum += sum;
    }
    return facts;
}

} // namespace nmf
