#include "core/samples/face_parts.h"

#include <algorithm>
#include <cmath>

namespace nmf
{

double overSkin(Point p)
{
    return 1 - 0.45 * std::clamp(0.5 - ellipse(headCentre, headRadiusX, headRadiusY)(p), 0.0, 1.0);
}

namespace
{

constexpr double middle = 24;
constexpr Point leftEye{18.3, 25.5}, mouth{middle, 38.2};

Drawing blank()
{
    return {faceSide, faceSide};
}

/// A drawing of one shape and its mirror image.
Drawing pair(const Shape& shape, double brightness)
{
    Drawing drawing = blank();
    drawing.paint(mirrored(shape, middle), brightness);
    return drawing;
}

Shape below(double y)
{
    return [y](Point p) { return y - p.y; };
}

/// Where the lit heads leave room for lips and teeth.
Shape mouthHole()
{
    return ellipse(mouth, 5.4, 2.3);
}

/// A head like an egg, lit from (lightX, −0.4) and from the front. Eyes, nostrils and mouth are left dark: others fill
/// them.
Drawing litHead(double lightX)
{
    const Shade light = [=](Point p) {
        const double x = (p.x - headCentre.x) / headRadiusX, y = (p.y - headCentre.y) / headRadiusY;
        const double z = std::sqrt(std::max(0.0, 1 - x * x - y * y));
        return 0.62 * std::max(0.0, 0.04 + 0.72 * lightX * x - 0.3 * y + 0.62 * z);
    };
    Drawing head = blank();
    head.paint(ellipse({middle + 13.4 * lightX, 28}, 2.2, 3.6), 0.4);
    head.paint(ellipse({middle + 13.4 * lightX, 28}, 1.0, 2.0), 0.2);
    head.paint(ellipse(headCentre, headRadiusX, headRadiusY), light);
    head.paint(mirrored(ellipse(leftEye, 3.7, 2.6), middle), 0);
    head.paint(mirrored(ellipse({22.4, 33.2}, 0.9, 0.6), middle), 0.06);
    head.paint(mouthHole(), 0);
    return head;
}

/// Eyes that look `aside` pixels to the right.
Drawing openEyes(double aside)
{
    Drawing eyes = pair(ellipse(leftEye, 3.4, 2.4), 0.95);
    for (const double x : {leftEye.x, 2 * middle - leftEye.x}) {
        eyes.paint(ellipse({x + aside, leftEye.y}, 1.55, 1.75), 0);
        eyes.paint(ellipse({x + aside + 0.5, leftEye.y - 0.6}, 0.5, 0.5), 0.9);
    }
    return eyes;
}

Drawing closedEyes()
{
    Drawing eyes = pair(ellipse(leftEye, 3.7, 2.6), 0.5);
    eyes.paint(mirrored(stroke({.begin = {14.7, 25.8}, .bend = {18.3, 29}, .end = {21.9, 25.8}, .width = 1.3}), middle),
               0);
    return eyes;
}

/// The left brow from its outer to its inner end; the right one is its mirror image.
Drawing brows(Point outer, Point bend, Point inner)
{
    return pair(stroke({.begin = outer, .bend = bend, .end = inner, .width = 2.4, .endsWidth = 0.9}), 0.45);
}

Drawing longNose()
{
    Drawing nose = blank();
    nose.paint(stroke({.begin = {24, 22.5}, .bend = {24, 28}, .end = {24, 31.5}, .width = 2.2, .endsWidth = 1.4}), 0.3);
    nose.paint(ellipse({24, 31.8}, 1.9, 1.5), 0.42);
    return nose;
}

Drawing roundNose()
{
    Drawing nose = blank();
    nose.paint(ellipse({24, 31}, 2.9, 2.5),
               [](Point p) { return std::max(0.0, 0.44 - 0.08 * std::hypot(p.x - 23.2, p.y - 30.1)); });
    return nose;
}

Drawing broadNose()
{
    Drawing nose = pair(stroke({.begin = {20.4, 32.6}, .bend = {20.2, 29.8}, .end = {22.6, 29}, .width = 1.4}), 0.4);
    nose.paint(stroke({.begin = {20.8, 32.8}, .bend = {24, 35.4}, .end = {27.2, 32.8}, .width = 1.4}), 0.4);
    return nose;
}

Drawing laughingMouth()
{
    const Shape open = without(ellipse({24, 34.6}, 7.2, 6), ellipse({24, 29.6}, 12, 7.6));
    Drawing lips = blank();
    lips.paint(mouthHole(), 0.4);
    lips.paint(outline(open, 1.2), 0.45);
    lips.paint(open, 0.5);
    lips.paint(intersect(open, mouthHole()), 0.9);
    return lips;
}

Drawing smilingMouth()
{
    Drawing lips = blank();
    lips.paint(mouthHole(), 0.42);
    lips.paint(stroke({.begin = {17.8, 36}, .bend = {24, 41.6}, .end = {30.2, 36}, .width = 2.8, .endsWidth = 1}),
               0.55);
    lips.paint(stroke({.begin = {18.2, 36.4}, .bend = {24, 40.4}, .end = {29.8, 36.4}, .width = 0.9, .endsWidth = 0.5}),
               0);
    return lips;
}

Drawing openMouth()
{
    Drawing lips = blank();
    lips.paint(mouthHole(), 0.42);
    lips.paint(ellipse({24, 38}, 3.4, 3.3), 0.62);
    lips.paint(ellipse({24, 38}, 2.2, 2.2), 0);
    return lips;
}

Drawing flatMouth()
{
    Drawing lips = blank();
    lips.paint(mouthHole(), 0.55);
    lips.paint(stroke({.begin = {18.6, 38.4}, .bend = {24, 37.4}, .end = {29.4, 38.4}, .width = 0.9, .endsWidth = 0.7}),
               0);
    return lips;
}

Drawing thickMoustache()
{
    Drawing moustache = blank();
    const Shape hair =
        stroke({.begin = {17.6, 37.2}, .bend = {19.6, 34}, .end = {24.2, 34.4}, .width = 3.4, .endsWidth = 1.4});
    moustache.paint(mirrored(hair, middle), [](Point p) { return 0.4 + 0.1 * std::cos(2.1 * p.x); });
    return moustache;
}

Drawing curledMoustache()
{
    Drawing moustache =
        pair(stroke({.begin = {15.4, 35.6}, .bend = {19.5, 37}, .end = {23.8, 34.6}, .width = 2.2}), 0.55);
    moustache.paint(
        mirrored(
            stroke({.begin = {15.4, 35.6}, .bend = {12.6, 34.6}, .end = {14, 32.2}, .width = 1.2, .endsWidth = 0.8}),
            middle),
        0.55);
    return moustache;
}

Drawing fullBeard()
{
    const Shape jaw = intersect(ellipse({24, 29.5}, 13.8, 17.5), below(29));
    const Shape bare = unite(ellipse({24, 29}, 11, 10), ellipse(mouth, 6.6, 2.9));
    Drawing beard = blank();
    beard.paint(without(jaw, bare), [](Point p) {
        const double angle = std::atan2(p.x - 24, p.y - 20);
        return overSkin(p) * (0.48 + 0.14 * std::cos(26 * angle + 0.7 * std::sin(0.9 * p.y)));
    });
    return beard;
}

Drawing goatee()
{
    Drawing beard = blank();
    beard.paint(polygon({{20, 41.4}, {28, 41.4}, {26.4, 45.2}, {24, 47.4}, {21.6, 45.2}}),
                [](Point p) { return 0.5 + 0.14 * std::cos(2.6 * (p.x - 24)); });
    return beard;
}

/// Frames around both eyes with a bridge and temples.
Drawing glasses(const Shape& leftGlass)
{
    Drawing frame = pair(outline(leftGlass, 1.2), 0.48);
    frame.paint(stroke({.begin = {22.9, 25}, .bend = {24, 23.6}, .end = {25.1, 25}, .width = 1.1}), 0.4);
    frame.paint(mirrored(stroke({.begin = {10.2, 24.4}, .bend = {12, 24.6}, .end = {13.6, 25}, .width = 1.0}), middle),
                0.5);
    return frame;
}

Drawing roundGlasses()
{
    return glasses(ellipse({18.2, 25.6}, 4.7, 4.4));
}

Drawing squareGlasses()
{
    return glasses(polygon({{13.3, 22.4}, {22.8, 22.4}, {22.3, 29.2}, {14.2, 29.2}}));
}

} // namespace

std::vector<Drawing> litHeads()
{
    return {litHead(-1), litHead(1)};
}

std::vector<FaceFeature> faceFeatures()
{
    return {
        {.looks = {openEyes(0), openEyes(-1.6), openEyes(1.6), closedEyes()}},
        {.looks = {brows({14.4, 20.6}, {17.4, 17}, {21.8, 19.4}), brows({14.6, 18.8}, {18.2, 18.4}, {22.2, 21.2}),
                   brows({14.4, 20.8}, {18.6, 19.6}, {21.8, 17.4})},
         .presence = 0.88,
         .dimmest = 0.5},
        {.looks = {longNose(), roundNose(), broadNose()}, .dimmest = 0.5},
        {.looks = {laughingMouth(), smilingMouth(), openMouth(), flatMouth()}},
        {.looks = {thickMoustache(), curledMoustache()}, .presence = 0.3},
        {.looks = {fullBeard(), goatee()}, .presence = 0.3},
        {.looks = {roundGlasses(), squareGlasses()}, .presence = 0.4},
        {.looks = hairStyles(), .presence = 0.92},
    };
}

} // namespace nmf
