#include "core/formats/file.h"

#include "core/error.h"
#include "core/mapped_file.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>
#include <system_error>

namespace nmf
{

namespace
{

std::string reason(int error)
{
    return std::generic_category().message(error);
}

using FileHandle = std::shared_ptr<std::FILE>;

/// How many continuation bytes follow this first byte of UTF-8; −1 if none may start so.
int continuationBytes(unsigned char first)
{
    if (first < 0x80)
        return 0;
    if (first >= 0xC2 && first < 0xE0)
        return 1;
    if (first >= 0xE0 && first < 0xF0)
        return 2;
    return first >= 0xF0 && first < 0xF5 ? 3 : -1;
}

} // namespace

std::string nameOf(const std::filesystem::path& path)
{
    std::filesystem::path name = path.filename();
    if (name.empty())
        name = path.parent_path().filename();
    const std::u8string text = (name.empty() ? path : name).u8string();
    return {text.begin(), text.end()};
}

ByteSource openFile(const std::filesystem::path& path)
{
    std::error_code error;
    const std::filesystem::file_status status = std::filesystem::status(path, error);
    if (status.type() == std::filesystem::file_type::not_found)
        throw Error("There is no file " + nameOf(path) + "; check its name and folder.");
    if (status.type() == std::filesystem::file_type::directory)
        throw Error(nameOf(path) + " is a folder where a file was expected.");
    if (status.type() != std::filesystem::file_type::regular)
        throw Error(nameOf(path) + " is not an ordinary file and cannot be read.");
    const std::uint64_t size = std::filesystem::file_size(path, error);
    std::FILE* opened = error ? nullptr : std::fopen(path.c_str(), "rb");
    if (!opened)
        throw Error(nameOf(path) + " cannot be opened: " + reason(error ? error.value() : errno) + ".");
    const FileHandle file(opened, [](std::FILE* handle) { std::fclose(handle); });
    const std::string name = nameOf(path);
    return {.name = name, .size = size, .read = [file, name](std::span<unsigned char> bytes) {
                const std::size_t count = std::fread(bytes.data(), 1, bytes.size(), file.get());
                if (count == 0 && std::ferror(file.get()))
                    throw Error(name + " cannot be read: " + reason(errno) + ".");
                return count;
            }};
}

std::size_t readFully(ByteSource& source, std::span<unsigned char> bytes)
{
    std::size_t filled = 0;
    while (filled < bytes.size()) {
        const std::size_t count = source.read(bytes.subspan(filled));
        if (count == 0)
            break;
        filled += count;
    }
    return filled;
}

void readToEnd(ByteSource& source)
{
    std::vector<unsigned char> rest(bytesPerCheck);
    while (source.read(rest) > 0) {
    }
}

std::string readWhole(const std::filesystem::path& path, const LoadControl& control, double share)
{
    ByteSource source = openFile(path);
    // Asking the system takes longer than reading a small file.
    constexpr std::uint64_t always = 16 << 20;
    const std::uint64_t limit = source.size > always ? memoryLimit() : always;
    if (source.size > limit)
        throw Error(source.name + " has " + std::to_string(source.size >> 20) + " MB, but only " +
                    std::to_string(limit >> 20) + " MB of memory may be used.");
    std::string bytes(source.size, '\0');
    std::size_t filled = 0;
    while (filled < bytes.size()) {
        control.check(share * static_cast<double>(filled) / static_cast<double>(bytes.size()));
        const std::size_t wanted = std::min(bytesPerCheck, bytes.size() - filled);
        const std::size_t count = readFully(source, {reinterpret_cast<unsigned char*>(bytes.data()) + filled, wanted});
        filled += count;
        if (count < wanted)
            throw Error(source.name + " became shorter while it was read; try again.");
    }
    return bytes;
}

TextFile::TextFile(const std::filesystem::path& path, const LoadControl& control, double share)
{
    constexpr std::uint64_t mappedFrom = 16 << 20;
    const std::uint64_t size = openFile(path).size;
    if (size < mappedFrom) {
        m_read = readWhole(path, control, share);
        m_text = m_read;
    } else {
        m_mapped = std::make_unique<const MappedFile>(path, size);
        m_text = {reinterpret_cast<const char*>(m_mapped->bytes()), size};
    }
}

TextFile::~TextFile() = default;

void TextFile::requireIntact() const
{
    if (m_mapped)
        m_mapped->requireIntact();
}

std::string inQuotes(std::string_view text)
{
    constexpr std::size_t longest = 40;
    std::string shown;
    for (const char c : text.substr(0, longest))
        shown += static_cast<unsigned char>(c) < 0x20 || c == 0x7F ? '?' : c;
    while (!shown.empty() && !isUtf8(shown) && text.size() > longest)
        shown.pop_back();
    if (!isUtf8(shown))
        std::replace_if(
            shown.begin(), shown.end(), [](char c) { return static_cast<unsigned char>(c) >= 0x80; }, '?');
    return "“" + shown + (text.size() > longest ? "…”" : "”");
}

bool isUtf8(std::string_view text)
{
    for (std::size_t i = 0; i < text.size();) {
        const int more = continuationBytes(static_cast<unsigned char>(text[i++]));
        if (more < 0)
            return false;
        for (int k = 0; k < more; ++k, ++i)
            if (i >= text.size() || (static_cast<unsigned char>(text[i]) & 0xC0) != 0x80)
                return false;
    }
    return true;
}

} // namespace nmf
