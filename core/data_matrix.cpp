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
    if constexpr (isSparseType<Values>) {
        values.makeCompressed();
        // Eigen copies a sparse matrix that is moved.
        auto kept = std::make_shared<Values>();
        kept->swap(values);
        return kept;
    } else {
        return std::make_shared<const Values>(std::move(values));
    }
}

} // namespace

DataMatrix::DataMatrix(Matrix<double> values) : DataMatrix(DenseValues<double>(shared(std::move(values)))) {}

DataMatrix::DataMatrix(Matrix<float> values) : DataMatrix(DenseValues<float>(shared(std::move(values)))) {}

DataMatrix::DataMatrix(DenseValues<double> values)
    : m_values(std::make_shared<const DenseValues<double>>(std::move(values)))
{
}

DataMatrix::DataMatrix(DenseValues<float> values)
    : m_values(std::make_shared<const DenseValues<float>>(std::move(values)))
{
}

DataMatrix::DataMatrix(SparseMatrix<double> values)
    : m_values(shared<SparseMatrix<double>>(std::move(values.markAsRValue())))
{
}

DataMatrix::DataMatrix(SparseMatrix<float> values)
    : m_values(shared<SparseMatrix<float>>(std::move(values.markAsRValue())))
{
}

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
    return std::holds_alternative<Shared<DenseValues<float>>>(m_values) ||
           std::holds_alternative<Shared<SparseMatrix<float>>>(m_values);
}

const MappedFile* DataMatrix::file() const
{
    return std::visit(
        [](const auto& values) -> const MappedFile* {
            if constexpr (isSparseType<std::remove_cvref_t<decltype(*values)>>)
                return nullptr;
            else
                return values->file();
        },
        m_values);
}

bool DataMatrix::byRows() const
{
    return std::visit(
        [](const auto& values) {
            if constexpr (isSparseType<std::remove_cvref_t<decltype(*values)>>)
                return false;
            else
                return values->byRows();
        },
        m_values);
}

template <class Scalar>
std::shared_ptr<const Matrix<Scalar>> DataMatrix::dense() const
{
    return std::visit(
        [&](const auto& values) -> Shared<Matrix<Scalar>> {
            if constexpr (isSparseType<std::remove_cvref_t<decltype(*values)>>) {
                throw Error("The sparse matrix of " + std::to_string(rows()) + " × " + std::to_string(cols()) +
                            " was asked for as a dense one, which it is never made into.");
            } else {
                if constexpr (std::is_same_v<decltype(values->coeff(0, 0)), Scalar>)
                    if (values->matrix())
                        return values->matrix();
                return shared<Matrix<Scalar>>(values->template cast<Scalar>());
            }
        },
        m_values);
}

template <class Scalar>
DenseValues<Scalar> DataMatrix::denseValues() const
{
    return *std::get<Shared<DenseValues<Scalar>>>(m_values);
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
template DenseValues<double> DataMatrix::denseValues<double>() const;
template DenseValues<float> DataMatrix::denseValues<float>() const;
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
            if constexpr (isSparseType<Values>)
                return DataMatrix(Values(values->transpose()));
            else if (values->matrix())
                return DataMatrix(std::remove_cvref_t<decltype(*values->matrix())>(values->matrix()->transpose()));
            else
                return DataMatrix(values->transposed());
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

namespace
{

/// Counts the entries of V piece by piece.
class FactsCount
{
public:
    /// An entry that is no finite number from 0 up, or may be.
    void see(Index row, Index column, double value)
    {
        if (std::isnan(value)) {
            ++m_facts.nans;
            keepFirst(m_facts.firstNan, row, column);
            return;
        }
        if (std::isinf(value)) {
            ++m_facts.infinities;
            keepFirst(m_facts.firstInfinity, row, column);
            return;
        }
        if (value < 0) {
            ++m_facts.negatives;
            keepFirst(m_facts.firstNegative, row, column);
        }
        if (value == 0) {
            ++m_facts.zeros;
            keepFirst(m_facts.firstZero, row, column);
        }
        spread(value, value);
        m_facts.sum += value;
    }

    /// `count` entries that are not stored, the first of them there.
    void seeZeros(Index count, const DataFacts::Place& first)
    {
        m_facts.zeros += count;
        keepFirst(m_facts.firstZero, first.row, first.column);
        spread(0, 0);
    }

    /// Finite numbers from 0 up, the i-th of which is at place(i), as far along the matrix as may be.
    template <class Numbers, class Place>
    void seeFinite(const Numbers& numbers, double sum, const Place& place)
    {
        spread(static_cast<double>(numbers.minCoeff()), static_cast<double>(numbers.maxCoeff()));
        m_facts.sum += sum;
        const Index zeros = (numbers == 0).count();
        m_facts.zeros += zeros;
        for (Index i = 0, left = zeros; left > 0; ++i) {
            const auto [row, column] = place(i);
            if (m_facts.firstZero && row > m_facts.firstZero->row)
                break;
            if (numbers(i) != 0)
                continue;
            keepFirst(m_facts.firstZero, row, column);
            --left;
        }
    }

    const DataFacts& facts() const { return m_facts; }

private:
    void spread(double least, double most)
    {
        m_facts.minimum = m_any ? std::min(m_facts.minimum, least) : least;
        m_facts.maximum = m_any ? std::max(m_facts.maximum, most) : most;
        m_any = true;
    }

    DataFacts m_facts;
    bool m_any = false;
};

/// In the order in which the numbers lie, a stretch at a time: most hold nothing but finite numbers from 0 up.
template <class Scalar>
void countDense(const DenseValues<Scalar>& values, FactsCount& count)
{
    constexpr Index stretch = 2048;
    const auto& stored = values.stored();
    for (Index line = 0; line < stored.cols(); ++line)
        for (Index first = 0; first < stored.rows(); first += stretch) {
            const auto numbers = stored.col(line).segment(first, std::min(stretch, stored.rows() - first)).array();
            const auto place = [&](Index i) {
                return values.byRows() ? DataFacts::Place{line, first + i} : DataFacts::Place{first + i, line};
            };
            const double sum = numbers.template cast<double>().sum();
            if (std::isfinite(sum) && numbers.minCoeff() >= 0) {
                count.seeFinite(numbers, sum, place);
                continue;
            }
            for (Index i = 0; i < numbers.size(); ++i)
                count.see(place(i).row, place(i).column, static_cast<double>(numbers(i)));
        }
}

} // namespace

DataFacts factsOf(const DataMatrix& V)
{
    FactsCount count;
    if (!V.isSparse()) {
        if (V.isSingle())
            countDense(V.denseValues<float>(), count);
        else
            countDense(V.denseValues<double>(), count);
        return count.facts();
    }
    for (Index column = 0; column < V.cols(); ++column)
        V.visitStored(column, [&](Index row, double value) { count.see(row, column, value); });
    if (const Index unstored = V.size() - V.stored(); unstored > 0)
        count.seeZeros(unstored, firstUnstored(V));
    return count.facts();
}

} // namespace nmf
