#pragma once

#include "core/formats/file.h"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

struct zip;

namespace nmf
{

/// A ZIP archive that is read member by member. What it says of itself is checked before memory is asked for.
class Archive
{
public:
    /// `kind` is what it should be, for messages: "an NPZ (ZIP) archive". Throws Error.
    Archive(const std::filesystem::path& path, const std::string& kind);

    /// In the archive's order.
    const std::vector<std::string>& members() const { return m_members; }
    bool contains(std::string_view member) const;

    /// A member as bytes that come one after the other. Throws Error.
    ByteSource open(const std::string& member) const;
    /// A whole member; its checksum is compared. Throws Error if it has more bytes than that.
    std::string whole(const std::string& member, std::uint64_t mostBytes) const;

private:
    std::filesystem::path m_path;
    std::shared_ptr<zip> m_archive;
    std::vector<std::string> m_members;
};

/// Bytes under a name, for a new archive.
struct ArchiveMember
{
    std::string name, bytes;
};

/// A ZIP archive of these members: of the same members the same bytes, at any time and place. Throws Error.
std::string archiveOf(const std::vector<ArchiveMember>& members);

} // namespace nmf
