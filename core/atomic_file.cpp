#include "core/atomic_file.h"

#include "core/error.h"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <random>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace nmf
{

namespace
{

namespace fs = std::filesystem;

constexpr mode_t usualRights = 0666;

fs::path folderOf(const fs::path& path)
{
    return path.has_parent_path() ? path.parent_path() : fs::path(".");
}

/// Where the bytes shall lie: behind links.
fs::path targetOf(const fs::path& path)
{
    std::error_code error;
    if (!fs::is_symlink(path, error))
        return path;
    const fs::path target = fs::weakly_canonical(path, error);
    return error ? path : target;
}

std::string nameOfTarget(const fs::path& path)
{
    const std::u8string name = path.filename().u8string();
    return {name.begin(), name.end()};
}

/// A name in the file's folder that nothing has. It says nothing of the file's, which may have no room for more.
fs::path partBeside(const fs::path& path)
{
    return folderOf(path) / (".partscope-" + std::to_string(std::random_device{}()) + ".part");
}

/// What is in a folder is on the disk, where the file system can do that.
int synchroniseFolder(const fs::path& folder)
{
    const int handle = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (handle < 0)
        return errno == EACCES ? 0 : errno;
    const int error = ::fsync(handle) == 0 || errno == EINVAL ? 0 : errno;
    ::close(handle);
    return error;
}

bool isFull(int error)
{
    return error == ENOSPC || error == EDQUOT || error == EFBIG;
}

} // namespace

AtomicFile::AtomicFile(const fs::path& path) : m_path(targetOf(path)), m_name(nameOfTarget(path))
{
    struct stat before
    {
    };
    m_replaces = ::stat(m_path.c_str(), &before) == 0;
    if (m_replaces && !S_ISREG(before.st_mode))
        throw Error(m_name + " is no ordinary file, so that none is put in its place; choose another name.");
    // A file without a name leaves nothing behind when the program is killed; not every file system has such.
    m_file = ::open(folderOf(m_path).c_str(), O_WRONLY | O_TMPFILE | O_CLOEXEC, usualRights);
    if (m_file < 0)
        openNamed();
    if (m_replaces)
        ::fchmod(m_file, before.st_mode & 0777);
}

AtomicFile::~AtomicFile()
{
    close();
}

void AtomicFile::openNamed()
{
    m_part = partBeside(m_path);
    m_file = ::open(m_part.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, usualRights);
    if (m_file >= 0)
        return;
    m_part.clear();
    fail(errno);
}

void AtomicFile::close()
{
    if (m_file >= 0)
        ::close(std::exchange(m_file, -1));
    if (!m_part.empty())
        ::unlink(std::exchange(m_part, {}).c_str());
}

void AtomicFile::write(std::string_view bytes)
{
    // In pieces, so that a stop of the disk shows where it happens.
    constexpr std::size_t mostAtOnce = 1 << 20;
    while (!bytes.empty()) {
        const ssize_t count = ::write(m_file, bytes.data(), std::min(bytes.size(), mostAtOnce));
        if (count < 0 && errno == EINTR)
            continue;
        if (count <= 0)
            fail(count < 0 ? errno : EIO);
        m_written += static_cast<std::uint64_t>(count);
        bytes.remove_prefix(static_cast<std::size_t>(count));
    }
}

void AtomicFile::requireAllWritten()
{
    struct stat facts
    {
    };
    if (::fsync(m_file) != 0 && errno != EINVAL)
        fail(errno);
    if (::fstat(m_file, &facts) != 0)
        fail(errno);
    if (static_cast<std::uint64_t>(facts.st_size) != m_written)
        fail(EIO);
}

void AtomicFile::giveName()
{
    if (!m_part.empty())
        return;
    const fs::path part = partBeside(m_path), handle = "/proc/self/fd/" + std::to_string(m_file);
    if (::linkat(AT_FDCWD, handle.c_str(), AT_FDCWD, part.c_str(), AT_SYMLINK_FOLLOW) != 0)
        fail(errno);
    m_part = part;
}

void AtomicFile::commit()
{
    requireAllWritten();
    giveName();
    if (::close(std::exchange(m_file, -1)) != 0 || ::rename(m_part.c_str(), m_path.c_str()) != 0)
        fail(errno);
    m_part.clear();
    if (const int error = synchroniseFolder(folderOf(m_path)); error != 0)
        throw Error(m_name +
                    " was written, but the disk does not confirm it: " + std::generic_category().message(error) + ".");
}

void AtomicFile::fail(int error)
{
    close();
    const std::string rest =
        m_replaces ? "; the file that was there is as it was." : "; there is no such file, as before.";
    const std::string reason = std::generic_category().message(error);
    throw Error(isFull(error) ? "There is no space left for " + m_name + " (" + reason + ")" + rest
                              : m_name + " cannot be written: " + reason + rest);
}

void writeBeside(const fs::path& path, const std::function<void(const fs::path&)>& write)
{
    const fs::path target = targetOf(path), part = partBeside(target);
    const auto fail = [&](int error) {
        throw Error(nameOfTarget(path) + " cannot be written: " + std::generic_category().message(error) +
                    "; what was there before is untouched.");
    };
    try {
        write(part);
        const int file = ::open(part.c_str(), O_RDONLY | O_CLOEXEC);
        if (file < 0)
            fail(errno);
        const int error = ::fsync(file) == 0 || errno == EINVAL ? 0 : errno;
        ::close(file);
        if (error != 0)
            fail(error);
        if (::rename(part.c_str(), target.c_str()) != 0)
            fail(errno);
    } catch (...) {
        ::unlink(part.c_str());
        throw;
    }
    if (const int error = synchroniseFolder(folderOf(target)); error != 0)
        throw Error(nameOfTarget(path) +
                    " was written, but the disk does not confirm it: " + std::generic_category().message(error) + ".");
}

} // namespace nmf
