#include "core/error.h"
#include "core/formats/file.h"
#include "core/formats/formats.h"
#include "ui/model/basis_montage.h"

#include <QBuffer>
#include <QImageWriter>

#include <algorithm>
#include <cmath>
#include <limits>

namespace nmf::ui
{

namespace
{

Index columnsFor(const ExactMontage& wanted, Index count, const Axis& pixels)
{
    const double ideal =
        std::sqrt(static_cast<double>(count * pixels.height) / static_cast<double>(std::max<Index>(1, pixels.width)));
    const Index columns = wanted.columns > 0 ? wanted.columns : static_cast<Index>(std::ceil(ideal - 1e-9));
    return std::clamp(columns, Index{1}, std::max(count, Index{1}));
}

std::size_t shade(double value, double largest)
{
    return largest > 0 ? static_cast<std::size_t>(std::lround(255 * std::clamp(value / largest, 0.0, 1.0))) : 0;
}

/// The colours of one part, a pixel each.
QImage partImage(const Vector<double>& part, const Axis& pixels, double largest, const std::vector<QRgb>& map)
{
    QImage image(static_cast<int>(pixels.width), static_cast<int>(pixels.height), QImage::Format_RGB32);
    for (Index y = 0; y < pixels.height; ++y) {
        auto* line = reinterpret_cast<QRgb*>(image.scanLine(static_cast<int>(y)));
        for (Index x = 0; x < pixels.width; ++x) {
            const auto values = part.segment((y * pixels.width + x) * pixels.channels, pixels.channels);
            const auto at = [&](Index channel) { return static_cast<int>(shade(values(channel), largest)); };
            line[x] = pixels.channels == 3 ? qRgb(at(0), at(1), at(2)) : map[shade(values.mean(), largest)];
        }
    }
    return image;
}

/// What is drawn as the last colour.
double largestOf(const Matrix<double>& parts, const Axis& pixels)
{
    if (parts.size() == 0)
        return 0;
    if (pixels.channels == 1 || pixels.channels == 3)
        return parts.maxCoeff();
    // Of any other number of channels the mean is shown.
    double largest = 0;
    for (const auto& part : parts.colwise())
        for (Index at = 0; at + pixels.channels <= part.size(); at += pixels.channels)
            largest = std::max(largest, part.segment(at, pixels.channels).mean());
    return largest;
}

void requireSize(const QSize& size)
{
    constexpr int largestSide = 32767;
    const double bytes = 4.0 * size.width() * size.height();
    if (size.width() <= largestSide && size.height() <= largestSide && bytes <= static_cast<double>(memoryLimit()))
        return;
    throw Error("The montage would have " + std::to_string(size.width()) + " × " + std::to_string(size.height()) +
                " pixels, more than a picture here can have (" + std::to_string(largestSide) +
                " each way, within the memory): choose fewer pixels for each of a part.");
}

std::vector<QRgb> grays()
{
    std::vector<QRgb> map;
    for (int gray = 0; gray < 256; ++gray)
        map.push_back(qRgb(gray, gray, gray));
    return map;
}

} // namespace

QSize ExactMontage::size(Index count, const Axis& pixels) const
{
    const Index across = columnsFor(*this, count, pixels), down = (count + across - 1) / across;
    const auto side = [&](Index parts, Index length) {
        constexpr auto most = static_cast<Index>(std::numeric_limits<int>::max());
        return static_cast<int>(std::min(most, parts * (length * pixel + gap) + gap));
    };
    return {side(across, pixels.width), side(down, pixels.height)};
}

QImage exactMontage(const Matrix<double>& W, const std::vector<Index>& order, const Axis& features,
                    const ExactMontage& wanted)
{
    const auto count = static_cast<Index>(order.size());
    const QSize size = wanted.size(count, features);
    requireSize(size);
    QImage picture(size, QImage::Format_RGB32);
    if (picture.isNull())
        throw Error("There is not enough memory for a picture of " + std::to_string(size.width()) + " × " +
                    std::to_string(size.height()) + " pixels: choose fewer pixels for each of a part.");
    picture.fill(wanted.background);
    const std::vector<QRgb> map = wanted.map.empty() ? grays() : wanted.map;
    const double ofAll = wanted.shared ? largestOf(W, features) : 0;
    const Index across = columnsFor(wanted, count, features);
    for (Index tile = 0; tile < count; ++tile) {
        const Matrix<double> part = W.col(order[static_cast<std::size_t>(tile)]);
        const QImage image = partImage(part, features, wanted.shared ? ofAll : largestOf(part, features), map);
        const Index left = wanted.gap + tile % across * (features.width * wanted.pixel + wanted.gap);
        const Index top = wanted.gap + tile / across * (features.height * wanted.pixel + wanted.gap);
        for (int y = 0; y < image.height() * wanted.pixel; ++y) {
            const auto* from = reinterpret_cast<const QRgb*>(image.constScanLine(y / wanted.pixel));
            auto* to = reinterpret_cast<QRgb*>(picture.scanLine(static_cast<int>(top) + y)) + left;
            for (int x = 0; x < image.width() * wanted.pixel; ++x)
                to[x] = from[x / wanted.pixel];
        }
    }
    return picture;
}

void savePicture(const QImage& picture, const std::filesystem::path& path)
{
    QString ending = QString::fromStdString(path.extension().string()).toLower();
    const QByteArray format = ending == ".png" ? "png" : ending == ".tif" || ending == ".tiff" ? "tiff" : "";
    if (format.isEmpty())
        throw Error("No kind of picture is known for " + path.string() + "; end the name in .png or .tif.");
    QBuffer buffer;
    buffer.open(QIODevice::WriteOnly);
    QImageWriter writer(&buffer, format);
    if (!writer.write(picture))
        throw Error("The picture could not be encoded for " + path.string() + ": " +
                    writer.errorString().toStdString() + ".");
    CheckedFile file(path);
    file.write({buffer.data().constData(), static_cast<std::size_t>(buffer.data().size())});
    file.commit();
}

} // namespace nmf::ui
