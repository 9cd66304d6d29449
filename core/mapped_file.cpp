#include "core/mapped_file.h"

#include "core/error.h"

#include <array>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdint>
#include <fcntl.h>
#include <mutex>
#include <sys/mman.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

namespace nmf
{

namespace
{

/// What the handler of the signal looks at. A signal has no other way to learn anything than by what is static.
struct Watch
{
    std::atomic<bool> taken = false;
    std::atomic<std::uintptr_t> begin = 0, end = 0;
    std::atomic<bool> lost = false;
};

std::array<Watch, 64>& watches()
{
    static std::array<Watch, 64> all;
    return all;
}

/// What was there before us, for bytes that are none of ours.
struct sigaction& earlierAction()
{
    static struct sigaction action = {};
    return action;
}

/// Puts zeros where the file has no bytes any more, from the page that was looked at to the end.
void fillWithZeros(int signal, siginfo_t* info, void* context)
{
    const int error = errno;
    const auto address = reinterpret_cast<std::uintptr_t>(info->si_addr);
    for (Watch& watch : watches()) {
        const std::uintptr_t begin = watch.begin, end = watch.end;
        if (address < begin || address >= end)
            continue;
        const auto page = static_cast<std::uintptr_t>(sysconf(_SC_PAGESIZE));
        const std::uintptr_t from = address / page * page;
        watch.lost = true;
        if (mmap(reinterpret_cast<void*>(from), end - from, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1,
                 0) == MAP_FAILED)
            break;
        errno = error;
        return;
    }
    const struct sigaction& earlier = earlierAction();
    if ((earlier.sa_flags & SA_SIGINFO) != 0 && earlier.sa_sigaction) {
        earlier.sa_sigaction(signal, info, context);
        return;
    }
    // The look is repeated, and ends as it would have without us.
    sigaction(signal, &earlier, nullptr);
}

void lookOut()
{
    static std::once_flag once;
    std::call_once(once, [] {
        watches();
        struct sigaction action = {};
        action.sa_sigaction = fillWithZeros;
        action.sa_flags = SA_SIGINFO;
        sigemptyset(&action.sa_mask);
        sigaction(SIGBUS, &action, &earlierAction());
    });
}

std::string reasonNow()
{
    return std::generic_category().message(errno);
}

} // namespace

MappedFile::MappedFile(const std::filesystem::path& path, std::size_t bytes) : m_path(path), m_size(bytes)
{
    const std::string name = path.filename().string();
    lookOut();
    const int file = open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (file < 0)
        throw Error(name + " cannot be opened: " + reasonNow() + ".");
    struct stat status = {};
    const bool known = fstat(file, &status) == 0;
    if (!known || static_cast<std::uint64_t>(status.st_size) < bytes) {
        close(file);
        throw Error(name + " became shorter while it was read; try again.");
    }
    void* const mapped = mmap(nullptr, bytes, PROT_READ, MAP_SHARED, file, 0);
    const std::string reason = reasonNow();
    close(file);
    if (mapped == MAP_FAILED)
        throw Error(name + " cannot be mapped into memory: " + reason + ".");
    m_bytes = static_cast<const std::byte*>(mapped);
    for (; m_watch < watches().size(); ++m_watch) {
        Watch& watch = watches()[m_watch];
        if (watch.taken.exchange(true))
            continue;
        watch.lost = false;
        watch.begin = reinterpret_cast<std::uintptr_t>(m_bytes);
        watch.end = reinterpret_cast<std::uintptr_t>(m_bytes) + m_size;
        return;
    }
    munmap(mapped, bytes);
    throw Error(name + " is one large file too many: " + std::to_string(watches().size()) +
                " are open at once; close some.");
}

MappedFile::~MappedFile()
{
    Watch& watch = watches()[m_watch];
    watch.end = 0;
    watch.begin = 0;
    munmap(const_cast<std::byte*>(m_bytes), m_size);
    watch.taken = false;
}

bool MappedFile::isIntact() const
{
    return !watches()[m_watch].lost;
}

void MappedFile::requireIntact() const
{
    if (!isIntact())
        throw Error(m_path.filename().string() + " became shorter while it was in use; load it again.");
}

} // namespace nmf
