#include "core/formats/gzip.h"

#include "core/error.h"
#include "core/formats/file.h"

#include <zlib.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <memory>
#include <system_error>
#include <vector>

namespace nmf
{

namespace
{

/// What comes out of a packed file, a piece at a time.
class Inflater
{
public:
    Inflater(ByteSource& source, const std::string& name) : m_source(source), m_name(name), m_packed(bytesPerCheck)
    {
        // With gzip's header and checksum.
        constexpr int window = 15 + 16;
        if (inflateInit2(&m_stream, window) != Z_OK)
            throw std::bad_alloc();
    }
    ~Inflater() { inflateEnd(&m_stream); }
    Inflater(const Inflater&) = delete;
    Inflater& operator=(const Inflater&) = delete;

    /// Fills the front of the span; 0 at the end.
    std::size_t read(std::span<unsigned char> bytes)
    {
        m_stream.next_out = bytes.data();
        m_stream.avail_out = static_cast<uInt>(bytes.size());
        while (m_stream.avail_out == bytes.size() && !m_ended)
            step();
        return bytes.size() - m_stream.avail_out;
    }

    std::uint64_t taken() const { return m_taken; }

private:
    void step()
    {
        if (m_stream.avail_in == 0)
            refill();
        if (m_stream.avail_in == 0)
            throw Error(m_name + " is cut short: it ends before its packed contents do.");
        const int status = inflate(&m_stream, Z_NO_FLUSH);
        if (status == Z_STREAM_END)
            return endMember();
        if (status != Z_OK && status != Z_BUF_ERROR)
            throw Error(m_name + " is damaged: its packed contents cannot be unpacked" +
                        (m_stream.msg ? " (" + std::string(m_stream.msg) + ")" : std::string()) + ".");
    }

    /// A gzip file may hold several pieces one after the other; zeros after the last are padding.
    void endMember()
    {
        for (;;) {
            if (m_stream.avail_in == 0)
                refill();
            if (m_stream.avail_in == 0 || *m_stream.next_in != 0)
                break;
            ++m_stream.next_in;
            --m_stream.avail_in;
        }
        m_ended = m_stream.avail_in == 0;
        if (!m_ended)
            inflateReset(&m_stream);
    }

    void refill()
    {
        const std::size_t count = readFully(m_source, m_packed);
        m_stream.next_in = m_packed.data();
        m_stream.avail_in = static_cast<uInt>(count);
        m_taken += count;
    }

    ByteSource& m_source;
    const std::string& m_name;
    std::vector<unsigned char> m_packed;
    z_stream m_stream = {};
    std::uint64_t m_taken = 0;
    bool m_ended = false;
};

/// What may be unpacked: what memory could take, and nine tenths of what the disk has.
std::uint64_t mostBytes(const std::filesystem::path& folder)
{
    std::error_code error;
    const std::filesystem::space_info space = std::filesystem::space(folder, error);
    return std::min(memoryLimit(), error ? memoryLimit() : space.available / 10 * 9);
}

std::filesystem::path newFolder()
{
    std::string name = (std::filesystem::temp_directory_path() / "partscope-XXXXXX").string();
    if (!mkdtemp(name.data()))
        throw Error("The folder for unpacked files, " + std::filesystem::temp_directory_path().string() +
                    ", cannot be written: " + std::generic_category().message(errno) + ".");
    return name;
}

std::filesystem::path unpackedName(const std::filesystem::path& path)
{
    const std::filesystem::path name = path.filename(), stem = name.stem();
    return name.extension() == ".gz" || name.extension() == ".GZ" ? stem : name;
}

} // namespace

bool looksLikeGzip(std::span<const unsigned char> head)
{
    return head.size() > 2 && head[0] == 0x1F && head[1] == 0x8B && head[2] == 8;
}

Unpacked::Unpacked(const std::filesystem::path& path, const LoadControl& control, double share)
{
    ByteSource source = openFile(path);
    m_folder = newFolder();
    m_path = m_folder / unpackedName(path);
    try {
        Inflater inflater(source, source.name);
        CheckedFile file(m_path);
        std::vector<unsigned char> piece(bytesPerCheck);
        const std::uint64_t most = mostBytes(m_folder);
        std::uint64_t bytes = 0;
        while (const std::size_t count = inflater.read(piece)) {
            control.check(share * static_cast<double>(inflater.taken()) / static_cast<double>(source.size));
            bytes += count;
            if (bytes > most)
                throw Error(source.name + " unpacks to more than " + std::to_string(most >> 20) +
                            " MB, which is all that memory or disk can take.");
            file.write({reinterpret_cast<const char*>(piece.data()), count});
        }
        file.commit();
    } catch (...) {
        std::error_code ignored;
        std::filesystem::remove_all(m_folder, ignored);
        throw;
    }
}

Unpacked::~Unpacked()
{
    std::error_code ignored;
    std::filesystem::remove_all(m_folder, ignored);
}

} // namespace nmf
