#pragma once

#include "core/matrix.h"
#include "core/repairs.h"

#include <cstdint>
#include <filesystem>
#include <string>

namespace nmf
{

/// How what a file holds becomes the table that is factorized. Kept with the data, in sessions and in reports, and
/// repeated when the file is read again.
struct ImportPlan
{
    /// Which of several matrices in a file; empty for the likeliest.
    std::string member = {};
    /// Each sample is a row of the file.
    bool transpose = false;
    /// NaN, blank cells and words for "not available" are unknown, instead of refused.
    bool missingUnknown = false;
    /// Infinite entries are unknown, instead of refused.
    bool infiniteUnknown = false;
    Repairs repairs = {};
    /// none, max, l1, l2 of each sample or each feature; log1p; tf-idf: see normalisations().
    Choice normalisation{"none"};

    /// The rows are the pixels of pictures of this shape; 0 for as the file says.
    Index height = 0, width = 0, channels = 1;
    /// Pixels run down the columns of the picture, as MATLAB stores them.
    bool columnMajor = false;

    enum class Pictures {
        Whole,   ///< each is a sample
        Patches, ///< pieces of each are samples
        Pixels   ///< of one picture: a column is a pixel, a row a channel or band
    };
    Pictures pictures = Pictures::Whole;
    Index patchSize = 8, patchStride = 4;
    Index patchCount = 0; ///< so many, drawn at random; 0 for all
    std::uint64_t patchSeed = 1;
    /// Pictures of other sizes than the first of a folder are refused, cropped about their middle, or resized.
    enum class OtherSizes { Refuse, Crop, Resize };
    OtherSizes otherSizes = OtherSizes::Refuse;
    /// Pictures are made smaller while they are read, until their longer side has at most so many pixels; 0 for as
    /// they are.
    Index longestSide = 0;

    /// A table of how much each entry counts; empty for none.
    std::filesystem::path weights = {};
};

} // namespace nmf
