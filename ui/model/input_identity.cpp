#include "ui/model/input_identity.h"

#include "core/error.h"
#include "core/formats/file.h"
#include "ui/model/import.h"

#include <QCryptographicHash>

#include <algorithm>
#include <span>

namespace nmf::ui
{

namespace
{

namespace fs = std::filesystem;

Identity identityOfFile(const fs::path& path, const LoadControl& control)
{
    Identity identity;
    QCryptographicHash hash(QCryptographicHash::Sha256);
    std::vector<unsigned char> piece(1 << 20);
    ByteSource source = openFile(path);
    while (const std::size_t count = source.read(piece)) {
        control.check(0);
        identity.bytes += count;
        hash.addData(QByteArrayView(piece.data(), static_cast<qsizetype>(count)));
    }
    identity.sha256 = hash.result().toHex().toStdString();
    return identity;
}

/// The lines are those of sha256sum.
Identity identityOfList(const fs::path& folder, std::span<const fs::path> names, const LoadControl& control)
{
    Identity whole;
    QCryptographicHash list(QCryptographicHash::Sha256);
    for (const fs::path& name : names) {
        const Identity file = identityOfFile(folder / name, control);
        whole.bytes += file.bytes;
        list.addData(QByteArray::fromStdString(file.sha256 + "  " + name.string() + "\n"));
    }
    whole.sha256 = list.result().toHex().toStdString();
    return whole;
}

} // namespace

std::vector<fs::path> filesUnder(const fs::path& path)
{
    std::error_code error;
    if (!fs::is_directory(path, error))
        return {fs::path()};
    std::vector<fs::path> files;
    for (fs::recursive_directory_iterator at(path, error), end; !error && at != end; at.increment(error))
        if (std::error_code ignored; at->is_regular_file(ignored))
            files.push_back(at->path().lexically_relative(path));
    if (error)
        throw Error(nameOf(path) + " cannot be read: " + error.message() + ".");
    std::ranges::sort(files, {}, [](const fs::path& file) { return file.native(); });
    return files;
}

Identity identityOf(const fs::path& path, const LoadControl& control)
{
    std::error_code error;
    return fs::is_directory(path, error) ? identityOfList(path, filesUnder(path), control)
                                         : identityOfFile(path, control);
}

QJsonObject identityReport(const QString& source, const std::stop_token& stop)
{
    if (source.isEmpty() || source.startsWith("sample:"))
        return {};
    try {
        const std::vector<fs::path> files = filesOf(source.toStdString());
        const Identity identity =
            files.size() == 1 ? identityOf(files.front(), {.stop = stop}) : identityOfList({}, files, {.stop = stop});
        return {{"bytes", static_cast<qint64>(identity.bytes)}, {"sha256", QString::fromStdString(identity.sha256)}};
    } catch (const Error&) {
        return {};
    }
}

} // namespace nmf::ui
