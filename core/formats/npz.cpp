#include "core/error.h"
#include "core/formats/archive.h"
#include "core/formats/npy.h"
#include "core/formats/readers.h"
#include "core/formats/sparse_npz.h"

#include <algorithm>
#include <array>
#include <optional>

namespace nmf
{

namespace
{

constexpr std::string_view arraySuffix = ".npy";

Archive openArchive(const std::filesystem::path& path)
{
    return {path, "an NPZ (ZIP) archive"};
}

/// The arrays of an archive, without ".npy", in their order.
std::vector<std::string> arraysOf(const Archive& archive)
{
    std::vector<std::string> names;
    for (const std::string& name : archive.members())
        if (name.size() > arraySuffix.size() && name.ends_with(arraySuffix))
            names.push_back(name.substr(0, name.size() - arraySuffix.size()));
    return names;
}

bool contains(const std::vector<std::string>& names, std::string_view name)
{
    return std::ranges::find(names, name) != names.end();
}

/// "V, W, H": at most a few of the names.
std::string listOf(const std::vector<std::string>& names)
{
    constexpr std::size_t most = 8;
    std::string list;
    for (std::size_t i = 0; i < std::min(most, names.size()); ++i)
        list += (list.empty() ? "" : ", ") + inQuotes(names[i]);
    return list + (names.size() > most ? ", …" : "");
}

ByteSource openMember(const Archive& archive, const std::string& array)
{
    return archive.open(array + std::string(arraySuffix));
}

Dataset readMember(const Archive& archive, const std::string& array, const std::filesystem::path& path,
                   const LoadControl& control)
{
    ByteSource source = openMember(archive, array);
    Dataset dataset = readNpyArray(source, path, control, Bytes::Member);
    readToEnd(source);
    return dataset;
}

/// The letters of a small array of text, as scipy.sparse keeps the name of its format.
std::string lettersOf(const Archive& archive, const std::string& array)
{
    ByteSource source = openMember(archive, array);
    std::vector<unsigned char> bytes(std::min<std::uint64_t>(source.size, 4096));
    bytes.resize(readFully(source, bytes));
    std::string letters;
    for (const unsigned char byte : std::span(bytes).subspan(std::min<std::size_t>(bytes.size(), 10)))
        letters = byte == '\n'                 ? std::string()
                  : byte >= 'a' && byte <= 'z' ? letters + static_cast<char>(byte)
                                               : letters;
    return letters;
}

/// How many dimensions an array has; none if its header cannot be read.
std::optional<std::size_t> dimensionsOf(const Archive& archive, const std::string& array)
{
    try {
        ByteSource source = openMember(archive, array);
        return readNpyHeader(source).shape.size();
    } catch (const Error&) {
        return {};
    }
}

/// Which array is the matrix: the one of a usual name, else the only one, else the only one of two dimensions.
std::string chooseArray(const Archive& archive, const std::vector<std::string>& names,
                        const std::filesystem::path& path, const std::string& wanted)
{
    if (!wanted.empty() && !contains(names, wanted))
        throw Error(nameOf(path) + " holds no array named " + inQuotes(wanted) + "; it holds " + listOf(names) + ".");
    if (!wanted.empty())
        return wanted;
    for (const std::string_view usual : {"V", "X", "data", "arr_0"})
        if (contains(names, usual))
            return std::string(usual);
    if (names.size() == 1)
        return names.front();
    std::vector<std::string> matrices;
    std::ranges::copy_if(names, std::back_inserter(matrices),
                         [&](const std::string& name) { return dimensionsOf(archive, name) == 2; });
    if (matrices.size() == 1)
        return matrices.front();
    throw Error(nameOf(path) + " holds several arrays (" + listOf(names) +
                "), none of them called V, X, data or arr_0; " + "say which one is the matrix, or rename it to V.");
}

Dataset readNpz(const std::filesystem::path& path, const LoadControl& control)
{
    const Archive archive = openArchive(path);
    const std::vector<std::string> names = arraysOf(archive);
    if (names.empty())
        throw Error(nameOf(path) + " is a ZIP archive that holds no NumPy array (no member ends in .npy).");
    if (control.member.empty() && contains(names, "format") && contains(names, "shape"))
        return readSparseArchive(
            lettersOf(archive, "format"), path, [&](const std::string& array) { return openMember(archive, array); },
            control);
    const std::string chosen = chooseArray(archive, names, path, control.member);
    Dataset dataset = readMember(archive, chosen, path, control);
    dataset.notes.insert(dataset.notes.begin(),
                         names.size() == 1
                             ? "The archive's array " + inQuotes(chosen) + " was read."
                             : "Of the archive's arrays " + listOf(names) + ", " + inQuotes(chosen) + " was read.");
    return dataset;
}

} // namespace

std::vector<FileMember> membersOfNpz(const std::filesystem::path& path)
{
    const Archive archive = openArchive(path);
    const std::vector<std::string> names = arraysOf(archive);
    std::vector<FileMember> members;
    if (contains(names, "format") && contains(names, "shape"))
        return members;
    for (const std::string& name : names) {
        try {
            ByteSource source = openMember(archive, name);
            if (NpyHeader header = readNpyHeader(source); header.shape.size() == 2 || header.shape.size() == 3)
                members.push_back({name, std::move(header.shape)});
        } catch (const Error&) {
            // Text, and what is damaged, cannot be chosen.
        }
    }
    return members;
}

Factors<double> loadFactors(const std::filesystem::path& path)
{
    const Archive archive = openArchive(path);
    const std::vector<std::string> names = arraysOf(archive);
    if (!contains(names, "W") || !contains(names, "H"))
        throw Error(nameOf(path) + " must hold the arrays W and H" +
                    (names.empty() ? ", but holds none." : ", but holds " + listOf(names) + "."));
    const auto W = readMember(archive, "W", path, {}).V.dense<double>();
    const auto H = readMember(archive, "H", path, {}).V.dense<double>();
    if (W->cols() != H->rows())
        throw Error(nameOf(path) + " holds W with " + std::to_string(W->cols()) + " columns but H with " +
                    std::to_string(H->rows()) + " rows; both must be the rank.");
    return {*W, H->transpose()};
}

GivenParts loadParts(const std::filesystem::path& path)
{
    const Archive archive = openArchive(path);
    const std::vector<std::string> names = arraysOf(archive);
    if (!contains(names, "W") && !contains(names, "H"))
        throw Error(nameOf(path) + " must hold the arrays W and H, or one of them" +
                    (names.empty() ? ", but holds none." : ", but holds " + listOf(names) + "."));
    GivenParts parts;
    if (contains(names, "W"))
        parts.W = *readMember(archive, "W", path, {}).V.dense<double>();
    if (contains(names, "H"))
        parts.Ht = readMember(archive, "H", path, {}).V.dense<double>()->transpose();
    if (parts.W && parts.Ht && parts.W->cols() != parts.Ht->cols())
        throw Error(nameOf(path) + " holds W with " + std::to_string(parts.W->cols()) + " columns but H with " +
                    std::to_string(parts.Ht->cols()) + " rows; both must be the number of parts.");
    return parts;
}

Matrix<double> loadBasis(const std::filesystem::path& path)
{
    const Archive archive = openArchive(path);
    const std::vector<std::string> names = arraysOf(archive);
    if (!contains(names, "W"))
        throw Error(nameOf(path) + " must hold the array W" +
                    (names.empty() ? ", but holds none." : ", but holds " + listOf(names) + "."));
    return *readMember(archive, "W", path, {}).V.dense<double>();
}

Format npz()
{
    return {.facts = {.id = "npz", .name = "NumPy archive", .summary = "What numpy.savez writes"},
            .suffixes = {".npz"},
            .recognises =
                [](std::span<const unsigned char> head) {
                    constexpr std::array<unsigned char, 4> magic{'P', 'K', 3, 4};
                    return head.size() >= magic.size() && std::ranges::equal(head.first(magic.size()), magic);
                },
            .read = readNpz};
}

} // namespace nmf
