#include "ui/model/recovery.h"

#include "core/error.h"
#include "ui/model/session.h"

#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QUuid>

namespace nmf::ui
{

namespace
{

const QString lockSuffix = QStringLiteral(".lock"), triedSuffix = QStringLiteral(".tried");

QString tr(const char* text)
{
    return QCoreApplication::translate("Recovery", text);
}

/// A title as a part of a file's name.
QString asName(const QString& title)
{
    constexpr qsizetype longest = 40;
    QString name;
    for (const QChar& letter : title.left(longest))
        name += letter.isLetterOrNumber() ? letter : QChar('_');
    return name;
}

QString lockOf(const QString& folder, const QString& stem)
{
    return folder + '/' + stem + lockSuffix;
}

/// Nobody works on it.
bool isFree(const QString& lockFile)
{
    QLockFile lock(lockFile);
    lock.setStaleLockTime(0);
    if (!lock.tryLock(0))
        return false;
    lock.unlock();
    return true;
}

} // namespace

Recovery::Recovery(QString folder)
    : m_folder(std::move(folder)), m_stem(QUuid::createUuid().toString(QUuid::Id128).left(12))
{
}

Recovery::~Recovery()
{
    removeOwn();
}

QString Recovery::ownFile(const QString& title)
{
    if (!m_lock) {
        if (!QDir().mkpath(m_folder))
            throw Error(
                tr("The folder %1, where work is kept until it is saved, cannot be made.").arg(m_folder).toStdString());
        auto lock = std::make_unique<QLockFile>(lockOf(m_folder, m_stem));
        lock->setStaleLockTime(0);
        if (!lock->tryLock(0))
            throw Error(tr("In the folder %1, where work is kept until it is saved, no lock can be made.")
                            .arg(m_folder)
                            .toStdString());
        m_lock = std::move(lock);
    }
    const QString file = m_folder + '/' + m_stem + '-' + asName(title) + sessionSuffix;
    if (m_file != file && !m_file.isEmpty())
        QFile::remove(m_file);
    return m_file = file;
}

void Recovery::removeOwn()
{
    if (!m_file.isEmpty())
        QFile::remove(std::exchange(m_file, {}));
    m_lock.reset();
}

std::vector<Leftover> Recovery::leftovers() const
{
    std::vector<Leftover> found;
    for (const QFileInfo& file : QDir(m_folder).entryInfoList({'*' + sessionSuffix}, QDir::Files, QDir::Time)) {
        const QString stem = file.fileName().section('-', 0, 0);
        if (stem == m_stem || !isFree(lockOf(m_folder, stem)))
            continue;
        found.push_back({.file = file.filePath(),
                         .title = file.completeBaseName().section('-', 1).replace('_', ' '),
                         .when = file.lastModified(),
                         .tried = QFile::exists(file.filePath() + triedSuffix)});
    }
    return found;
}

void Recovery::markTried(const QString& file)
{
    QFile mark(file + triedSuffix);
    mark.open(QIODevice::WriteOnly);
}

void Recovery::remove(const QString& file)
{
    QFile::remove(file);
    QFile::remove(file + triedSuffix);
}

QString recoveryFolder()
{
    const QString state = qEnvironmentVariable("XDG_STATE_HOME");
    return (state.startsWith('/') ? state : QDir::homePath() + "/.local/state") + "/partscope/recovery";
}

} // namespace nmf::ui
