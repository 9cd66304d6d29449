#include "ui/plot/tile_image.h"

#include <QImage>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <vector>

namespace nmf::ui
{

namespace
{

/// Turns rows of numbers into rows of colours.
class RowPainter
{
public:
    RowPainter(const NumberImage& numbers, const ColorMap& map, const ValueRange& range, QRgb missing)
        : m_numbers(numbers), m_low(range.low), m_scale(255.0 / (range.high - range.low)),
          m_indices(std::size_t(numbers.width * numbers.channels)), m_colors(std::size_t(numbers.width))
    {
        std::copy(map.colors.begin(), map.colors.end(), m_table.begin());
        m_table[256] = missing | 0xff000000u;
    }

    /// The colours of a row; valid until the next call.
    const QRgb* row(int y)
    {
        if (y == m_row)
            return m_colors.data();
        m_row = y;
        const std::size_t count = m_indices.size();
        const double* values = m_numbers.values + std::size_t(y) * count;
        // Plain selections, so that the compiler can do several at a time; NaN becomes 256.
        for (std::size_t i = 0; i < count; ++i) {
            double place = (values[i] - m_low) * m_scale + 0.5;
            place = place > 0 ? place : 0;
            place = place < 255 ? place : 255;
            const int index = int(place);
            m_indices[i] = values[i] == values[i] ? index : 256;
        }
        if (m_numbers.channels == 3)
            for (std::size_t x = 0; x < m_colors.size(); ++x)
                m_colors[x] = color(m_indices[3 * x], m_indices[3 * x + 1], m_indices[3 * x + 2]);
        else
            for (std::size_t x = 0; x < m_colors.size(); ++x)
                m_colors[x] = m_table[std::size_t(m_indices[x * std::size_t(m_numbers.channels)])];
        return m_colors.data();
    }

private:
    QRgb color(int red, int green, int blue) const
    {
        return std::max({red, green, blue}) > 255 ? m_table[256] : qRgb(red, green, blue);
    }

    const NumberImage& m_numbers;
    double m_low;
    double m_scale;
    std::array<QRgb, 257> m_table;
    std::vector<int> m_indices;
    std::vector<QRgb> m_colors;
    int m_row = -1;
};

QRgb* line(QImage& target, const QRect& place, int y)
{
    return reinterpret_cast<QRgb*>(target.scanLine(place.y() + y)) + place.x();
}

/// The part of `place` that lies inside the target, in coordinates of the place.
QRect visiblePart(const QImage& target, const QRect& place)
{
    return (place & target.rect()).translated(-place.topLeft());
}

void enlargeSquares(QImage& target, const QRect& place, const NumberImage& numbers, RowPainter& painter)
{
    const QRect part = visiblePart(target, place);
    std::vector<int> sourceOf(std::size_t(place.width()));
    for (int x = 0; x < place.width(); ++x)
        sourceOf[std::size_t(x)] = int(std::int64_t(x) * numbers.width / place.width());
    int drawn = -1;
    const QRgb* above = nullptr;
    for (int y = part.top(); y <= part.bottom(); ++y) {
        const int source = int(std::int64_t(y) * numbers.height / place.height());
        QRgb* out = line(target, place, y) + part.left();
        if (source == drawn) {
            std::memcpy(out, above, std::size_t(part.width()) * sizeof(QRgb));
        } else {
            const QRgb* colors = painter.row(source);
            for (int x = part.left(); x <= part.right(); ++x)
                out[x - part.left()] = colors[sourceOf[std::size_t(x)]];
        }
        drawn = source;
        above = out;
    }
}

/// (a · (256 − weight) + b · weight) / 256 in each channel.
QRgb blended(QRgb a, QRgb b, unsigned weight)
{
    const unsigned other = 256 - weight;
    const unsigned redBlue = ((a & 0xff00ffu) * other + (b & 0xff00ffu) * weight) >> 8;
    const unsigned green = ((a & 0x00ff00u) * other + (b & 0x00ff00u) * weight) >> 8;
    return 0xff000000u | (redBlue & 0xff00ffu) | (green & 0x00ff00u);
}

/// Between which two entries a pixel lies, and how near to the second in 1/256.
struct Between
{
    int first = 0;
    int second = 0;
    unsigned weight = 0;

    Between(int pixel, int pixels, int entries)
    {
        const double at = std::clamp((pixel + 0.5) * entries / pixels - 0.5, 0.0, double(entries - 1));
        first = int(at);
        second = std::min(first + 1, entries - 1);
        weight = unsigned((at - first) * 256);
    }
};

void enlargeBlended(QImage& target, const QRect& place, const NumberImage& numbers, RowPainter& painter)
{
    const QRect part = visiblePart(target, place);
    std::vector<Between> columns;
    for (int x = part.left(); x <= part.right(); ++x)
        columns.emplace_back(x, place.width(), numbers.width);
    std::vector<QRgb> upper(columns.size()), lower(columns.size());
    int upperRow = -1, lowerRow = -1;
    const auto fill = [&](std::vector<QRgb>& row, int y) {
        const QRgb* colors = painter.row(y);
        for (std::size_t i = 0; i < columns.size(); ++i)
            row[i] = blended(colors[columns[i].first], colors[columns[i].second], columns[i].weight);
    };
    for (int y = part.top(); y <= part.bottom(); ++y) {
        const Between rows(y, place.height(), numbers.height);
        if (rows.first == lowerRow) {
            std::swap(upper, lower);
            std::swap(upperRow, lowerRow);
        }
        if (rows.first != upperRow)
            fill(upper, upperRow = rows.first);
        if (rows.second != lowerRow)
            fill(lower, lowerRow = rows.second);
        QRgb* out = line(target, place, y) + part.left();
        for (std::size_t i = 0; i < columns.size(); ++i)
            out[i] = blended(upper[i], lower[i], rows.weight);
    }
}

/// Red, green and blue side by side in one number, so that one addition adds all three; holds the sum of 8192 colours.
std::uint64_t packed(QRgb color)
{
    return std::uint64_t(color & 0xff) | std::uint64_t(color & 0xff00) << 13 | std::uint64_t(color & 0xff0000) << 26;
}

void shrink(QImage& target, const QRect& place, const NumberImage& numbers, RowPainter& painter)
{
    const QRect part = visiblePart(target, place);
    const auto beginOf = [](int pixel, int pixels, int entries) { return int(std::int64_t(pixel) * entries / pixels); };
    struct Sum
    {
        std::uint64_t red = 0, green = 0, blue = 0;
    };
    const int run = (numbers.width + place.width() - 1) / place.width();
    const int rowsAtOnce = std::max(1, 8192 / (run + 1));
    std::vector<std::uint64_t> sums(std::size_t(part.width()));
    std::vector<Sum> totals(std::size_t(part.width()));
    std::vector<int> begins;
    for (int x = part.left(); x <= part.right() + 1; ++x)
        begins.push_back(beginOf(x, place.width(), numbers.width));
    const auto moveToTotals = [&] {
        constexpr std::uint64_t mask = (1u << 21) - 1;
        for (std::size_t i = 0; i < sums.size(); ++i) {
            totals[i].blue += sums[i] & mask;
            totals[i].green += sums[i] >> 21 & mask;
            totals[i].red += sums[i] >> 42;
            sums[i] = 0;
        }
    };
    for (int y = part.top(); y <= part.bottom(); ++y) {
        const int begin = beginOf(y, place.height(), numbers.height),
                  end = beginOf(y + 1, place.height(), numbers.height);
        std::fill(totals.begin(), totals.end(), Sum{});
        for (int source = begin; source < end; ++source) {
            const QRgb* colors = painter.row(source);
            for (std::size_t i = 0; i < sums.size(); ++i)
                for (int x = begins[i]; x < begins[i + 1]; ++x)
                    sums[i] += packed(colors[x]);
            if ((source - begin + 1) % rowsAtOnce == 0 || source + 1 == end)
                moveToTotals();
        }
        QRgb* out = line(target, place, y) + part.left();
        for (std::size_t i = 0; i < totals.size(); ++i) {
            const float share = 1.0f / float((end - begin) * (begins[i + 1] - begins[i]));
            const auto mean = [share](std::uint64_t sum) { return int(float(sum) * share + 0.5f); };
            out[i] = qRgb(mean(totals[i].red), mean(totals[i].green), mean(totals[i].blue));
        }
    }
}

} // namespace

void drawNumbers(QImage& target, const QRect& place, const NumberImage& numbers, const ColorMap& map,
                 const ValueRange& range, QRgb missing)
{
    if (!numbers.values || numbers.width <= 0 || numbers.height <= 0 || !place.intersects(target.rect()))
        return;
    RowPainter painter(numbers, map, range, missing);
    if (place.width() <= numbers.width && place.height() <= numbers.height)
        shrink(target, place, numbers, painter);
    else if (place.width() >= 2 * numbers.width && place.height() >= 2 * numbers.height)
        enlargeSquares(target, place, numbers, painter);
    else
        enlargeBlended(target, place, numbers, painter);
}

} // namespace nmf::ui
