#pragma once

#include "core/formats/file.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace nmf
{

/// What the header of an NPY array says.
struct NpyHeader
{
    char kind = 'f'; ///< as NumPy's: b, u, i, f
    std::size_t itemSize = 8;
    bool swapped = false; ///< the bytes of a number are in the other order than this machine's
    bool fortranOrder = false;
    std::vector<std::uint64_t> shape;
};

/// The header as its text is written: a literal of a dictionary and nothing else. Throws Error, a sentence that starts
/// with `name`, on anything else, and on types that are no real numbers.
NpyHeader parseNpyHeader(std::string_view text, const std::string& name);

/// Reads the header from the front of a source; `bytesLeft` becomes what follows it. Throws Error.
NpyHeader readNpyHeader(ByteSource& source, std::uint64_t* bytesLeft = nullptr);

/// Where the bytes of an array come from: only those of a file of its own can be mapped.
enum class Bytes { OwnFile, Member };

/// Reads one array with its header; a large one of floating-point numbers in a file of its own is mapped and not read.
/// `path` is for that, and for messages about memory.
Dataset readNpyArray(ByteSource& source, const std::filesystem::path& path, const LoadControl& control, Bytes bytes);

/// From so many bytes of numbers on an array is mapped.
constexpr std::uint64_t mappedFromBytes = std::uint64_t{64} << 20;

/// Reads an array of one dimension, of any length, with its header and to the member's end.
DataMatrix readNpyVector(ByteSource& source, const std::filesystem::path& path, const LoadControl& control);

} // namespace nmf
