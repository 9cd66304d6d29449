#pragma once

#include "core/formats/archive.h"

#include <cstddef>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <unistd.h>
#include <vector>

/// A session as the fuzzer changes it: the members of its archive, unpacked, one after the other. The archive is put
/// around them at every attempt, so that no checksum stands between what is made up and what reads it.
namespace session_parts
{

/// Begins a member; its name follows, up to the end of the line, and then its bytes.
inline const std::string mark = "\n--member:";

inline std::string joined(const std::vector<nmf::ArchiveMember>& members)
{
    std::string text;
    for (const nmf::ArchiveMember& member : members)
        text += mark + member.name + '\n' + member.bytes;
    return text;
}

/// Any bytes are some members: those before the first mark count for nothing.
inline std::vector<nmf::ArchiveMember> parted(std::string_view text)
{
    std::vector<nmf::ArchiveMember> members;
    for (std::size_t at = text.find(mark); at != std::string_view::npos;) {
        const std::string_view rest = text.substr(at + mark.size());
        const std::size_t line = rest.find('\n'), begin = line == std::string_view::npos ? rest.size() : line + 1;
        const std::size_t next = rest.find(mark, begin);
        members.push_back({std::string(rest.substr(0, line)), std::string(rest.substr(begin, next - begin))});
        at = next == std::string_view::npos ? next : at + mark.size() + next;
    }
    return members;
}

/// A folder of this program's own, in memory where there is such a place, with what sessions lead to.
class Folder
{
public:
    Folder()
        : m_path((access("/dev/shm", W_OK) == 0 ? "/dev/shm" : std::filesystem::temp_directory_path()) /
                 std::filesystem::path("partscope-fuzz-session-" + std::to_string(getpid())))
    {
        std::filesystem::create_directory(m_path);
        std::string table = "a,b,c,d,e,f,g,h\n", pictures = "P2 9 12 255\n";
        for (int row = 0; row < 12; ++row)
            for (int column = 0; column < 9; ++column) {
                const std::string value = std::to_string((row * 7 + column * 5) % 11);
                pictures += value + (column == 8 ? "\n" : " ");
                if (column < 8)
                    table += (row == 3 && column == 2 ? "nan" : value) + (column == 7 ? "\n" : ",");
            }
        write("table.csv", table);
        write("picture.pgm", pictures);
    }
    ~Folder()
    {
        std::error_code ignored;
        std::filesystem::remove_all(m_path, ignored);
    }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;

    const std::filesystem::path& path() const { return m_path; }
    std::filesystem::path write(const std::string& name, const std::string& bytes) const
    {
        std::ofstream(m_path / name, std::ios::binary).write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
        return m_path / name;
    }

private:
    std::filesystem::path m_path;
};

} // namespace session_parts
