#pragma once

#include "core/samples/drawing.h"

#include <vector>

namespace nmf
{

constexpr Index faceSide = 48;
constexpr Point headCentre{24, 27};
constexpr double headRadiusX = 13.2, headRadiusY = 16.8;

/// How strongly hair shines at a place: less where it lies on the skin, whose own light is added to it.
double overSkin(Point p);

/// What takes the same place in a face: a face has one of the looks or, with a chance of 1 − presence, none.
struct FaceFeature
{
    std::vector<Drawing> looks;
    double presence = 1;
    double dimmest = 0.7; ///< the least amount; the largest is 1
};

/// Head and ears in light from the left, and in light from the right. Both are in every face.
std::vector<Drawing> litHeads();

/// Eyes, brows, nose, mouth, moustache, beard, glasses, hair.
std::vector<FaceFeature> faceFeatures();

/// Crop, curls, long hair, spikes, bun, woollen hat.
std::vector<Drawing> hairStyles();

} // namespace nmf
