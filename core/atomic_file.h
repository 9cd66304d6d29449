#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>

namespace nmf
{

/// A file that is written beside its place and then put there: what was there before stays, whole, until commit(), and
/// after that the new one is there, whole, whatever ends the program or the power in between. Every write is checked.
/// Through a link the file that it leads to is replaced. Throws Error.
class AtomicFile
{
public:
    explicit AtomicFile(const std::filesystem::path& path);
    /// Without commit() nothing has happened.
    ~AtomicFile();
    AtomicFile(const AtomicFile&) = delete;
    AtomicFile& operator=(const AtomicFile&) = delete;

    void write(std::string_view bytes);
    /// Brings the bytes to the disk, puts the file in place, and brings that to the disk.
    void commit();

private:
    void openNamed();
    void giveName();
    void requireAllWritten();
    void close();
    [[noreturn]] void fail(int error);

    std::filesystem::path m_path;
    std::filesystem::path m_part; ///< empty as long as the new file has no name
    std::string m_name;           ///< for messages
    int m_file = -1;
    std::uint64_t m_written = 0;
    bool m_replaces = false;
};

/// The same for a file that a library writes under a name of its own: `write` makes it at the path that it is given,
/// beside the place. Throws Error, and what `write` throws; then the file that was there is as it was.
void writeBeside(const std::filesystem::path& path, const std::function<void(const std::filesystem::path&)>& write);

} // namespace nmf
