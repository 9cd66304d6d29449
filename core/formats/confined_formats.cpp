#include "core/formats/confined.h"
#include "core/formats/readers.h"

#include <string_view>

namespace nmf
{

namespace
{

std::function<bool(std::span<const unsigned char>)> beginsWithOneOf(std::vector<std::string_view> magics)
{
    return [magics = std::move(magics)](std::span<const unsigned char> head) {
        const std::string_view bytes(reinterpret_cast<const char*>(head.data()), head.size());
        for (const std::string_view magic : magics)
            if (bytes.starts_with(magic))
                return true;
        return false;
    };
}

/// MATLAB's fourth version has no first bytes of its own: five whole numbers that make sense together.
bool looksLikeMat4(std::span<const unsigned char> head)
{
    if (head.size() < 20)
        return false;
    const auto number = [&](std::size_t at) {
        return static_cast<std::uint32_t>(head[at]) | static_cast<std::uint32_t>(head[at + 1]) << 8 |
               static_cast<std::uint32_t>(head[at + 2]) << 16 | static_cast<std::uint32_t>(head[at + 3]) << 24;
    };
    const std::uint32_t type = number(0), imaginary = number(12), nameLength = number(16);
    constexpr std::uint32_t mostLetters = 64;
    return type <= 52 && type % 10 <= 2 && type / 10 % 10 <= 5 && imaginary <= 1 && nameLength > 1 &&
           nameLength <= mostLetters && number(4) > 0 && number(8) > 0;
}

Format confined(Facts facts, std::vector<std::string> suffixes, const char* what, std::vector<std::string_view> magics)
{
    const std::string decoder = facts.id;
    return {.facts = std::move(facts),
            .suffixes = std::move(suffixes),
            .recognises = beginsWithOneOf(std::move(magics)),
            .read = [decoder, what = std::string(what)](const std::filesystem::path& path, const LoadControl& control) {
                return readConfined(decoder, what, path, control);
            }};
}

} // namespace

using namespace std::string_view_literals;

Format mat()
{
    Format format = confined({.id = "mat", .name = "MATLAB file", .summary = "Versions 4 to 7.3, sparse ones too"},
                             {".mat"}, "MATLAB file", {"MATLAB 5.0 MAT-file"sv, "MATLAB 7.3 MAT-file"sv});
    // Octave and SciPy write other first words, and version 7.3 of MATLAB is HDF5 behind them.
    format.recognises = [text = format.recognises](std::span<const unsigned char> head) {
        return text(head) || looksLikeMat4(head) || (head.size() > 127 && head[126] == 'I' && head[127] == 'M');
    };
    return format;
}

Format hdf5()
{
    return confined({.id = "hdf5", .name = "HDF5 file", .summary = "Data sets of numbers; AnnData's .h5ad"},
                    {".h5", ".hdf5", ".h5ad", ".hdf"}, "HDF5 file", {"\x89HDF\r\n"sv});
}

Format tiff()
{
    return confined({.id = "tiff", .name = "TIFF image", .summary = "Many pages, 8 to 32 bits, floating point"},
                    {".tif", ".tiff"}, "TIFF image", {"II*\0"sv, "MM\0*"sv, "II+\0"sv, "MM\0+"sv});
}

} // namespace nmf
