#include "core/narrow_product.h"

#include "core/lane_transpose.h"

#include <algorithm>
#include <cstring>
#include <type_traits>

namespace nmf
{

namespace
{

/// Where there are 32 wide registers. Where BLAS is to form the products, its kernels are for the processor that it
/// finds, and ours for the oldest.
#if defined(__AVX512F__) && !defined(EIGEN_USE_BLAS)
constexpr bool enoughRegisters = true;
#else
constexpr bool enoughRegisters = false;
#endif

/// Sums are this long before they are added to others: in single precision long ones lose digits.
constexpr Index stretch = 512;
/// So many columns of V are gone through by one group of rows after another: they stay in the caches, and their pages
/// in the processor's table.
constexpr Index columnsInCache = 96;
/// How many columns ahead V is fetched.
constexpr Index ahead = 12;

/// `count` things in groups of at most `most`, of sizes that differ by one at most: work(first, size).
template <class Work>
void inGroups(Index count, Index most, const Work& work)
{
    const Index groups = (count + most - 1) / most;
    for (Index group = 0, first = 0; group < groups; ++group) {
        const Index size = (count - first + groups - group - 1) / (groups - group);
        work(first, size);
        first += size;
    }
}

/// work(std::integral_constant<int, size>), for a size from 1 to most.
template <int most, class Work>
void withConstant(Index size, const Work& work)
{
    if constexpr (most > 1) {
        if (size < most)
            return withConstant<most - 1>(size, work);
    }
    work(std::integral_constant<int, most>());
}

template <class Scalar>
const typename Lanes<Scalar>::Type& lanesAt(const Scalar* numbers)
{
    return *reinterpret_cast<const typename Lanes<Scalar>::Type*>(numbers);
}

/// Adds to `vectors` vectors of rows of the product with F, for `width` columns of F, what `length` columns of V make
/// of it: V's columns are read in lanes, F's entries one by one.
template <int vectors, int width, class Scalar>
void addRows(const Scalar* V, Index stride, Index length, const Scalar* F, Index step, Scalar scale, Scalar* out,
             Index outStride)
{
    using Vector = typename Lanes<Scalar>::Type;
    constexpr Index lanes = Lanes<Scalar>::count;
    Vector sums[vectors][width] = {};
    for (Index j = 0; j < length; ++j) {
        const Scalar* v = V + j * stride;
        const Scalar* f = F + j * step;
        const Scalar* later = V + std::min(j + ahead, length - 1) * stride;
        Vector column[vectors];
#pragma GCC unroll 8
        for (int i = 0; i < vectors; ++i) {
            __builtin_prefetch(later + i * lanes);
            column[i] = lanesAt(v + i * lanes);
        }
#pragma GCC unroll 8
        for (int a = 0; a < width; ++a)
#pragma GCC unroll 8
            for (int i = 0; i < vectors; ++i)
                sums[i][a] += column[i] * f[a];
    }
    for (int a = 0; a < width; ++a)
        for (int i = 0; i < vectors; ++i)
            *reinterpret_cast<Vector*>(out + a * outStride + i * lanes) += sums[i][a] * scale;
}

constexpr int linesAtOnce = transposedLines;

/// Where the entries of some lines of V lie, columns or rows.
template <class Scalar>
struct Lines
{
    const Scalar* begin;
    Index apart, along, length;
};

/// What entries [begin, end) of some lines of V make with `vectors` vectors of columns of F: F's rows are read in
/// lanes, V's entries one by one.
template <int vectors, class Scalar>
void sumLines(const Lines<Scalar>& V, const Scalar* F, Index step, Index begin, Index end,
              typename Lanes<Scalar>::Type (&result)[linesAtOnce][vectors])
{
    using Vector = typename Lanes<Scalar>::Type;
    Vector sums[linesAtOnce][vectors] = {};
    for (Index i = begin; i < end; ++i) {
        Vector row[vectors];
#pragma GCC unroll 8
        for (int a = 0; a < vectors; ++a)
            row[a] = lanesAt(F + i * step + a * Lanes<Scalar>::count);
#pragma GCC unroll 8
        for (int j = 0; j < linesAtOnce; ++j)
#pragma GCC unroll 8
            for (int a = 0; a < vectors; ++a)
                sums[j][a] += row[a] * V.begin[j * V.apart + i * V.along];
    }
    std::memcpy(result, sums, sizeof sums);
}

/// Some lines of V with `vectors` vectors of columns of F, of which `width` columns are there.
template <int vectors, class Scalar>
void multiplyLines(const Lines<Scalar>& V, const Scalar* F, Index step, Scalar scale, Scalar* out, Index outStride,
                   Index width)
{
    using Vector = typename Lanes<Scalar>::Type;
    Vector totals[linesAtOnce][vectors];
    sumLines<vectors>(V, F, step, 0, std::min(stretch, V.length), totals);
    for (Index begin = stretch; begin < V.length; begin += stretch) {
        Vector sums[linesAtOnce][vectors];
        sumLines<vectors>(V, F, step, begin, std::min(begin + stretch, V.length), sums);
        for (int j = 0; j < linesAtOnce; ++j)
            for (int a = 0; a < vectors; ++a)
                totals[j][a] += sums[j][a];
    }
    for (int a = 0; a < vectors; ++a) {
        Vector turned[linesAtOnce];
#pragma GCC unroll 8
        for (int j = 0; j < linesAtOnce; ++j)
            turned[j] = totals[j][a] * scale;
        transposeLanes<Scalar>(turned);
        const auto* numbers = reinterpret_cast<const Scalar*>(turned);
        const Index first = a * Lanes<Scalar>::count, end = std::min<Index>(width, first + Lanes<Scalar>::count);
        for (Index column = first; column < end; ++column)
            std::memcpy(out + column * outStride, numbers + (column - first) * linesAtOnce,
                        linesAtOnce * sizeof(Scalar));
    }
}

} // namespace

template <class Scalar>
bool NarrowProduct<Scalar>::serves(Index rank)
{
    return enoughRegisters && rank >= 4;
}

template <class Scalar>
void NarrowProduct<Scalar>::multiply(Side side, const Eigen::Map<const Matrix<Scalar>>& V, Scalar scale,
                                     const InterleavedFactor<Scalar>& F, Index first, MatrixRef<Scalar> out)
{
    constexpr Index lanes = Lanes<Scalar>::count;
    const Index rows = out.rows(), stride = V.outerStride(), step = F.lanes() * lanes;
    const auto at = [&](Index row, Index column) { return V.data() + column * stride + row; };
    const auto multiplyAt = [&](Index row, const Lines<Scalar>& lines) {
        inGroups(F.lanes(), 3, [&](Index vector, Index vectors) {
            withConstant<3>(vectors, [&](auto wide) {
                const Index column = vector * lanes;
                multiplyLines<wide>(lines, F.row(0) + column, step, scale, &out(row, column), out.outerStride(),
                                    std::min(vectors * lanes, F.rank() - column));
            });
        });
    };
    if (side == Side::Coefficients) {
        // The last ones are formed together with some before them, once more.
        for (Index begin = 0; begin < rows; begin += linesAtOnce) {
            const Index row = std::min(begin, rows - linesAtOnce);
            multiplyAt(row, {at(0, first + row), stride, 1, V.rows()});
        }
        return;
    }
    const Index whole = rows / lanes;
    out.topRows(whole * lanes).setZero();
    for (Index begin = 0; begin < V.cols(); begin += columnsInCache) {
        const Index length = std::min(columnsInCache, V.cols() - begin);
        inGroups(whole, 3, [&](Index vector, Index vectors) {
            inGroups(F.rank(), 8, [&](Index column, Index columns) {
                withConstant<3>(vectors, [&](auto tall) {
                    withConstant<8>(columns, [&](auto wide) {
                        addRows<tall, wide>(at(first + vector * lanes, begin), stride, length, F.row(begin) + column,
                                            step, scale, &out(vector * lanes, column), out.outerStride());
                    });
                });
            });
        });
    }
    for (Index begin = whole * lanes; begin < rows; begin += linesAtOnce) {
        const Index row = std::min(begin, rows - linesAtOnce);
        multiplyAt(row, {at(first + row, 0), 1, stride, V.cols()});
    }
}

template class NarrowProduct<float>;
template class NarrowProduct<double>;

} // namespace nmf
