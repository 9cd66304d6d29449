#pragma once

#include "core/formats/archive.h"
#include "ui/model/session.h"

#include <QFile>
#include <QJsonDocument>
#include <QTemporaryDir>

/// Session files taken apart and put together again, otherwise than the program does.
namespace session_files
{

inline QByteArray contents(const QString& path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

inline void write(const QString& path, const QByteArray& bytes)
{
    QFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size())
        qFatal("The test cannot write its files.");
}

inline std::vector<nmf::ArchiveMember> membersOf(const QString& path)
{
    const nmf::Archive archive(path.toStdString(), "a Partscope session");
    std::vector<nmf::ArchiveMember> members;
    for (const std::string& name : archive.members())
        members.push_back({name, archive.whole(name, std::uint64_t{1} << 30)});
    return members;
}

inline QJsonObject jsonOf(const QString& path)
{
    return QJsonDocument::fromJson(QByteArray::fromStdString(membersOf(path).front().bytes)).object();
}

/// The same file with another session.json.
inline void writeWith(const QJsonObject& json, std::vector<nmf::ArchiveMember> members, const QString& path)
{
    members.front().bytes = QJsonDocument(json).toJson().toStdString();
    write(path, QByteArray::fromStdString(nmf::archiveOf(members)));
}

inline QByteArray bytesOf(const nmf::ui::SavedSession& session, nmf::ui::Embedding embedding, const QString& folder)
{
    return QByteArray::fromStdString(nmf::ui::sessionFile(session, embedding, folder.toStdString()).bytes);
}

} // namespace session_files
