/// Reads what the fuzzer makes up as a file of one format, FUZZED_FORMAT. What comes back is a dataset or a sentence:
/// anything else (a crash, a report of a sanitizer, a second of thinking, a gigabyte) is a finding.

#include "core/error.h"
#include "core/formats/formats.h"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <string>
#include <unistd.h>

namespace
{

const nmf::Format& fuzzed()
{
    const auto format =
        std::ranges::find(nmf::formats(), FUZZED_FORMAT, [](const nmf::Format& known) { return known.facts.id; });
    if (format == nmf::formats().end())
        std::abort();
    return *format;
}

/// The file that all attempts are written to, in memory where there is such a place.
class Attempt
{
public:
    explicit Attempt(const std::string& suffix)
        : m_path((access("/dev/shm", W_OK) == 0 ? "/dev/shm" : std::filesystem::temp_directory_path()) /
                 std::filesystem::path("partscope-fuzz-" + std::to_string(getpid()) + suffix))
    {
    }
    ~Attempt() { std::filesystem::remove(m_path); }
    Attempt(const Attempt&) = delete;
    Attempt& operator=(const Attempt&) = delete;

    const std::filesystem::path& write(const std::uint8_t* bytes, std::size_t size) const
    {
        std::ofstream(m_path, std::ios::binary)
            .write(reinterpret_cast<const char*>(bytes), static_cast<std::streamsize>(size));
        return m_path;
    }

private:
    std::filesystem::path m_path;
};

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size)
{
    static const nmf::Format& format = fuzzed();
    static const Attempt attempt(format.suffixes.front());
    try {
        const nmf::Dataset dataset = format.read(attempt.write(bytes, size), {});
        // What was read must hold together: shapes, names, and every entry.
        if (dataset.V.rows() <= 0 || dataset.V.cols() <= 0)
            std::abort();
        for (const auto& [axis, length] :
             {std::pair(&dataset.features, dataset.V.rows()), std::pair(&dataset.samples, dataset.V.cols())})
            if (!axis->names.empty() && static_cast<nmf::Index>(axis->names.size()) != length)
                std::abort();
        nmf::factsOf(dataset.V);
    } catch (const nmf::Error&) {
    }
    return 0;
}
