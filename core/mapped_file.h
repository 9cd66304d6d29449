#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>

namespace nmf
{

/// A file's bytes as memory that is read when it is looked at, and that the system drops and reads again as it likes.
/// Read-only. A file that becomes shorter in the meantime would end the program at the first look beyond its end; here
/// zeros are seen instead, and isIntact() tells.
class MappedFile
{
public:
    /// Throws Error if the file cannot be mapped or has fewer bytes than that.
    MappedFile(const std::filesystem::path& path, std::size_t bytes);
    ~MappedFile();
    MappedFile(const MappedFile&) = delete;
    MappedFile& operator=(const MappedFile&) = delete;

    const std::byte* bytes() const { return m_bytes; }
    /// False once bytes were looked at that the file no longer has.
    bool isIntact() const;
    /// Throws Error, with the file's name, unless it is intact.
    void requireIntact() const;

private:
    std::filesystem::path m_path;
    const std::byte* m_bytes = nullptr;
    std::size_t m_size = 0;
    std::size_t m_watch = 0; ///< who looks out for bytes that are gone
};

} // namespace nmf
