#pragma once

#include "core/dataset.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <new>
#include <string>
#include <utility>
#include <vector>

namespace nmf
{

/// Throws Error if a sparse matrix of this shape, with the copies and the factors of a run, is beyond memoryLimit(), or
/// has more rows, columns or entries than are counted here. Nothing has been allocated yet.
void requireSparseMemory(const std::filesystem::path& path, std::uint64_t rows, std::uint64_t columns,
                         std::uint64_t entries);

/// One entry on its way: row and column from 0.
template <class Scalar>
struct SparseEntry
{
    int row, column;
    Scalar value;
};

/// Memory in large pages where it is worth it: what is written once, from end to end, is mostly the asking for pages.
/// Throws std::bad_alloc.
void* largeMemory(std::size_t bytes);
void freeLargeMemory(void* memory);

/// Gives memory that is written before it is read, by several threads at once, without writing zeros to it first.
template <class Entry>
struct UnsetMemory : std::allocator<Entry>
{
    Entry* allocate(std::size_t count) { return static_cast<Entry*>(largeMemory(count * sizeof(Entry))); }
    void deallocate(Entry* memory, std::size_t) { freeLargeMemory(memory); }

    template <class Other>
    struct rebind
    {
        using other = UnsetMemory<Other>;
    };
    template <class Other>
    void construct(Other* place) noexcept
    {
        ::new (static_cast<void*>(place)) Other;
    }
    template <class Other, class... Arguments>
    void construct(Other* place, Arguments&&... arguments)
    {
        ::new (static_cast<void*>(place)) Other{std::forward<Arguments>(arguments)...};
    }
};

template <class Scalar>
using SparseEntryList = std::vector<SparseEntry<Scalar>, UnsetMemory<SparseEntry<Scalar>>>;

/// Entries in any order, as a file lists them, on their way into a sparse matrix.
template <class Scalar>
struct SparseEntries
{
    Index rows = 0, columns = 0;
    SparseEntryList<Scalar> list = {};

    void add(Index row, Index column, Scalar value)
    {
        list.push_back({static_cast<int>(row), static_cast<int>(column), value});
    }

    /// Puts them into the dataset in order; what was listed more than once is added up, and a note says so.
    void moveInto(Dataset& dataset);
};

} // namespace nmf
