#include "core/decoders/decoders.h"

#include "core/error.h"
#include "core/formats/file.h"
#include "core/formats/gray.h"

#include <tiffio.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <memory>

namespace nmf
{

namespace
{

using TiffFile = std::unique_ptr<TIFF, decltype(&TIFFClose)>;

/// What a page's directory says of its pixels.
struct Page
{
    std::uint32_t width = 0, height = 0;
    std::uint16_t bits = 1, samples = 1, kind = SAMPLEFORMAT_UINT, photometric = PHOTOMETRIC_MINISBLACK;
    std::uint16_t arrangement = PLANARCONFIG_CONTIG;

    bool sameSize(const Page& other) const { return width == other.width && height == other.height; }
    bool isFloating() const { return kind == SAMPLEFORMAT_IEEEFP; }
};

/// Reads the pages of one file.
class TiffReader
{
public:
    explicit TiffReader(const std::filesystem::path& path)
        : m_path(path), m_name(nameOf(path)), m_file(TIFFOpen(path.c_str(), "rm"), &TIFFClose)
    {
        if (!m_file)
            throw Error(m_name + " is no TIFF image that can be read: it is damaged, cut short, or of another kind.");
    }

    /// With `channels` each pixel has all its samples, instead of their gray.
    Dataset read(bool channels);

private:
    Page page() const;
    void readPage(const Page& page, double* gray);
    void readRows(const Page& page, double* gray);
    void readTiles(const Page& page, double* gray);
    void readColours(const Page& page, double* gray);
    double value(const Page& page, const unsigned char* row, std::size_t sample) const;
    double grayAt(const Page& page, const unsigned char* row, std::size_t pixel) const;
    void put(const Page& page, const unsigned char* row, std::size_t pixel, double* to) const;
    std::size_t channelsOf(const Page& page) const;
    [[noreturn]] void failAtPixels() const;

    const std::filesystem::path& m_path;
    std::string m_name;
    TiffFile m_file;
    std::size_t m_number = 0;   ///< of the page, from 0
    std::size_t m_channels = 1; ///< numbers that are kept of a pixel
    bool m_colour = false, m_floating = false;
};

void TiffReader::failAtPixels() const
{
    throw Error(m_name + " is damaged, cut short, or of a variant that cannot be decoded" +
                (m_number > 0 ? ", at page " + std::to_string(m_number + 1) : std::string()) + ".");
}

Page TiffReader::page() const
{
    Page page;
    TIFF* file = m_file.get();
    if (!TIFFGetField(file, TIFFTAG_IMAGEWIDTH, &page.width) ||
        !TIFFGetField(file, TIFFTAG_IMAGELENGTH, &page.height) || page.width == 0 || page.height == 0)
        throw Error(m_name + " is damaged: it does not say how many pixels it has.");
    TIFFGetFieldDefaulted(file, TIFFTAG_BITSPERSAMPLE, &page.bits);
    TIFFGetFieldDefaulted(file, TIFFTAG_SAMPLESPERPIXEL, &page.samples);
    TIFFGetFieldDefaulted(file, TIFFTAG_SAMPLEFORMAT, &page.kind);
    TIFFGetFieldDefaulted(file, TIFFTAG_PLANARCONFIG, &page.arrangement);
    TIFFGetField(file, TIFFTAG_PHOTOMETRIC, &page.photometric);
    return page;
}

/// One sample, of 0…1 for whole numbers, as it is for floating-point ones.
double TiffReader::value(const Page& page, const unsigned char* row, std::size_t sample) const
{
    const auto as = [&]<class Number>(Number number) {
        std::memcpy(&number, row + sample * sizeof(Number), sizeof(Number));
        return static_cast<double>(number);
    };
    if (page.isFloating())
        return page.bits == 32 ? as(float()) : as(double());
    switch (page.bits) {
    case 8:
        return as(std::uint8_t()) / 255;
    case 16:
        return as(std::uint16_t()) / 65535;
    default:
        return as(std::uint32_t()) / 4294967295.0;
    }
}

double TiffReader::grayAt(const Page& page, const unsigned char* row, std::size_t pixel) const
{
    const std::size_t first = pixel * page.samples;
    if (page.photometric == PHOTOMETRIC_RGB && page.samples >= 3)
        return luminance(value(page, row, first), value(page, row, first + 1), value(page, row, first + 2));
    const double gray = value(page, row, first);
    return page.photometric == PHOTOMETRIC_MINISWHITE && !page.isFloating() ? 1 - gray : gray;
}

/// What is kept of a pixel: its gray, or its samples.
void TiffReader::put(const Page& page, const unsigned char* row, std::size_t pixel, double* to) const
{
    if (m_channels == 1) {
        *to = grayAt(page, row, pixel);
        return;
    }
    for (std::size_t channel = 0; channel < m_channels; ++channel)
        to[channel] = value(page, row, pixel * page.samples + channel);
}

/// What is behind red, green and blue is transparency.
std::size_t TiffReader::channelsOf(const Page& page) const
{
    const bool plain = page.photometric == PHOTOMETRIC_MINISBLACK || page.photometric == PHOTOMETRIC_MINISWHITE;
    return plain ? page.samples : 3;
}

void TiffReader::readRows(const Page& page, double* gray)
{
    const auto bytes = static_cast<std::size_t>(TIFFScanlineSize(m_file.get()));
    if (bytes < std::size_t{page.width} * page.samples * (page.bits / 8))
        failAtPixels();
    std::vector<unsigned char> row(bytes);
    for (std::uint32_t y = 0; y < page.height; ++y) {
        if (TIFFReadScanline(m_file.get(), row.data(), y, 0) < 0)
            failAtPixels();
        for (std::size_t x = 0; x < page.width; ++x, gray += m_channels)
            put(page, row.data(), x, gray);
    }
}

void TiffReader::readTiles(const Page& page, double* gray)
{
    std::uint32_t tileWidth = 0, tileHeight = 0;
    TIFFGetField(m_file.get(), TIFFTAG_TILEWIDTH, &tileWidth);
    TIFFGetField(m_file.get(), TIFFTAG_TILELENGTH, &tileHeight);
    const auto bytes = static_cast<std::size_t>(TIFFTileSize(m_file.get()));
    const std::size_t rowBytes = std::size_t{tileWidth} * page.samples * (page.bits / 8);
    if (tileWidth == 0 || tileHeight == 0 || bytes / tileHeight < rowBytes)
        failAtPixels();
    requireMemory(m_path, bytes, 1, 1);
    std::vector<unsigned char> tile(bytes);
    for (std::uint32_t top = 0; top < page.height; top += tileHeight)
        for (std::uint32_t left = 0; left < page.width; left += tileWidth) {
            if (TIFFReadTile(m_file.get(), tile.data(), left, top, 0, 0) < 0)
                failAtPixels();
            for (std::uint32_t y = top; y < std::min(page.height, top + tileHeight); ++y)
                for (std::uint32_t x = left; x < std::min(page.width, left + tileWidth); ++x)
                    put(page, tile.data() + (y - top) * rowBytes, x - left,
                        gray + (std::size_t{y} * page.width + x) * m_channels);
        }
}

/// Palettes, bits, planes, JPEG inside and the like, by the library's own conversion to 8-bit colours.
void TiffReader::readColours(const Page& page, double* gray)
{
    char why[1024] = {};
    const bool kept = m_channels == 1 || m_channels == 3;
    if (page.isFloating() || !kept || !TIFFRGBAImageOK(m_file.get(), why))
        throw Error(m_name + " is of a variant of TIFF that cannot be decoded; save it with 8 or 16 bits for a pixel.");
    const std::size_t pixels = std::size_t{page.width} * page.height;
    std::vector<std::uint32_t> colours(pixels);
    if (!TIFFReadRGBAImageOriented(m_file.get(), page.width, page.height, colours.data(), ORIENTATION_TOPLEFT, 1))
        failAtPixels();
    for (const std::uint32_t colour : colours) {
        const double red = TIFFGetR(colour), green = TIFFGetG(colour), blue = TIFFGetB(colour);
        m_colour = m_colour || red != green || green != blue;
        if (m_channels == 1)
            *gray++ = luminance(red, green, blue) / 255;
        else
            for (const double part : {red, green, blue})
                *gray++ = part / 255;
    }
}

void TiffReader::readPage(const Page& page, double* gray)
{
    const bool grayscale = page.photometric == PHOTOMETRIC_MINISBLACK || page.photometric == PHOTOMETRIC_MINISWHITE;
    const bool whole = page.kind == SAMPLEFORMAT_UINT && (page.bits == 8 || page.bits == 16 || page.bits == 32);
    const bool floating = page.isFloating() && (page.bits == 32 || page.bits == 64);
    const bool direct = (whole || floating) && page.arrangement == PLANARCONFIG_CONTIG && page.samples >= m_channels &&
                        page.samples <= std::max<std::size_t>(16, m_channels) &&
                        (grayscale || page.photometric == PHOTOMETRIC_RGB);
    m_floating = m_floating || page.isFloating();
    if (!direct)
        return readColours(page, gray);
    m_colour = m_colour || page.photometric == PHOTOMETRIC_RGB;
    if (TIFFIsTiled(m_file.get()))
        readTiles(page, gray);
    else
        readRows(page, gray);
}

Dataset TiffReader::read(bool channels)
{
    const Page first = page();
    m_channels = channels ? channelsOf(first) : 1;
    const std::uint64_t pixels = std::uint64_t{first.width} * first.height;
    const auto pages = static_cast<std::size_t>(TIFFNumberOfDirectories(m_file.get()));
    requireMemory(m_path, pixels, pages * m_channels, sizeof(double));
    Matrix<double> values(static_cast<Index>(pixels * m_channels), static_cast<Index>(pages));
    bool allAlike = true;
    for (; m_number < pages; ++m_number) {
        if (m_number > 0 && !TIFFSetDirectory(m_file.get(), static_cast<tdir_t>(m_number)))
            failAtPixels();
        const Page here = page();
        allAlike = here.sameSize(first) && (m_channels == 1 || channelsOf(here) == m_channels);
        if (!allAlike)
            break;
        readPage(here, values.col(static_cast<Index>(m_number)).data());
    }
    // A page that cannot be found is not counted, though the last of those that were is followed by one.
    if (allAlike && !TIFFLastDirectory(m_file.get()))
        throw Error(m_name + " is damaged or cut short: it ends before its last page.");
    const std::size_t taken = allAlike ? pages : 1;
    if (!allAlike)
        values.conservativeResize(Eigen::NoChange, 1);
    Dataset dataset;
    std::vector<std::string> names;
    for (std::size_t i = 0; i < taken; ++i)
        names.push_back(pages == 1 ? m_name : "page " + std::to_string(i + 1));
    if (pages > 1)
        dataset.notes.push_back(allAlike ? "Each of the " + std::to_string(pages) + " pages is a sample."
                                         : "Only the first of " + std::to_string(pages) +
                                               " pages was read, since they differ in size.");
    if (m_colour && !channels)
        dataset.notes.push_back("Colours became gray by luminance (Rec. 601).");
    if (m_floating)
        dataset.notes.push_back("The picture's floating-point values were kept as they are.");
    dataset.V = std::move(values);
    dataset.features = Axis::pixels(first.height, first.width, static_cast<Index>(m_channels));
    dataset.samples = Axis::named(std::move(names));
    dataset.samples.noun = "image";
    return dataset;
}

} // namespace

Decoder tiffDecoder()
{
    return {.id = "tiff", .read = [](const std::filesystem::path& path, const std::string& member) {
                TIFFSetErrorHandler(nullptr);
                TIFFSetWarningHandler(nullptr);
                return TiffReader(path).read(member == channelsWanted);
            }};
}

} // namespace nmf
