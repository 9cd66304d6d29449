#pragma once

#include "core/atomic_file.h"
#include "core/formats/formats.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace nmf
{

class MappedFile;

/// Bytes that come one after the other, from a file or from a member of an archive, so that one reader serves both.
struct ByteSource
{
    std::string name;       ///< for messages: "faces.npy", or "V.npy in faces.npz"
    std::uint64_t size = 0; ///< how many bytes there are, known before any is read
    /// Fills the front of the span and returns how many bytes came; 0 at the end. Throws Error when the medium fails.
    std::function<std::size_t(std::span<unsigned char>)> read;
};

/// How many bytes pass between two looks at the stop token.
constexpr std::size_t bytesPerCheck = 64 * 1024;

/// The file's name without its folders, as UTF-8.
std::string nameOf(const std::filesystem::path& path);

/// Opens a regular file. Throws Error if there is none, or it cannot be opened.
ByteSource openFile(const std::filesystem::path& path);

/// Reads until the span is full or the source ends; returns how many bytes came.
std::size_t readFully(ByteSource& source, std::span<unsigned char> bytes);

/// Reads what is left to the end, where the checksum of an archive's member is compared.
void readToEnd(ByteSource& source);

/// The whole file in memory; progress runs from 0 to `share`. Throws Error if it is larger than memoryLimit().
std::string readWhole(const std::filesystem::path& path, const LoadControl& control, double share = 1);

/// A file of text: in memory if it is small, else looked at where it lies, so that it is not copied.
class TextFile
{
public:
    /// Progress runs from 0 to `share`. Throws Error.
    TextFile(const std::filesystem::path& path, const LoadControl& control, double share);
    ~TextFile();
    TextFile(const TextFile&) = delete;
    TextFile& operator=(const TextFile&) = delete;

    std::string_view text() const { return m_text; }
    /// Throws Error if the file has become shorter while it was read.
    void requireIntact() const;

private:
    std::string m_read;
    std::unique_ptr<const MappedFile> m_mapped;
    std::string_view m_text;
};

/// A piece of a file between quotation marks, short and printable, for messages.
std::string inQuotes(std::string_view text);

/// Whether the text is well-formed UTF-8.
bool isUtf8(std::string_view text);

/// What results are written through.
using CheckedFile = AtomicFile;

} // namespace nmf
