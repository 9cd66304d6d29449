#include "core/formats/confined.h"

#include "core/error.h"
#include "core/formats/dataset_stream.h"
#include "core/formats/file.h"

#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <memory>
#include <poll.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <system_error>
#include <unistd.h>

extern char** environ;

namespace nmf
{

namespace
{

/// The file descriptor under which a decoder finds where its result goes.
constexpr int resultInChild = 3;

std::string reasonNow()
{
    return std::generic_category().message(errno);
}

/// A file descriptor that is closed with it.
class Descriptor
{
public:
    explicit Descriptor(int number = -1) : m_number(number) {}
    ~Descriptor() { take(-1); }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;

    void take(int number)
    {
        if (m_number >= 0)
            ::close(m_number);
        m_number = number;
    }
    int number() const { return m_number; }

private:
    int m_number;
};

/// The program of the decoders: beside this one, where an installation puts it, or where it was built.
std::filesystem::path decoderProgram()
{
    std::error_code error;
    const std::filesystem::path folder = std::filesystem::read_symlink("/proc/self/exe", error).parent_path();
    for (const std::filesystem::path& place :
         {folder / "partscope-decode", folder / "../libexec/partscope/partscope-decode",
          std::filesystem::path(PARTSCOPE_DECODER)})
        if (::access(place.c_str(), X_OK) == 0)
            return place;
    throw Error("The program partscope-decode, which reads such files, is not there; install Partscope again.");
}

/// A decoder at work on one file.
class Decoding
{
public:
    Decoding(const std::string& decoder, const std::filesystem::path& path, const std::string& member);
    ~Decoding();
    Decoding(const Decoding&) = delete;
    Decoding& operator=(const Decoding&) = delete;

    /// Waits until it has ended; what it says is in said(). Throws Cancelled, and Error after the time limit.
    void wait(const LoadControl& control, std::chrono::seconds limit, const std::string& name);
    int status() const { return m_status; }
    const std::string& said() const { return m_said; }
    int result() const { return m_result.number(); }

private:
    bool listen();
    void end();

    Descriptor m_result, m_speech;
    pid_t m_process = -1;
    int m_status = 0;
    std::string m_said;
};

Decoding::Decoding(const std::string& decoder, const std::filesystem::path& path, const std::string& member)
    : m_result(memfd_create("partscope", MFD_CLOEXEC))
{
    std::array<int, 2> pipe{-1, -1};
    if (m_result.number() < 0 || pipe2(pipe.data(), O_CLOEXEC) != 0)
        throw Error("Reading " + nameOf(path) + " cannot begin: " + reasonNow() + ".");
    m_speech.take(pipe[0]);
    Descriptor speaker(pipe[1]);
    const std::string program = decoderProgram().string(), file = path.string();
    std::array<std::string, 4> words{program, decoder, file, member};
    std::array<char*, 5> arguments{};
    for (std::size_t i = 0; i < words.size(); ++i)
        arguments[i] = words[i].data();
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_adddup2(&actions, speaker.number(), 2);
    posix_spawn_file_actions_adddup2(&actions, m_result.number(), resultInChild);
    const int failure = posix_spawn(&m_process, program.c_str(), &actions, nullptr, arguments.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    if (failure != 0) {
        m_process = -1;
        throw Error("Reading " + nameOf(path) + " cannot begin: " + std::generic_category().message(failure) + ".");
    }
}

Decoding::~Decoding()
{
    end();
}

void Decoding::end()
{
    if (m_process < 0)
        return;
    kill(m_process, SIGKILL);
    while (waitpid(m_process, &m_status, 0) < 0 && errno == EINTR) {
    }
    m_process = -1;
}

/// Takes what the decoder has said; false once it says no more.
bool Decoding::listen()
{
    constexpr std::size_t longest = 4096;
    std::array<char, 512> text{};
    const ssize_t count = read(m_speech.number(), text.data(), text.size());
    if (count > 0 && m_said.size() < longest)
        m_said.append(text.data(), static_cast<std::size_t>(count));
    return count > 0 || (count < 0 && errno == EINTR);
}

void Decoding::wait(const LoadControl& control, std::chrono::seconds limit, const std::string& name)
{
    constexpr int milliseconds = 20;
    const auto start = std::chrono::steady_clock::now();
    for (;;) {
        pollfd ready{m_speech.number(), POLLIN, 0};
        if (poll(&ready, 1, milliseconds) > 0 && !listen())
            break;
        control.check(0);
        if (std::chrono::steady_clock::now() - start > limit)
            throw Error(name + " was given up: reading it took longer than " + std::to_string(limit.count()) +
                        " seconds, so it is damaged or far too large.");
    }
    while (waitpid(m_process, &m_status, 0) < 0 && errno == EINTR) {
    }
    m_process = -1;
}

Dataset resultOf(const Decoding& decoding, const std::string& name)
{
    struct stat facts = {};
    if (fstat(decoding.result(), &facts) != 0 || facts.st_size <= 0)
        throw Error(name + " could not be read: its decoder passed on nothing.");
    const auto bytes = static_cast<std::size_t>(facts.st_size);
    void* const mapped = mmap(nullptr, bytes, PROT_READ, MAP_PRIVATE, decoding.result(), 0);
    if (mapped == MAP_FAILED)
        throw Error(name + " could not be read: " + reasonNow() + ".");
    const auto unmap = [bytes](void* memory) { munmap(memory, bytes); };
    const std::unique_ptr<void, decltype(unmap)> kept(mapped, unmap);
    return parseDataset({static_cast<const unsigned char*>(mapped), bytes}, name);
}

} // namespace

Dataset readConfined(const std::string& decoder, const std::string& what, const std::filesystem::path& path,
                     const LoadControl& control)
{
    const ByteSource file = openFile(path); // for its sentences on files that are not there
    // A slow disk and a packed file may take their time; a decoder in an endless loop may not.
    constexpr std::uint64_t bytesPerSecond = 2 << 20;
    const std::chrono::seconds limit(30 + file.size / bytesPerSecond);
    Decoding decoding(decoder, path, control.member);
    decoding.wait(control, limit, file.name);
    if (WIFEXITED(decoding.status()) && WEXITSTATUS(decoding.status()) == 0)
        return resultOf(decoding, file.name);
    if (WIFEXITED(decoding.status()) && WEXITSTATUS(decoding.status()) == 1 && isUtf8(decoding.said()) &&
        !decoding.said().empty())
        throw Error(decoding.said());
    throw Error(file.name + " could not be read: the decoder broke down over it, so it is no sound " + what + ".");
}

} // namespace nmf
