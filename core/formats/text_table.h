#pragma once

#include <cstddef>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

namespace nmf
{

/// One cell of a table of text. The text lives as long as the file's bytes and the reader's next record.
struct Cell
{
    std::string_view text;
    bool quoted = false;
};

/// Cuts text into records of cells. A record is a line, or several where a quoted cell holds line ends. Blank lines are
/// passed over, and so are lines that start with # until keepHashes() is called.
class RecordReader
{
public:
    /// The delimiter ' ' stands for any run of blanks and tabs.
    RecordReader(std::string_view text, char delimiter) : m_text(text), m_delimiter(delimiter) {}

    /// The next record; false at the end. Throws Error, without the file's name, where a quotation mark is never
    /// closed.
    bool next(std::vector<Cell>& cells);

    /// From here on a line that starts with # is a record like any other.
    void keepHashes() { m_skipsHashes = false; }

    std::size_t line() const { return m_recordLine; } ///< of the last record, from 1
    std::size_t position() const { return m_at; }     ///< bytes read so far
    std::string_view lastComment() const { return m_lastComment; }

private:
    bool atLineEnd() const { return m_at == m_text.size() || m_text[m_at] == '\n' || m_text[m_at] == '\r'; }
    bool atDelimiter() const;
    bool skipLine();
    void endLine();
    void skipBlanks();
    Cell bareCell();
    Cell quotedCell();

    std::string_view m_text, m_lastComment;
    char m_delimiter;
    bool m_skipsHashes = true;
    std::size_t m_at = 0, m_line = 1, m_recordLine = 0;
    std::deque<std::string> m_unescaped;
};

/// Where things are in a table of text, as its first records show it.
struct TableLayout
{
    char delimiter = ','; ///< ' ' for runs of blanks
    bool header = false;
    bool rowNames = false;
    bool emptyLast = false;         ///< every line ends in a delimiter with nothing after it
    bool headerLacksCorner = false; ///< the header has no cell above the row names
    bool headerInComment = false;   ///< the last comment before the numbers names the columns
    bool countingFirstLine =
        false;             ///< the first line was taken for numbers, but is evenly spaced as years in a header are
    std::size_t width = 0; ///< cells in a line of numbers, the name and the empty last one included

    std::size_t columns() const { return width - (rowNames ? 1 : 0) - (emptyLast ? 1 : 0); }
};

/// Looks at the first records. Throws Error, a sentence that starts with `name`, if there are no numbers.
TableLayout detectLayout(std::string_view text, const std::string& name);

} // namespace nmf
