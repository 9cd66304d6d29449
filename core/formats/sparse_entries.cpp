#include "core/formats/sparse_entries.h"

#include "core/error.h"
#include "core/formats/file.h"
#include "core/formats/parallel.h"

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <limits>
#include <new>
#include <sys/mman.h>
#include <utility>

namespace nmf
{

void* largeMemory(std::size_t bytes)
{
    constexpr std::size_t page = std::size_t{2} << 20;
    const bool large = bytes >= 2 * page;
    void* memory = large ? std::aligned_alloc(page, (bytes + page - 1) / page * page) : std::malloc(bytes);
    if (!memory)
        throw std::bad_alloc();
    // A wish; without it the memory is the same.
    if (large)
        madvise(memory, bytes, MADV_HUGEPAGE);
    return memory;
}

void freeLargeMemory(void* memory)
{
    std::free(memory);
}

void requireSparseMemory(const std::filesystem::path& path, std::uint64_t rows, std::uint64_t columns,
                         std::uint64_t entries)
{
    // While it is put in order (later it lies by columns and by rows); four arrays of the factors' size at the usual
    // rank.
    constexpr double bytesPerEntry = 12 + 2 * 16, bytesPerLine = 2 * 8 + 4 * 8 * 5, gigabyte = 1e9;
    const std::string shape = nameOf(path) + " holds a sparse matrix of " + std::to_string(rows) + " × " +
                              std::to_string(columns) + " with " + std::to_string(entries) + " entries, ";
    constexpr auto most = static_cast<std::uint64_t>(std::numeric_limits<int>::max());
    if (rows > most || columns > most || entries > most)
        throw Error(shape + "but no more than " + std::to_string(most) +
                    " of each can be counted; take a part of the data.");
    const double needed = bytesPerEntry * static_cast<double>(entries) +
                          bytesPerLine * (static_cast<double>(rows) + static_cast<double>(columns));
    constexpr double always = 16e6;
    if (needed <= always)
        return;
    if (const auto limit = static_cast<double>(memoryLimit()); needed > limit)
        throw Error(shape + "which needs " + std::to_string(static_cast<std::uint64_t>(needed / gigabyte) + 1) +
                    " GB of memory with the factors of a run, but " +
                    std::to_string(static_cast<std::uint64_t>(limit / gigabyte)) +
                    " GB may be used; take a part of the data.");
}

namespace
{

/// Where the entries of each column begin, from how many there are.
void sumUp(int* starts, Index columns)
{
    for (Index j = 0; j < columns; ++j)
        starts[j + 1] += starts[j];
}

/// Parts of a list that are worked on beside each other.
class Parts
{
public:
    /// Parts of a few thousand entries at least, and no more than make their tables of `keys` numbers as large as the
    /// list.
    Parts(std::size_t entries, Index keys) : m_entries(entries)
    {
        constexpr std::size_t least = 1 << 16, most = 16;
        m_count = std::clamp<std::size_t>(entries / std::max(least, static_cast<std::size_t>(keys)), 1, most);
    }

    std::size_t count() const { return m_count; }
    std::size_t begin(std::size_t part) const { return m_entries * part / m_count; }

    /// Calls work(part, first, last) for each.
    template <class Work>
    void forEach(const Work& work) const
    {
        const bool done = forAll(
            m_count,
            [&](std::size_t part) {
                work(part, begin(part), begin(part + 1));
                return true;
            },
            [](double) {});
        if (!done)
            throw std::bad_alloc();
    }

private:
    std::size_t m_entries, m_count;
};

/// Puts entries in the order of a key from 0 to keys − 1; those of equal keys keep theirs. `place` takes an entry and
/// where it belongs.
template <class Scalar, class Key, class Place>
void sortBy(const SparseEntryList<Scalar>& entries, Index keys, const Key& key, const Place& place)
{
    const Parts parts(entries.size(), keys);
    std::vector<std::vector<int>> next(parts.count());
    parts.forEach([&](std::size_t part, std::size_t first, std::size_t last) {
        next[part].assign(static_cast<std::size_t>(keys), 0);
        for (std::size_t at = first; at < last; ++at)
            ++next[part][static_cast<std::size_t>(key(entries[at]))];
    });
    int before = 0;
    for (std::size_t i = 0; i < static_cast<std::size_t>(keys); ++i)
        for (std::vector<int>& counts : next)
            before += std::exchange(counts[i], before);
    parts.forEach([&](std::size_t part, std::size_t first, std::size_t last) {
        for (std::size_t at = first; at < last; ++at)
            place(entries[at], next[part][static_cast<std::size_t>(key(entries[at]))]++);
    });
}

/// Whether the entries are listed by columns, and in each by rows, as most programs write them.
template <class Scalar>
bool inOrder(const SparseEntryList<Scalar>& entries)
{
    std::atomic<bool> ordered = true;
    Parts(entries.size(), 1).forEach([&](std::size_t, std::size_t first, std::size_t last) {
        const auto place = [](const SparseEntry<Scalar>& entry) { return std::pair(entry.column, entry.row); };
        for (std::size_t at = std::max<std::size_t>(first, 1); at < last && ordered; ++at)
            if (place(entries[at]) < place(entries[at - 1]))
                ordered = false;
    });
    return ordered;
}

/// The entries by columns, and in each by rows; what is listed twice stands in the order of the list.
template <class Scalar>
SparseMatrix<Scalar> byColumns(Index rows, Index columns, const SparseEntryList<Scalar>& entries)
{
    SparseMatrix<Scalar> values(rows, columns);
    values.resizeNonZeros(static_cast<Index>(entries.size()));
    int* starts = values.outerIndexPtr();
    std::fill(starts, starts + columns + 1, 0);
    for (const auto& entry : entries)
        ++starts[entry.column + 1];
    sumUp(starts, columns);
    const auto keep = [&](const SparseEntry<Scalar>& entry, std::size_t at) {
        values.innerIndexPtr()[at] = entry.row;
        values.valuePtr()[at] = entry.value;
    };
    if (inOrder(entries)) {
        Parts(entries.size(), 1).forEach([&](std::size_t, std::size_t first, std::size_t last) {
            for (std::size_t at = first; at < last; ++at)
                keep(entries[at], at);
        });
        return values;
    }
    SparseEntryList<Scalar> byRows(entries.size());
    sortBy(
        entries, rows, [](const SparseEntry<Scalar>& entry) { return entry.row; },
        [&](const SparseEntry<Scalar>& entry, int at) { byRows[static_cast<std::size_t>(at)] = entry; });
    sortBy(
        byRows, columns, [](const SparseEntry<Scalar>& entry) { return entry.column; },
        [&](const SparseEntry<Scalar>& entry, int at) { keep(entry, static_cast<std::size_t>(at)); });
    return values;
}

/// Whether a place stands twice in a column.
template <class Scalar>
bool hasRepeated(const SparseMatrix<Scalar>& values)
{
    const int* rows = values.innerIndexPtr();
    for (Index j = 0; j < values.cols(); ++j) {
        const int *first = rows + values.outerIndexPtr()[j], *last = rows + values.outerIndexPtr()[j + 1];
        if (std::adjacent_find(first, last) != last)
            return true;
    }
    return false;
}

/// Adds up what stands at one place.
template <class Scalar>
void addUpRepeated(SparseMatrix<Scalar>& values)
{
    int kept = 0, at = 0;
    for (Index j = 0; j < values.cols(); ++j) {
        const int last = values.outerIndexPtr()[j + 1], first = kept;
        for (; at < last; ++at) {
            if (kept > first && values.innerIndexPtr()[kept - 1] == values.innerIndexPtr()[at]) {
                values.valuePtr()[kept - 1] += values.valuePtr()[at];
                continue;
            }
            values.innerIndexPtr()[kept] = values.innerIndexPtr()[at];
            values.valuePtr()[kept++] = values.valuePtr()[at];
        }
        values.outerIndexPtr()[j + 1] = kept;
    }
    values.data().resize(kept);
}

} // namespace

template <class Scalar>
void SparseEntries<Scalar>::moveInto(Dataset& dataset)
{
    SparseMatrix<Scalar> values = byColumns(rows, columns, list);
    if (hasRepeated(values))
        addUpRepeated(values);
    const Index listed = static_cast<Index>(list.size()), kept = values.nonZeros();
    list = {};
    dataset.notes.push_back("The table is kept sparse: " + std::to_string(kept) + " of its " +
                            std::to_string(rows * columns) +
                            " entries are listed; the others are zero, or unknown if a run is told so.");
    if (kept < listed)
        dataset.notes.push_back(
            "Entries that were listed more than once were added up: " + std::to_string(listed - kept) + " of " +
            std::to_string(listed) + " stood at a place that had been listed before.");
    // Handed on without a copy.
    dataset.V = DataMatrix(values.markAsRValue());
}

template struct SparseEntries<float>;
template struct SparseEntries<double>;

} // namespace nmf
