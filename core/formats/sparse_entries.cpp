#include "core/formats/sparse_entries.h"

#include "core/error.h"
#include "core/formats/file.h"
#include "core/formats/parallel.h"

#include <algorithm>
#include <atomic>
#include <limits>
#include <new>
#include <tuple>
#include <utility>

namespace nmf
{

void requireSparseMemory(const std::filesystem::path& path, std::uint64_t rows, std::uint64_t columns,
                         std::uint64_t entries)
{
    // By columns and by rows, and while it is put in order; four arrays of the factors' size at the usual rank.
    constexpr double bytesPerEntry = 2 * 12 + 16, bytesPerLine = 2 * 8 + 4 * 8 * 5, gigabyte = 1e9;
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

/// The entries of each column together, in the order in which they were listed.
template <class Scalar>
SparseMatrix<Scalar> byColumns(Index rows, Index columns, const std::vector<Eigen::Triplet<Scalar, int>>& entries)
{
    SparseMatrix<Scalar> values(rows, columns);
    values.resizeNonZeros(static_cast<Index>(entries.size()));
    int* starts = values.outerIndexPtr();
    std::fill(starts, starts + columns + 1, 0);
    for (const auto& entry : entries)
        ++starts[entry.col() + 1];
    for (Index j = 0; j < columns; ++j)
        starts[j + 1] += starts[j];
    std::vector<int> next(starts, starts + columns);
    for (const auto& entry : entries) {
        const int at = next[static_cast<std::size_t>(entry.col())]++;
        values.innerIndexPtr()[at] = entry.row();
        values.valuePtr()[at] = entry.value();
    }
    return values;
}

/// Brings the rows of one column into order; false if one of them is there twice.
template <class Scalar>
bool sortColumn(SparseMatrix<Scalar>& values, Index column)
{
    const int first = values.outerIndexPtr()[column], last = values.outerIndexPtr()[column + 1];
    int* rows = values.innerIndexPtr();
    if (!std::is_sorted(rows + first, rows + last)) {
        std::vector<std::pair<int, Scalar>> entries;
        for (int at = first; at < last; ++at)
            entries.emplace_back(rows[at], values.valuePtr()[at]);
        // What is listed twice is added up in the order of the list.
        std::ranges::stable_sort(entries, {}, &std::pair<int, Scalar>::first);
        for (int at = first; at < last; ++at)
            std::tie(rows[at], values.valuePtr()[at]) = entries[static_cast<std::size_t>(at - first)];
    }
    return std::adjacent_find(rows + first, rows + last) == rows + last;
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
    SparseMatrix<Scalar> values = byColumns(rows, columns, triplets);
    std::atomic<bool> repeated = false;
    constexpr Index columnsAtOnce = 256;
    const bool sorted = forAll(
        static_cast<std::size_t>((columns + columnsAtOnce - 1) / columnsAtOnce),
        [&](std::size_t part) {
            const Index first = static_cast<Index>(part) * columnsAtOnce;
            for (Index j = first; j < std::min(first + columnsAtOnce, columns); ++j)
                if (!sortColumn(values, j))
                    repeated = true;
            return true;
        },
        [](double) {});
    if (!sorted)
        throw std::bad_alloc();
    if (repeated)
        addUpRepeated(values);
    const Index listed = static_cast<Index>(triplets.size()), kept = values.nonZeros();
    triplets = {};
    dataset.notes.push_back("The table is kept sparse: " + std::to_string(kept) + " of its " +
                            std::to_string(rows * columns) +
                            " entries are listed; the others are zero, or unknown if a run is told so.");
    if (kept < listed)
        dataset.notes.push_back(
            "Entries that were listed more than once were added up: " + std::to_string(listed - kept) + " of " +
            std::to_string(listed) + " stood at a place that had been listed before.");
    dataset.V = std::move(values);
}

template struct SparseEntries<float>;
template struct SparseEntries<double>;

} // namespace nmf
