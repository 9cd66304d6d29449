#include "core/formats/side_names.h"

#include "core/error.h"
#include "core/formats/file.h"
#include "core/formats/gzip.h"

#include <algorithm>
#include <set>

namespace nmf
{

namespace
{

/// The lines of a small file of text, packed or not.
std::vector<std::string> linesOf(const std::filesystem::path& path)
{
    const auto cut = [](const std::string& text) {
        std::vector<std::string> lines;
        for (std::size_t at = 0; at < text.size();) {
            const std::size_t end = std::min(text.find('\n', at), text.size());
            std::string line = text.substr(at, end - at);
            if (line.ends_with('\r'))
                line.pop_back();
            lines.push_back(isUtf8(line) ? line : inQuotes(line));
            at = end + 1;
        }
        return lines;
    };
    if (path.extension() != ".gz")
        return cut(readWhole(path, {}));
    const Unpacked unpacked(path, {}, 1);
    return cut(readWhole(unpacked.path(), {}));
}

std::string cellOf(const std::string& line, std::size_t number)
{
    std::size_t at = 0;
    for (; number > 0; --number) {
        at = line.find('\t', at);
        if (at == line.npos)
            return {};
        ++at;
    }
    return line.substr(at, line.find('\t', at) - at);
}

/// Of lines with several cells the second, as gene symbols stand behind their numbers, if that tells them apart.
std::vector<std::string> namesIn(const std::vector<std::string>& lines)
{
    for (const std::size_t cell : {1u, 0u}) {
        std::vector<std::string> names;
        for (const std::string& line : lines)
            names.push_back(cellOf(line, cell));
        const std::set<std::string> different(names.begin(), names.end());
        if (cell == 0 || (different.size() == names.size() && !different.contains("")))
            return names;
    }
    return {};
}

/// The first of these files that there is; empty if there is none.
std::filesystem::path firstOf(const std::vector<std::filesystem::path>& paths)
{
    for (const std::filesystem::path& path : paths)
        for (const char* packed : {"", ".gz"}) {
            std::filesystem::path place = path;
            place += packed;
            std::error_code error;
            if (std::filesystem::is_regular_file(place, error))
                return place;
        }
    return {};
}

void name(Axis& axis, Index length, const std::filesystem::path& list, Dataset& dataset, const char* what)
{
    if (list.empty())
        return;
    try {
        std::vector<std::string> names = namesIn(linesOf(list));
        if (static_cast<Index>(names.size()) == length) {
            axis = Axis::named(std::move(names));
            dataset.notes.push_back(std::string("The ") + what + " are named by " + nameOf(list) + " beside the file.");
        } else {
            dataset.notes.push_back(nameOf(list) + " beside the file has " + std::to_string(names.size()) +
                                    " lines, but there are " + std::to_string(length) + " " + what +
                                    "; it was left alone.");
        }
    } catch (const Error& error) {
        dataset.notes.push_back(std::string("The names of the ") + what + " were left alone: " + error.what());
    }
}

} // namespace

void nameFromBeside(Dataset& dataset, const std::filesystem::path& path)
{
    std::filesystem::path stem = path;
    if (stem.extension() == ".gz")
        stem.replace_extension();
    const auto with = [&](const char* suffix) {
        std::filesystem::path place = stem;
        return place.replace_extension(suffix);
    };
    std::vector<std::filesystem::path> rows{with(".terms"), with(".rows")}, columns{with(".docs"), with(".cols")};
    if (stem.filename() == "matrix.mtx") {
        const std::filesystem::path folder = path.parent_path();
        rows.insert(rows.end(), {folder / "features.tsv", folder / "genes.tsv"});
        columns.push_back(folder / "barcodes.tsv");
    }
    name(dataset.features, dataset.V.rows(), firstOf(rows), dataset, "rows");
    name(dataset.samples, dataset.V.cols(), firstOf(columns), dataset, "columns");
}

} // namespace nmf
