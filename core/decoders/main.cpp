#include "core/decoders/decoders.h"
#include "core/error.h"
#include "core/formats/dataset_stream.h"
#include "core/formats/file.h"

#include <algorithm>
#include <csignal>
#include <fcntl.h>
#include <new>
#include <string>
#include <string_view>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

namespace
{

/// Where the result goes, and where the one sentence goes if there is none.
constexpr int result = 3, resultMissing = 2, refused = 1;

void limit(int resource, rlim_t most)
{
    const rlimit both{most, most};
    setrlimit(static_cast<__rlimit_resource>(resource), &both);
}

/// What a hostile file can take at the most. The end of the process that waits ends this one.
void confine(std::uint64_t fileBytes)
{
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    constexpr std::uint64_t bytesPerSecond = 2 << 20;
    limit(RLIMIT_CORE, 0);
    limit(RLIMIT_CPU, 30 + fileBytes / bytesPerSecond);
    limit(RLIMIT_NOFILE, 32);
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
    // A sanitizer asks for terabytes of addresses.
    limit(RLIMIT_AS, nmf::memoryLimit());
#endif
}

int say(int speech, const std::string& sentence, int status)
{
    return ::write(speech, sentence.data(), sentence.size()) < 0 ? resultMissing : status;
}

} // namespace

/// partscope-decode DECODER FILE MEMBER: reads the file and passes the data, or with MEMBER ? the list of its matrices,
/// on through the file descriptor 3. What is
/// wrong with it is said on standard error, with the status 1; any other end is that of a decoder that broke down.
int main(int count, char** words)
{
    if (count != 4)
        return resultMissing;
    // Libraries mutter about what they meet; only our one sentence shall be heard.
    const int speech = fcntl(2, F_DUPFD_CLOEXEC, 10), silence = open("/dev/null", O_WRONLY | O_CLOEXEC);
    dup2(silence, 2);
    const std::filesystem::path path = words[2];
    try {
        const auto decoder = std::ranges::find(nmf::decoders(), std::string_view(words[1]), &nmf::Decoder::id);
        if (decoder == nmf::decoders().end())
            return resultMissing;
        confine(nmf::openFile(path).size);
        const bool listed = words[3] == nmf::listOfMembers && decoder->list;
        nmf::writeDataset(listed ? nmf::listAsDataset(decoder->list(path)) : decoder->read(path, words[3]), result);
        return 0;
    } catch (const nmf::Error& error) {
        return say(speech, error.what(), refused);
    } catch (const std::bad_alloc&) {
        return say(speech, nmf::nameOf(path) + " needs more memory than may be used; take a part of the data.",
                   refused);
    }
}
