#include "core/sparse_data.h"

#include "core/lanes.h"
#include "core/row_layout.h"

#include <algorithm>
#include <array>

namespace nmf
{

namespace
{

/// How many numbers a lane holds.
template <class Scalar>
constexpr Index laneSize = Lanes<Scalar>::count;

/// More lanes than this at once would not stay in registers.
constexpr Index mostLanes = 8;
/// How many entries ahead a row of F is fetched.
constexpr Index ahead = 16;

/// Rows [first, first + out.rows()) of a product with the columns of A, `lanes` lanes of it from lane `start` on.
template <class Scalar, Index lanes>
void multiplyLanes(const SparseMatrix<Scalar>& A, Scalar inverse, const InterleavedFactor<Scalar>& F, Index start,
                   Index first, MatrixRef<Scalar> out)
{
    using Vector = typename Lanes<Scalar>::Type;
    const int* outer = A.outerIndexPtr();
    const int* inner = A.innerIndexPtr();
    const Scalar* values = A.valuePtr();
    const Index last = A.nonZeros() - 1, columns = std::min(lanes * laneSize<Scalar>, out.cols() - start);
    const Scalar* base = F.row(0) + start;
    const Index stride = F.lanes() * laneSize<Scalar>;
    alignas(64) Scalar sums[lanes * laneSize<Scalar>];
    for (Index i = 0; i < out.rows(); ++i) {
        Vector sum[lanes] = {};
        for (Index at = outer[first + i]; at < outer[first + i + 1]; ++at) {
            const Scalar* later = base + inner[std::min(at + ahead, last)] * stride;
            for (Index lane = 0; lane < lanes; ++lane)
                __builtin_prefetch(later + lane * laneSize<Scalar>);
            const auto* row = reinterpret_cast<const Vector*>(base + inner[at] * stride);
            const Scalar value = values[at];
            for (Index lane = 0; lane < lanes; ++lane)
                sum[lane] += value * row[lane];
        }
        for (Index lane = 0; lane < lanes; ++lane)
            *reinterpret_cast<Vector*>(sums + lane * laneSize<Scalar>) = sum[lane] * inverse;
        for (Index a = 0; a < columns; ++a)
            out(i, start + a) = sums[a];
    }
}

} // namespace

template <class Scalar>
void InterleavedFactor<Scalar>::assign(const Matrix<Scalar>& F, Blocks& blocks)
{
    m_rank = F.cols();
    m_lanes = (m_rank + laneSize<Scalar> - 1) / laneSize<Scalar>;
    m_lines.resize(std::max(m_lines.size(), static_cast<std::size_t>(F.rows() * m_lanes)));
    const Partition parts = partition(F.rows());
    const Index stride = m_lanes * laneSize<Scalar>;
    blocks.run(parts.count(), [&](Index block, int) {
        layOutRows<Scalar>(F.middleRows(parts.first(block), parts.size(block)),
                           m_lines[static_cast<std::size_t>(parts.first(block) * m_lanes)].values, stride);
    });
}

template <class Scalar>
SparseData<Scalar>::SparseData(std::shared_ptr<const SparseMatrix<Scalar>> columns, Scalar inverse)
    : m_byColumn(std::move(columns)), m_byRow(m_byColumn->transpose()), m_inverse(inverse)
{
}

template <class Scalar>
StoredEntries<Scalar> SparseData<Scalar>::entriesOf(Side side, Index index) const
{
    const SparseMatrix<Scalar>& A = outputs(side);
    const auto first = static_cast<std::size_t>(A.outerIndexPtr()[index]);
    const auto count = static_cast<std::size_t>(A.outerIndexPtr()[index + 1]) - first;
    return {{A.innerIndexPtr() + first, count}, {A.valuePtr() + first, count}, m_inverse};
}

template <class Scalar>
void SparseData<Scalar>::multiply(Side side, const InterleavedFactor<Scalar>& F, Index first,
                                  MatrixRef<Scalar> out) const
{
    using Kernel = void (*)(const SparseMatrix<Scalar>&, Scalar, const InterleavedFactor<Scalar>&, Index, Index,
                            MatrixRef<Scalar>);
    static constexpr std::array<Kernel, mostLanes> kernels{
        multiplyLanes<Scalar, 1>, multiplyLanes<Scalar, 2>, multiplyLanes<Scalar, 3>, multiplyLanes<Scalar, 4>,
        multiplyLanes<Scalar, 5>, multiplyLanes<Scalar, 6>, multiplyLanes<Scalar, 7>, multiplyLanes<Scalar, 8>};
    if (entries() == 0) {
        out.setZero();
        return;
    }
    for (Index lane = 0; lane < F.lanes(); lane += mostLanes) {
        const Index lanes = std::min(mostLanes, F.lanes() - lane);
        kernels[static_cast<std::size_t>(lanes - 1)](outputs(side), m_inverse, F, lane * laneSize<Scalar>, first, out);
    }
}

template <class Scalar>
template <class Other>
void SparseData<Scalar>::multiply(Side side, const Matrix<Other>& F, Index first, MatrixRef<Other> out) const
{
    for (Index i = 0; i < out.rows(); ++i) {
        const StoredEntries<Scalar> row = entriesOf(side, first + i);
        for (Index a = 0; a < F.cols(); ++a) {
            Other sum = 0;
            for (std::size_t at = 0; at < row.size(); ++at)
                sum += static_cast<Other>(row.values[at]) * F(row.indices[at], a);
            out(i, a) = sum * static_cast<Other>(m_inverse);
        }
    }
}

template <class Scalar>
double SparseData<Scalar>::gramCost(Side side) const
{
    const SparseMatrix<Scalar>& others = side == Side::Basis ? *m_byColumn : m_byRow;
    double cost = 0;
    for (Index j = 0; j < others.cols(); ++j) {
        const double count = others.outerIndexPtr()[j + 1] - others.outerIndexPtr()[j];
        cost += count * count;
    }
    return cost;
}

template <class Scalar>
Matrix<double> SparseData<Scalar>::gram(Side side, Blocks& blocks) const
{
    const Index size = side == Side::Basis ? rows() : cols();
    const Side other = side == Side::Basis ? Side::Coefficients : Side::Basis;
    Matrix<double> total = Matrix<double>::Zero(size, size);
    const Partition parts = partition(size);
    const auto inverse = static_cast<double>(m_inverse);
    blocks.run(parts.count(), [&](Index block, int) {
        for (Index i = parts.first(block); i < parts.first(block) + parts.size(block); ++i) {
            const StoredEntries<Scalar> row = entriesOf(side, i);
            for (std::size_t at = 0; at < row.size(); ++at) {
                const StoredEntries<Scalar> across = entriesOf(other, row.indices[at]);
                const double value = static_cast<double>(row.values[at]) * inverse;
                for (std::size_t b = 0; b < across.size(); ++b)
                    total(across.indices[b], i) += value * (static_cast<double>(across.values[b]) * inverse);
            }
        }
    });
    return total;
}

template <class Scalar>
void SparseData<Scalar>::tile(Index row, Index column, MatrixRef<Scalar> out) const
{
    out.setZero();
    for (Index j = 0; j < out.cols(); ++j) {
        const StoredEntries<Scalar> entries = entriesOf(Side::Coefficients, column + j);
        const auto begin = std::lower_bound(entries.indices.begin(), entries.indices.end(), row);
        for (auto at = static_cast<std::size_t>(begin - entries.indices.begin());
             at < entries.size() && entries.indices[at] < row + out.rows(); ++at)
            out(entries.indices[at] - row, j) = entries.value(at);
    }
}

template class InterleavedFactor<float>;
template class InterleavedFactor<double>;
template class SparseData<float>;
template class SparseData<double>;
template void SparseData<float>::multiply(Side, const Matrix<float>&, Index, MatrixRef<float>) const;
template void SparseData<float>::multiply(Side, const Matrix<double>&, Index, MatrixRef<double>) const;
template void SparseData<double>::multiply(Side, const Matrix<double>&, Index, MatrixRef<double>) const;

} // namespace nmf
