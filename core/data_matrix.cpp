#include "core/data_matrix.h"

#include "core/error.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <type_traits>
#include <vector>

namespace nmf
{

namespace
{

template <class Values>
constexpr bool isSparseType = requires(const Values& values)
{
    values.outerIndexPtr();
};

template <class Values>
std::shared_ptr<const Values> shared(Values values)
{
    if constexpr (isSparseType<Values>)
        values.makeCompressed();
    return std::make_shared<const Values>(std::move(values));
}

} // namespace

DataMatrix::DataMatrix(Matrix<double> values) : m_values(shared(std::move(values))) {}

DataMatrix::DataMatrix(Matrix<float> values) : m_values(shared(std::move(values))) {}

DataMatrix::DataMatrix(SparseMatrix<double> values) : m_values(shared(std::move(values))) {}

DataMatrix::DataMatrix(SparseMatrix<float> values) : m_values(shared(std::move(values))) {}

Index DataMatrix::rows() const
{
    return std::visit([](const auto& values) -> Index { return values->rows(); }, m_values);
}

Index DataMatrix::cols() const
{
    return std::visit([](const auto& values) -> Index { return values->cols(); }, m_values);
}

Index DataMatrix::stored() const
{
    return std::visit(
        [](const auto& values) -> Index {
            if constexpr (isSparseType<std::remove_cvref_t<decltype(*values)>>)
                return values->nonZeros();
            else
                return values->size();
        },
        m_values);
}

double DataMatrix::operator()(Index row, Index column) const
{
    return std::visit([&](const auto& values) { return static_cast<double>(values->coeff(row, column)); }, m_values);
}

bool DataMatrix::isSparse() const
{
    return std::visit([](const auto& values) { return isSparseType<std::remove_cvref_t<decltype(*values)>>; },
                      m_values);
}

bool DataMatrix::isSingle() const
{
    return std::holds_alternative<Shared<Matrix<float>>>(m_values) ||
           std::holds_alternative<Shared<SparseMatrix<float>>>(m_values);
}

template <class Scalar>
std::shared_ptr<const Matrix<Scalar>> DataMatrix::dense() const
{
    using Kept = Matrix<Scalar>;
    if (const auto* kept = std::get_if<Shared<Kept>>(&m_values))
        return *kept;
    return std::visit(
        [&](const auto& values) -> Shared<Kept> {
            if constexpr (isSparseType<std::remove_cvref_t<decltype(*values)>>)
                throw Error("The sparse matrix of " + std::to_string(rows()) + " × " + std::to_string(cols()) +
                            " was asked for as a dense one, which it is never made into.");
            else
                return shared<Kept>(values->template cast<Scalar>());
        },
        m_values);
}

template <class Scalar>
std::shared_ptr<const SparseMatrix<Scalar>> DataMatrix::sparse() const
{
    using Kept = SparseMatrix<Scalar>;
    if (const auto* kept = std::get_if<Shared<Kept>>(&m_values))
        return *kept;
    return std::visit(
        [](const auto& values) -> Shared<Kept> {
            if constexpr (isSparseType<std::remove_cvref_t<decltype(*values)>>)
                return shared<Kept>(values->template cast<Scalar>());
            else
                throw Error("A dense matrix was asked for as a sparse one.");
        },
        m_values);
}

template std::shared_ptr<const Matrix<double>> DataMatrix::dense<double>() const;
template std::shared_ptr<const Matrix<float>> DataMatrix::dense<float>() const;
template std::shared_ptr<const SparseMatrix<double>> DataMatrix::sparse<double>() const;
template std::shared_ptr<const SparseMatrix<float>> DataMatrix::sparse<float>() const;

Vector<double> DataMatrix::column(Index sample) const
{
    Vector<double> values = Vector<double>::Zero(rows());
    visitStored(sample, [&](Index row, double value) { values(row) = value; });
    return values;
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

/// The first place, in row-major order, that a sparse matrix does not keep; there is one.
DataFacts::Place firstUnstored(const DataMatrix& V)
{
    std::vector<Index> counts(static_cast<std::size_t>(V.rows()), 0);
    for (Index column = 0; column < V.cols(); ++column)
        V.visitStored(column, [&](Index row, double) { ++counts[static_cast<std::size_t>(row)]; });
    const auto isShort = [&](Index count) { return count < V.cols(); };
    const Index first = std::find_if(counts.begin(), counts.end(), isShort) - counts.begin();
    for (Index column = 0;; ++column) {
        bool there = false;
        V.visitStored(column, [&](Index row, double) { there = there || row == first; });
        if (!there)
            return {first, column};
    }
}

} // namespace

DataFacts factsOf(const DataMatrix& V)
{
    DataFacts facts;
    bool any = false;
    const auto see = [&](double least, double most) {
        facts.minimum = any ? std::min(facts.minimum, least) : least;
        facts.maximum = any ? std::max(facts.maximum, most) : most;
        any = true;
    };
    for (Index column = 0; column < V.cols(); ++column) {
        double sum = 0;
        V.visitStored(column, [&](Index row, double value) {
            if (std::isnan(value)) {
                ++facts.nans;
                keepFirst(facts.firstNan, row, column);
                return;
            }
            if (std::isinf(value)) {
                ++facts.infinities;
                keepFirst(facts.firstInfinity, row, column);
                return;
            }
            if (value < 0) {
                ++facts.negatives;
                keepFirst(facts.firstNegative, row, column);
            }
            if (value == 0) {
                ++facts.zeros;
                keepFirst(facts.firstZero, row, column);
            }
            see(value, value);
            sum += value;
        });
        facts.sum += sum;
    }
    if (const Index unstored = V.size() - V.stored(); unstored > 0) {
        const DataFacts::Place place = firstUnstored(V);
        facts.zeros += unstored;
        keepFirst(facts.firstZero, place.row, place.column);
        see(0, 0);
    }
    return facts;
}

} // namespace nmf
