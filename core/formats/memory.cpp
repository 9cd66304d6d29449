#include "core/error.h"
#include "core/formats/file.h"
#include "core/formats/formats.h"

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <limits>
#include <optional>

namespace nmf
{

namespace
{

constexpr std::uint64_t unknown = std::numeric_limits<std::uint64_t>::max();

std::string textOf(const std::filesystem::path& path)
{
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

/// The first whole number after `key` in a small text of the system; none if there is none ("max", for example).
std::optional<std::uint64_t> numberAfter(std::string_view text, std::string_view key)
{
    const std::size_t found = text.find(key);
    if (found == text.npos)
        return {};
    text.remove_prefix(found + key.size());
    text.remove_prefix(std::min(text.find_first_not_of(" \t"), text.size()));
    std::uint64_t value = 0;
    const auto error = std::from_chars(text.data(), text.data() + text.size(), value).ec;
    return error == std::errc() ? std::optional(value) : std::nullopt;
}

std::uint64_t less(std::uint64_t a, std::uint64_t b)
{
    return a > b ? a - b : 0;
}

/// What one control group still allows; file pages that can be dropped count as free.
std::uint64_t freeInGroup(const std::filesystem::path& folder)
{
    const bool second = std::filesystem::exists(folder / "memory.max");
    const auto limit = numberAfter(textOf(folder / (second ? "memory.max" : "memory.limit_in_bytes")), "");
    const auto used = numberAfter(textOf(folder / (second ? "memory.current" : "memory.usage_in_bytes")), "");
    if (!limit || !used)
        return unknown;
    const auto droppable =
        numberAfter(textOf(folder / "memory.stat"), second ? "\ninactive_file" : "\ntotal_inactive_file");
    return less(*limit, less(*used, droppable.value_or(0)));
}

/// The least that the process's control groups, its own and those above, still allow.
std::uint64_t freeInGroups()
{
    const std::string text = textOf("/proc/self/cgroup");
    std::uint64_t least = unknown;
    for (std::size_t start = 0; start < text.size();) {
        const std::size_t end = std::min(text.find('\n', start), text.size());
        const std::string_view line = std::string_view(text).substr(start, end - start);
        start = end + 1;
        const std::size_t colon = line.find("::"), memory = line.find(":memory:");
        if (colon == line.npos && memory == line.npos)
            continue;
        const std::filesystem::path root = colon != line.npos ? "/sys/fs/cgroup" : "/sys/fs/cgroup/memory";
        std::filesystem::path group(line.substr(colon != line.npos ? colon + 2 : memory + 8));
        for (group = group.relative_path();; group = group.parent_path()) {
            least = std::min(least, freeInGroup(root / group));
            if (group.empty())
                break;
        }
    }
    return least;
}

std::string gigabytes(double bytes)
{
    const double tenths = bytes / 1e8;
    char text[64];
    const auto end = std::to_chars(text, text + sizeof text, tenths / 10, std::chars_format::fixed, 1).ptr;
    return std::string(text, end) + " GB";
}

} // namespace

std::uint64_t memoryLimit()
{
    constexpr std::uint64_t ifNothingIsKnown = std::uint64_t{4} << 30;
    const char* chosen = std::getenv("PARTSCOPE_MEMORY_MB");
    if (const auto megabytes = numberAfter(chosen ? chosen : "", ""))
        return std::min(*megabytes, unknown >> 20) << 20;
    std::uint64_t available = freeInGroups();
    if (const auto kilobytes = numberAfter(textOf("/proc/meminfo"), "MemAvailable:"))
        available = std::min(available, *kilobytes * 1024);
    return (available == unknown ? ifNothingIsKnown : available) / 5 * 4;
}

void requireMemory(const std::filesystem::path& path, std::uint64_t rows, std::uint64_t columns,
                   std::uint64_t bytesPerEntry)
{
    // The data, the copy that a run may need in the other precision, and the product W H.
    constexpr double copies = 3;
    // What no machine is short of is not worth asking the system for: a folder holds thousands of small images.
    constexpr double always = 16e6;
    const double needed =
        copies * static_cast<double>(rows) * static_cast<double>(columns) * static_cast<double>(bytesPerEntry);
    if (needed <= always)
        return;
    const std::uint64_t limit = memoryLimit();
    constexpr auto largestIndex = static_cast<double>(std::numeric_limits<Index>::max());
    if (needed > static_cast<double>(limit) || needed > largestIndex)
        throw Error(nameOf(path) + " holds " + std::to_string(rows) + " × " + std::to_string(columns) +
                    " numbers, which need " + gigabytes(needed) + " of memory with the copies of a run, but " +
                    gigabytes(static_cast<double>(limit)) + " may be used; take a part of the data.");
}

} // namespace nmf
