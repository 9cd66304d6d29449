#include "core/samples/drawing.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace nmf
{

namespace
{

/// How far p is from the straight line a–b, and how far along it (0…1) its nearest place is.
struct Nearest
{
    double distance, along;
};

Nearest nearest(Point p, Point a, Point b)
{
    const double dx = b.x - a.x, dy = b.y - a.y, squared = dx * dx + dy * dy;
    const double along = squared > 0 ? std::clamp(((p.x - a.x) * dx + (p.y - a.y) * dy) / squared, 0.0, 1.0) : 0;
    return {std::hypot(p.x - a.x - along * dx, p.y - a.y - along * dy), along};
}

} // namespace

Shape ellipse(Point centre, double radiusX, double radiusY)
{
    return [=](Point p) {
        const double x = (p.x - centre.x) / radiusX, y = (p.y - centre.y) / radiusY;
        const double level = std::hypot(x, y), slope = std::hypot(x / radiusX, y / radiusY);
        // First order: exact on the edge, which is all that smooth edges need.
        return slope > 0 ? level * (level - 1) / slope : -std::min(radiusX, radiusY);
    };
}

Shape stroke(const Stroke& stroke)
{
    constexpr std::size_t pieces = 12;
    std::array<Point, pieces + 1> line;
    for (std::size_t i = 0; i <= pieces; ++i) {
        const double t = static_cast<double>(i) / pieces, u = 1 - t;
        line[i] = {u * u * stroke.begin.x + 2 * t * u * stroke.bend.x + t * t * stroke.end.x,
                   u * u * stroke.begin.y + 2 * t * u * stroke.bend.y + t * t * stroke.end.y};
    }
    return [line, width = stroke.width, endsWidth = stroke.endsWidth](Point p) {
        double outside = 1e9;
        for (std::size_t i = 0; i < pieces; ++i) {
            const Nearest near = nearest(p, line[i], line[i + 1]);
            const double t = (static_cast<double>(i) + near.along) / pieces;
            const double here = endsWidth + (width - endsWidth) * 4 * t * (1 - t);
            outside = std::min(outside, near.distance - here / 2);
        }
        return outside;
    };
}

Shape polygon(std::vector<Point> corners)
{
    return [corners = std::move(corners)](Point p) {
        double distance = 1e9;
        bool inside = false;
        for (std::size_t i = 0; i < corners.size(); ++i) {
            const Point a = corners[i], b = corners[(i + 1) % corners.size()];
            distance = std::min(distance, nearest(p, a, b).distance);
            if ((a.y > p.y) != (b.y > p.y) && p.x < a.x + (p.y - a.y) * (b.x - a.x) / (b.y - a.y))
                inside = !inside;
        }
        return inside ? -distance : distance;
    };
}

Shape unite(Shape a, Shape b)
{
    return [a = std::move(a), b = std::move(b)](Point p) { return std::min(a(p), b(p)); };
}

Shape intersect(Shape a, Shape b)
{
    return [a = std::move(a), b = std::move(b)](Point p) { return std::max(a(p), b(p)); };
}

Shape without(Shape a, Shape b)
{
    return [a = std::move(a), b = std::move(b)](Point p) { return std::max(a(p), -b(p)); };
}

Shape outline(Shape shape, double width)
{
    return [shape = std::move(shape), width](Point p) { return std::abs(shape(p)) - width / 2; };
}

Shape mirrored(Shape shape, double x)
{
    return [shape = std::move(shape), x](Point p) { return std::min(shape(p), shape({2 * x - p.x, p.y})); };
}

void Drawing::paint(const Shape& shape, double brightness)
{
    paint(shape, [brightness](Point) { return brightness; });
}

void Drawing::paint(const Shape& shape, const Shade& shade)
{
    for (Index x = 0; x < m_pixels.cols(); ++x)
        for (Index y = 0; y < m_pixels.rows(); ++y) {
            const Point centre{static_cast<double>(x) + 0.5, static_cast<double>(y) + 0.5};
            const double covered = std::clamp(0.5 - shape(centre), 0.0, 1.0);
            if (covered > 0)
                m_pixels(y, x) = (1 - covered) * m_pixels(y, x) + covered * shade(centre);
        }
}

Vector<double> Drawing::pixels() const
{
    return m_pixels.transpose().reshaped();
}

} // namespace nmf
