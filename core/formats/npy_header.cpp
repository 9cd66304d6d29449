#include "core/error.h"
#include "core/formats/npy.h"

#include <bit>
#include <charconv>
#include <optional>

namespace nmf
{

namespace
{

/// Reads the few literals that an NPY header consists of. Nothing is ever evaluated.
class LiteralReader
{
public:
    LiteralReader(std::string_view text, const std::string& name) : m_text(text), m_name(name) {}

    bool accept(char c)
    {
        skipBlanks();
        if (m_text.empty() || m_text.front() != c)
            return false;
        m_text.remove_prefix(1);
        return true;
    }

    void expect(char c)
    {
        if (!accept(c))
            fail(std::string("a ") + c + " is missing");
    }

    bool atEnd()
    {
        skipBlanks();
        return m_text.empty();
    }

    char peek()
    {
        skipBlanks();
        return m_text.empty() ? '\0' : m_text.front();
    }

    std::string_view string()
    {
        const char quote = peek();
        if (quote != '\'' && quote != '"')
            fail("a text in quotation marks is missing");
        const std::size_t end = m_text.find(quote, 1);
        if (end == m_text.npos)
            fail("a quotation mark is never closed");
        const std::string_view value = m_text.substr(1, end - 1);
        m_text.remove_prefix(end + 1);
        return value;
    }

    bool boolean()
    {
        skipBlanks();
        for (const std::string_view word : {"True", "False"})
            if (m_text.starts_with(word)) {
                m_text.remove_prefix(word.size());
                return word == "True";
            }
        fail("'fortran_order' must be True or False");
    }

    std::vector<std::uint64_t> shape()
    {
        std::vector<std::uint64_t> sizes;
        expect('(');
        while (!accept(')')) {
            sizes.push_back(size());
            if (peek() != ')')
                expect(',');
        }
        return sizes;
    }

    [[noreturn]] void fail(const std::string& what) const
    {
        throw Error(m_name + " has a header that is not as NPY prescribes: " + what + ".");
    }

private:
    void skipBlanks()
    {
        while (!m_text.empty() && (m_text.front() == ' ' || m_text.front() == '\n' || m_text.front() == '\t'))
            m_text.remove_prefix(1);
    }

    std::uint64_t size()
    {
        if (peek() == '-')
            fail("a size in 'shape' is negative");
        std::uint64_t value = 0;
        const auto [end, error] = std::from_chars(m_text.data(), m_text.data() + m_text.size(), value);
        if (error == std::errc::result_out_of_range)
            fail("a size in 'shape' is too large");
        if (error != std::errc())
            fail("'shape' must hold whole numbers");
        m_text.remove_prefix(static_cast<std::size_t>(end - m_text.data()));
        if (!m_text.empty() && m_text.front() == 'L')
            m_text.remove_prefix(1);
        return value;
    }

    std::string_view m_text;
    const std::string& m_name;
};

/// What a letter of NumPy's types stands for, where it is no real number.
std::string nameOfKind(char kind)
{
    switch (kind) {
    case 'c':
        return "complex numbers";
    case 'O':
        return "Python objects, a pickle that is never opened";
    case 'S':
    case 'a':
    case 'U':
        return "text";
    case 'V':
        return "raw bytes";
    case 'M':
    case 'm':
        return "dates or times";
    default:
        return "values of a type that is not known here";
    }
}

void setType(NpyHeader& header, std::string_view descr, const std::string& name)
{
    const std::string type = " (dtype " + inQuotes(descr) + ")";
    std::size_t at = 0;
    const bool marked = !descr.empty() && std::string_view("<>=|").find(descr[0]) != std::string_view::npos;
    const char order = marked ? descr[at++] : '=';
    header.kind = at < descr.size() ? descr[at++] : '?';
    const std::string_view digits = descr.substr(at);
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), header.itemSize);
    const bool sized = error == std::errc() && end == digits.data() + digits.size();
    const std::size_t size = sized ? header.itemSize : 0;

    const bool whole = header.kind == 'u' || header.kind == 'i';
    const bool known = (header.kind == 'b' && size == 1) ||
                       (header.kind == 'f' && (size == 2 || size == 4 || size == 8)) ||
                       (whole && (size == 1 || size == 2 || size == 4 || size == 8));
    if (header.kind == 'f' && size > 8)
        throw Error(name + " holds numbers of extended precision" + type + "; save it as float64.");
    if (!known)
        throw Error(name + " holds " + nameOfKind(header.kind) + type + "; save it as an array of real numbers.");
    constexpr bool little = std::endian::native == std::endian::little;
    header.swapped = size > 1 && ((order == '>' && little) || (order == '<' && !little));
}

} // namespace

NpyHeader parseNpyHeader(std::string_view text, const std::string& name)
{
    NpyHeader header;
    std::optional<std::string_view> descr;
    bool hasOrder = false, hasShape = false;
    LiteralReader reader(text, name);
    reader.expect('{');
    while (!reader.accept('}')) {
        const std::string_view key = reader.string();
        reader.expect(':');
        if (key == "descr" && !descr) {
            if (reader.peek() == '[')
                throw Error(name +
                            " holds records of several fields (a structured dtype); save it as an array of numbers.");
            descr = reader.string();
        } else if (key == "fortran_order" && !hasOrder) {
            header.fortranOrder = reader.boolean();
            hasOrder = true;
        } else if (key == "shape" && !hasShape) {
            header.shape = reader.shape();
            hasShape = true;
        } else {
            reader.fail("there is no place for " + inQuotes(key));
        }
        if (reader.peek() != '}')
            reader.expect(',');
    }
    if (!reader.atEnd())
        reader.fail("something follows the closing brace");
    if (!descr || !hasOrder || !hasShape)
        reader.fail(std::string("'") + (!descr ? "descr" : !hasOrder ? "fortran_order" : "shape") + "' is missing");
    setType(header, *descr, name);
    return header;
}

} // namespace nmf
