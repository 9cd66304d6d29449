#include "core/formats/sparse_npz.h"

#include "core/error.h"
#include "core/formats/npy.h"
#include "core/formats/sparse_entries.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace nmf
{

namespace
{

/// The arrays of one archive, checked against each other before anything is put together.
class SparseArchiveReader
{
public:
    SparseArchiveReader(const std::filesystem::path& path, const MemberReader& open, const LoadControl& control)
        : m_path(path), m_name(nameOf(path)), m_open(open), m_control(control)
    {
    }

    Dataset read(const std::string& format)
    {
        const std::vector<std::uint64_t> shape = counts("shape", std::numeric_limits<std::int64_t>::max());
        if (shape.size() != 2)
            fail("its shape has " + std::to_string(shape.size()) + " sizes instead of two");
        m_rows = shape[0];
        m_columns = shape[1];
        if (m_rows == 0 || m_columns == 0)
            fail("it is empty, " + std::to_string(m_rows) + " × " + std::to_string(m_columns));
        const DataMatrix data = vector("data");
        m_listed = static_cast<std::uint64_t>(data.rows());
        requireSparseMemory(m_path, m_rows, m_columns, m_listed);
        return data.isSingle() ? readEntries(format, *data.dense<float>()) : readEntries(format, *data.dense<double>());
    }

private:
    [[noreturn]] void fail(const std::string& what) const
    {
        throw Error(m_name + " holds a sparse matrix that cannot be read: " + what + ".");
    }

    DataMatrix vector(const std::string& array)
    {
        ByteSource source = m_open(array);
        return readNpyVector(source, m_path, m_control);
    }

    /// An array of whole numbers from 0 to `most`.
    std::vector<std::uint64_t> counts(const std::string& array, std::uint64_t most)
    {
        const auto values = vector(array).dense<double>();
        std::vector<std::uint64_t> result(static_cast<std::size_t>(values->size()));
        for (Index i = 0; i < values->size(); ++i) {
            const double value = (*values)(i);
            if (!(value >= 0 && value <= static_cast<double>(most) && value == std::floor(value)))
                fail("entry " + std::to_string(i + 1) + " of “" + array + "” is not from 0 to " + std::to_string(most));
            result[static_cast<std::size_t>(i)] = static_cast<std::uint64_t>(value);
        }
        return result;
    }

    std::vector<std::uint64_t> indices(const std::string& array, std::uint64_t size)
    {
        std::vector<std::uint64_t> result = counts(array, size - 1);
        if (result.size() != m_listed)
            fail("“" + array + "” has " + std::to_string(result.size()) + " entries, but “data” has " +
                 std::to_string(m_listed));
        return result;
    }

    template <class Scalar>
    Dataset readEntries(const std::string& format, const Matrix<Scalar>& data)
    {
        SparseEntries<Scalar> entries{static_cast<Index>(m_rows), static_cast<Index>(m_columns)};
        if (format == "coo") {
            const std::vector<std::uint64_t> rows = indices("row", m_rows), columns = indices("col", m_columns);
            entries.list.reserve(rows.size());
            for (std::size_t at = 0; at < rows.size(); ++at)
                entries.add(static_cast<Index>(rows[at]), static_cast<Index>(columns[at]),
                            data(static_cast<Index>(at)));
        } else {
            addCompressed(format == "csr", data, entries);
        }
        Dataset dataset;
        dataset.notes.push_back("The archive's sparse matrix of scipy.sparse (" + format + ") was read.");
        entries.moveInto(dataset);
        return dataset;
    }

    template <class Scalar>
    void addCompressed(bool byRows, const Matrix<Scalar>& data, SparseEntries<Scalar>& entries)
    {
        const std::uint64_t lines = byRows ? m_rows : m_columns, across = byRows ? m_columns : m_rows;
        const std::vector<std::uint64_t> first = counts("indptr", m_listed);
        if (first.size() != lines + 1)
            fail("“indptr” has " + std::to_string(first.size()) + " entries, but " + std::to_string(lines) +
                 (byRows ? " rows" : " columns") + " need one more than that");
        if (first.front() != 0 || first.back() != m_listed || !std::ranges::is_sorted(first))
            fail("“indptr” does not rise from 0 to the number of entries, " + std::to_string(m_listed));
        const std::vector<std::uint64_t> index = indices("indices", across);
        entries.list.reserve(index.size());
        for (std::uint64_t line = 0; line < lines; ++line)
            for (std::uint64_t at = first[line]; at < first[line + 1]; ++at) {
                const auto here = static_cast<Index>(line), there = static_cast<Index>(index[at]);
                entries.add(byRows ? here : there, byRows ? there : here, data(static_cast<Index>(at)));
            }
    }

    const std::filesystem::path& m_path;
    std::string m_name;
    const MemberReader& m_open;
    const LoadControl& m_control;
    std::uint64_t m_rows = 0, m_columns = 0, m_listed = 0;
};

} // namespace

Dataset readSparseArchive(const std::string& format, const std::filesystem::path& path, const MemberReader& open,
                          const LoadControl& control)
{
    if (format != "csr" && format != "csc" && format != "coo")
        throw Error(nameOf(path) + " holds a sparse matrix of scipy.sparse (format " + inQuotes(format) +
                    "), which cannot be read; save it with tocsc().");
    return SparseArchiveReader(path, open, control).read(format);
}

} // namespace nmf
