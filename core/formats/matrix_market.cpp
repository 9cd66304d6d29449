#include "core/error.h"
#include "core/formats/coordinate_lines.h"
#include "core/formats/file.h"
#include "core/formats/numbers.h"
#include "core/formats/readers.h"
#include "core/formats/side_names.h"
#include "core/formats/sparse_entries.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace nmf
{

namespace
{

constexpr std::string_view bannerWord = "%%matrixmarket";
constexpr double readingShare = 0.2;

char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

std::string lowerCase(std::string_view text)
{
    std::string result(text);
    std::ranges::transform(result, result.begin(), lower);
    return result;
}

/// What the first line says about the others.
struct Banner
{
    enum class Symmetry { General, Symmetric, SkewSymmetric };
    bool coordinate = true, pattern = false;
    Symmetry symmetry = Symmetry::General;

    bool general() const { return symmetry == Symmetry::General; }
};

/// The words of one line; more than are of use are counted only.
struct Words
{
    std::array<std::string_view, 6> word;
    std::size_t count = 0;
};

/// Reads one file in the format of the Matrix Market (Boisvert, Pozo & Remington 1996).
class MatrixMarketReader
{
public:
    MatrixMarketReader(const std::filesystem::path& path, std::string_view text, const LoadControl& control)
        : m_path(path), m_name(nameOf(path)), m_text(text), m_control(control)
    {
    }

    Dataset read()
    {
        readBanner();
        readSizes();
        Dataset dataset;
        if (m_banner.coordinate)
            readCoordinates(dataset);
        else
            readArray(dataset);
        if (nextLine())
            fail("there is more than the " + std::to_string(m_count) + " entries that the size line announces");
        if (m_banner.pattern)
            dataset.notes.push_back("The file lists places without values: each was read as 1.");
        if (!m_banner.general())
            dataset.notes.push_back("The file lists one triangle of a symmetric matrix: the other was filled in.");
        return dataset;
    }

private:
    [[noreturn]] void fail(const std::string& what) const
    {
        throw Error(m_name + ", line " + std::to_string(m_line) + ": " + what + ".");
    }

    /// Cuts the next line that is neither blank nor a comment into words; false at the end.
    bool nextLine()
    {
        while (m_at < m_text.size()) {
            const std::size_t end = std::min(m_text.find('\n', m_at), m_text.size());
            const std::string_view line = m_text.substr(m_at, end - m_at);
            m_at = end + 1;
            ++m_line;
            cut(line);
            if (m_words.count > 0 && (m_line == 1 || m_words.word[0].front() != '%'))
                return true;
        }
        return false;
    }

    void cut(std::string_view line)
    {
        m_words.count = 0;
        constexpr std::string_view blanks = " \t\r";
        for (std::size_t at = line.find_first_not_of(blanks); at != line.npos;
             at = line.find_first_not_of(blanks, at)) {
            const std::size_t end = std::min(line.find_first_of(blanks, at), line.size());
            if (m_words.count < m_words.word.size())
                m_words.word[m_words.count] = line.substr(at, end - at);
            ++m_words.count;
            at = end;
        }
    }

    void readBanner()
    {
        if (!nextLine() || m_line != 1 || lowerCase(m_words.word[0]) != bannerWord)
            throw Error(m_name + " does not begin with the line of a Matrix Market file, %%MatrixMarket matrix "
                                 "coordinate real general or the like.");
        if (m_words.count != 5)
            fail("after %%MatrixMarket there must be four words, such as matrix coordinate real general");
        const std::string object = lowerCase(m_words.word[1]), format = lowerCase(m_words.word[2]);
        const std::string field = lowerCase(m_words.word[3]), symmetry = lowerCase(m_words.word[4]);
        if (object != "matrix")
            fail("the file holds " + inQuotes(object) + ", which is no matrix");
        if (format != "coordinate" && format != "array")
            fail(inQuotes(format) + " is neither coordinate nor array");
        if (field == "complex")
            fail("the matrix is complex; save its real part or its modulus");
        m_banner.coordinate = format == "coordinate";
        m_banner.pattern = field == "pattern";
        if (field != "real" && field != "double" && field != "integer" && field != "unsigned-integer" &&
            !(m_banner.pattern && m_banner.coordinate))
            fail(inQuotes(field) + " values cannot be read; real, integer and pattern can");
        if (symmetry == "symmetric")
            m_banner.symmetry = Banner::Symmetry::Symmetric;
        else if (symmetry == "skew-symmetric")
            m_banner.symmetry = Banner::Symmetry::SkewSymmetric;
        else if (symmetry != "general")
            fail("the symmetry " + inQuotes(symmetry) + " cannot be read; general, symmetric and skew-symmetric can");
    }

    std::uint64_t wholeNumber(std::size_t word, const std::string& what) const
    {
        const std::string_view text = m_words.word[word];
        std::uint64_t value = 0;
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
        if (text.front() == '-')
            fail(what + " is negative, " + std::string(inQuotes(text)));
        if (error == std::errc::result_out_of_range)
            fail(what + " is too large, " + std::string(inQuotes(text)));
        if (error != std::errc() || end != text.data() + text.size())
            fail(what + " must be a whole number, not " + inQuotes(text));
        return value;
    }

    void readSizes()
    {
        if (!nextLine())
            throw Error(m_name + " ends before the line with the sizes of the matrix.");
        const std::size_t sizes = m_banner.coordinate ? 3 : 2;
        if (m_words.count != sizes)
            fail("there must be " + std::to_string(sizes) + " sizes, but there are " + std::to_string(m_words.count) +
                 " words");
        m_rows = wholeNumber(0, "the number of rows");
        m_columns = wholeNumber(1, "the number of columns");
        if (m_rows == 0 || m_columns == 0)
            fail("the matrix is empty, " + std::to_string(m_rows) + " × " + std::to_string(m_columns));
        if (!m_banner.general() && m_rows != m_columns)
            fail("a symmetric matrix is square, but this is " + std::to_string(m_rows) + " × " +
                 std::to_string(m_columns));
        if (m_banner.coordinate)
            m_count = wholeNumber(2, "the number of entries");
        else if (__builtin_mul_overflow(m_rows, m_columns, &m_count))
            fail("the sizes are more than any file can hold");
        else if (m_banner.symmetry == Banner::Symmetry::Symmetric)
            m_count = (m_count + m_rows) / 2;
        else if (m_banner.symmetry == Banner::Symmetry::SkewSymmetric)
            m_count = (m_count - m_rows) / 2;
        // The shortest lines there can be; a larger claim is a lie, found before any memory is asked for.
        const std::uint64_t shortest = !m_banner.coordinate ? 2 : m_banner.pattern ? 4 : 6;
        const std::uint64_t most = (m_text.size() - std::min(m_at, m_text.size()) + 1) / shortest;
        if (m_count > most)
            fail("the file is cut short: " + std::to_string(m_count) +
                 " entries are announced, but there are at most " + std::to_string(most));
    }

    /// The words of the next entry.
    void nextEntry(std::uint64_t done, std::size_t words)
    {
        constexpr std::uint64_t linesPerCheck = 4096;
        if (done % linesPerCheck == 0)
            m_control.check(readingShare +
                            (1 - readingShare) * static_cast<double>(m_at) / static_cast<double>(m_text.size()));
        if (!nextLine())
            throw Error(m_name + " is cut short: " + std::to_string(m_count) +
                        " entries are announced, but there are " + std::to_string(done) + ".");
        if (m_words.count != words)
            fail("an entry has " + std::to_string(words) + (words == 1 ? " word" : " words") + ", but here are " +
                 std::to_string(m_words.count));
    }

    double number(std::size_t word) const
    {
        const std::optional<double> value = parseNumber(m_words.word[word], '.');
        if (!value)
            fail(inQuotes(m_words.word[word]) + " is no number");
        return *value;
    }

    Index index(std::size_t word, std::uint64_t size, const std::string& what) const
    {
        const std::uint64_t value = wholeNumber(word, "the " + what);
        if (value < 1 || value > size)
            fail("there is no " + what + " " + std::to_string(value) + ": they are counted from 1 to " +
                 std::to_string(size));
        return static_cast<Index>(value - 1);
    }

    double mirrored(double value) const
    {
        return m_banner.symmetry == Banner::Symmetry::SkewSymmetric ? -value : value;
    }

    void readCoordinates(Dataset& dataset)
    {
        const std::uint64_t copies = m_banner.general() ? 1 : 2;
        requireSparseMemory(m_path, m_rows, m_columns, copies * m_count);
        if (m_banner.general() && readPlainly(dataset))
            return;
        SparseEntries<double> entries{static_cast<Index>(m_rows), static_cast<Index>(m_columns)};
        entries.list.reserve(static_cast<std::size_t>(copies * m_count));
        for (std::uint64_t done = 0; done < m_count; ++done) {
            nextEntry(done, m_banner.pattern ? 2 : 3);
            const Index row = index(0, m_rows, "row"), column = index(1, m_columns, "column");
            const double value = m_banner.pattern ? 1 : number(2);
            if (row == column && value != 0 && m_banner.symmetry == Banner::Symmetry::SkewSymmetric)
                fail("the diagonal of a skew-symmetric matrix is zero");
            entries.add(row, column, value);
            if (!m_banner.general() && row != column)
                entries.add(column, row, mirrored(value));
        }
        entries.moveInto(dataset);
    }

    /// Long lists are read on all processors, if all of their lines are plain.
    bool readPlainly(Dataset& dataset)
    {
        constexpr std::size_t least = 64 * 1024;
        const std::string_view rest = m_text.substr(std::min(m_at, m_text.size()));
        if (rest.size() < least)
            return false;
        auto entries =
            readCoordinateLines(rest, {m_rows, m_columns, m_count, !m_banner.pattern}, m_control, 1 - readingShare);
        if (!entries)
            return false;
        m_at = m_text.size();
        entries->moveInto(dataset);
        return true;
    }

    void readArray(Dataset& dataset)
    {
        requireMemory(m_path, m_rows, m_columns, sizeof(double));
        Matrix<double> values = Matrix<double>::Zero(static_cast<Index>(m_rows), static_cast<Index>(m_columns));
        std::uint64_t done = 0;
        for (Index column = 0; column < values.cols(); ++column) {
            const Index first = m_banner.general()                                     ? 0
                                : m_banner.symmetry == Banner::Symmetry::SkewSymmetric ? column + 1
                                                                                       : column;
            for (Index row = first; row < values.rows(); ++row) {
                nextEntry(done++, 1);
                values(row, column) = number(0);
                if (!m_banner.general() && row != column)
                    values(column, row) = mirrored(values(row, column));
            }
        }
        dataset.V = std::move(values);
    }

    const std::filesystem::path& m_path;
    std::string m_name;
    std::string_view m_text;
    const LoadControl& m_control;
    Banner m_banner;
    Words m_words;
    std::uint64_t m_rows = 0, m_columns = 0, m_count = 0;
    std::size_t m_at = 0, m_line = 0;
};

} // namespace

Format matrixMarket()
{
    return {.facts = {.id = "matrix-market",
                      .name = "Matrix Market",
                      .summary = "Sparse or dense, as scipy.io.mmwrite and many others write it"},
            .suffixes = {".mtx"},
            .recognises =
                [](std::span<const unsigned char> head) {
                    return head.size() >= bannerWord.size() &&
                           std::ranges::equal(
                               head.first(bannerWord.size()), bannerWord,
                               [](unsigned char byte, char c) { return lower(static_cast<char>(byte)) == c; });
                },
            .read =
                [](const std::filesystem::path& path, const LoadControl& control) {
                    const TextFile text(path, control, readingShare);
                    Dataset dataset = MatrixMarketReader(path, text.text(), control).read();
                    text.requireIntact();
                    return dataset;
                },
            .isText = true,
            .lookBeside = nameFromBeside};
}

} // namespace nmf
