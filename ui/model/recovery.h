#pragma once

#include <QDateTime>
#include <QLockFile>
#include <QString>

#include <memory>
#include <vector>

namespace nmf::ui
{

/// What a program that was ended has left.
struct Leftover
{
    QString file, title;
    QDateTime when;
    bool tried = false; ///< it was opened before, and did not become a session again
};

/// The folder in which running programs keep what has not been saved yet, each under a name and a lock of its own: a
/// file whose lock nobody holds is what a program left that was ended.
class Recovery
{
public:
    explicit Recovery(QString folder);
    /// Takes away what is its own.
    ~Recovery();
    Recovery(const Recovery&) = delete;
    Recovery& operator=(const Recovery&) = delete;

    /// Where a session with this title is to be written; makes the folder and the lock. Throws Error.
    QString ownFile(const QString& title);
    void removeOwn();

    /// The newest first.
    std::vector<Leftover> leftovers() const;
    /// To be called before it is opened: should that end the program, the next one knows.
    static void markTried(const QString& file);
    static void remove(const QString& file);

private:
    QString m_folder, m_stem, m_file;
    std::unique_ptr<QLockFile> m_lock;
};

/// Where programs keep what is to outlive them, but is no setting: XDG_STATE_HOME, else ~/.local/state.
QString recoveryFolder();

} // namespace nmf::ui
