#include "core/samples/generators.h"

#include <array>

namespace nmf
{

namespace
{

constexpr Index side = 32, limbs = 4, directions = 4, limbLength = 6;
constexpr Index poses = directions * directions * directions * directions;

/// A row and a column of the picture, or a step between two.
struct Place
{
    Index row, column;
};

constexpr std::array<Place, limbs> joints{{{11, 14}, {11, 17}, {20, 14}, {20, 17}}};
constexpr std::array<std::array<Place, directions>, limbs> steps{{
    {{{-1, 0}, {-1, -1}, {0, -1}, {1, -1}}},
    {{{-1, 0}, {-1, 1}, {0, 1}, {1, 1}}},
    {{{1, 0}, {1, -1}, {0, -1}, {-1, -1}}},
    {{{1, 0}, {1, 1}, {0, 1}, {-1, 1}}},
}};

/// The torso, then the limbs in their directions.
Matrix<double> parts()
{
    Matrix<double> W = Matrix<double>::Zero(side * side, 1 + limbs * directions);
    for (Index row = 10; row <= 21; ++row)
        for (Index column = 15; column <= 16; ++column)
            W(row * side + column, 0) = 1;
    for (std::size_t limb = 0; limb < joints.size(); ++limb)
        for (std::size_t direction = 0; direction < steps[limb].size(); ++direction)
            for (Index distance = 1; distance <= limbLength; ++distance) {
                const Index row = joints[limb].row + distance * steps[limb][direction].row;
                const Index column = joints[limb].column + distance * steps[limb][direction].column;
                W(row * side + column, static_cast<Index>(1 + limb * directions + direction)) = 1;
            }
    return W;
}

/// Every pose once: the directions of the four limbs are the digits of its number, base 4.
Matrix<double> amounts()
{
    Matrix<double> Ht = Matrix<double>::Zero(poses, 1 + limbs * directions);
    for (Index pose = 0; pose < poses; ++pose) {
        Ht(pose, 0) = 1;
        for (Index limb = limbs - 1, rest = pose; limb >= 0; --limb, rest /= directions)
            Ht(pose, 1 + limb * directions + rest % directions) = 1;
    }
    return Ht;
}

/// Donoho and Stodden 2004: a torso with four limbs, each in one of four directions, in all 256 poses.
Dataset make(std::uint64_t)
{
    return datasetOf({parts(), amounts()}, Axis::pixels(side, side), "figure");
}

} // namespace

Sample swimmer()
{
    return {.facts = {.id = "swimmer",
                      .name = "Swimmer",
                      .summary = "256 stick figures; the torso and the sixteen limb positions are there to be found.",
                      .source = "Donoho and Stodden 2004"},
            .suggestedRank = 17,
            .make = make};
}

} // namespace nmf
