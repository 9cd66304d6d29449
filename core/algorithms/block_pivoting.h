#pragma once

#include "core/matrix.h"

#include <cstdint>
#include <vector>

namespace nmf
{

/// Exact non-negative least squares for many right-hand sides with one Gram matrix, by block principal pivoting (Kim &
/// Park 2011): each row of U minimises ½uᵀGu − cᵀu over u ≥ 0. Rows whose free variables are the same share one
/// factorization (Van Benthem & Keenan 2004). In double whatever the data are; nothing is allocated between calls,
/// except for rows that fall back to the active set method.
class BlockPivoting
{
public:
    BlockPivoting(Index mostRows, Index rank);
    // A copy would lose the room that is kept for what changes its size.
    BlockPivoting(const BlockPivoting&) = delete;
    BlockPivoting(BlockPivoting&&) = default;

    /// U is where the search begins and where the solution goes. G carries the precision of its numbers: components
    /// that differ by less are taken for combinations of each other. `locked`: components that stay.
    template <class Scalar>
    void operator()(const Matrix<Scalar>& G, Scalar l1, const ConstMatrixRef<Scalar>& C, MatrixRef<Scalar> U,
                    const std::vector<Index>& locked = {});

private:
    using Word = std::uint64_t;

    /// One right-hand side on its way. `budget` and `fewest` are those of the backup rule, which keeps it from
    /// circling.
    struct Row
    {
        Index fewest = 0;
        int budget = 3;
    };

    void scaleGram(double precision, const std::vector<Index>& locked);
    void solveRows(Index rows);
    void solveGroups();
    void solveGroup(std::size_t first, std::size_t last);
    bool exchange(Index row);
    void fallBack(Index row);
    void keepTheBetter(Index rows);

    Word* key(Index row) { return m_keys.data() + static_cast<std::size_t>(row) * m_words; }
    const Word* key(Index row) const { return m_keys.data() + static_cast<std::size_t>(row) * m_words; }
    bool isFree(Index row, Index a) const { return key(row)[a / 64] >> (a % 64) & 1; }
    void flip(Index row, Index a) { key(row)[a / 64] ^= Word{1} << (a % 64); }

    Index m_rank;
    std::size_t m_words;                        ///< in the key of a row: a bit for each component, set where it is free
    double m_ridge = 0;                         ///< on the diagonal of G where it is singular, all but
    Matrix<double> m_G, m_factor, m_right;      ///< G of unit diagonal; scratch for the free part and its right sides
    Matrix<double> m_C, m_X, m_Y, m_start;      ///< k × rows, a right-hand side in each column
    Matrix<double> m_activeX, m_activeY;        ///< those still on their way
    Vector<double> m_size;                      ///< √G_aa; 0 of a component that has no influence
    std::vector<Index> m_free, m_active, m_bad; ///< names
    std::vector<Word> m_keys;
    std::vector<Row> m_rows;
};

/// One for each thread.
std::vector<BlockPivoting> pivotingForEach(int threads, Index mostRows, Index rank);

} // namespace nmf
