#include "ui/model/image_file.h"

#include <cstdint>
#include <cstdlib>

namespace nmf::ui
{

namespace
{

std::uint32_t littleEndian(std::string_view bytes, std::size_t at, std::size_t count)
{
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < count && at + i < bytes.size(); ++i)
        value |= static_cast<std::uint32_t>(static_cast<unsigned char>(bytes[at + i])) << (8 * i);
    return value;
}

/// Walks from marker to marker, and within a scan to the next one, until the end of the image.
bool jpegEnds(std::string_view bytes)
{
    const auto byte = [bytes](std::size_t at) { return static_cast<unsigned char>(bytes[at]); };
    constexpr unsigned char endOfImage = 0xD9, fill = 0xFF;
    std::size_t at = 2;
    while (at + 1 < bytes.size()) {
        if (byte(at) != fill || byte(at + 1) == 0 || byte(at + 1) == fill ||
            (byte(at + 1) >= 0xD0 && byte(at + 1) <= 0xD7)) {
            ++at;
            continue;
        }
        const unsigned char marker = byte(at + 1);
        if (marker == endOfImage)
            return true;
        at += 2;
        if (at + 1 >= bytes.size())
            return false;
        const std::size_t length = static_cast<std::size_t>(byte(at)) << 8 | byte(at + 1);
        at += length;
    }
    return false;
}

bool bitmapEnds(std::string_view bytes)
{
    constexpr std::size_t headers = 54;
    if (bytes.size() < headers || littleEndian(bytes, 2, 4) > bytes.size())
        return false;
    const std::uint32_t compression = littleEndian(bytes, 30, 4);
    constexpr std::uint32_t plain = 0, masked = 3;
    if (littleEndian(bytes, 14, 4) < 40 || (compression != plain && compression != masked))
        return true;
    const std::uint64_t width = littleEndian(bytes, 18, 4), bits = littleEndian(bytes, 28, 2);
    const auto height = static_cast<std::uint64_t>(std::llabs(static_cast<std::int32_t>(littleEndian(bytes, 22, 4))));
    const std::uint64_t bytesPerRow = (width * bits + 31) / 32 * 4;
    return height == 0 || bytesPerRow <= (bytes.size() - littleEndian(bytes, 10, 4)) / height;
}

/// Walks over the chunks of a PNG to the one that ends it.
bool pngEnds(std::string_view bytes)
{
    constexpr std::size_t signature = 8, aroundData = 12;
    for (std::size_t at = signature; at + aroundData <= bytes.size();) {
        const auto byte = [&](std::size_t i) {
            return static_cast<std::size_t>(static_cast<unsigned char>(bytes[at + i]));
        };
        if (bytes.substr(at + 4, 4) == "IEND")
            return true;
        at += aroundData + (byte(0) << 24 | byte(1) << 16 | byte(2) << 8 | byte(3));
    }
    return false;
}

/// Walks over the blocks of a GIF to its trailer.
bool gifEnds(std::string_view bytes)
{
    const auto byte = [bytes](std::size_t at) { return static_cast<unsigned>(static_cast<unsigned char>(bytes[at])); };
    const auto tableBytes = [&](unsigned flags) -> std::size_t { return flags & 0x80 ? 3u << ((flags & 7) + 1) : 0u; };
    constexpr unsigned extension = 0x21, picture = 0x2C, trailer = 0x3B;
    if (bytes.size() < 13)
        return false;
    std::size_t at = 13 + tableBytes(byte(10));
    while (at < bytes.size()) {
        const unsigned block = byte(at);
        if (block == trailer)
            return true;
        if (block == picture && at + 10 < bytes.size())
            at += 11 + tableBytes(byte(at + 9));
        else if (block == extension)
            at += 2;
        else
            return false;
        while (at < bytes.size() && byte(at) != 0)
            at += 1 + byte(at);
        ++at;
    }
    return false;
}

/// Walks along the chain of a TIFF's directories, one for each page; each must lie within the file.
bool tiffEnds(std::string_view bytes)
{
    const bool little = bytes[0] == 'I';
    const auto number = [&](std::size_t at, std::size_t count) {
        std::uint64_t value = 0;
        for (std::size_t i = 0; i < count; ++i)
            value = value << 8 | static_cast<unsigned char>(bytes[at + (little ? count - 1 - i : i)]);
        return value;
    };
    constexpr std::size_t header = 8, entryBytes = 12, mostPages = 1 << 16;
    if (bytes.size() < header)
        return false;
    std::uint64_t at = number(4, 4);
    for (std::size_t page = 0; at != 0; ++page) {
        if (page == mostPages || at + 2 > bytes.size())
            return false;
        const std::uint64_t next = at + 2 + entryBytes * number(at, 2);
        if (next + 4 > bytes.size())
            return false;
        at = number(next, 4);
    }
    return true;
}

} // namespace

std::string missingEnd(std::string_view bytes)
{
    if (bytes.starts_with("\x89PNG") && !pngEnds(bytes))
        return "its last chunk is missing";
    if (bytes.starts_with("\xFF\xD8") && !jpegEnds(bytes))
        return "its end marker is missing";
    using namespace std::string_view_literals;
    if ((bytes.starts_with("II*\0"sv) || bytes.starts_with("MM\0*"sv)) && !tiffEnds(bytes))
        return "the directory of a page is missing";
    if (bytes.starts_with("BM") && !bitmapEnds(bytes))
        return "pixels are missing";
    if (bytes.starts_with("GIF8") && !gifEnds(bytes))
        return "its trailer is missing";
    return {};
}

} // namespace nmf::ui
