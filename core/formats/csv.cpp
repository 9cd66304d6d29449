#include "core/error.h"
#include "core/formats/file.h"
#include "core/formats/formats.h"
#include "core/formats/numbers.h"
#include "core/formats/plain_lines.h"
#include "core/formats/rating_list.h"
#include "core/formats/readers.h"
#include "core/formats/text_table.h"

#include <algorithm>
#include <cmath>

namespace nmf
{

namespace
{

constexpr double readingShare = 0.2;

/// The member to ask for where a list of ratings shall stay the table that it is written as.
constexpr const char* wholeTable = "table";

bool isText(unsigned char byte)
{
    return byte >= 0x20 || (byte >= '\t' && byte <= '\r');
}

/// Whether there is a byte that no text has. Without a way out of the loop, so that many bytes are looked at at once.
bool hasControlBytes(std::string_view text)
{
    unsigned char found = 0;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        found |= static_cast<unsigned char>(byte < 0x20) &
                 static_cast<unsigned char>(static_cast<unsigned char>(byte - '\t') > '\r' - '\t');
    }
    return found != 0;
}

/// Throws Error if there are bytes that no text has.
void requireText(std::string_view text, const std::string& name)
{
    if (text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF"))
        throw Error(name + " is UTF-16 text; save it as UTF-8 and open it again.");
    if (!hasControlBytes(text))
        return;
    const auto bad = std::ranges::find_if_not(text, isText, [](char c) { return static_cast<unsigned char>(c); });
    const std::string_view before = text.substr(0, static_cast<std::size_t>(bad - text.begin()));
    const auto line = std::ranges::count(before, '\n') + 1;
    const std::size_t lineStart = before.rfind('\n') == before.npos ? 0 : before.rfind('\n') + 1;
    throw Error(name + " is no table of text: line " + std::to_string(line) + ", byte " +
                std::to_string(before.size() - lineStart + 1) + " is a control character (" +
                std::to_string(static_cast<int>(*bad)) + ").");
}

/// Reads the records of one file into numbers and names.
class TableReader
{
public:
    TableReader(const std::filesystem::path& path, std::string_view text, const LoadControl& control)
        : m_path(path), m_name(nameOf(path)), m_text(text), m_control(control), m_layout(detectLayout(text, m_name)),
          m_records(text, m_layout.delimiter)
    {
    }

    Dataset read();

private:
    void reserve();
    void readHeader(const std::vector<Cell>& cells);
    void readRow(const std::vector<Cell>& cells);
    void readCarefully();
    bool readPlainly();
    double number(const Cell& cell, std::size_t column);
    double numberWithEither(std::string_view text, std::size_t column);
    std::string label(std::string_view text);
    [[noreturn]] void failAtWord(std::string_view text, std::size_t column) const;
    std::vector<std::string> notes() const;

    const std::filesystem::path& m_path;
    const std::string m_name;
    const std::string_view m_text;
    const LoadControl& m_control;
    const TableLayout m_layout;
    RecordReader m_records;
    char m_decimal = 0; ///< 0 as long as no number has shown it
    std::size_t m_missing = 0;
    bool m_latin = false;
    std::vector<double> m_values; ///< row by row
    Matrix<double> m_table;       ///< the numbers in the end
    std::vector<std::string> m_rowNames, m_columnNames;
};

/// The numbers of a file are no more than its bytes, so that no claim but the file's own size decides.
void TableReader::reserve()
{
    const auto lines = static_cast<std::uint64_t>(std::ranges::count(m_text, '\n')) + 1;
    const std::uint64_t columns = m_layout.columns();
    const std::uint64_t rows = std::min<std::uint64_t>(lines, m_text.size() / columns + 1);
    requireMemory(m_path, rows, columns, sizeof(double));
    m_values.reserve(rows * columns);
}

std::string TableReader::label(std::string_view text)
{
    if (isUtf8(text))
        return std::string(text);
    m_latin = true;
    std::string converted;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte >= 0x80)
            converted += static_cast<char>(0xC0 | (byte >> 6));
        converted += byte < 0x80 ? c : static_cast<char>(0x80 | (byte & 0x3F));
    }
    return converted;
}

void TableReader::readHeader(const std::vector<Cell>& cells)
{
    std::size_t count = cells.size();
    if (m_layout.emptyLast && count == m_layout.width)
        --count;
    for (std::size_t i = m_layout.rowNames && !m_layout.headerLacksCorner ? 1 : 0; i < count; ++i)
        m_columnNames.push_back(label(cells[i].text));
    if (m_columnNames.size() != m_layout.columns())
        throw Error(m_name + ", line " + std::to_string(m_records.line()) + ": the header names " +
                    std::to_string(m_columnNames.size()) + " columns, but the line below has " +
                    std::to_string(m_layout.columns()) + ".");
}

void TableReader::failAtWord(std::string_view text, std::size_t column) const
{
    throw Error(m_name + ", line " + std::to_string(m_records.line()) + ", column " + std::to_string(column) +
                " holds " + inQuotes(text) + " where a number belongs.");
}

/// A number that the decimal sign in use does not explain: the first sign that is seen decides.
double TableReader::numberWithEither(std::string_view text, std::size_t column)
{
    if (m_decimal == 0 && m_layout.delimiter != ',')
        if (const auto value = parseNumber(text, ',')) {
            m_decimal = ',';
            return *value;
        }
    if (m_decimal == ',' && parseNumber(text, '.'))
        throw Error(m_name + ", line " + std::to_string(m_records.line()) + ", column " + std::to_string(column) +
                    ": " + inQuotes(text) +
                    " has a decimal point, but lines before have a decimal comma; use one of them.");
    if (m_decimal == '.' && m_layout.delimiter != ',' && parseNumber(text, ','))
        throw Error(m_name + ", line " + std::to_string(m_records.line()) + ", column " + std::to_string(column) +
                    ": " + inQuotes(text) +
                    " has a decimal comma, but lines before have a decimal point; use one of them.");
    failAtWord(text, column);
}

double TableReader::number(const Cell& cell, std::size_t column)
{
    const std::string_view text = trimmed(cell.text);
    if (isMissing(text)) {
        ++m_missing;
        return std::nan("");
    }
    const auto value = parseNumber(text, m_decimal == ',' ? ',' : '.');
    if (!value)
        return numberWithEither(text, column);
    if (m_decimal == 0 && text.find('.') != text.npos)
        m_decimal = '.';
    return *value;
}

void TableReader::readRow(const std::vector<Cell>& cells)
{
    const bool withoutLast = m_layout.emptyLast && cells.size() + 1 == m_layout.width;
    const bool lastIsEmpty = !m_layout.emptyLast || withoutLast || cells.back().text.empty();
    if ((cells.size() != m_layout.width && !withoutLast) || !lastIsEmpty)
        throw Error(m_name + ", line " + std::to_string(m_records.line()) + " has " + std::to_string(cells.size()) +
                    " cells, but the lines before have " +
                    std::to_string(m_layout.width - (m_layout.emptyLast ? 1 : 0)) + ".");
    std::size_t i = 0;
    if (m_layout.rowNames)
        m_rowNames.push_back(label(cells[i++].text));
    for (std::size_t end = i + m_layout.columns(); i < end; ++i)
        m_values.push_back(number(cells[i], i + 1));
}

std::vector<std::string> TableReader::notes() const
{
    const auto delimiter = [this]() -> std::string {
        switch (m_layout.delimiter) {
        case '\t':
            return "tabs";
        case ';':
            return "semicolons";
        case ',':
            return "commas";
        default:
            return "blanks";
        }
    };
    std::string sentence = m_layout.columns() == 1 && !m_layout.rowNames ? "One number in each line"
                                                                         : "Cells are separated by " + delimiter();
    sentence += m_decimal == ',' ? ", numbers have a decimal comma" : "";
    sentence += m_layout.header ? ", the first line names the columns" : "";
    sentence += m_layout.headerInComment ? ", the comment above names the columns" : "";
    sentence += m_layout.rowNames ? ", the first cell of a line names the row." : ".";
    std::vector<std::string> notes{sentence};
    if (m_layout.countingFirstLine)
        notes.push_back("The first line was read as numbers; if it is a header, put a letter before its numbers.");
    if (m_missing > 0)
        notes.push_back(std::to_string(m_missing) + (m_missing == 1 ? " cell is" : " cells are") +
                        " missing (empty, NA or NaN).");
    if (m_latin)
        notes.push_back("Names that are not UTF-8 were read as Latin-1.");
    return notes;
}

/// Tables that are large enough for it to matter are read on all processors, if all of their lines are plain.
bool TableReader::readPlainly()
{
    constexpr std::size_t least = 64 * 1024;
    if (m_text.size() < least || m_layout.headerInComment)
        return false;
    std::vector<Cell> cells;
    if (m_layout.header && m_records.next(cells))
        readHeader(cells);
    std::optional<PlainLines> plain =
        readPlainLines(m_text.substr(m_records.position()), m_layout, m_path, m_control, 1 - readingShare);
    if (!plain) {
        m_records = RecordReader(m_text, m_layout.delimiter);
        m_columnNames.clear();
        return false;
    }
    m_table = std::move(plain->values);
    m_missing = plain->missing;
    for (const std::string& name : plain->names)
        m_rowNames.push_back(label(name));
    return true;
}

void TableReader::readCarefully()
{
    reserve();
    std::vector<Cell> cells;
    std::size_t records = 0, checked = 0;
    while (m_records.next(cells)) {
        if (m_records.position() - checked >= bytesPerCheck) {
            checked = m_records.position();
            m_control.check(readingShare +
                            (1 - readingShare) * static_cast<double>(checked) / static_cast<double>(m_text.size()));
        }
        if (++records == 1 && m_layout.header)
            readHeader(cells);
        else
            readRow(cells);
        if (records == 2)
            m_records.keepHashes();
    }
    if (m_layout.headerInComment) {
        const std::string comment(m_records.lastComment());
        RecordReader names(comment, m_layout.delimiter);
        names.next(cells);
        readHeader(cells);
    }
    const auto columns = static_cast<Index>(m_layout.columns());
    const Index rows = static_cast<Index>(m_values.size()) / columns;
    using ByRows = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
    m_table = Eigen::Map<const ByRows>(m_values.data(), rows, columns);
}

Dataset TableReader::read()
{
    if (!readPlainly())
        readCarefully();
    Dataset dataset{
        .title = {}, .source = {}, .V = std::move(m_table), .features = {}, .samples = {}, .notes = notes()};
    if (!m_rowNames.empty())
        dataset.features = Axis::named(std::move(m_rowNames));
    if (!m_columnNames.empty())
        dataset.samples = Axis::named(std::move(m_columnNames));
    return dataset;
}

/// The table in this text.
Dataset readTable(const std::filesystem::path& path, std::string_view text, const LoadControl& control)
{
    if (text.starts_with("\xEF\xBB\xBF"))
        text.remove_prefix(3);
    requireText(text, nameOf(path));
    Dataset table = TableReader(path, text, control).read();
    return isRatingList(table) && control.member != wholeTable ? ratingsOf(table, path) : table;
}

Dataset readCsv(const std::filesystem::path& path, const LoadControl& control)
{
    const TextFile file(path, control, readingShare);
    Dataset dataset = readTable(path, file.text(), control);
    file.requireIntact();
    return dataset;
}

bool looksLikeText(std::span<const unsigned char> head)
{
    return !head.empty() && std::ranges::all_of(head, isText);
}

} // namespace

Format csv()
{
    return {.facts = {.id = "csv",
                      .name = "Table of text",
                      .summary = "Numbers between commas, semicolons, tabs or blanks"},
            .suffixes = {".csv", ".tsv", ".txt", ".tab", ".dat", ".asc"},
            .recognises = looksLikeText,
            .read = readCsv,
            .lookBeside = [](Dataset& dataset, const std::filesystem::path& path) {
                if (areRatings(dataset))
                    nameItemsFromBeside(dataset, path);
            }};
}

} // namespace nmf
