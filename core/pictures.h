#pragma once

#include "core/dataset.h"

#include <cstdint>

namespace nmf
{

/// The samples' pixels brought from column by column, channel after channel, as MATLAB keeps them, to row by row: the
/// features of the result are pixels of this shape.
Dataset rowsByRow(const Dataset& dataset, Index height, Index width, Index channels);
/// The same for a table whose columns are pixels.
Dataset columnsByRow(const Dataset& dataset, Index height, Index width);

/// Square pieces of pictures as samples, `stride` pixels apart, picture after picture and row by row; `count` of them
/// drawn at random without repetition, in that order, 0 for all. Of one picture in all its pieces the samples are
/// pixels again: a row of H is a coarse map. Throws Error if the features are no pixels, or too few.
Dataset patchesOf(const Dataset& pictures, Index size, Index stride, Index count, std::uint64_t seed);

/// Pictures of one scene, or of several channels, as bands × pixels: row (picture · channels + channel), column pixel.
/// Throws Error if the features are no pixels, or there is one band only.
Dataset pixelsOf(const Dataset& pictures);

/// An array that was read as `first` pictures of second × third pixels, but whose last dimension are bands: third ×
/// (first · second).
Dataset bandsLastOf(const Dataset& pictures);

/// A picture in another size, each pixel the mean of what it covers, by areas; `gray` is row by row with `channels`
/// numbers for each pixel.
Vector<double> resized(const Vector<double>& gray, const Axis& from, Index height, Index width);
/// A picture cut to another size about its middle; what it lacks there is 0 (black).
Vector<double> cropped(const Vector<double>& gray, const Axis& from, Index height, Index width);

} // namespace nmf
