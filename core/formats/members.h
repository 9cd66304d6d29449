#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace nmf
{

/// One of several matrices in a file.
struct FileMember
{
    std::string name;
    std::vector<std::uint64_t> shape;

    bool operator==(const FileMember&) const = default;
};

/// The matrices of an NPZ, MATLAB or HDF5 file that LoadControl::member can name; none for other files, and for those
/// that cannot be read. Throws nothing but std::bad_alloc.
std::vector<FileMember> membersOf(const std::filesystem::path& path);

/// "Y (198 × 10000)"
std::string textOf(const FileMember& member);

/// What a decoder is given as the name of a matrix when their list is wanted; and that of TIFF, which has no names,
/// when pixels shall keep their channels, instead of becoming gray.
inline const std::string listOfMembers = "?", channelsWanted = "channels";

} // namespace nmf
