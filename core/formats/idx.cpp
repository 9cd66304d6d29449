#include "core/error.h"
#include "core/formats/file.h"
#include "core/formats/readers.h"
#include "core/mapped_file.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <memory>
#include <utility>

namespace nmf
{

namespace
{

/// What the first bytes say: the type of a number, and how many there are in each direction.
struct Header
{
    unsigned type = 0;
    std::vector<std::uint64_t> sizes;
};

constexpr unsigned unsignedByte = 0x08, signedByte = 0x09, shortNumber = 0x0B, number32 = 0x0C, single = 0x0D,
                   real = 0x0E;

/// Bytes of a number; 0 if there is no such type.
std::size_t bytesOf(unsigned type)
{
    switch (type) {
    case unsignedByte:
    case signedByte:
        return 1;
    case shortNumber:
        return 2;
    case number32:
    case single:
        return 4;
    case real:
        return 8;
    default:
        return 0;
    }
}

std::string shapeText(const std::vector<std::uint64_t>& sizes)
{
    std::string text;
    for (const std::uint64_t size : sizes)
        text += (text.empty() ? "" : " × ") + std::to_string(size);
    return text;
}

Header readHeader(ByteSource& source)
{
    unsigned char magic[4] = {};
    if (readFully(source, magic) < sizeof magic)
        throw Error(source.name + " is cut short: it ends inside the header.");
    Header header{.type = magic[2], .sizes = {}};
    if (magic[0] != 0 || magic[1] != 0)
        throw Error(source.name + " is no IDX file: it does not begin with two bytes of zero.");
    if (bytesOf(header.type) == 0)
        throw Error(source.name + " has numbers of the unknown type " + std::to_string(header.type) +
                    "; 8, 9 and 11 to 14 are known.");
    if (magic[3] < 1 || magic[3] > 3)
        throw Error(source.name + " has " + std::to_string(magic[3]) +
                    " dimensions; images have three and a table has two.");
    for (int i = 0; i < magic[3]; ++i) {
        unsigned char bytes[4] = {};
        if (readFully(source, bytes) < sizeof bytes)
            throw Error(source.name + " is cut short: it ends inside the header.");
        std::uint64_t size = 0;
        for (const unsigned char byte : bytes)
            size = size << 8 | byte;
        header.sizes.push_back(size);
    }
    return header;
}

template <class Stored>
double numberAt(const unsigned char* bytes)
{
    unsigned char ordered[sizeof(Stored)];
    std::reverse_copy(bytes, bytes + sizeof(Stored), ordered);
    return static_cast<double>(std::bit_cast<Stored>(ordered));
}

using Convert = double (*)(const unsigned char*);

Convert converterOf(unsigned type)
{
    switch (type) {
    case unsignedByte:
        return numberAt<std::uint8_t>;
    case signedByte:
        return numberAt<std::int8_t>;
    case shortNumber:
        return numberAt<std::int16_t>;
    case number32:
        return numberAt<std::int32_t>;
    case single:
        return numberAt<float>;
    default:
        return numberAt<double>;
    }
}

std::uint64_t bytesOf(const Header& header)
{
    return 4 + 4 * std::uint64_t{header.sizes.size()};
}

/// How many numbers one sample has; the claim is compared with the bytes that are there.
std::uint64_t entriesPerSample(const Header& header, const ByteSource& source)
{
    const std::uint64_t headerBytes = bytesOf(header);
    std::uint64_t perSample = 1, bytes = 0;
    bool fits = true;
    for (std::size_t i = 1; i < header.sizes.size(); ++i)
        fits = fits && !__builtin_mul_overflow(perSample, header.sizes[i], &perSample);
    fits = fits && !__builtin_mul_overflow(perSample, header.sizes[0], &bytes) &&
           !__builtin_mul_overflow(bytes, std::uint64_t{bytesOf(header.type)}, &bytes);
    if (!fits)
        throw Error(source.name + " claims " + shapeText(header.sizes) +
                    " numbers, which is more than any file can hold.");
    if (bytes == 0)
        throw Error(source.name + " is empty: it claims " + shapeText(header.sizes) + " numbers.");
    if (bytes > source.size - headerBytes)
        throw Error(source.name + " is cut short: " + shapeText(header.sizes) + " numbers need " +
                    std::to_string(bytes) + " bytes, but there are " + std::to_string(source.size - headerBytes) + ".");
    return perSample;
}

/// The bytes of the numbers, piece by piece. Those of a large file are looked at where they lie, so that only the
/// matrix that they become takes memory; those of a small one pass through a buffer.
class Pieces
{
public:
    Pieces(const std::filesystem::path& path, ByteSource& source, std::size_t offset, std::size_t bytes)
        : m_source(source)
    {
        constexpr std::size_t mappedFrom = 16 << 20;
        if (bytes < mappedFrom)
            return;
        m_mapped = std::make_unique<const MappedFile>(path, offset + bytes);
        m_at = reinterpret_cast<const unsigned char*>(m_mapped->bytes()) + offset;
    }

    /// So many, or as many as the source still has. They are there until the next call.
    std::span<const unsigned char> next(std::size_t count)
    {
        if (m_mapped)
            return {std::exchange(m_at, m_at + count), count};
        m_buffer.resize(count);
        return std::span(m_buffer).first(readFully(m_source, m_buffer));
    }

    /// Throws Error if bytes were looked at that the file no longer has.
    void requireIntact() const
    {
        if (m_mapped)
            m_mapped->requireIntact();
    }

private:
    ByteSource& m_source;
    std::vector<unsigned char> m_buffer;
    std::unique_ptr<const MappedFile> m_mapped;
    const unsigned char* m_at = nullptr;
};

/// Samples come one after the other, each a column, so that the numbers lie in the file as in the matrix.
template <class Scalar>
Matrix<Scalar> readNumbers(const std::filesystem::path& path, ByteSource& source, const Header& header,
                           std::uint64_t perSample, const LoadControl& control)
{
    Matrix<Scalar> values(static_cast<Index>(perSample), static_cast<Index>(header.sizes[0]));
    const std::size_t each = bytesOf(header.type), atOnce = bytesPerCheck / each;
    const auto entries = static_cast<std::size_t>(values.size());
    const Convert convert = converterOf(header.type);
    Pieces pieces(path, source, bytesOf(header), entries * each);
    for (std::size_t first = 0; first < entries; first += atOnce) {
        control.check(static_cast<double>(first) / static_cast<double>(entries));
        const std::size_t count = std::min(atOnce, entries - first);
        const std::span<const unsigned char> bytes = pieces.next(count * each);
        if (bytes.size() < count * each)
            throw Error(source.name + " is cut short: its numbers end after " + std::to_string(first) + " of " +
                        std::to_string(entries) + ".");
        Scalar* to = values.data() + first;
        if (header.type == unsignedByte)
            std::ranges::copy(bytes, to);
        else
            for (std::size_t i = 0; i < count; ++i)
                to[i] = static_cast<Scalar>(convert(bytes.data() + i * each));
        pieces.requireIntact();
    }
    return values;
}

Dataset readIdx(const std::filesystem::path& path, const LoadControl& control)
{
    ByteSource source = openFile(path);
    const Header header = readHeader(source);
    if (header.sizes.size() == 1)
        throw Error(source.name + " holds a list of " + std::to_string(header.sizes[0]) +
                    " labels, not images; open the file of the images instead.");
    const std::uint64_t perSample = entriesPerSample(header, source);
    const bool inSingle = header.type == single;
    requireMemory(path, perSample, header.sizes[0], inSingle ? sizeof(float) : sizeof(double));
    Dataset dataset;
    if (inSingle)
        dataset.V = readNumbers<float>(path, source, header, perSample, control);
    else
        dataset.V = readNumbers<double>(path, source, header, perSample, control);
    dataset.notes.push_back(std::to_string(header.sizes[0]) + " samples, one in a column.");
    if (header.sizes.size() == 3) {
        dataset.features = Axis::pixels(static_cast<Index>(header.sizes[1]), static_cast<Index>(header.sizes[2]));
        dataset.samples.noun = "image";
        dataset.notes.back() = std::to_string(header.sizes[0]) + " images of " + std::to_string(header.sizes[1]) +
                               " × " + std::to_string(header.sizes[2]) + " pixels, one in a column.";
    }
    return dataset;
}

} // namespace

Format idx()
{
    return {.facts = {.id = "idx", .name = "IDX file", .summary = "As MNIST's images"},
            .suffixes = {".idx", ".idx3-ubyte", ".idx2-ubyte", "-ubyte"},
            .recognises =
                [](std::span<const unsigned char> head) {
                    return head.size() > 4 && head[0] == 0 && head[1] == 0 && bytesOf(head[2]) > 0 && head[3] >= 1 &&
                           head[3] <= 3;
                },
            .read = readIdx};
}

} // namespace nmf
