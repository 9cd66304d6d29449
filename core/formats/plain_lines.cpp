#include "core/formats/plain_lines.h"

#include "core/error.h"
#include "core/formats/numbers.h"
#include "core/formats/parallel.h"

#include <fast_float/fast_float.h>

#include <algorithm>
#include <cmath>

namespace nmf
{

namespace
{

/// Lines that one thread reads at once, and what came of them.
struct Chunk
{
    std::string_view text;
    std::size_t lines = 0, firstLine = 0, missing = 0;
    std::vector<std::string> names = {};
};

std::vector<Chunk> chunksOf(std::string_view text)
{
    std::vector<Chunk> chunks;
    for (const std::string_view piece : piecesOf(text))
        chunks.push_back({piece});
    return chunks;
}

/// Reads the lines of one chunk.
class LineReader
{
public:
    LineReader(const TableLayout& layout, Chunk& chunk)
        : m_layout(layout), m_chunk(chunk), m_at(chunk.text.data()), m_end(m_at + chunk.text.size())
    {
    }

    /// Reads all lines into these rows of the matrix; false at anything unusual.
    bool read(Matrix<double>& values)
    {
        // Some lines at a time, so that each column gets a run of numbers at once.
        constexpr std::size_t tileBytes = 1 << 18, mostLines = 64;
        const std::size_t columns = m_layout.columns();
        const std::size_t atOnce = std::clamp<std::size_t>(tileBytes / (columns * sizeof(double)), 1, mostLines);
        m_tile.resize(atOnce * columns);
        for (std::size_t first = 0; first < m_chunk.lines; first += atOnce) {
            const std::size_t count = std::min(atOnce, m_chunk.lines - first);
            for (std::size_t i = 0; i < count; ++i)
                if (!readLine(m_tile.data() + i * columns))
                    return false;
            for (std::size_t j = 0; j < columns; ++j) {
                double* column =
                    values.data() + j * static_cast<std::size_t>(values.rows()) + m_chunk.firstLine + first;
                for (std::size_t i = 0; i < count; ++i)
                    column[i] = m_tile[i * columns + j];
            }
        }
        return m_at == m_end;
    }

private:
    bool atLineEnd() const { return m_at == m_end || *m_at == '\n' || *m_at == '\r'; }

    const char* cellEnd() const
    {
        const char* end = m_at;
        while (end != m_end && *end != m_layout.delimiter && *end != '\n' && *end != '\r')
            ++end;
        return end;
    }

    bool readName()
    {
        const bool quoted = m_at != m_end && *m_at == '"';
        const char* first = m_at + (quoted ? 1 : 0);
        const char* last = quoted ? std::find(first, m_end, '"') : cellEnd();
        const std::string_view name(first, static_cast<std::size_t>(last - first));
        m_at = last + (quoted && last != m_end ? 1 : 0);
        if (m_at == m_end || *m_at != m_layout.delimiter || name.find_first_of("\r\n#") != name.npos ||
            trimmed(name) != name || (!quoted && name.find('"') != name.npos))
            return false;
        ++m_at;
        m_chunk.names.emplace_back(name);
        return true;
    }

    /// A cell that is no number at first sight: one with blanks around it, or without a value.
    bool readUnusual(double& value)
    {
        const char* end = cellEnd();
        const std::string_view text = trimmed({m_at, static_cast<std::size_t>(end - m_at)});
        m_at = end;
        if (isMissing(text)) {
            ++m_chunk.missing;
            value = std::nan("");
            return true;
        }
        const auto number = parseNumber(text, '.');
        value = number.value_or(0);
        return number.has_value();
    }

    bool readCell(double& value)
    {
        const auto [end, error] = fast_float::from_chars(m_at, m_end, value);
        const bool whole = end == m_end || *end == m_layout.delimiter || *end == '\n' || *end == '\r';
        if (error != std::errc() || !whole || !std::isfinite(value))
            return readUnusual(value);
        m_at = end;
        return true;
    }

    bool readLine(double* values)
    {
        if (m_layout.rowNames && !readName())
            return false;
        const std::size_t columns = m_layout.columns();
        for (std::size_t j = 0; j < columns; ++j) {
            if (j > 0 && (m_at == m_end || *m_at++ != m_layout.delimiter))
                return false;
            if (j == 0 && atLineEnd())
                return false;
            if (!readCell(values[j]))
                return false;
        }
        if (m_layout.emptyLast && m_at != m_end && *m_at == m_layout.delimiter)
            ++m_at;
        if (!atLineEnd())
            return false;
        if (m_at != m_end && *m_at == '\r')
            ++m_at;
        if (m_at != m_end && *m_at++ != '\n')
            return false;
        return true;
    }

    const TableLayout& m_layout;
    Chunk& m_chunk;
    const char *m_at, *m_end;
    std::vector<double> m_tile;
};

} // namespace

std::optional<PlainLines> readPlainLines(std::string_view text, const TableLayout& layout,
                                         const std::filesystem::path& path, const LoadControl& control, double share)
{
    if (layout.delimiter == ' ')
        return {};
    std::vector<Chunk> chunks = chunksOf(text);
    const auto progress = [&](double from, double to) {
        return [&, from, to](double fraction) { control.check(1 - share + share * (from + (to - from) * fraction)); };
    };
    forAll(
        chunks.size(),
        [&](std::size_t i) {
            chunks[i].lines = static_cast<std::size_t>(std::ranges::count(chunks[i].text, '\n')) +
                              (chunks[i].text.ends_with('\n') ? 0 : 1);
            return true;
        },
        progress(0, 0.1));
    std::size_t lines = 0;
    for (Chunk& chunk : chunks) {
        chunk.firstLine = lines;
        lines += chunk.lines;
    }
    // A line has at least its cells' ends.
    if (lines == 0 || lines > text.size() / layout.columns() + 1)
        return {};
    requireMemory(path, lines, layout.columns(), sizeof(double));
    PlainLines plain{Matrix<double>(static_cast<Index>(lines), static_cast<Index>(layout.columns()))};
    const auto read = [&](std::size_t i) { return LineReader(layout, chunks[i]).read(plain.values); };
    if (!forAll(chunks.size(), read, progress(0.1, 1)))
        return {};
    for (Chunk& chunk : chunks) {
        plain.missing += chunk.missing;
        plain.names.insert(plain.names.end(), std::make_move_iterator(chunk.names.begin()),
                           std::make_move_iterator(chunk.names.end()));
    }
    return plain;
}

} // namespace nmf
