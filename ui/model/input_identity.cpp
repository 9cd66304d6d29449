#include "ui/model/input_identity.h"

#include "core/error.h"

#include <QCryptographicHash>
#include <QDir>
#include <QFile>
#include <QFileInfo>

#include <algorithm>
#include <optional>

namespace nmf::ui
{

namespace
{

struct Identity
{
    qint64 bytes = 0;
    QByteArray hash;

    QJsonObject json() const { return {{"bytes", bytes}, {"sha256", QString::fromLatin1(hash)}}; }
};

/// None if it cannot be read.
std::optional<Identity> identityOfFile(const QString& path, const std::stop_token& stop)
{
    constexpr qint64 piece = 1 << 20;
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return {};
    QCryptographicHash hash(QCryptographicHash::Sha256);
    Identity identity;
    while (!file.atEnd()) {
        if (stop.stop_requested())
            throw Cancelled();
        const QByteArray bytes = file.read(piece);
        if (bytes.isEmpty() && file.error() != QFile::NoError)
            return {};
        hash.addData(bytes);
        identity.bytes += bytes.size();
    }
    identity.hash = hash.result().toHex();
    return identity;
}

} // namespace

QJsonObject identityOf(const QString& source, const std::stop_token& stop)
{
    const QFileInfo info(source);
    if (!info.isDir()) {
        const auto identity = info.isFile() ? identityOfFile(source, stop) : std::nullopt;
        return identity ? identity->json() : QJsonObject();
    }
    QStringList names = QDir(source).entryList(QDir::Files);
    std::ranges::sort(names, {}, [](const QString& name) { return QFile::encodeName(name); });
    Identity whole;
    QCryptographicHash list(QCryptographicHash::Sha256);
    for (const QString& name : names) {
        const auto identity = identityOfFile(QDir(source).filePath(name), stop);
        if (!identity)
            return {};
        whole.bytes += identity->bytes;
        list.addData(identity->hash + "  " + QFile::encodeName(name) + "\n");
    }
    whole.hash = list.result().toHex();
    return whole.json();
}

} // namespace nmf::ui
