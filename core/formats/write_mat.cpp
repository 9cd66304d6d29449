#include "core/error.h"
#include "core/formats/file.h"
#include "core/formats/write_text.h"
#include "core/formats/writers.h"

#include <zlib.h>

#include <memory>

namespace nmf
{

namespace
{

/// MAT-files of version 5 ("MAT-File Format", The MathWorks): types of data elements, and the class of an array.
constexpr std::uint32_t miInt8 = 1, miInt32 = 5, miUint32 = 6, miDouble = 9, miMatrix = 14, miCompressed = 15;
constexpr std::uint32_t mxDouble = 6;

template <class Number>
void append(std::string& bytes, Number value)
{
    bytes.append(reinterpret_cast<const char*>(&value), sizeof value);
}

void appendTag(std::string& bytes, std::uint32_t type, std::uint64_t size)
{
    append(bytes, type);
    append(bytes, static_cast<std::uint32_t>(size));
}

void pad(std::string& bytes)
{
    bytes.append((8 - bytes.size() % 8) % 8, '\0');
}

/// Text, no offset to data of subsystems, version 1, and the letters whose order tells that of the bytes. Without a
/// date: the same matrices are the same file.
std::string fileHeader()
{
    std::string header = "MATLAB 5.0 MAT-file, written by Partscope";
    header.append(116 - header.size(), ' ');
    header.append(8, '\0');
    append(header, std::uint16_t{0x0100});
    append(header, std::uint16_t{'M' << 8 | 'I'});
    return header;
}

/// All of an array before its numbers.
std::string arrayHeader(const NamedMatrix& matrix)
{
    const std::uint64_t numbers = static_cast<std::uint64_t>(matrix.values.size()) * sizeof(double);
    std::string inner;
    appendTag(inner, miUint32, 8);
    append(inner, mxDouble);
    append(inner, std::uint32_t{0});
    appendTag(inner, miInt32, 8);
    append(inner, static_cast<std::int32_t>(matrix.values.rows()));
    append(inner, static_cast<std::int32_t>(matrix.values.cols()));
    appendTag(inner, miInt8, matrix.name.size());
    inner += matrix.name;
    pad(inner);
    appendTag(inner, miDouble, numbers);
    std::string header;
    appendTag(header, miMatrix, inner.size() + numbers);
    return header + inner;
}

/// Packs bytes that come in pieces.
class Packer
{
public:
    Packer()
    {
        // Numbers hardly pack at all: the quickest level is nearly as good as the best.
        if (deflateInit(&m_stream, Z_BEST_SPEED) != Z_OK)
            throw std::bad_alloc();
    }
    ~Packer() { deflateEnd(&m_stream); }
    Packer(const Packer&) = delete;
    Packer& operator=(const Packer&) = delete;

    void take(std::string_view bytes, int flush = Z_NO_FLUSH)
    {
        m_stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
        m_stream.avail_in = static_cast<uInt>(bytes.size());
        do {
            char piece[1 << 16];
            m_stream.next_out = reinterpret_cast<Bytef*>(piece);
            m_stream.avail_out = sizeof piece;
            deflate(&m_stream, flush);
            m_packed.append(piece, sizeof piece - m_stream.avail_out);
        } while (m_stream.avail_out == 0);
    }

    const std::string& finish()
    {
        take({}, Z_FINISH);
        return m_packed;
    }

private:
    z_stream m_stream = {};
    std::string m_packed;
};

void requireRoom(const std::filesystem::path& path, const NamedMatrix& matrix)
{
    // What MATLAB reads of this version.
    constexpr std::uint64_t most = (std::uint64_t{1} << 31) - 4096;
    if (static_cast<std::uint64_t>(matrix.values.size()) > most / sizeof(double))
        throw Error(nameOf(path) + " cannot hold " + matrix.name + ": it has " + std::to_string(matrix.values.rows()) +
                    " × " + std::to_string(matrix.values.cols()) +
                    " numbers, but a matrix in a MAT-file has at most 2 GB; choose NPY.");
}

void writeMat(const std::filesystem::path& path, std::span<const NamedMatrix> matrices, const LoadControl& control)
{
    for (const NamedMatrix& matrix : matrices)
        requireRoom(path, matrix);
    CheckedFile file(path);
    file.write(fileHeader());
    for (const NamedMatrix& matrix : matrices) {
        Packer packer;
        packer.take(arrayHeader(matrix));
        passBytes(matrix.values, control, [&](std::string_view bytes) { packer.take(bytes); });
        const std::string& packed = packer.finish();
        std::string tag;
        appendTag(tag, miCompressed, packed.size());
        file.write(tag);
        file.write(packed);
    }
    file.commit();
}

} // namespace

Writer matWriter()
{
    return {
        .facts = {.id = "mat", .name = "MATLAB", .summary = "One file for all: load factors.mat in MATLAB or Octave"},
        .suffix = ".mat",
        .holds = Writer::Holds::Several,
        .write = writeMat};
}

} // namespace nmf
