#pragma once

#include "core/matrix.h"

#include <functional>
#include <vector>

namespace nmf
{

/// A place in a drawing, in pixels from its upper left corner.
struct Point
{
    double x, y;
};

/// How far a place is outside a shape, in pixels; negative inside.
using Shape = std::function<double(Point)>;

/// How bright a shape is at a place.
using Shade = std::function<double(Point)>;

Shape ellipse(Point centre, double radiusX, double radiusY);

/// A brush stroke from `begin` to `end`, bent towards `bend` (a quadratic Bézier curve), with its width at both ends
/// and between.
struct Stroke
{
    Point begin, bend, end;
    double width = 1.5;     ///< in the middle
    double endsWidth = 1.0; ///< where it begins and ends
};
Shape stroke(const Stroke& stroke);

/// The inside of a closed line of straight pieces.
Shape polygon(std::vector<Point> corners);

Shape unite(Shape a, Shape b);
Shape intersect(Shape a, Shape b);
Shape without(Shape a, Shape b);
/// The line of this width along the edge of a shape.
Shape outline(Shape shape, double width);
/// The shape and its mirror image at the vertical line through x.
Shape mirrored(Shape shape, double x);

/// A gray picture that shapes are painted on, with smooth edges.
class Drawing
{
public:
    Drawing(Index height, Index width) : m_pixels(Matrix<double>::Zero(height, width)) {}

    /// Paints a shape over what is there; brightness 0 cuts it out.
    void paint(const Shape& shape, double brightness);
    void paint(const Shape& shape, const Shade& shade);

    /// The picture row by row, as a column of a data set has it.
    Vector<double> pixels() const;

private:
    Matrix<double> m_pixels;
};

} // namespace nmf
