#include "core/formats/file.h"
#include "core/formats/formats.h"
#include "core/formats/npy_bytes.h"
#include "core/formats/numbers.h"
#include "core/formats/write_text.h"
#include "core/formats/writers.h"

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

std::string npyHeader(Index rows, Index columns)
{
    return npyHeader(std::endian::native == std::endian::little ? "<f8" : ">f8", true,
                     "(" + std::to_string(rows) + ", " + std::to_string(columns) + ")");
}

void passBytes(const Matrix<double>& values, const LoadControl& control,
               const std::function<void(std::string_view)>& take)
{
    constexpr std::size_t chunk = 1 << 20;
    const std::string_view bytes(reinterpret_cast<const char*>(values.data()),
                                 static_cast<std::size_t>(values.size()) * sizeof(double));
    for (std::size_t at = 0; at < bytes.size(); at += chunk) {
        control.check(static_cast<double>(at) / static_cast<double>(bytes.size()));
        take(bytes.substr(at, chunk));
    }
}

void writeNpy(CheckedFile& file, const Matrix<double>& values, const LoadControl& control)
{
    file.write(npyHeader(values.rows(), values.cols()));
    passBytes(values, control, [&](std::string_view bytes) { file.write(bytes); });
}

void writeCsv(CheckedFile& file, const Matrix<double>& values, const std::vector<std::string>& rowNames,
              const std::vector<std::string>& columnNames, const LoadControl& control)
{
    assert(rowNames.empty() || static_cast<Index>(rowNames.size()) == values.rows());
    assert(columnNames.empty() || static_cast<Index>(columnNames.size()) == values.cols());
    constexpr std::size_t chunk = 1 << 16;
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
            control.check(static_cast<double>(i) / static_cast<double>(values.rows()));
            file.write(text);
            text.clear();
        }
    }
    file.write(text);
}

void saveNpy(const std::filesystem::path& path, const Matrix<double>& values)
{
    CheckedFile file(path);
    writeNpy(file, values, {});
    file.commit();
}

void saveCsv(const std::filesystem::path& path, const Matrix<double>& values, const std::vector<std::string>& rowNames,
             const std::vector<std::string>& columnNames)
{
    CheckedFile file(path);
    writeCsv(file, values, rowNames, columnNames, {});
    file.commit();
}

Writer npyWriter()
{
    return {.facts = {.id = "npy", .name = "NumPy array", .summary = "A file for each matrix: numpy.load(\"W.npy\")"},
            .suffix = ".npy",
            .holds = Writer::Holds::One,
            .write = [](const std::filesystem::path& path, std::span<const NamedMatrix> matrices,
                        const LoadControl& control) {
                CheckedFile file(path);
                writeNpy(file, matrices.front().values, control);
                file.commit();
            }};
}

Writer csvWriter()
{
    return {.facts = {.id = "csv",
                      .name = "Table with commas",
                      .summary = "A file for each matrix, with the names of rows and columns"},
            .suffix = ".csv",
            .holds = Writer::Holds::One,
            .write = [](const std::filesystem::path& path, std::span<const NamedMatrix> matrices,
                        const LoadControl& control) {
                const NamedMatrix& matrix = matrices.front();
                CheckedFile file(path);
                writeCsv(file, matrix.values, matrix.rowNames, matrix.columnNames, control);
                file.commit();
            }};
}

} // namespace nmf
