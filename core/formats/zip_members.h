#pragma once

#include <span>
#include <string>
#include <string_view>

struct zip;

namespace nmf
{

/// How a member of a ZIP archive is kept.
enum class Packing {
    None, ///< as numpy.savez does
    Quick ///< people wait and disks are large
};

/// Adds a member, in pieces that must stay until the archive is closed; of the same members the archive is the same
/// file, at any time and place. Throws std::runtime_error with what libzip says.
void addMember(zip* archive, const std::string& name, std::span<const std::string_view> pieces, Packing packing);

} // namespace nmf
