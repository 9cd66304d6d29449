#pragma once

#include "core/formats/formats.h"

#include <QJsonObject>
#include <QString>

#include <cstdint>
#include <filesystem>
#include <stop_token>
#include <string>
#include <vector>

namespace nmf::ui
{

/// What tells later whether data are the same.
struct Identity
{
    std::uint64_t bytes = 0;
    std::string sha256 = {};
};

/// The files in a folder and those inside it, in an order that does not depend on the machine, by their names as seen
/// from it; of a file that one alone, without a name. Throws Error.
std::vector<std::filesystem::path> filesUnder(const std::filesystem::path& path);

/// Of a file its size and its SHA-256; of a folder the sum of its files' sizes, and the SHA-256 of the text that
/// `sha256sum` prints there for all of them (a line each, sorted by the names' bytes). As the files are now. Throws
/// Error, Cancelled.
Identity identityOf(const std::filesystem::path& path, const LoadControl& control);

/// The same for what was opened, several files as a folder of them; nothing for a built-in sample, and for what cannot
/// be read any more. {"bytes": …, "sha256": "…"}. Throws Cancelled.
QJsonObject identityReport(const QString& source, const std::stop_token& stop = {});

} // namespace nmf::ui
