#pragma once

#include <QJsonObject>
#include <QString>

#include <stop_token>

namespace nmf::ui
{

/// What tells later whether data are the same: of a file its size in bytes and its SHA-256; of a folder the sum of its
/// files' sizes, and the SHA-256 of the text that `sha256sum *` prints there (names sorted by their bytes, a line
/// each); of what is neither (a built-in sample) nothing. As the files are now. {"bytes": …, "sha256": "…"}. Throws
/// Cancelled.
QJsonObject identityOf(const QString& source, const std::stop_token& stop = {});

} // namespace nmf::ui
