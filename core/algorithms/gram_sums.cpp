#include "core/algorithms/gram_sums.h"

#include "core/lanes.h"

#include <algorithm>
#include <cstring>

namespace nmf
{

namespace
{

#ifdef __AVX512F__
constexpr bool enoughRegisters = true;
#else
constexpr bool enoughRegisters = false;
#endif

using Vector = Lanes<double>::Type;
constexpr Index lanes = Lanes<double>::count;
/// So many vectors of one column of a Gram matrix, or chains of sums, are formed at once.
constexpr int together = 3, chains = 4;

const Vector& lanesAt(const double* numbers)
{
    return *reinterpret_cast<const Vector*>(numbers);
}

/// Adds to entries (down, across), …, (down + 8·vectors − 1, across + 7) of a Gram matrix, as far as they are there.
template <int vectors>
void addTile(const double* rows, Index step, Index count, Index down, Index across, Matrix<double>& gram)
{
    Vector sums[lanes][vectors] = {};
    for (Index i = 0; i < count; ++i) {
        const double* row = rows + i * step;
        Vector tall[vectors];
#pragma GCC unroll 8
        for (int v = 0; v < vectors; ++v)
            tall[v] = lanesAt(row + down + v * lanes);
#pragma GCC unroll 8
        for (int b = 0; b < lanes; ++b)
#pragma GCC unroll 8
            for (int v = 0; v < vectors; ++v)
                sums[b][v] += tall[v] * row[across + b];
    }
    const Index height = std::min<Index>(vectors * lanes, gram.rows() - down);
    for (Index b = 0; b < std::min(lanes, gram.cols() - across); ++b) {
        const auto* sum = reinterpret_cast<const double*>(sums[b]);
        for (Index a = 0; a < height; ++a)
            gram(down + a, across + b) += sum[a];
    }
}

} // namespace

bool servesGramOfRows()
{
    return enoughRegisters;
}

void addGramOfRows(const double* rows, Index step, Index count, Matrix<double>& gram)
{
    for (Index across = 0; across < gram.cols(); across += lanes)
        for (Index down = across; down < gram.rows(); down += together * lanes) {
            const Index left = (gram.rows() - down + lanes - 1) / lanes;
            if (left >= together)
                addTile<together>(rows, step, count, down, across, gram);
            else if (left == 2)
                addTile<2>(rows, step, count, down, across, gram);
            else
                addTile<1>(rows, step, count, down, across, gram);
        }
}

void mirrorLower(Matrix<double>& gram)
{
    for (Index b = 1; b < gram.cols(); ++b)
        for (Index a = 0; a < b; ++a)
            gram(a, b) = gram(b, a);
}

namespace
{

/// What `term(column, row)`, eight rows of a column, sums up to over a table; `single(column, row)` is one of them.
template <class Term, class Single>
double sumOverColumns(Index rows, Index columns, const Term& term, const Single& single)
{
    Vector sums[chains] = {};
    const Index whole = rows / lanes * lanes;
    double rest = 0;
    for (Index first = 0; first < columns; first += chains) {
        const Index count = std::min<Index>(chains, columns - first);
        if (count == chains) {
            for (Index row = 0; row < whole; row += lanes)
#pragma GCC unroll 8
                for (int chain = 0; chain < chains; ++chain)
                    sums[chain] += term(first + chain, row);
        } else {
            for (Index column = first; column < columns; ++column)
                for (Index row = 0; row < whole; row += lanes)
                    sums[0] += term(column, row);
        }
        for (Index column = first; column < first + count; ++column)
            for (Index row = whole; row < rows; ++row)
                rest += single(column, row);
    }
    const Vector all = (sums[0] + sums[1]) + (sums[2] + sums[3]);
    for (Index i = 0; i < lanes; ++i)
        rest += all[i];
    return rest;
}

/// Eight numbers in double precision.
template <class Scalar>
Vector wideAt(const Scalar* numbers)
{
    typedef Scalar Eight __attribute__((vector_size(8 * sizeof(Scalar))));
    Eight eight;
    std::memcpy(&eight, numbers, sizeof eight);
    return __builtin_convertvector(eight, Vector);
}

} // namespace

double sumOf(const ConstMatrixRef<double>& U)
{
    return sumOverColumns(
        U.rows(), U.cols(), [&](Index column, Index row) { return lanesAt(U.data() + column * U.outerStride() + row); },
        [&](Index column, Index row) { return U(row, column); });
}

template <class Scalar>
double crossOf(const ConstMatrixRef<Scalar>& C, const ConstMatrixRef<double>& U)
{
    return sumOverColumns(
        U.rows(), U.cols(),
        [&](Index column, Index row) {
            return wideAt(C.data() + column * C.outerStride() + row) *
                   lanesAt(U.data() + column * U.outerStride() + row);
        },
        [&](Index column, Index row) { return static_cast<double>(C(row, column)) * U(row, column); });
}

template double crossOf(const ConstMatrixRef<float>&, const ConstMatrixRef<double>&);
template double crossOf(const ConstMatrixRef<double>&, const ConstMatrixRef<double>&);

} // namespace nmf
