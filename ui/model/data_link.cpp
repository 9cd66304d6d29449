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

/// The size alone, which is quick: 0 where nothing can be read.
std::uint64_t bytesOf(const fs::path& path)
{
    std::error_code error;
    if (!fs::is_directory(path, error)) {
        const std::uintmax_t size = fs::is_regular_file(path, error) ? fs::file_size(path, error) : 0;
        return error ? 0 : size;
    }
    std::uint64_t sum = 0;
    for (const fs::path& file : filesUnder(path))
        sum += fs::file_size(path / file, error);
    return error ? 0 : sum;
}

bool leadsTo(const DataLink& link, const fs::path& path, const LoadControl& control)
{
    if (bytesOf(path) != link.bytes)
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
