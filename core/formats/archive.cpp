#include "core/formats/archive.h"

#include "core/error.h"
#include "core/formats/zip_members.h"

#include <zip.h>

#include <algorithm>
#include <stdexcept>

namespace nmf
{

namespace
{

/// What opening one member gives, closed with the last who reads it.
using Member = std::shared_ptr<zip_file_t>;

/// A sentence's end from libzip.
std::string reasonOf(zip_error_t& error)
{
    const std::string reason = zip_error_strerror(&error);
    zip_error_fini(&error);
    return reason;
}

/// The bytes of an archive that is being put together.
class ArchiveBuffer
{
public:
    ArchiveBuffer()
    {
        zip_error_init(&m_error);
        m_source = zip_source_buffer_create(nullptr, 0, 0, &m_error);
        if (m_source)
            m_archive = zip_open_from_source(m_source, ZIP_CREATE | ZIP_TRUNCATE, &m_error);
        if (!m_archive)
            fail();
        // The archive lets go of it when it is closed, and its bytes are read after that.
        zip_source_keep(m_source);
    }

    ~ArchiveBuffer()
    {
        if (m_archive)
            zip_discard(m_archive);
        if (m_source)
            zip_source_free(m_source);
        zip_error_fini(&m_error);
    }

    ArchiveBuffer(const ArchiveBuffer&) = delete;
    ArchiveBuffer& operator=(const ArchiveBuffer&) = delete;

    /// The member's bytes must stay until bytes() has been called.
    void add(const ArchiveMember& member)
    {
        const std::string_view bytes = member.bytes;
        try {
            addMember(m_archive, member.name, {&bytes, 1}, Packing::Quick);
        } catch (const std::runtime_error& error) {
            throw Error(std::string("An archive cannot be put together: ") + error.what() + ".");
        }
    }

    std::string bytes()
    {
        if (zip_close(m_archive) != 0)
            throw Error("An archive cannot be put together: " + std::string(zip_strerror(m_archive)) + ".");
        m_archive = nullptr;
        zip_stat_t facts;
        zip_stat_init(&facts);
        if (zip_source_stat(m_source, &facts) != 0 || zip_source_open(m_source) != 0)
            fail();
        std::string all(facts.size, '\0');
        const zip_int64_t count = zip_source_read(m_source, all.data(), all.size());
        zip_source_close(m_source);
        if (count < 0 || static_cast<std::uint64_t>(count) != all.size())
            fail();
        return all;
    }

private:
    [[noreturn]] void fail() { throw Error("An archive cannot be put together: " + reasonOf(m_error) + "."); }

    zip_error_t m_error;
    zip_source_t* m_source = nullptr;
    zip_t* m_archive = nullptr;
};

} // namespace

Archive::Archive(const std::filesystem::path& path, const std::string& kind) : m_path(path)
{
    openFile(path); // for its sentences on files that are not there
    int code = 0;
    m_archive = std::shared_ptr<zip>(zip_open(path.c_str(), ZIP_RDONLY | ZIP_CHECKCONS, &code), [](zip_t* opened) {
        if (opened)
            zip_discard(opened);
    });
    if (!m_archive) {
        zip_error_t error;
        zip_error_init_with_code(&error, code);
        throw Error(nameOf(path) + " cannot be opened as " + kind + ": " + reasonOf(error) + ".");
    }
    const zip_int64_t count = zip_get_num_entries(m_archive.get(), 0);
    for (zip_int64_t i = 0; i < count; ++i) {
        const char* name = zip_get_name(m_archive.get(), static_cast<zip_uint64_t>(i), ZIP_FL_ENC_RAW);
        m_members.emplace_back(name ? name : "");
    }
}

bool Archive::contains(std::string_view member) const
{
    return std::ranges::find(m_members, member) != m_members.end();
}

ByteSource Archive::open(const std::string& member) const
{
    const std::string name = inQuotes(member) + " in " + nameOf(m_path);
    zip_t* archive = m_archive.get();
    zip_stat_t facts;
    zip_stat_init(&facts);
    constexpr zip_uint64_t needed = ZIP_STAT_SIZE | ZIP_STAT_COMP_SIZE | ZIP_STAT_INDEX;
    if (zip_stat(archive, member.c_str(), ZIP_FL_ENC_RAW, &facts) != 0 || (facts.valid & needed) != needed)
        throw Error(name + " cannot be found: " + zip_strerror(archive) + ".");
    // Deflate never shrinks more than this; a larger claim is a lie, found before any memory is asked for.
    constexpr std::uint64_t mostDeflation = 1032, slack = 4096;
    if (facts.size / mostDeflation > facts.comp_size + slack)
        throw Error(name + " claims " + std::to_string(facts.size) + " bytes, more than its " +
                    std::to_string(facts.comp_size) + " packed bytes can hold.");
    const Member file(zip_fopen_index(archive, facts.index, 0), [](zip_file_t* opened) {
        if (opened)
            zip_fclose(opened);
    });
    if (!file)
        throw Error(name + " cannot be opened: " + zip_strerror(archive) + ".");
    return {
        .name = name, .size = facts.size, .read = [file, name, keptOpen = m_archive](std::span<unsigned char> bytes) {
            const zip_int64_t count = zip_fread(file.get(), bytes.data(), bytes.size());
            if (count < 0)
                throw Error(name + " is damaged: " + zip_file_strerror(file.get()) + ".");
            return static_cast<std::size_t>(count);
        }};
}

std::string Archive::whole(const std::string& member, std::uint64_t mostBytes) const
{
    ByteSource source = open(member);
    if (source.size > mostBytes)
        throw Error(source.name + " has " + std::to_string(source.size) + " bytes, more than the " +
                    std::to_string(mostBytes) + " that it may have.");
    std::string bytes(source.size, '\0');
    const std::size_t count = readFully(source, {reinterpret_cast<unsigned char*>(bytes.data()), bytes.size()});
    readToEnd(source);
    if (count < bytes.size())
        throw Error(source.name + " is cut short: it has " + std::to_string(count) + " of " +
                    std::to_string(bytes.size()) + " bytes.");
    return bytes;
}

std::string archiveOf(const std::vector<ArchiveMember>& members)
{
    ArchiveBuffer buffer;
    for (const ArchiveMember& member : members)
        buffer.add(member);
    return buffer.bytes();
}

} // namespace nmf
