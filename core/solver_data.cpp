#include "core/solver_data.h"

#include "core/narrow_product.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace nmf
{

namespace
{

/// Sums of a term over the columns, or rows, in blocks and in a fixed order.
template <class Term>
double sumOverLines(Index lines, Blocks& blocks, const Term& term)
{
    const Partition parts = partition(lines);
    std::vector<double> sums(static_cast<std::size_t>(parts.count()), 0.0);
    blocks.run(parts.count(), [&](Index block, int) {
        double sum = 0;
        for (Index line = parts.first(block); line < parts.first(block) + parts.size(block); ++line)
            sum += term(line);
        sums[static_cast<std::size_t>(block)] = sum;
    });
    double total = 0;
    for (const double sum : sums)
        total += sum;
    return total;
}

/// The power of four nearest to the mean, so that its root is exact too. The mean is summed as shares of it, since the
/// entries' own sum could overflow.
double powerOfFour(double mean)
{
    if (!(mean > 0) || !std::isfinite(mean))
        return 1;
    return std::ldexp(1.0, 2 * static_cast<int>(std::lround(std::log2(mean) / 2)));
}

} // namespace

template <class Scalar>
SolverData<Scalar>::SolverData(const DataMatrix& V, Blocks& blocks) : m_rows(V.rows()), m_cols(V.cols())
{
    if (V.isSparse())
        keepSparse(V, blocks);
    else
        keepDense(V, blocks);
}

template <class Scalar>
template <class LineSum, class LineNorm>
void SolverData<Scalar>::measure(Index lines, Blocks& blocks, const LineSum& lineSum, const LineNorm& lineNorm)
{
    const double size = static_cast<double>(std::max<Index>(m_rows * m_cols, 1));
    const double mean = sumOverLines(lines, blocks, [&](Index line) { return lineSum(line) / size; });
    m_scale = powerOfFour(mean);
    const double inverse = 1 / m_scale;
    m_mean = mean * inverse;
    m_squaredNorm = sumOverLines(lines, blocks, [&](Index line) { return lineNorm(line, inverse); });
}

template <class Scalar>
void SolverData<Scalar>::keepDense(const DataMatrix& V, Blocks& blocks)
{
    const auto scan = [&](const auto& values) {
        const auto& stored = values.stored();
        measure(
            stored.cols(), blocks, [&](Index line) { return stored.col(line).template cast<double>().sum(); },
            [&](Index line, double factor) {
                return (stored.col(line).template cast<double>() * factor).squaredNorm();
            });
    };
    if (V.isSingle())
        scan(V.denseValues<float>());
    else
        scan(V.denseValues<double>());

    if (V.isSingle() == std::is_same_v<Scalar, float>) {
        m_values.emplace(V.denseValues<Scalar>());
        m_inverse = static_cast<Scalar>(1 / m_scale);
    } else {
        // Divided before it is narrowed: single precision could not hold the data's own size.
        Matrix<Scalar> converted(V.rows(), V.cols());
        for (Index column = 0; column < V.cols(); ++column)
            converted.col(column) = (V.column(column) * (1 / m_scale)).template cast<Scalar>();
        m_values.emplace(std::make_shared<const Matrix<Scalar>>(std::move(converted)));
    }
}

template <class Scalar>
void SolverData<Scalar>::keepSparse(const DataMatrix& V, Blocks& blocks)
{
    const auto sumOf = [&](Index column, const auto& term) {
        double sum = 0;
        V.visitStored(column, [&](Index, double value) { sum += term(value); });
        return sum;
    };
    measure(
        m_cols, blocks, [&](Index column) { return sumOf(column, [](double value) { return value; }); },
        [&](Index column, double factor) {
            return sumOf(column, [&](double value) { return value * factor * (value * factor); });
        });
    if (V.isSingle() == std::is_same_v<Scalar, float>) {
        m_inverse = static_cast<Scalar>(1 / m_scale);
        m_sparse.emplace(V.sparse<Scalar>(), m_inverse);
        return;
    }
    const auto convert = [&](const auto& values) {
        // Divided before it is narrowed, as above.
        using Kept = typename std::remove_cvref_t<decltype(values)>::Scalar;
        const auto divided = values.unaryExpr([&](Kept value) { return static_cast<double>(value) / m_scale; });
        return std::make_shared<const SparseMatrix<Scalar>>(divided.template cast<Scalar>());
    };
    m_sparse.emplace(V.isSingle() ? convert(*V.sparse<float>()) : convert(*V.sparse<double>()), m_inverse);
}

template <class Scalar>
Index SolverData<Scalar>::longestLine() const
{
    if (!isSparse())
        return std::max(rows(), cols());
    std::size_t longest = 0;
    for (const Side side : {Side::Coefficients, Side::Basis})
        for (Index line = 0; line < rowsOf(side); ++line)
            longest = std::max(longest, storedEntries(side, line).size());
    return static_cast<Index>(longest);
}

template <class Scalar>
double SolverData<Scalar>::factorScale() const
{
    return std::sqrt(m_scale);
}

template <class Scalar>
void SolverData<Scalar>::prepare(const Matrix<Scalar>& F, Operand<Scalar>& operand, Blocks& blocks) const
{
    operand.m_factor = &F;
    if (m_sparse || NarrowProduct<Scalar>::serves(F.cols()))
        operand.m_rows.assign(F, blocks);
}

template <class Scalar>
void SolverData<Scalar>::multiply(Side side, const Operand<Scalar>& F, Index first, MatrixRef<Scalar> out) const
{
    if (m_sparse)
        m_sparse->multiply(side, F.m_rows, first, out);
    else if (NarrowProduct<Scalar>::serves(out.cols()) && out.rows() >= NarrowProduct<Scalar>::leastRows)
        NarrowProduct<Scalar>::multiply(sideAsStored(side), m_values->stored(), m_inverse, F.m_rows, first, out);
    else
        multiply(side, F.factor(), first, out);
}

template <class Scalar>
void SolverData<Scalar>::multiply(Side side, const Matrix<Scalar>& F, Index first, MatrixRef<Scalar> out) const
{
    if (m_sparse)
        m_sparse->multiply(side, F, first, out);
    else if (sideAsStored(side) == Side::Basis)
        out.noalias() = m_inverse * (m_values->stored().middleRows(first, out.rows()) * F);
    else
        out.noalias() = m_inverse * (m_values->stored().middleCols(first, out.rows()).transpose() * F);
}

template <class Scalar>
Matrix<double> SolverData<Scalar>::gram(Side side, Blocks& blocks) const
{
    if (m_sparse)
        return m_sparse->gram(side, blocks);
    // Each block is a strip of the other side, formed in double; strips are added in their order.
    const Index size = rowsOf(side);
    Matrix<double> total = Matrix<double>::Zero(size, size);
    const double inverse = static_cast<double>(m_inverse);
    const Partition parts = partition(size);
    const Partition strips{otherRowsOf(side), 512};
    for (Index strip = 0; strip < strips.count(); ++strip) {
        const Index first = strips.first(strip), count = strips.size(strip);
        Matrix<double> A(size, count);
        if (sideAsStored(side) == Side::Basis)
            A = m_values->stored().middleCols(first, count).template cast<double>() * inverse;
        else
            A = m_values->stored().middleRows(first, count).transpose().template cast<double>() * inverse;
        blocks.run(parts.count(), [&](Index block, int) {
            total.middleRows(parts.first(block), parts.size(block)).noalias() +=
                A.middleRows(parts.first(block), parts.size(block)) * A.transpose();
        });
    }
    return total;
}

template <class Scalar>
Matrix<Scalar> SolverData<Scalar>::columns(Index first, Index count) const
{
    Matrix<Scalar> strip(m_rows, count);
    tile(0, first, strip);
    return strip;
}

template <class Scalar>
void SolverData<Scalar>::tile(Index row, Index column, MatrixRef<Scalar> out) const
{
    if (m_sparse) {
        m_sparse->tile(row, column, out);
    } else if (m_values->byRows()) {
        // A few rows at a time: they lie far apart, and the processor keeps track of so many places only.
        constexpr Index together = 32;
        for (Index first = 0; first < out.rows(); first += together) {
            const Index count = std::min(together, out.rows() - first);
            out.middleRows(first, count) =
                m_values->stored().block(column, row + first, out.cols(), count).transpose() * m_inverse;
        }
    } else {
        out = m_values->stored().block(row, column, out.rows(), out.cols()) * m_inverse;
    }
}

template class SolverData<float>;
template class SolverData<double>;

} // namespace nmf
