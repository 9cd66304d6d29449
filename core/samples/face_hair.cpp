#include "core/samples/face_parts.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace nmf
{

namespace
{

Drawing blank()
{
    return {faceSide, faceSide};
}

/// Strands that run from a crown at (24, crownY) in all directions, `strands` of them in a full turn.
Shade strands(double crownY, double number, double brightness)
{
    return [=](Point p) {
        const double angle = std::atan2(p.x - 24, p.y - crownY), distance = std::hypot(p.x - 24, p.y - crownY);
        return overSkin(p) * brightness * (1 + 0.3 * std::cos(number * angle + 0.12 * distance));
    };
}

/// The skull above the forehead.
Shape scalp(double thickness, double foreheadY)
{
    return without(intersect(ellipse({24, 26.5}, 14 + thickness, 17.2 + thickness), [](Point p) { return p.y - 25; }),
                   ellipse({24, foreheadY + 12}, 13.4, 12));
}

Drawing crop()
{
    Drawing hair = blank();
    const Shape fringe = without(intersect(ellipse({24, 26.5}, 15, 18.2), [](Point p) { return p.y - 24; }),
                                 ellipse({26, 26.6}, 14.4, 12));
    hair.paint(unite(fringe, intersect(scalp(1, 14.5), [](Point p) { return 27 - p.x; })), strands(-8, 60, 0.52));
    return hair;
}

Drawing curls()
{
    constexpr std::array<Point, 15> locks{{{9.2, 24},
                                           {8.6, 18},
                                           {11.2, 12.6},
                                           {15, 8},
                                           {20, 5.2},
                                           {25.4, 4.6},
                                           {30.8, 6.2},
                                           {35.4, 9.8},
                                           {38.6, 15},
                                           {39.2, 21},
                                           {16.6, 13.2},
                                           {21.6, 11},
                                           {27, 10.8},
                                           {32.2, 13},
                                           {38.4, 26.6}}};
    Drawing hair = blank();
    for (const Point lock : locks)
        hair.paint(ellipse(lock, 3.7, 3.7), [lock](Point p) {
            const double distance = std::hypot(p.x - lock.x, p.y - lock.y),
                         angle = std::atan2(p.y - lock.y, p.x - lock.x);
            return overSkin(p) * (0.42 + 0.22 * std::cos(2.6 * distance - angle));
        });
    return hair;
}

Drawing longHair()
{
    const Shape mane =
        intersect(ellipse({24, 29}, 19, 25), [](Point p) { return p.y - 45.5 + 0.8 * std::cos(1.4 * p.x); });
    Drawing hair = blank();
    hair.paint(without(mane, ellipse({24, 36}, 13.2, 22)), strands(2, 44, 0.52));
    hair.paint(stroke({.begin = {24, 4}, .bend = {23.6, 9}, .end = {24, 14}, .width = 1.0, .endsWidth = 0.6}), 0.05);
    return hair;
}

Drawing spikes()
{
    std::vector<Point> corners{{11, 21}};
    constexpr int number = 7;
    for (int i = 0; i < number; ++i) {
        const double from = -1.25 + 2.5 * i / number, tip = -1.35 + 2.7 * (i + 0.5) / number;
        corners.push_back({24 + 14.2 * std::sin(from), 26 - 15.5 * std::cos(from)});
        corners.push_back({24 + 20.5 * std::sin(tip), 26.5 - 24.5 * std::cos(tip)});
    }
    corners.insert(corners.end(), {{37, 21}, {33.5, 16.5}, {29, 14.4}, {24, 13.8}, {19, 14.4}, {14.5, 16.5}});
    Drawing hair = blank();
    hair.paint(polygon(corners), [](Point p) { return overSkin(p) * (0.25 + 0.02 * std::hypot(p.x - 24, p.y - 27)); });
    return hair;
}

Drawing bun()
{
    Drawing hair = blank();
    hair.paint(scalp(0.8, 14.5), strands(6, 40, 0.5));
    hair.paint(ellipse({24, 5}, 5.4, 4.4), [](Point p) {
        return 0.42 + 0.16 * std::cos(1.7 * std::hypot(p.x - 24, p.y - 5) - std::atan2(p.y - 5, p.x - 24));
    });
    hair.paint(stroke({.begin = {19.5, 9.6}, .bend = {24, 11}, .end = {28.5, 9.6}, .width = 1.2}), 0.1);
    return hair;
}

Drawing woollenHat()
{
    Drawing hat = blank();
    hat.paint(intersect(ellipse({24, 16}, 14.6, 12), [](Point p) { return p.y - 14; }), [](Point p) {
        return overSkin(p) * (0.5 + 0.14 * std::cos(1.05 * (p.x - 24)) * std::cos(1.05 * (p.y - 13)));
    });
    hat.paint(polygon({{8.6, 13.2}, {39.4, 13.2}, {39.4, 17.6}, {8.6, 17.6}}),
              [](Point p) { return overSkin(p) * (0.65 + 0.15 * std::cos(2.1 * p.x)); });
    hat.paint(ellipse({24, 3.6}, 3.4, 3.2),
              [](Point p) { return 0.7 + 0.15 * std::cos(2.2 * p.x) * std::cos(2.2 * p.y); });
    return hat;
}

} // namespace

std::vector<Drawing> hairStyles()
{
    return {crop(), curls(), longHair(), spikes(), bun(), woollenHat()};
}

} // namespace nmf
