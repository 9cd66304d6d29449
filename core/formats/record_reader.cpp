#include "core/error.h"
#include "core/formats/text_table.h"

#include <algorithm>

namespace nmf
{

bool RecordReader::atDelimiter() const
{
    const char c = m_text[m_at];
    return c == m_delimiter || (m_delimiter == ' ' && c == '\t');
}

void RecordReader::endLine()
{
    if (m_at == m_text.size())
        return;
    if (m_text[m_at] == '\r' && m_at + 1 < m_text.size() && m_text[m_at + 1] == '\n')
        ++m_at;
    ++m_at;
    ++m_line;
}

void RecordReader::skipBlanks()
{
    while (m_at < m_text.size() && (m_text[m_at] == ' ' || (m_text[m_at] == '\t' && m_delimiter != '\t')))
        ++m_at;
}

/// Whether the line that starts here is blank or a comment; if so, it is behind us now.
bool RecordReader::skipLine()
{
    const std::size_t start = m_at;
    skipBlanks();
    if (m_skipsHashes && m_at < m_text.size() && m_text[m_at] == '#') {
        const std::size_t first = m_at + 1;
        m_at = std::min(m_text.find_first_of("\r\n", m_at), m_text.size());
        m_lastComment = m_text.substr(first, m_at - first);
    }
    if (!atLineEnd()) {
        m_at = start;
        return false;
    }
    endLine();
    return true;
}

Cell RecordReader::bareCell()
{
    const std::size_t first = m_at;
    while (!atLineEnd() && !atDelimiter())
        ++m_at;
    std::size_t last = m_at;
    while (last > first && (m_text[last - 1] == ' ' || m_text[last - 1] == '\t'))
        --last;
    return {m_text.substr(first, last - first)};
}

Cell RecordReader::quotedCell()
{
    const std::size_t opened = m_line, first = ++m_at;
    bool plain = true;
    for (;; ++m_at) {
        if (m_at == m_text.size())
            throw Error("line " + std::to_string(opened) + " opens a quotation mark (\") that is never closed");
        if (m_text[m_at] == '\n')
            ++m_line;
        if (m_text[m_at] != '"')
            continue;
        if (m_at + 1 == m_text.size() || m_text[m_at + 1] != '"')
            break;
        ++m_at;
        plain = false;
    }
    const std::string_view inside = m_text.substr(first, m_at++ - first);
    const Cell rest = bareCell();
    if (plain && rest.text.empty())
        return {inside, true};
    std::string text;
    for (std::size_t i = 0; i < inside.size(); ++i) {
        text += inside[i];
        if (inside[i] == '"')
            ++i;
    }
    text += rest.text;
    return {m_unescaped.emplace_back(std::move(text)), true};
}

bool RecordReader::next(std::vector<Cell>& cells)
{
    cells.clear();
    m_unescaped.clear();
    while (m_at < m_text.size() && skipLine()) {
    }
    if (m_at == m_text.size())
        return false;
    m_recordLine = m_line;
    for (;;) {
        skipBlanks();
        if (m_delimiter == ' ' && atLineEnd())
            break;
        cells.push_back(m_at < m_text.size() && m_text[m_at] == '"' ? quotedCell() : bareCell());
        if (atLineEnd())
            break;
        ++m_at;
    }
    endLine();
    return true;
}

} // namespace nmf
