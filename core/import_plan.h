#pragma once

#include "core/dataset.h"
#include "core/repairs.h"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

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

    /// The rows are the pixels of pictures of this shape, or, of pictures as Pixels in a plain table, the columns; 0
    /// for as the file says.
    Index height = 0, width = 0, channels = 1;
    /// Pixels run down the columns of the picture, as MATLAB stores them.
    bool columnMajor = false;

    enum class Pictures {
        Whole,   ///< each is a sample
        Patches, ///< pieces of each are samples
        Pixels   ///< of one picture: a column is a pixel, a row a channel or band
    };
    Pictures pictures = Pictures::Whole;
    /// Of an array of three dimensions, as Pixels, the last counts the bands, instead of the first.
    bool bandsLast = false;
    Index patchSize = 8, patchStride = 4;
    Index patchCount = 0; ///< so many, drawn at random; 0 for all
    std::uint64_t patchSeed = 1;
    /// Pictures of other sizes than the first of a folder are refused, cropped about their middle, or resized.
    enum class OtherSizes { Refuse, Crop, Resize };
    OtherSizes otherSizes = OtherSizes::Refuse;
    /// Pictures are made smaller while they are read, until their longer side has at most so many pixels; 0 for as
    /// they are.
    Index longestSide = 0;

    /// What an axis means where the file does not say it.
    struct Meaning
    {
        bool ordered = false; ///< its names are positions, if they are numbers, else it counts from `first` by `step`
        std::string unit = {};
        double first = 1, step = 1;

        bool operator==(const Meaning&) const = default;
    };
    Meaning features = {}, samples = {};

    /// A table of the file's shape that tells how much each entry counts; empty for none.
    std::filesystem::path weights = {};
    /// At the end rows and columns are exchanged.
    bool exchanged = false;

    bool operator==(const ImportPlan&) const = default;
};

/// How many numbers a picture of the plan's shape has; the largest that there is if it has more.
Index numbersOfPicture(const ImportPlan& plan);

/// The table that the plan makes of what a file holds; `weights` is what plan.weights holds. The notes say what was
/// done. Throws Error where the plan does not fit the data.
Dataset prepared(const Dataset& raw, const ImportPlan& plan, const std::optional<DataMatrix>& weights = {});

/// Whether what is NaN in the table that the plan makes is unknown, and not a fault.
bool takesMissingForUnknown(const ImportPlan& plan);

/// What a run would refuse of the table that the plan makes, as a sentence; empty if nothing.
std::string faultOf(const Dataset& dataset, DataFacts facts, const ImportPlan& plan);

/// Throws Error where the plan looks at all samples together, so that it would do something else to new ones, described
/// by a basis that was found from others.
void requireSameForNewSamples(const ImportPlan& plan);

/// The likeliest plan for what a file holds: whether its rows or columns are pixels, of which shape, and in which
/// order. It repairs nothing but takes missing entries, and ratings that nobody gave, for
/// unknown.
ImportPlan guessed(const Dataset& raw);

/// The plan where nobody has said what the zeros of a table are: of ratings, those that nobody gave are unknown.
ImportPlan withUnratedUnknown(ImportPlan plan, const Dataset& raw);

/// "112 × 92" for each shape that the rows (or columns) of a table may have as pictures, the likeliest first: pairs of
/// height and width that are neither too long nor too small.
std::vector<std::pair<Index, Index>> shapesOf(Index pixels);

} // namespace nmf
