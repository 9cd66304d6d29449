#include "app/output_folder.h"

#include "core/error.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <sys/file.h>
#include <system_error>
#include <unistd.h>

namespace nmf::ui
{

namespace fs = std::filesystem;

namespace
{

constexpr std::string_view hiddenMark = ".partscope-";

std::string reason(int error)
{
    return std::generic_category().message(error);
}

fs::path absolutePlace(const fs::path& place)
{
    fs::path path = fs::absolute(place).lexically_normal();
    if (!path.has_filename())
        path = path.parent_path();
    std::error_code error;
    // Through a link the folder itself is replaced, not the link.
    if (const fs::path real = fs::canonical(path, error); !error)
        path = real;
    if (!path.has_filename() || path == fs::current_path())
        throw Error("--output " + place.string() +
                    " is the folder that you are in: name a folder inside it, which is then put in place whole.");
    return path;
}

bool isOurFile(const fs::path& file)
{
    return std::ranges::find(OutputFolder::files, file.filename().string()) != std::end(OutputFolder::files);
}

/// A file of ours, or the folder of a rank with files of ours in it.
bool isOurs(const fs::path& path)
{
    const std::string name = path.filename().string(), prefix = OutputFolder::rankPrefix;
    if (!fs::is_directory(fs::symlink_status(path)))
        return isOurFile(path);
    return name.starts_with(prefix) && name.size() > prefix.size() &&
           name.find_first_not_of("0123456789", prefix.size()) == std::string::npos &&
           std::all_of(fs::directory_iterator(path), fs::directory_iterator(), [](const fs::directory_entry& entry) {
               return !entry.is_directory() && isOurFile(entry.path());
           });
}

void requireReplaceable(const fs::path& place)
{
    const fs::file_status status = fs::symlink_status(place);
    if (!fs::exists(status))
        return;
    if (!fs::is_directory(status))
        throw Error("--output " + place.string() + " is a file: name a folder that does not exist yet.");
    if (fs::is_empty(place))
        return;
    const bool report = fs::exists(place / "report.json");
    for (const fs::directory_entry& entry : fs::directory_iterator(place))
        if (!report || !isOurs(entry.path()))
            throw Error("--output " + place.string() + " holds " + entry.path().filename().string() +
                        ", which Partscope did not write: name a new or empty folder.");
}

/// Locks a folder; −1 if somebody else has.
int lockFolder(const fs::path& folder)
{
    const int lock = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (lock >= 0 && ::flock(lock, LOCK_EX | LOCK_NB) != 0) {
        ::close(lock);
        return -1;
    }
    return lock;
}

/// Removes what killed programs left.
void sweep(const fs::path& place)
{
    const std::string start = "." + place.filename().string() + std::string(hiddenMark);
    std::error_code ignored;
    for (const fs::directory_entry& entry : fs::directory_iterator(place.parent_path(), ignored)) {
        if (!entry.path().filename().string().starts_with(start))
            continue;
        if (const int lock = lockFolder(entry.path()); lock >= 0) {
            fs::remove_all(entry.path(), ignored);
            ::close(lock);
        }
    }
}

/// What is written is on the disk before the folder takes its place.
void synchronise(const fs::path& path)
{
    const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    const bool done = file >= 0 && ::fsync(file) == 0;
    const int error = errno;
    if (file >= 0)
        ::close(file);
    // Some file systems cannot synchronise a folder.
    if (!done && error != EINVAL)
        throw Error("Cannot write " + path.filename().string() + ": " + reason(error) + ".");
}

} // namespace

OutputFolder::OutputFolder(const fs::path& place)
try : m_place(absolutePlace(place)) {
    requireReplaceable(m_place);
    fs::create_directories(m_place.parent_path());
    sweep(m_place);
    const fs::path hidden = m_place.parent_path() /
                            ("." + m_place.filename().string() + std::string(hiddenMark) + std::to_string(::getpid()));
    fs::create_directory(hidden);
    m_hidden = hidden;
    m_lock = lockFolder(m_hidden);
} catch (const fs::filesystem_error& error) {
    throw Error("Cannot make the folder --output " + place.string() + ": " + error.code().message() + ".");
}

OutputFolder::~OutputFolder()
{
    std::error_code ignored;
    fs::remove_all(m_hidden, ignored);
    if (m_lock >= 0)
        ::close(m_lock);
}

void OutputFolder::addSubfolder(std::string_view name) const
{
    std::error_code error;
    fs::create_directory(path(name), error);
    if (error)
        throw Error("Cannot make the folder " + (m_place / name).string() + ": " + error.message() + ".");
}

void OutputFolder::write(std::string_view file, std::string_view bytes) const
{
    std::FILE* handle = std::fopen(path(file).c_str(), "wb");
    bool done = handle && std::fwrite(bytes.data(), 1, bytes.size(), handle) == bytes.size();
    int error = errno;
    if (handle && std::fclose(handle) != 0 && done) {
        error = errno;
        done = false;
    }
    if (!done)
        throw Error("Cannot write " + (m_place / file).string() + ": " + reason(error) + ".");
}

void OutputFolder::putInPlace()
{
    requireReplaceable(m_place);
    for (const fs::directory_entry& entry : fs::recursive_directory_iterator(m_hidden))
        synchronise(entry.path());
    synchronise(m_hidden);
    // Exchanged, the old folder is the hidden one, and goes with it. Where there is none, or only an empty one, or the
    // file system cannot exchange, a plain renaming does.
    int result = ::renameat2(AT_FDCWD, m_hidden.c_str(), AT_FDCWD, m_place.c_str(), RENAME_EXCHANGE);
    if (result != 0)
        result = ::rename(m_hidden.c_str(), m_place.c_str());
    if (result != 0 && (errno == ENOTEMPTY || errno == EEXIST)) {
        const fs::path old = m_hidden.string() + "-old";
        result = ::rename(m_place.c_str(), old.c_str());
        if (result == 0)
            result = ::rename(m_hidden.c_str(), m_place.c_str());
        std::error_code ignored;
        if (result == 0)
            fs::remove_all(old, ignored);
        else
            ::rename(old.c_str(), m_place.c_str());
    }
    if (result != 0)
        throw Error("Cannot put the results in place as " + m_place.string() + ": " + reason(errno) + ".");
    synchronise(m_place.parent_path());
}

} // namespace nmf::ui
