#include "core/import_plan.h"

#include "core/formats/rating_list.h"
#include "core/random_numbers.h"

#include <algorithm>
#include <cmath>

namespace nmf
{

namespace
{

/// Pictures are at most so long for their width, and at least so wide.
constexpr double longest = 2;
constexpr Index narrowest = 4;

/// Lines (columns, or rows) of a table, of which each may be a picture: a few, spread over all.
Matrix<double> someLines(const DataMatrix& V, bool rows, Index most)
{
    const Index lines = rows ? V.rows() : V.cols(), taken = std::min(lines, most);
    Matrix<double> some(rows ? V.cols() : V.rows(), taken);
    if (!rows) {
        for (Index i = 0; i < taken; ++i)
            some.col(i) = V.column(i * lines / taken);
        return some;
    }
    for (Index j = 0; j < V.cols(); ++j) {
        const Vector<double> column = V.column(j);
        for (Index i = 0; i < taken; ++i)
            some(j, i) = column(i * lines / taken);
    }
    return some;
}

/// How much numbers differ that stand so far apart: the mean over what is finite.
double difference(const Matrix<double>& lines, Index apart)
{
    double sum = 0, count = 0;
    for (Index j = 0; j < lines.cols(); ++j)
        for (Index i = 0; i + apart < lines.rows(); ++i)
            if (const double gap = std::abs(lines(i + apart, j) - lines(i, j)); std::isfinite(gap)) {
                sum += gap;
                ++count;
            }
    return count > 0 ? sum / count : 0;
}

/// The same for any two of a line.
double differenceOfAny(const Matrix<double>& lines)
{
    const RandomNumbers random(1);
    const auto length = static_cast<std::uint64_t>(lines.rows());
    double sum = 0, count = 0;
    for (Index i = 0; i < lines.rows(); ++i) {
        const auto other = static_cast<Index>(random.below(length, static_cast<std::uint64_t>(i)));
        for (Index j = 0; j < lines.cols(); ++j)
            if (const double gap = std::abs(lines(other, j) - lines(i, j)); other != i && std::isfinite(gap)) {
                sum += gap;
                ++count;
            }
    }
    return count > 0 ? sum / count : 0;
}

/// How many numbers there are until the next line of the picture begins, if the lines look like pictures: then
/// neighbours are alike, and so is what stands one below the other, but not what stands half a line apart.
Index lineLength(const Matrix<double>& lines)
{
    constexpr double alike = 0.75, closer = 0.8;
    const double any = differenceOfAny(lines);
    if (!(difference(lines, 1) < any))
        return 0;
    Index best = 0;
    double least = alike * any;
    for (const auto& [height, width] : shapesOf(lines.rows()))
        for (const Index length : {width, height})
            if (const double below = difference(lines, length);
                below < least && below < closer * difference(lines, (length + 1) / 2)) {
                least = below;
                best = length;
            }
    return best;
}

/// Whether the pictures, read row by row, lie on their side: left and right of a picture are alike, on the average of
/// many, above and below are not.
enum class Upright { Yes, No, Unknown };

Upright upright(const Matrix<double>& lines, Index height, Index width)
{
    Matrix<double> mean = Matrix<double>::Zero(width, height);
    for (Index j = 0; j < lines.cols(); ++j)
        if (lines.col(j).allFinite())
            mean += lines.col(j).reshaped(width, height);
    const double sides = (mean - mean.colwise().reverse()).cwiseAbs().sum();
    const double ends = (mean - mean.rowwise().reverse()).cwiseAbs().sum();
    constexpr double clearly = 1.5;
    if (sides > clearly * ends)
        return Upright::No;
    return ends > clearly * sides ? Upright::Yes : Upright::Unknown;
}

bool isOfMatlab(const Dataset& raw)
{
    return raw.source.ends_with(".mat") || raw.source.ends_with(".MAT");
}

bool isPlain(const Axis& axis)
{
    return axis.kind == Axis::Kind::Plain && axis.names.empty();
}

/// What the lines of a table show.
enum class Lines {
    Samples, ///< a picture each
    Bands    ///< one scene, in another light each
};

/// Sets shape and order, if lines of these numbers look like pictures.
bool shape(const Dataset& raw, const Matrix<double>& lines, Lines show, ImportPlan& plan)
{
    const Index length = lineLength(lines);
    if (length == 0)
        return false;
    const Index other = lines.rows() / length;
    // A single scene need not be as wide to the left as to the right.
    const Upright found = show == Lines::Bands ? Upright::Unknown : upright(lines, other, length);
    plan.columnMajor = found == Upright::No || (found == Upright::Unknown && isOfMatlab(raw));
    plan.height = plan.columnMajor ? length : other;
    plan.width = plan.columnMajor ? other : length;
    return true;
}

/// Rows that change little from one to the next, as bands of light do.
bool rowsAreBands(const DataMatrix& V)
{
    constexpr Index most = 64;
    constexpr double alike = 0.5;
    const Matrix<double> lines = someLines(V, false, most);
    return difference(lines, 1) < alike * differenceOfAny(lines);
}

/// An array of three dimensions of which the first two make a square and the third is another: a picture with bands
/// last. What it was read as, as many pictures as they are high, does not make sense.
bool isCubeWithBandsLast(const Dataset& raw)
{
    return raw.features.kind == Axis::Kind::Pixels && raw.samples.names.empty() && !isOfMatlab(raw) &&
           raw.V.cols() == raw.features.height && raw.features.width != raw.features.height && raw.V.cols() > 1;
}

} // namespace

std::vector<std::pair<Index, Index>> shapesOf(Index pixels)
{
    std::vector<std::pair<Index, Index>> shapes;
    for (auto width = static_cast<Index>(std::sqrt(static_cast<double>(pixels)) + 0.5); width >= narrowest; --width)
        if (pixels % width == 0 && static_cast<double>(pixels / width) <= longest * static_cast<double>(width)) {
            shapes.emplace_back(pixels / width, width);
            if (width * width != pixels)
                shapes.emplace_back(width, pixels / width);
        }
    return shapes;
}

ImportPlan withUnratedUnknown(ImportPlan plan, const Dataset& raw)
{
    // What nobody has rated is not rated zero.
    if (areRatings(raw))
        plan.repairs.zeros = {"unknown", {}};
    return plan;
}

ImportPlan guessed(const Dataset& raw)
{
    constexpr Index most = 64;
    ImportPlan plan = withUnratedUnknown({.missingUnknown = true}, raw);
    if (raw.V.isSparse() || raw.V.size() == 0)
        return plan;
    if (isCubeWithBandsLast(raw)) {
        plan.pictures = ImportPlan::Pictures::Pixels;
        plan.bandsLast = true;
        return plan;
    }
    if (isPlain(raw.features) && !shapesOf(raw.V.rows()).empty() &&
        shape(raw, someLines(raw.V, false, most), Lines::Samples, plan))
        return plan;
    if (!isPlain(raw.samples) || shapesOf(raw.V.cols()).empty())
        return plan;
    // Each row may be a picture: one of many samples, or a band of a single scene.
    const Lines show = raw.V.cols() > raw.V.rows() && rowsAreBands(raw.V) ? Lines::Bands : Lines::Samples;
    if ((show == Lines::Samples && !isPlain(raw.features)) || !shape(raw, someLines(raw.V, true, most), show, plan))
        return plan;
    plan.transpose = show == Lines::Samples;
    plan.pictures = show == Lines::Bands ? ImportPlan::Pictures::Pixels : ImportPlan::Pictures::Whole;
    return plan;
}

} // namespace nmf
