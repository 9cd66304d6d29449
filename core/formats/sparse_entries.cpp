#include "core/formats/sparse_entries.h"

#include "core/error.h"
#include "core/formats/file.h"

#include <limits>

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

template <class Scalar>
void SparseEntries<Scalar>::moveInto(Dataset& dataset)
{
    SparseMatrix<Scalar> values(rows, columns);
    values.setFromTriplets(triplets.begin(), triplets.end());
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
