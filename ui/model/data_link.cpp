#include "ui/model/data_link.h"

#include "core/formats/file.h"
#include "ui/model/input_identity.h"
#include "ui/model/json_fields.h"
#include "ui/model/session.h"

#include <QFile>

#include <limits>

namespace nmf::ui
{

namespace
{

namespace fs = std::filesystem;

QString shown(const fs::path& path)
{
    return QFile::decodeName(path.c_str());
}

/// Whether a path is not told from the linked data by its size alone, which is quick. A session may name any folder,
/// the root of all too: no more of it is counted than it may hold, and it can be cancelled.
bool mayBe(const DataLink& link, const fs::path& path, const LoadControl& control)
{
    std::error_code error;
    if (!fs::is_directory(path, error))
        return fs::is_regular_file(path, error) && fs::file_size(path, error) == link.bytes && !error;
    std::uint64_t sum = 0;
    for (fs::recursive_directory_iterator at(path, error), end; !error && at != end && sum <= link.bytes;
         at.increment(error)) {
        control.check(0);
        std::error_code unreadable;
        const std::uintmax_t size = at->is_regular_file(unreadable) ? at->file_size(unreadable) : 0;
        sum += unreadable ? 0 : size;
    }
    return !error && sum == link.bytes;
}

bool leadsTo(const DataLink& link, const fs::path& path, const LoadControl& control)
{
    if (!mayBe(link, path, control))
        return false;
    try {
        return linkTo(path, control).sha256 == link.sha256;
    } catch (const Error&) {
        return false;
    }
}

} // namespace

std::optional<FileStamp> stampOf(const fs::path& path)
{
    std::error_code error;
    if (!fs::is_regular_file(path, error))
        return {};
    const std::uintmax_t bytes = fs::file_size(path, error);
    const auto time = error ? fs::file_time_type() : fs::last_write_time(path, error);
    if (error)
        return {};
    return FileStamp{bytes, time.time_since_epoch().count()};
}

DataLink linkTo(const fs::path& path, const LoadControl& control)
{
    const std::optional<FileStamp> stamp = stampOf(path);
    const Identity identity = identityOf(path, control);
    return {.path = path, .bytes = identity.bytes, .sha256 = identity.sha256, .stamp = stamp};
}

QJsonObject toJson(const DataLink& link, const fs::path& folder)
{
    std::error_code error;
    const fs::path whole = fs::absolute(link.path, error), from = fs::absolute(folder, error);
    const fs::path relative = error ? fs::path() : whole.lexically_relative(from);
    return {{"path", shown(relative.empty() ? link.path : relative)},
            {"bytes", static_cast<qint64>(link.bytes)},
            {"sha256", jsonText(link.sha256)}};
}

DataLink linkFrom(const Fields& fields)
{
    return {.path = QFile::encodeName(QString::fromStdString(fields.text("path"))).toStdString(),
            .bytes = static_cast<std::uint64_t>(fields.whole("bytes", 0, std::numeric_limits<qint64>::max())),
            .sha256 = fields.text("sha256")};
}

fs::path placeOf(const DataLink& link, const fs::path& session, const fs::path& given, const LoadControl& control)
{
    if (!given.empty()) {
        if (leadsTo(link, given, control))
            return given;
        throw DataMissing(nameOf(given) + " is not what " + nameOf(session) + " was made with: that is " +
                          nameOf(link.path) + " with " + std::to_string(link.bytes) +
                          " bytes; choose another file, or open the data anew.");
    }
    const fs::path folder = session.has_parent_path() ? session.parent_path() : fs::path(".");
    const fs::path old = link.path.is_absolute() ? link.path : folder / link.path;
    if (leadsTo(link, old, control))
        return old;
    std::error_code error;
    const bool changed = fs::exists(old, error);
    for (fs::directory_iterator at(folder, error), end; !error && at != end; at.increment(error))
        if (leadsTo(link, at->path(), control))
            return at->path();
    throw DataMissing("The data of " + nameOf(session) + ", " + nameOf(link.path) + ", " +
                      (changed ? "are no longer what they were" : "are not there any more") +
                      ": put them beside it, or choose where they are now.");
}

} // namespace nmf::ui
