#pragma once

#include "core/formats/formats.h"

#include <QJsonObject>

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

namespace nmf::ui
{

class Fields;

/// A file's size and time of its last change: what is cheap to look at.
struct FileStamp
{
    std::uint64_t bytes = 0;
    std::int64_t time = 0;

    bool operator==(const FileStamp&) const = default;
};

/// None of a folder, or of what is not there.
std::optional<FileStamp> stampOf(const std::filesystem::path& path);

/// What a session keeps of data that it does not hold: where they lie, and how to tell that they are the same.
struct DataLink
{
    std::filesystem::path path;
    std::uint64_t bytes = 0;
    std::string sha256 = {};
    std::optional<FileStamp> stamp = {}; ///< when it was made

    /// Whether it need not be made anew for this file.
    bool holdsFor(const std::filesystem::path& file) const { return file == path && stamp && stamp == stampOf(file); }
};

/// The link to a file, or to all files of a folder. Throws Error, Cancelled.
DataLink linkTo(const std::filesystem::path& path, const LoadControl& control);

/// Relative to the folder, where there is a way.
QJsonObject toJson(const DataLink& link, const std::filesystem::path& folder);
DataLink linkFrom(const Fields& fields);

/// Where the linked data lie now: at `given` if that is not empty, else at their old place, as seen from the session's
/// folder, or under any name in that folder. Throws DataMissing, Cancelled.
std::filesystem::path placeOf(const DataLink& link, const std::filesystem::path& session,
                              const std::filesystem::path& given, const LoadControl& control);

} // namespace nmf::ui
