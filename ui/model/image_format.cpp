#include "ui/model/image_format.h"

#include "core/error.h"
#include "core/formats/file.h"
#include "core/formats/gray.h"
#include "core/formats/members.h"
#include "ui/model/image_file.h"
#include "ui/model/picture_size.h"

#include <QBuffer>
#include <QImage>
#include <QImageReader>

#include <algorithm>

namespace nmf::ui
{

namespace
{

constexpr double fullScale8 = 255, fullScale16 = 65535;

bool isSixteenBit(QImage::Format format)
{
    return format == QImage::Format_Grayscale16 || format == QImage::Format_RGBX64 || format == QImage::Format_RGBA64 ||
           format == QImage::Format_RGBA64_Premultiplied;
}

bool isFloating(QImage::Format format)
{
    return format >= QImage::Format_RGBX16FPx4 && format <= QImage::Format_RGBA32FPx4_Premultiplied;
}

/// What is kept of a pixel: its gray, or red, green and blue.
void keep(int channels, double red, double green, double blue, double fullScale, double*& to)
{
    if (channels == 1) {
        *to++ = luminance(red, green, blue) / fullScale;
        return;
    }
    for (const double part : {red, green, blue})
        *to++ = part / fullScale;
}

/// Pixels of four numbers each, of which the last, transparency, does not count.
template <class Number>
void putLines(const QImage& image, double fullScale, int channels, double* to)
{
    for (int y = 0; y < image.height(); ++y) {
        const auto* line = reinterpret_cast<const Number*>(image.constScanLine(y));
        for (int x = 0; x < image.width(); ++x, line += 4)
            keep(channels, line[0], line[1], line[2], fullScale, to);
    }
}

/// One picture, row by row, into the column that starts at `to`.
void putPixels(const QImage& image, int channels, double* to)
{
    if (image.format() == QImage::Format_Grayscale8 || image.format() == QImage::Format_Grayscale16) {
        const bool wide = image.format() == QImage::Format_Grayscale16;
        for (int y = 0; y < image.height(); ++y) {
            const uchar* line = image.constScanLine(y);
            const auto* wideLine = reinterpret_cast<const quint16*>(line);
            for (int x = 0; x < image.width(); ++x) {
                const double gray = wide ? wideLine[x] / fullScale16 : line[x] / fullScale8;
                for (int channel = 0; channel < channels; ++channel)
                    *to++ = gray;
            }
        }
        return;
    }
    if (isFloating(image.format()))
        return putLines<float>(image.convertToFormat(QImage::Format_RGBA32FPx4), 1, channels, to);
    if (isSixteenBit(image.format()))
        return putLines<quint16>(image.convertToFormat(QImage::Format_RGBA64), fullScale16, channels, to);
    putLines<uchar>(image.convertToFormat(QImage::Format_RGBA8888), fullScale8, channels, to);
}

/// What is worth a note about one decoded picture.
void addNotes(const QImage& image, int channels, std::vector<std::string>& notes)
{
    const auto add = [&](bool worth, const char* note) {
        if (worth && std::ranges::find(notes, note) == notes.end())
            notes.emplace_back(note);
    };
    add(channels == 1 && !image.allGray(), "Colours became gray by luminance (Rec. 601).");
    add(image.hasAlphaChannel(), "Transparency was ignored.");
    add(isFloating(image.format()), "The picture's floating-point values were kept as they are.");
}

QString reasonOf(const QImageReader& reader)
{
    switch (reader.error()) {
    case QImageReader::UnsupportedFormatError:
        return QStringLiteral("it is of no kind that can be decoded here");
    case QImageReader::InvalidDataError:
        return QStringLiteral("it is damaged, cut short, too large, or of a variant that cannot be decoded here");
    default:
        return reader.errorString();
    }
}

/// What is wanted of pictures while they are decoded.
struct PictureWish
{
    Index longestSide = 0;
    bool channels = false; ///< colours stay colours
};

/// The pages of a file: those of the size of the first one.
class PageReader
{
public:
    PageReader(const std::filesystem::path& path, const PictureWish& wish, const LoadControl& control)
        : m_path(path), m_wish(wish), m_name(nameOf(path)), m_control(control),
          m_bytes(readWhole(path, control, readingShare))
    {
        if (const std::string missing = missingEnd(m_bytes); !missing.empty())
            throw Error(m_name + " is cut short: " + missing + ".");
        m_buffer.setData(m_bytes.data(), static_cast<int>(m_bytes.size()));
        m_buffer.open(QIODevice::ReadOnly);
        m_reader.setDevice(&m_buffer);
        m_reader.setDecideFormatFromContent(true);
        m_reader.setAutoTransform(true);
    }

    Dataset read();

private:
    QImage page(int index);

    static constexpr double readingShare = 0.2;
    const std::filesystem::path& m_path;
    const PictureWish m_wish;
    const std::string m_name;
    const LoadControl& m_control;
    const std::string m_bytes;
    QBuffer m_buffer;
    QImageReader m_reader;
    std::string m_scaling; ///< a note, if pages were made smaller
};

QImage PageReader::page(int index)
{
    // An animation goes on to its next frame by itself; pages of a document must be turned.
    if (index > 0)
        m_reader.jumpToImage(index);
    if (const QSize size = m_reader.size(); size.isValid()) {
        const QSize scaled = scaledSize(size, m_wish.longestSide);
        requireMemory(m_path, static_cast<std::uint64_t>(scaled.width()) * static_cast<std::uint64_t>(scaled.height()),
                      1, sizeof(double));
        if (scaled != size) {
            // The decoder leaves out what is not wanted, as far as it can.
            m_reader.setScaledSize(scaled);
            m_scaling = scalingNote(size, scaled);
        }
    }
    QImage image = m_reader.read();
    if (image.isNull())
        throw Error(m_name + " cannot be decoded" + (index > 0 ? " at page " + std::to_string(index + 1) : "") + ": " +
                    reasonOf(m_reader).toStdString() + ".");
    return image;
}

Dataset PageReader::read()
{
    Dataset dataset;
    const int pages = std::max(1, m_reader.imageCount());
    QImage image = page(0);
    const QSize size = image.size();
    const int channels = m_wish.channels && !image.allGray() ? 3 : 1;
    const auto pixels = static_cast<Index>(size.width()) * size.height() * channels;
    requireMemory(m_path, static_cast<std::uint64_t>(pixels), static_cast<std::uint64_t>(pages), sizeof(double));
    Matrix<double> values(pixels, pages);
    int taken = 0;
    for (; image.size() == size; image = page(taken)) {
        putPixels(image, channels, values.col(taken).data());
        addNotes(image, channels, dataset.notes);
        m_control.check(readingShare + (1 - readingShare) * (taken + 1) / pages);
        if (++taken == pages)
            break;
    }
    if (taken < pages)
        values.conservativeResize(Eigen::NoChange, taken = 1);
    if (pages > 1)
        dataset.notes.push_back(taken == pages ? "Each of the " + std::to_string(pages) + " pages is a sample."
                                               : "Only the first of " + std::to_string(pages) +
                                                     " pages was read, since they differ in size.");
    std::vector<std::string> names;
    for (int i = 0; i < taken; ++i)
        names.push_back(pages == 1 ? m_name : "page " + std::to_string(i + 1));
    dataset.V = std::move(values);
    if (!m_scaling.empty())
        dataset.notes.push_back(m_scaling);
    dataset.features = Axis::pixels(size.height(), size.width(), channels);
    dataset.samples = Axis::named(std::move(names));
    dataset.samples.noun = "image";
    return dataset;
}

bool looksLikePicture(std::span<const unsigned char> head)
{
    using namespace std::string_view_literals;
    const std::string_view bytes(reinterpret_cast<const char*>(head.data()), head.size());
    for (const std::string_view magic : {"\x89PNG"sv, "\xFF\xD8\xFF"sv, "BM"sv, "GIF8"sv})
        if (bytes.starts_with(magic))
            return true;
    return bytes.starts_with("RIFF") && bytes.size() > 12 && bytes.substr(8, 4) == "WEBP";
}

Format imageFormatFor(const PictureWish& wish)
{
    Format format{.facts = {.id = "image", .name = "Image", .summary = "PNG, JPEG, GIF and what else Qt decodes"},
                  .suffixes = {},
                  .recognises = looksLikePicture,
                  .read = [wish](const std::filesystem::path& path, const LoadControl& control) {
                      return PageReader(path, wish, control).read();
                  }};
    // Not all that Qt knows: pictures made of shapes (SVG) have no pixels, others have no first bytes to know them by.
    const QList<QByteArray> decoded = QImageReader::supportedImageFormats();
    for (const char* suffix : {"png", "jpg", "jpeg", "bmp", "gif", "webp"})
        if (decoded.contains(suffix))
            format.suffixes.push_back(std::string(".") + suffix);
    return format;
}

/// All formats; those of pictures as they are wanted.
std::vector<Format> formatsFor(const PictureWish& wish)
{
    std::vector<Format> table = formats();
    table.push_back(imageFormatFor(wish));
    if (!wish.channels)
        return table;
    // The reader of PPM gives grays: where colours are wanted, Qt's takes its place.
    const auto recognised = [](std::span<const unsigned char> head) {
        return head.size() > 1 && head[0] == 'P' && (head[1] == '3' || head[1] == '6');
    };
    Format ppm = table.back();
    ppm.suffixes = {".ppm"};
    ppm.recognises = recognised;
    table.insert(table.begin(), std::move(ppm));
    return table;
}

std::string lowerCase(std::string text)
{
    std::ranges::transform(text, text.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? char(c - 'A' + 'a') : c; });
    return text;
}

} // namespace

Format imageFormat()
{
    return imageFormatFor({});
}

std::string kindOfFile(const std::filesystem::path& path)
{
    std::string name = lowerCase(nameOf(path));
    if (name.ends_with(".gz"))
        name.resize(name.size() - 3);
    for (const Format& format : allFormats())
        for (const std::string& suffix : format.suffixes)
            if (name.ends_with(suffix))
                return format.facts.id;
    return "other";
}

Dataset loadPicture(const std::filesystem::path& path, const ImportPlan& plan, const LoadControl& control)
{
    const PictureWish wish{plan.longestSide, plan.pictures == ImportPlan::Pictures::Pixels};
    LoadControl own = control;
    own.member = plan.member;
    if (wish.channels && plan.member.empty() && kindOfFile(path) == "tiff")
        own.member = channelsWanted;
    return scaledPictures(load(path, formatsFor(wish), own), plan.longestSide);
}

const std::vector<Format>& allFormats()
{
    static const std::vector<Format> all = [] {
        std::vector<Format> table = formats();
        table.push_back(imageFormat());
        return table;
    }();
    return all;
}

Dataset open(const std::filesystem::path& path, const LoadControl& control)
{
    std::error_code error;
    return std::filesystem::is_directory(path, error) ? loadImageFolder(path, {}, control)
                                                      : load(path, allFormats(), control);
}

} // namespace nmf::ui
