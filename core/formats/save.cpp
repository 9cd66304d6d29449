#include "core/error.h"
#include "core/formats/file.h"
#include "core/formats/formats.h"
#include "core/formats/npy_bytes.h"
#include "core/formats/numbers.h"

#include <bit>
#include <cassert>
#include <charconv>

namespace nmf
{

namespace
{

/// A name as a cell: between quotation marks where it could be misread, as a number too.
std::string cell(const std::string& name)
{
    const bool bare = !name.empty() && name.find_first_of(",;\t\"\r\n#") == std::string::npos && name.front() != ' ' &&
                      name.back() != ' ' && !parseNumber(name, '.') && !isMissing(name);
    if (bare)
        return name;
    std::string text = "\"";
    for (const char c : name) {
        if (c == '"')
            text += '"';
        text += c;
    }
    return text + '"';
}

void appendNumber(std::string& text, double value)
{
    char digits[32];
    const auto end = std::to_chars(digits, digits + sizeof digits, value).ptr;
    text.append(digits, end);
}

} // namespace

void saveNpy(const std::filesystem::path& path, const Matrix<double>& values)
{
    constexpr std::size_t chunk = 1 << 20;
    const std::string type = std::endian::native == std::endian::little ? "<f8" : ">f8";
    CheckedFile file(path);
    file.write(npyHeader(type, true, "(" + std::to_string(values.rows()) + ", " + std::to_string(values.cols()) + ")"));
    const std::string_view bytes(reinterpret_cast<const char*>(values.data()),
                                 static_cast<std::size_t>(values.size()) * sizeof(double));
    for (std::size_t at = 0; at < bytes.size(); at += chunk)
        file.write(bytes.substr(at, chunk));
    file.commit();
}

void saveCsv(const std::filesystem::path& path, const Matrix<double>& values, const std::vector<std::string>& rowNames,
             const std::vector<std::string>& columnNames)
{
    assert(rowNames.empty() || static_cast<Index>(rowNames.size()) == values.rows());
    assert(columnNames.empty() || static_cast<Index>(columnNames.size()) == values.cols());
    constexpr std::size_t chunk = 1 << 16;
    CheckedFile file(path);
    std::string text;
    if (!columnNames.empty()) {
        // The empty corner tells a reader that the first column holds names.
        const char* separator = rowNames.empty() ? "" : ",";
        for (const std::string& name : columnNames) {
            text += separator;
            text += cell(name);
            separator = ",";
        }
        text += '\n';
    }
    for (Index i = 0; i < values.rows(); ++i) {
        if (!rowNames.empty())
            text += cell(rowNames[static_cast<std::size_t>(i)]) + ',';
        for (Index j = 0; j < values.cols(); ++j) {
            if (j > 0)
                text += ',';
            appendNumber(text, values(i, j));
        }
        text += '\n';
        if (text.size() >= chunk) {
            file.write(text);
            text.clear();
        }
    }
    file.write(text);
    file.commit();
}

} // namespace nmf
