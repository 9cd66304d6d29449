#include "core/import_plan.h"

#include "core/error.h"
#include "core/formats/formats.h"
#include "core/formats/rating_list.h"
#include "core/normalisations.h"
#include "core/pictures.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>

namespace nmf
{

namespace
{

std::string shapeText(Index height, Index width, Index channels)
{
    return std::to_string(height) + " × " + std::to_string(width) +
           (channels == 1 ? std::string() : " × " + std::to_string(channels));
}

Dataset withWeights(const Dataset& raw, const std::optional<DataMatrix>& weights)
{
    Dataset result = raw;
    if (!weights)
        return result;
    if (weights->rows() != raw.V.rows() || weights->cols() != raw.V.cols())
        throw Error("The table of weights has " + std::to_string(weights->rows()) + " × " +
                    std::to_string(weights->cols()) + " entries, but " + raw.title + " has " +
                    std::to_string(raw.V.rows()) + " × " + std::to_string(raw.V.cols()) +
                    ": it must have a weight for each entry.");
    result.weights = weights;
    result.notes.push_back("Each entry counts by a table of weights.");
    return result;
}

ImportPlan ofOneChannel(ImportPlan plan)
{
    plan.channels = 1;
    return plan;
}

/// The columns are pixels of pictures that are no samples: bands × pixels in a plain table.
bool columnsArePixels(const Dataset& dataset, const ImportPlan& plan)
{
    return plan.pictures == ImportPlan::Pictures::Pixels &&
           (dataset.samples.kind == Axis::Kind::Pixels ||
            (plan.height > 0 && dataset.features.kind != Axis::Kind::Pixels &&
             dataset.V.cols() == numbersOfPicture(ofOneChannel(plan))));
}

[[noreturn]] void refuseShape(const Dataset& dataset, const ImportPlan& plan)
{
    const bool columns = plan.pictures == ImportPlan::Pictures::Pixels && dataset.features.kind != Axis::Kind::Pixels;
    const Index length = columns ? dataset.V.cols() : dataset.V.rows();
    throw Error("Pictures of " + shapeText(plan.height, plan.width, plan.channels) + " have " +
                std::to_string(numbersOfPicture(plan)) + " numbers, but " + dataset.title + " has " +
                std::to_string(length) + (columns ? " columns" : " rows") +
                ": give the height and width of its pictures, or leave them out.");
}

/// Gives rows, or columns, the meaning of pixels.
Dataset shaped(Dataset dataset, const ImportPlan& plan)
{
    const bool given = plan.height > 0;
    if (!given && !plan.columnMajor)
        return dataset;
    if (columnsArePixels(dataset, plan)) {
        const Axis& axis = dataset.samples;
        if (given && dataset.V.cols() != numbersOfPicture(ofOneChannel(plan)))
            refuseShape(dataset, plan);
        if (plan.columnMajor)
            return columnsByRow(dataset, given ? plan.height : axis.width, given ? plan.width : axis.height);
        dataset.samples = Axis::pixels(plan.height, plan.width);
        dataset.notes.push_back("The columns are the pixels of a picture of " + shapeText(plan.height, plan.width, 1) +
                                " (height × width).");
        return dataset;
    }
    const Axis& axis = dataset.features;
    if (!given && axis.kind != Axis::Kind::Pixels)
        throw Error(dataset.title + " does not say how high and wide its pictures are, so the order of their pixels "
                                    "cannot be changed: give the shape (--image-shape).");
    if (given && dataset.V.rows() != numbersOfPicture(plan))
        refuseShape(dataset, plan);
    if (plan.columnMajor)
        return rowsByRow(dataset, given ? plan.height : axis.width, given ? plan.width : axis.height,
                         given ? plan.channels : axis.channels);
    dataset.features = Axis::pixels(plan.height, plan.width, plan.channels);
    dataset.notes.push_back("The rows are the pixels of pictures of " +
                            shapeText(plan.height, plan.width, plan.channels) + " (height × width).");
    return dataset;
}

Dataset arranged(const Dataset& dataset, const ImportPlan& plan)
{
    switch (plan.pictures) {
    case ImportPlan::Pictures::Patches:
        return patchesOf(dataset, plan.patchSize, plan.patchStride, plan.patchCount, plan.patchSeed);
    case ImportPlan::Pictures::Pixels:
        if (dataset.samples.kind == Axis::Kind::Pixels)
            return dataset;
        return plan.bandsLast ? bandsLastOf(dataset) : pixelsOf(dataset);
    case ImportPlan::Pictures::Whole:
        break;
    }
    return dataset;
}

std::optional<double> numberIn(const std::string& text)
{
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size() || !std::isfinite(value))
        return {};
    return value;
}

/// The names as positions; none if one of them is no number.
std::vector<double> positionsIn(const std::vector<std::string>& names)
{
    std::vector<double> positions;
    for (const std::string& name : names) {
        const std::optional<double> position = numberIn(name);
        if (!position)
            return {};
        positions.push_back(*position);
    }
    return positions;
}

/// The bands of pixels are in order, unless they have names.
ImportPlan::Meaning meaningOfFeatures(const Dataset& dataset, const ImportPlan& plan)
{
    ImportPlan::Meaning meaning = plan.features;
    if (plan.pictures == ImportPlan::Pictures::Pixels && dataset.features.kind == Axis::Kind::Plain &&
        dataset.features.names.empty())
        meaning.ordered = true;
    return meaning;
}

void order(Axis& axis, Index length, const ImportPlan::Meaning& meaning)
{
    if (!meaning.ordered || axis.kind == Axis::Kind::Pixels)
        return;
    axis.positions = positionsIn(axis.names);
    if (axis.positions.empty())
        for (Index i = 0; i < length; ++i)
            axis.positions.push_back(meaning.first + static_cast<double>(i) * meaning.step);
    else
        axis.names.clear();
    axis.kind = Axis::Kind::Ordered;
    axis.unit = meaning.unit;
}

template <class Scalar>
DataMatrix infiniteAsMissing(const DataMatrix& V)
{
    Matrix<Scalar> values = V.denseValues<Scalar>().template cast<Scalar>();
    values = values.unaryExpr(
        [](Scalar value) { return std::isinf(value) ? std::numeric_limits<Scalar>::quiet_NaN() : value; });
    return values;
}

Dataset withoutInfinite(Dataset dataset, const ImportPlan& plan)
{
    if (!plan.infiniteUnknown)
        return dataset;
    DataFacts facts = factsOf(dataset.V);
    if (facts.infinities == 0)
        return dataset;
    if (dataset.V.isSparse())
        throw Error(dataset.title + " is sparse and has " + std::to_string(facts.infinities) +
                    " infinite entries, which cannot be unknown there: replace them by finite numbers.");
    const Index infinities = std::exchange(facts.infinities, 0);
    facts.negatives = 0;
    if (!plan.missingUnknown)
        requireFactorizable(dataset, facts);
    dataset.V = dataset.V.isSingle() ? infiniteAsMissing<float>(dataset.V) : infiniteAsMissing<double>(dataset.V);
    dataset.truth = nullptr;
    dataset.notes.push_back(std::to_string(infinities) +
                            (infinities == 1 ? " infinite entry is" : " infinite entries are") +
                            " taken for unknown and not fitted.");
    return dataset;
}

/// How many rows and columns have nothing but zeros.
struct ZeroLines
{
    Index rows = 0, columns = 0;
};

/// In the order in which the numbers lie.
template <class Scalar>
ZeroLines zeroLinesOf(const DenseValues<Scalar>& values)
{
    using Seen = Eigen::Array<bool, Eigen::Dynamic, 1>;
    const auto& stored = values.stored();
    Seen seen = Seen::Constant(stored.rows(), false);
    Index empty = 0;
    for (Index line = 0; line < stored.cols(); ++line) {
        const Seen here = stored.col(line).array() != Scalar(0);
        empty += !here.any();
        seen = seen || here;
    }
    const Index unseen = stored.rows() - seen.count();
    return values.byRows() ? ZeroLines{empty, unseen} : ZeroLines{unseen, empty};
}

ZeroLines zeroLinesOf(const DataMatrix& V)
{
    if (!V.isSparse())
        return V.isSingle() ? zeroLinesOf(V.denseValues<float>()) : zeroLinesOf(V.denseValues<double>());
    std::vector<bool> seen(static_cast<std::size_t>(V.rows()), false);
    ZeroLines lines;
    for (Index column = 0; column < V.cols(); ++column) {
        bool any = false;
        V.visitStored(column, [&](Index row, double value) {
            any = any || value != 0;
            if (value != 0)
                seen[static_cast<std::size_t>(row)] = true;
        });
        lines.columns += !any;
    }
    lines.rows = std::count(seen.begin(), seen.end(), false);
    return lines;
}

void noteLinesOfZeros(Dataset& dataset)
{
    const auto [rows, columns] = zeroLinesOf(dataset.V);
    const auto counted = [](Index count, const char* what) {
        return std::to_string(count) + " " + what + (count == 1 ? "" : "s");
    };
    if (rows + columns == 0)
        return;
    const std::string of = rows == 0      ? counted(columns, "column")
                           : columns == 0 ? counted(rows, "row")
                                          : counted(rows, "row") + " and " + counted(columns, "column");
    dataset.notes.push_back(of + (rows + columns == 1 ? " has" : " have") + " nothing but zeros: kept, and harmless.");
}

/// What nobody rated is unknown or zero: that is no small thing, and is said.
void noteUnrated(Dataset& dataset, bool unknown)
{
    const std::string note = unratedNote(unknown);
    if (areRatings(dataset) && std::ranges::find(dataset.notes, note) == dataset.notes.end())
        dataset.notes.push_back(note);
}

} // namespace

Index numbersOfPicture(const ImportPlan& plan)
{
    Index numbers = 0;
    const bool beyond = __builtin_mul_overflow(plan.height, plan.width, &numbers) ||
                        __builtin_mul_overflow(numbers, plan.channels, &numbers);
    return beyond ? std::numeric_limits<Index>::max() : numbers;
}

Dataset prepared(const Dataset& raw, const ImportPlan& plan, const std::optional<DataMatrix>& weights)
{
    Dataset dataset = withWeights(raw, weights);
    if (plan.transpose)
        dataset = dataset.transposed();
    dataset = shaped(std::move(dataset), plan);
    dataset = arranged(dataset, plan);
    order(dataset.features, dataset.V.rows(), meaningOfFeatures(dataset, plan));
    order(dataset.samples, dataset.V.cols(), plan.samples);
    dataset = withoutInfinite(std::move(dataset), plan);
    dataset = repaired(dataset, plan.repairs);
    dataset = normalised(dataset, plan.normalisation);
    noteLinesOfZeros(dataset);
    noteUnrated(dataset, plan.repairs.zeros.id == "unknown");
    return plan.exchanged ? dataset.transposed() : dataset;
}

bool takesMissingForUnknown(const ImportPlan& plan)
{
    return plan.missingUnknown || plan.infiniteUnknown;
}

std::string faultOf(const Dataset& dataset, DataFacts facts, const ImportPlan& plan)
{
    if (takesMissingForUnknown(plan))
        facts.nans = 0;
    try {
        requireFactorizable(dataset, facts);
        return {};
    } catch (const Error& error) {
        return error.what();
    }
}

void requireSameForNewSamples(const ImportPlan& plan)
{
    constexpr const char* others = " of the new samples, which is another than that of those that the basis was found "
                                   "from: ";
    if (plan.repairs.negative.id == "shift")
        throw Error(std::string("The shift of negative entries would subtract the smallest entry") + others +
                    "shift both tables yourself, or choose another way.");
    const std::string norm = normalisationText(plan.normalisation);
    if (norm.ends_with("=features") || norm == "tf-idf")
        throw Error("The normalisation " + norm + " would go by the features" + others +
                    "normalise both tables yourself, or normalise samples.");
}

} // namespace nmf
