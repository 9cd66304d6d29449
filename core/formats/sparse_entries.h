#pragma once

#include "core/dataset.h"

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace nmf
{

/// Throws Error if a sparse matrix of this shape, with the copies and the factors of a run, is beyond memoryLimit(), or
/// has more rows, columns or entries than are counted here. Nothing has been allocated yet.
void requireSparseMemory(const std::filesystem::path& path, std::uint64_t rows, std::uint64_t columns,
                         std::uint64_t entries);

/// Entries in any order, as a file lists them, on their way into a sparse matrix.
template <class Scalar>
struct SparseEntries
{
    Index rows = 0, columns = 0;
    std::vector<Eigen::Triplet<Scalar, int>> triplets = {};

    void add(Index row, Index column, Scalar value)
    {
        triplets.emplace_back(static_cast<int>(row), static_cast<int>(column), value);
    }

    /// Puts them into the dataset in order; what was listed more than once is added up, and a note says so.
    void moveInto(Dataset& dataset);
};

} // namespace nmf
