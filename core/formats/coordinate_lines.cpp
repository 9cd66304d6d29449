#include "core/formats/coordinate_lines.h"

#include "core/formats/parallel.h"

#include <fast_float/fast_float.h>

#include <algorithm>
#include <cmath>

namespace nmf
{

namespace
{

/// Reads the lines of one piece.
class PieceReader
{
public:
    PieceReader(std::string_view text, const CoordinateSizes& sizes)
        : m_sizes(sizes), m_at(text.data()), m_end(m_at + text.size())
    {
    }

    /// Reads one line; false at anything unusual.
    bool readLine(SparseEntry<double>& entry)
    {
        std::uint64_t row = 0, column = 0;
        double value = 1;
        if (!wholeNumber(row) || !blank() || !wholeNumber(column) ||
            (m_sizes.withValues && (!blank() || !number(value))))
            return false;
        if (row < 1 || row > m_sizes.rows || column < 1 || column > m_sizes.columns)
            return false;
        while (m_at != m_end && (*m_at == ' ' || *m_at == '\t' || *m_at == '\r'))
            ++m_at;
        if (m_at != m_end && *m_at++ != '\n')
            return false;
        entry = {static_cast<int>(row - 1), static_cast<int>(column - 1), value};
        return true;
    }

    bool atEnd() const { return m_at == m_end; }

private:
    bool wholeNumber(std::uint64_t& value)
    {
        constexpr std::ptrdiff_t mostDigits = 18;
        const char* const first = m_at;
        for (; m_at != m_end && *m_at >= '0' && *m_at <= '9'; ++m_at)
            value = 10 * value + static_cast<std::uint64_t>(*m_at - '0');
        return m_at != first && m_at - first <= mostDigits;
    }

    bool number(double& value)
    {
        const auto [end, error] = fast_float::from_chars(m_at, m_end, value);
        m_at = end;
        return error == std::errc() && std::isfinite(value);
    }

    bool blank()
    {
        const char* const first = m_at;
        while (m_at != m_end && (*m_at == ' ' || *m_at == '\t'))
            ++m_at;
        return m_at != first;
    }

    const CoordinateSizes& m_sizes;
    const char *m_at, *m_end;
};

std::size_t linesOf(std::string_view text)
{
    return static_cast<std::size_t>(std::ranges::count(text, '\n')) + (text.ends_with('\n') ? 0 : 1);
}

} // namespace

std::optional<SparseEntries<double>> readCoordinateLines(std::string_view text, const CoordinateSizes& sizes,
                                                         const LoadControl& control, double share)
{
    const std::vector<std::string_view> pieces = piecesOf(text);
    std::vector<std::size_t> first(pieces.size() + 1, 0);
    const auto progress = [&](double fraction) { control.check(1 - share + share * fraction); };
    forAll(
        pieces.size(),
        [&](std::size_t i) {
            first[i + 1] = linesOf(pieces[i]);
            return true;
        },
        [&](double) { progress(0); });
    for (std::size_t i = 0; i < pieces.size(); ++i)
        first[i + 1] += first[i];
    if (first.back() != sizes.entries)
        return {};
    SparseEntries<double> entries{static_cast<Index>(sizes.rows), static_cast<Index>(sizes.columns)};
    entries.list.resize(sizes.entries);
    const auto read = [&](std::size_t i) {
        PieceReader reader(pieces[i], sizes);
        for (std::size_t at = first[i]; at < first[i + 1]; ++at)
            if (!reader.readLine(entries.list[at]))
                return false;
        return reader.atEnd();
    };
    if (!forAll(pieces.size(), read, progress))
        return {};
    return entries;
}

} // namespace nmf
