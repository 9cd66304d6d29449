#include "ui/model/image_format.h"

#include "core/error.h"
#include "core/formats/file.h"
#include "core/formats/gray.h"
#include "ui/model/image_file.h"

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

/// Grays of one picture, row by row, into the column that starts at `gray`.
void putGrays(const QImage& image, double* gray)
{
    if (image.format() == QImage::Format_Grayscale8 || image.format() == QImage::Format_Grayscale16) {
        const bool wide = image.format() == QImage::Format_Grayscale16;
        for (int y = 0; y < image.height(); ++y) {
            const uchar* line = image.constScanLine(y);
            const auto* wideLine = reinterpret_cast<const quint16*>(line);
            for (int x = 0; x < image.width(); ++x)
                *gray++ = wide ? wideLine[x] / fullScale16 : line[x] / fullScale8;
        }
        return;
    }
    if (isFloating(image.format())) {
        const QImage plain = image.convertToFormat(QImage::Format_RGBA32FPx4);
        for (int y = 0; y < plain.height(); ++y) {
            const auto* line = reinterpret_cast<const float*>(plain.constScanLine(y));
            for (int x = 0; x < plain.width(); ++x, line += 4)
                *gray++ = luminance(double(line[0]), double(line[1]), double(line[2]));
        }
        return;
    }
    if (isSixteenBit(image.format())) {
        const QImage plain = image.convertToFormat(QImage::Format_RGBA64);
        for (int y = 0; y < plain.height(); ++y) {
            const auto* line = reinterpret_cast<const quint16*>(plain.constScanLine(y));
            for (int x = 0; x < plain.width(); ++x, line += 4)
                *gray++ = luminance(line[0], line[1], line[2]) / fullScale16;
        }
        return;
    }
    const QImage plain = image.convertToFormat(QImage::Format_ARGB32);
    for (int y = 0; y < plain.height(); ++y) {
        const auto* line = reinterpret_cast<const QRgb*>(plain.constScanLine(y));
        for (int x = 0; x < plain.width(); ++x)
            *gray++ = luminance(qRed(line[x]), qGreen(line[x]), qBlue(line[x])) / fullScale8;
    }
}

/// What is worth a note about one decoded picture.
void addNotes(const QImage& image, std::vector<std::string>& notes)
{
    const auto add = [&](bool worth, const char* note) {
        if (worth && std::ranges::find(notes, note) == notes.end())
            notes.emplace_back(note);
    };
    add(!image.allGray(), "Colours became gray by luminance (Rec. 601).");
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

/// The pages of a file: those of the size of the first one.
class PageReader
{
public:
    PageReader(const std::filesystem::path& path, const LoadControl& control)
        : m_path(path), m_name(nameOf(path)), m_control(control), m_bytes(readWhole(path, control, readingShare))
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
    const std::string m_name;
    const LoadControl& m_control;
    const std::string m_bytes;
    QBuffer m_buffer;
    QImageReader m_reader;
};

QImage PageReader::page(int index)
{
    // An animation goes on to its next frame by itself; pages of a document must be turned.
    if (index > 0)
        m_reader.jumpToImage(index);
    if (const QSize size = m_reader.size(); size.isValid())
        requireMemory(m_path, static_cast<std::uint64_t>(size.width()) * static_cast<std::uint64_t>(size.height()), 1,
                      sizeof(double));
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
    const auto pixels = static_cast<Index>(size.width()) * size.height();
    requireMemory(m_path, static_cast<std::uint64_t>(pixels), static_cast<std::uint64_t>(pages), sizeof(double));
    Matrix<double> values(pixels, pages);
    int taken = 0;
    for (; image.size() == size; image = page(taken)) {
        putGrays(image, values.col(taken).data());
        addNotes(image, dataset.notes);
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
    dataset.features = Axis::pixels(size.height(), size.width());
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

} // namespace

Format imageFormat()
{
    Format format{.facts = {.id = "image", .name = "Image", .summary = "PNG, JPEG, GIF and what else Qt decodes"},
                  .suffixes = {},
                  .recognises = looksLikePicture,
                  .read = [](const std::filesystem::path& path, const LoadControl& control) {
                      return PageReader(path, control).read();
                  }};
    // Not all that Qt knows: pictures made of shapes (SVG) have no pixels, others have no first bytes to know them by.
    const QList<QByteArray> decoded = QImageReader::supportedImageFormats();
    for (const char* suffix : {"png", "jpg", "jpeg", "bmp", "gif", "webp"})
        if (decoded.contains(suffix))
            format.suffixes.push_back(std::string(".") + suffix);
    return format;
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
    return std::filesystem::is_directory(path, error) ? loadImageFolder(path, control)
                                                      : load(path, allFormats(), control);
}

} // namespace nmf::ui
