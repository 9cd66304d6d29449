#include "core/error.h"
#include "core/formats/file.h"
#include "core/formats/gray.h"
#include "core/formats/readers.h"

#include <algorithm>
#include <limits>

namespace nmf
{

namespace
{

/// What the header says: P1…P6 by `kind`, and the sizes.
struct Picture
{
    int kind = 0;
    std::uint64_t width = 0, height = 0, fullScale = 1;

    bool isText() const { return kind <= 3; }
    bool isBitmap() const { return kind == 1 || kind == 4; }
    std::uint64_t channels() const { return kind == 3 || kind == 6 ? 3 : 1; }
    std::uint64_t bytesPerSample() const { return fullScale > 255 ? 2 : 1; }
};

bool isBlank(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

/// Reads the bytes of one picture of the PBM, PGM or PPM kind.
class NetpbmReader
{
public:
    NetpbmReader(const std::filesystem::path& path, const LoadControl& control)
        : m_path(path), m_name(nameOf(path)), m_control(control), m_bytes(readWhole(path, control, 0.5))
    {
    }

    Dataset read();

private:
    void readHeader();
    void requireBytes() const;
    void skipToToken();
    std::uint64_t number(const char* what);
    std::uint64_t textSample();
    std::uint64_t binarySample();
    void readSamples(Matrix<double>& values);
    void readBits(Matrix<double>& values);
    std::uint64_t sample() { return m_picture.isText() ? textSample() : binarySample(); }
    [[noreturn]] void failShort(std::uint64_t pixel) const;

    const std::filesystem::path& m_path;
    const std::string m_name;
    const LoadControl& m_control;
    const std::string m_bytes;
    std::size_t m_at = 0;
    Picture m_picture;
};

void NetpbmReader::skipToToken()
{
    while (m_at < m_bytes.size()) {
        if (m_bytes[m_at] == '#')
            m_at = std::min(m_bytes.find_first_of("\r\n", m_at), m_bytes.size());
        else if (isBlank(m_bytes[m_at]))
            ++m_at;
        else
            return;
    }
}

std::uint64_t NetpbmReader::number(const char* what)
{
    skipToToken();
    if (m_at == m_bytes.size())
        throw Error(m_name + " is cut short: it ends before " + what + ".");
    constexpr std::uint64_t most = std::numeric_limits<std::uint32_t>::max();
    std::uint64_t value = 0;
    const std::size_t first = m_at;
    for (; m_at < m_bytes.size() && m_bytes[m_at] >= '0' && m_bytes[m_at] <= '9'; ++m_at) {
        value = 10 * value + static_cast<std::uint64_t>(m_bytes[m_at] - '0');
        if (value > most)
            throw Error(m_name + " has an impossible number for " + what + ".");
    }
    if (m_at == first || (m_at < m_bytes.size() && !isBlank(m_bytes[m_at]) && m_bytes[m_at] != '#'))
        throw Error(m_name + ", byte " + std::to_string(m_at + 1) + ": " + inQuotes(m_bytes.substr(m_at, 1)) +
                    " stands in " + what + ", which must be a whole number.");
    return value;
}

void NetpbmReader::readHeader()
{
    if (m_bytes.size() < 2 || m_bytes[0] != 'P' || m_bytes[1] < '1' || m_bytes[1] > '6')
        throw Error(m_name + " is no PBM, PGM or PPM image: it does not begin with P1 to P6.");
    m_picture.kind = m_bytes[1] - '0';
    m_at = 2;
    m_picture.width = number("its width");
    m_picture.height = number("its height");
    if (m_picture.width == 0 || m_picture.height == 0)
        throw Error(m_name + " is empty: it claims " + std::to_string(m_picture.height) + " × " +
                    std::to_string(m_picture.width) + " pixels.");
    constexpr std::uint64_t largestScale = 65535;
    if (!m_picture.isBitmap())
        m_picture.fullScale = number("its full scale");
    if (m_picture.fullScale == 0 || m_picture.fullScale > largestScale)
        throw Error(m_name + " has the full scale " + std::to_string(m_picture.fullScale) +
                    ", but 1 to 65535 are possible.");
    // Exactly one blank stands before binary samples.
    if (!m_picture.isText() && m_at < m_bytes.size())
        ++m_at;
}

/// The samples that the header claims must be there, before anything is allocated for them.
void NetpbmReader::requireBytes() const
{
    std::uint64_t samples = m_picture.width * m_picture.height; // below 2^64, as both are below 2^32
    bool fits = true;
    if (m_picture.kind == 4)
        samples = (m_picture.width + 7) / 8 * m_picture.height;
    std::uint64_t perSample = m_picture.isText() ? (m_picture.isBitmap() ? 1 : 2) : m_picture.bytesPerSample();
    perSample *= m_picture.channels();
    std::uint64_t bytes = 0;
    fits = !__builtin_mul_overflow(samples, perSample, &bytes);
    const std::uint64_t there = m_bytes.size() - m_at + (m_picture.isText() ? 1 : 0);
    if (!fits || bytes > there)
        throw Error(m_name + " is cut short: its " + std::to_string(m_picture.height) + " × " +
                    std::to_string(m_picture.width) + " pixels need at least " +
                    (fits ? std::to_string(bytes) : std::string("2^64")) + " bytes, but there are " +
                    std::to_string(m_bytes.size() - m_at) + ".");
    requireMemory(m_path, m_picture.width * m_picture.height, 1, sizeof(double));
}

void NetpbmReader::failShort(std::uint64_t pixel) const
{
    throw Error(m_name + " is cut short: it has " + std::to_string(pixel) + " of " +
                std::to_string(m_picture.width * m_picture.height) + " pixels.");
}

std::uint64_t NetpbmReader::textSample()
{
    if (!m_picture.isBitmap())
        return number("a pixel");
    skipToToken();
    // In P1 the digits may stand without blanks between them.
    const char digit = m_at < m_bytes.size() ? m_bytes[m_at++] : '\0';
    if (digit != '0' && digit != '1')
        throw Error(m_name + ", byte " + std::to_string(m_at) + ": a pixel of a PBM image must be 0 or 1.");
    return digit == '0' ? 1 : 0;
}

std::uint64_t NetpbmReader::binarySample()
{
    std::uint64_t value = 0;
    for (std::uint64_t i = 0; i < m_picture.bytesPerSample(); ++i)
        value = value << 8 | static_cast<unsigned char>(m_bytes[m_at++]);
    return value;
}

void NetpbmReader::readSamples(Matrix<double>& values)
{
    const std::uint64_t pixels = m_picture.width * m_picture.height;
    const auto fullScale = static_cast<double>(m_picture.fullScale);
    std::size_t checked = m_at;
    std::uint64_t channel[3] = {};
    for (std::uint64_t i = 0; i < pixels; ++i) {
        if (m_at - checked >= bytesPerCheck) {
            checked = m_at;
            m_control.check(0.5 + 0.5 * static_cast<double>(i) / static_cast<double>(pixels));
        }
        if (m_picture.isText())
            skipToToken();
        if (m_at == m_bytes.size())
            failShort(i);
        for (std::uint64_t c = 0; c < m_picture.channels(); ++c) {
            channel[c] = sample();
            if (channel[c] > m_picture.fullScale)
                throw Error(m_name + ", row " + std::to_string(i / m_picture.width + 1) + ", column " +
                            std::to_string(i % m_picture.width + 1) + ": the pixel " + std::to_string(channel[c]) +
                            " is above the full scale " + std::to_string(m_picture.fullScale) + ".");
        }
        const auto red = static_cast<double>(channel[0]);
        const double gray = m_picture.channels() == 1
                                ? red
                                : luminance(red, static_cast<double>(channel[1]), static_cast<double>(channel[2]));
        values.data()[i] = gray / fullScale;
    }
}

void NetpbmReader::readBits(Matrix<double>& values)
{
    const std::uint64_t bytesPerRow = (m_picture.width + 7) / 8;
    for (std::uint64_t y = 0; y < m_picture.height; ++y) {
        m_control.check(0.5 + 0.5 * static_cast<double>(y) / static_cast<double>(m_picture.height));
        for (std::uint64_t x = 0; x < m_picture.width; ++x) {
            const auto byte = static_cast<unsigned char>(m_bytes[m_at + y * bytesPerRow + x / 8]);
            values.data()[y * m_picture.width + x] = byte >> (7 - x % 8) & 1 ? 0 : 1;
        }
    }
    m_at += bytesPerRow * m_picture.height;
}

Dataset NetpbmReader::read()
{
    readHeader();
    requireBytes();
    const auto pixels = static_cast<Index>(m_picture.width * m_picture.height);
    Matrix<double> values(pixels, 1);
    if (m_picture.kind == 4)
        readBits(values);
    else
        readSamples(values);
    Dataset dataset;
    dataset.V = std::move(values);
    dataset.features = Axis::pixels(static_cast<Index>(m_picture.height), static_cast<Index>(m_picture.width));
    dataset.samples = Axis::named({m_name});
    dataset.samples.noun = "image";
    if (m_picture.channels() == 3)
        dataset.notes.push_back("Colours became gray by luminance (Rec. 601).");
    if (std::any_of(m_bytes.begin() + static_cast<std::ptrdiff_t>(m_at), m_bytes.end(),
                    [](char c) { return !isBlank(c); }))
        dataset.notes.push_back("What follows the first image in the file was ignored.");
    return dataset;
}

} // namespace

Format netpbm()
{
    return {.facts = {.id = "netpbm", .name = "PGM image", .summary = "PBM, PGM and PPM, as text or binary"},
            .suffixes = {".pgm", ".ppm", ".pbm", ".pnm"},
            .recognises =
                [](std::span<const unsigned char> head) {
                    return head.size() > 2 && head[0] == 'P' && head[1] >= '1' && head[1] <= '6' &&
                           (isBlank(static_cast<char>(head[2])) || head[2] == '#');
                },
            .read = [](const std::filesystem::path& path,
                       const LoadControl& control) { return NetpbmReader(path, control).read(); }};
}

} // namespace nmf
