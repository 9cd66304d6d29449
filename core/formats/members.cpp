#include "core/formats/members.h"

#include "core/error.h"
#include "core/formats/confined.h"
#include "core/formats/file.h"
#include "core/formats/readers.h"

#include <algorithm>
#include <array>

namespace nmf
{

namespace
{

/// The list of a decoder is a table: a row for each matrix, with its sizes and zeros behind them.
std::vector<FileMember> listedBy(const std::string& decoder, const std::filesystem::path& path)
{
    const Dataset list = readConfined(decoder, "file", path, {.member = listOfMembers});
    std::vector<FileMember> members;
    for (Index i = 0; i < list.V.rows() && i < static_cast<Index>(list.features.names.size()); ++i) {
        FileMember member{list.features.names[static_cast<std::size_t>(i)], {}};
        for (Index j = 0; j < list.V.cols(); ++j)
            if (const double size = list.V(i, j); size > 0)
                member.shape.push_back(static_cast<std::uint64_t>(size));
        members.push_back(std::move(member));
    }
    return members;
}

} // namespace

std::vector<FileMember> membersOf(const std::filesystem::path& path)
{
    try {
        std::array<unsigned char, 512> bytes{};
        ByteSource source = openFile(path);
        const std::span<const unsigned char> head = std::span(bytes).first(readFully(source, bytes));
        if (npz().recognises(head))
            return membersOfNpz(path);
        if (hdf5().recognises(head))
            return listedBy("hdf5", path);
        if (mat().recognises(head))
            return listedBy("mat", path);
    } catch (const Error&) {
        // What is wrong with the file is said by whoever reads it.
    }
    return {};
}

std::string textOf(const FileMember& member)
{
    std::string shape;
    for (const std::uint64_t size : member.shape)
        shape += (shape.empty() ? "" : " × ") + std::to_string(size);
    return member.name + " (" + shape + ")";
}

} // namespace nmf
