#include "core/error.h"
#include "core/formats/file.h"
#include "core/formats/numbers.h"
#include "core/formats/readers.h"
#include "core/formats/text_table.h"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace nmf
{

namespace
{

constexpr double readingShare = 0.2;

/// Reads one file of gene expression as GenePattern (version 1.2) and its successor (1.3) write it.
class GctReader
{
public:
    GctReader(const std::filesystem::path& path, std::string_view text, const LoadControl& control)
        : m_path(path), m_name(nameOf(path)), m_text(text), m_control(control)
    {
    }

    Dataset read();

private:
    [[noreturn]] void fail(const std::string& what) const
    {
        throw Error(m_name + ", line " + std::to_string(m_line) + ": " + what + ".");
    }

    std::string_view nextLine(const char* wanted);
    std::vector<std::string_view> cellsOf(std::string_view line) const;
    std::uint64_t wholeNumber(std::string_view text, const char* what) const;
    void readSizes();
    void readHeader(Dataset& dataset);
    void readRow(Index row, Matrix<double>& values, std::vector<std::string>& names);

    const std::filesystem::path& m_path;
    std::string m_name;
    std::string_view m_text;
    const LoadControl& m_control;
    std::size_t m_at = 0, m_line = 0;
    std::uint64_t m_rows = 0, m_columns = 0, m_before = 2, m_above = 0; ///< cells before, and lines above the numbers
    std::size_t m_missing = 0;
};

std::string_view GctReader::nextLine(const char* wanted)
{
    if (m_at >= m_text.size())
        throw Error(m_name + " is cut short: it ends before " + wanted + ".");
    const std::size_t end = std::min(m_text.find('\n', m_at), m_text.size());
    std::string_view line = m_text.substr(m_at, end - m_at);
    m_at = end + 1;
    ++m_line;
    if (line.ends_with('\r'))
        line.remove_suffix(1);
    return line;
}

std::vector<std::string_view> GctReader::cellsOf(std::string_view line) const
{
    std::vector<std::string_view> cells;
    for (std::size_t at = 0; at <= line.size();) {
        const std::size_t end = std::min(line.find('\t', at), line.size());
        cells.push_back(trimmed(line.substr(at, end - at)));
        at = end + 1;
    }
    return cells;
}

std::uint64_t GctReader::wholeNumber(std::string_view text, const char* what) const
{
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size())
        fail(std::string(what) + " must be a whole number, not " + inQuotes(text));
    return value;
}

void GctReader::readSizes()
{
    const std::string_view version = trimmed(nextLine("its version"));
    if (version != "#1.2" && version != "#1.3")
        fail("a GCT file begins with #1.2 or #1.3, not with " + inQuotes(version));
    const std::vector<std::string_view> sizes = cellsOf(nextLine("its sizes"));
    const bool described = version == "#1.3";
    if (sizes.size() < (described ? 4u : 2u))
        fail(std::string("there must be ") + (described ? "four" : "two") + " sizes between tabs");
    m_rows = wholeNumber(sizes[0], "the number of rows");
    m_columns = wholeNumber(sizes[1], "the number of columns");
    if (described) {
        m_before = wholeNumber(sizes[2], "the number of row descriptions");
        m_above = wholeNumber(sizes[3], "the number of column descriptions");
    }
    if (m_rows == 0 || m_columns == 0)
        fail("the matrix is empty, " + std::to_string(m_rows) + " × " + std::to_string(m_columns));
    // Each cell takes a byte and its end; a larger claim is a lie, found before any memory is asked for.
    std::uint64_t cells = 0, before = 0;
    const std::uint64_t most = m_text.size() / 2 + 1;
    const bool fits = !__builtin_mul_overflow(m_rows, m_columns, &cells) && cells <= most &&
                      !__builtin_add_overflow(m_before, m_columns, &before) && before <= m_text.size() + 1 &&
                      m_above <= m_text.size();
    if (!fits)
        fail("the file is cut short: " + std::to_string(m_rows) + " × " + std::to_string(m_columns) +
             " numbers are announced, more than its bytes can hold");
    if (described)
        ++m_before; // the names of the rows
    requireMemory(m_path, m_rows, m_columns, sizeof(double));
}

void GctReader::readHeader(Dataset& dataset)
{
    const std::vector<std::string_view> cells = cellsOf(nextLine("the names of its columns"));
    if (cells.size() != m_before + m_columns)
        fail("the header names " + std::to_string(cells.size()) + " columns, but " +
             std::to_string(m_before + m_columns) + " are announced");
    std::vector<std::string> names;
    for (std::size_t i = m_before; i < cells.size(); ++i)
        names.push_back(isUtf8(cells[i]) ? std::string(cells[i]) : inQuotes(cells[i]));
    dataset.samples = Axis::named(std::move(names));
    for (std::uint64_t i = 0; i < m_above; ++i)
        nextLine("the descriptions of its columns");
}

void GctReader::readRow(Index row, Matrix<double>& values, std::vector<std::string>& names)
{
    const std::vector<std::string_view> cells = cellsOf(nextLine("the last of its rows"));
    if (cells.size() != m_before + m_columns)
        fail("here are " + std::to_string(cells.size()) + " cells, but the header has " +
             std::to_string(m_before + m_columns));
    names.push_back(isUtf8(cells[0]) ? std::string(cells[0]) : inQuotes(cells[0]));
    for (Index j = 0; j < values.cols(); ++j) {
        const std::string_view text = cells[m_before + static_cast<std::size_t>(j)];
        if (isMissing(text)) {
            ++m_missing;
            values(row, j) = std::nan("");
        } else if (const auto value = parseNumber(text, '.'))
            values(row, j) = *value;
        else
            fail("column " + std::to_string(m_before + static_cast<std::size_t>(j) + 1) + " holds " + inQuotes(text) +
                 " where a number belongs");
    }
}

Dataset GctReader::read()
{
    readSizes();
    Dataset dataset;
    readHeader(dataset);
    Matrix<double> values(static_cast<Index>(m_rows), static_cast<Index>(m_columns));
    std::vector<std::string> names;
    std::size_t checked = 0;
    for (Index row = 0; row < values.rows(); ++row) {
        if (m_at - checked >= bytesPerCheck) {
            checked = m_at;
            m_control.check(readingShare +
                            (1 - readingShare) * static_cast<double>(row) / static_cast<double>(values.rows()));
        }
        readRow(row, values, names);
    }
    if (m_at < m_text.size() && m_text.substr(m_at).find_first_not_of(" \t\r\n") != std::string_view::npos)
        throw Error(m_name + ", line " + std::to_string(m_line + 1) + ": there is more than the " +
                    std::to_string(m_rows) + " rows that are announced.");
    dataset.V = std::move(values);
    dataset.features = Axis::named(std::move(names));
    if (m_missing > 0)
        dataset.notes.push_back(std::to_string(m_missing) + (m_missing == 1 ? " cell is" : " cells are") +
                                " missing (empty, NA or NaN).");
    return dataset;
}

} // namespace

Format gct()
{
    return {.facts = {.id = "gct", .name = "GCT table", .summary = "Gene expression, as GenePattern writes it"},
            .suffixes = {".gct"},
            .recognises =
                [](std::span<const unsigned char> head) {
                    const std::string_view bytes(reinterpret_cast<const char*>(head.data()), head.size());
                    return bytes.starts_with("#1.2") || bytes.starts_with("#1.3");
                },
            .read =
                [](const std::filesystem::path& path, const LoadControl& control) {
                    const std::string text = readWhole(path, control, readingShare);
                    return GctReader(path, text, control).read();
                },
            .isText = true};
}

} // namespace nmf
