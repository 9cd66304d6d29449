#include "ui/model/basis_montage.h"

#include <algorithm>
#include <cassert>
#include <cmath>

namespace nmf::ui
{

namespace
{

constexpr Index comfortableTile = 96, largestSide = 8192;
constexpr QRgb background = 0xff505a64;

/// One part, as it is read: the value of a channel at a pixel.
class Part
{
public:
    Part(const Matrix<double>& W, Index component, const Axis& pixels)
        : m_W(W), m_component(component), m_pixels(pixels)
    {
    }

    bool isColoured() const { return m_pixels.channels == 3; }

    double value(Index x, Index y, Index channel) const
    {
        const Index first = (y * m_pixels.width + x) * m_pixels.channels;
        if (isColoured())
            return m_W(first + channel, m_component);
        return m_W.col(m_component).segment(first, m_pixels.channels).mean();
    }

    /// The largest value in the square of this side that begins at (x, y).
    double largest(Index x, Index y, Index side, Index channel) const
    {
        double result = 0;
        for (Index v = y; v < std::min(y + side, m_pixels.height); ++v)
            for (Index u = x; u < std::min(x + side, m_pixels.width); ++u)
                result = std::max(result, value(u, v, channel));
        return result;
    }

    /// The value that is drawn white.
    double white() const
    {
        double result = 0;
        for (Index channel = 0; channel < (isColoured() ? 3 : 1); ++channel)
            result = std::max(result, largest(0, 0, std::max(m_pixels.width, m_pixels.height), channel));
        return result;
    }

private:
    const Matrix<double>& m_W;
    Index m_component;
    const Axis& m_pixels;
};

int shade(double value, double white)
{
    return white > 0 ? static_cast<int>(std::lround(255 * std::clamp(value / white, 0.0, 1.0))) : 0;
}

QRgb colour(const Part& part, Index x, Index y, Index side, double white)
{
    const auto shadeOf = [&](Index channel) { return shade(part.largest(x, y, side, channel), white); };
    const int red = shadeOf(0);
    return part.isColoured() ? qRgb(red, shadeOf(1), shadeOf(2)) : qRgb(red, red, red);
}

void draw(const Part& part, const MontageLayout& layout, Index left, Index top, QImage& picture)
{
    const double white = part.white();
    for (Index y = 0; y < layout.tileHeight; ++y) {
        auto* line = reinterpret_cast<QRgb*>(picture.scanLine(static_cast<int>(top + y))) + left;
        for (Index x = 0; x < layout.tileWidth; ++x)
            line[x] = colour(part, x / layout.enlarged * layout.reduced, y / layout.enlarged * layout.reduced,
                             layout.reduced, white);
    }
}

} // namespace

MontageLayout montageLayout(Index count, const Axis& pixels)
{
    MontageLayout layout;
    const double ratio = static_cast<double>(pixels.height) / static_cast<double>(pixels.width);
    const double ideal = std::sqrt(static_cast<double>(count) * ratio);
    layout.columns = std::clamp(static_cast<Index>(std::ceil(ideal - 1e-9)), Index{1}, count);
    layout.rows = (count + layout.columns - 1) / layout.columns;
    layout.enlarged = std::max<Index>(1, comfortableTile / std::max(pixels.width, pixels.height));
    const auto fit = [&] {
        layout.tileWidth = (pixels.width * layout.enlarged + layout.reduced - 1) / layout.reduced;
        layout.tileHeight = (pixels.height * layout.enlarged + layout.reduced - 1) / layout.reduced;
        return std::max(layout.width(), layout.height()) <= largestSide;
    };
    while (!fit() && layout.enlarged > 1)
        --layout.enlarged;
    while (!fit() && std::max(layout.tileWidth, layout.tileHeight) > 1)
        ++layout.reduced;
    return layout;
}

QImage basisMontage(const Factors<double>& factors, const Axis& features)
{
    assert(features.kind == Axis::Kind::Pixels);
    const std::vector<Index> order = orderByEnergy(factors);
    const MontageLayout layout = montageLayout(factors.rank(), features);
    QImage picture(static_cast<int>(layout.width()), static_cast<int>(layout.height()), QImage::Format_RGB32);
    picture.fill(background);
    for (Index tile = 0; tile < factors.rank(); ++tile) {
        const Index left = MontageLayout::gap + tile % layout.columns * (layout.tileWidth + MontageLayout::gap);
        const Index top = MontageLayout::gap + tile / layout.columns * (layout.tileHeight + MontageLayout::gap);
        draw(Part(factors.W, order[static_cast<std::size_t>(tile)], features), layout, left, top, picture);
    }
    return picture;
}

} // namespace nmf::ui
