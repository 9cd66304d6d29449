#include "core/dataset.h"

#include "core/error.h"
#include "core/repairs.h"

#include <charconv>

namespace nmf
{

namespace
{

std::string shortest(double value)
{
    char text[32];
    const auto end = std::to_chars(text, text + sizeof text, value).ptr;
    return {text, end};
}

} // namespace

Axis Axis::pixels(Index height, Index width, Index channels)
{
    Axis axis;
    axis.kind = Kind::Pixels;
    axis.noun = "pixel";
    axis.height = height;
    axis.width = width;
    axis.channels = channels;
    return axis;
}

Axis Axis::named(std::vector<std::string> names)
{
    Axis axis;
    axis.kind = Kind::Named;
    axis.names = std::move(names);
    return axis;
}

std::string Axis::label(Index index) const
{
    const auto at = static_cast<std::size_t>(index);
    if (kind == Kind::Pixels && width > 0) {
        const Index pixel = index / channels;
        std::string text = "x " + std::to_string(pixel % width + 1) + ", y " + std::to_string(pixel / width + 1);
        if (channels > 1)
            text += ", channel " + std::to_string(index % channels + 1);
        return text;
    }
    if (at < names.size())
        return names[at];
    if (kind == Kind::Ordered && at < positions.size())
        return shortest(positions[at]) + (unit.empty() ? "" : " " + unit);
    return (noun.empty() ? "" : noun + " ") + std::to_string(index + 1);
}

Dataset Dataset::transposed() const
{
    Dataset turned{title, source, V.transposed(), samples, features, notes, {}};
    turned.notes.push_back("Rows and columns were exchanged.");
    if (weights)
        turned.weights = weights->transposed();
    if (truth)
        turned.truth = std::make_shared<const Factors<double>>(Factors<double>{truth->Ht, truth->W});
    return turned;
}

namespace
{

std::string placeOf(const Dataset& dataset, const DataFacts::Place& place)
{
    std::string text = "row " + std::to_string(place.row + 1) + ", column " + std::to_string(place.column + 1);
    const auto name = [](const Axis& axis, Index index) {
        const auto at = static_cast<std::size_t>(index);
        return at < axis.names.size() ? axis.names[at] : std::string();
    };
    const std::string feature = name(dataset.features, place.row), sample = name(dataset.samples, place.column);
    if (!feature.empty() || !sample.empty())
        text += " (" + feature + (feature.empty() || sample.empty() ? "" : ", ") + sample + ")";
    return text;
}

std::string counted(Index count, const std::string& one, const std::string& many)
{
    return std::to_string(count) + " " + (count == 1 ? one : many);
}

} // namespace

void requireFactorizable(const Dataset& dataset)
{
    requireFactorizable(dataset, factsOf(dataset.V));
}

void requireFactorizable(const Dataset& dataset, const DataFacts& facts)
{
    if (dataset.V.size() == 0)
        throw Error(dataset.title + " is empty: a factorization needs at least one row and one column of numbers.");
    if (facts.infinities > 0)
        throw Error(dataset.title + " has " + counted(facts.infinities, "infinite entry", "infinite entries") +
                    ", the first in " + placeOf(dataset, *facts.firstInfinity) + ": replace it by a finite number.");
    if (facts.nans > 0)
        throw Error(dataset.title + " has " + counted(facts.nans, "missing entry (NaN)", "missing entries (NaN)") +
                    ", the first in " + placeOf(dataset, *facts.firstNan) +
                    ": fill it in, leave the row out, or let missing entries be unknown.");
    if (facts.negatives > 0)
        throw Error(dataset.title + " has " + counted(facts.negatives, "negative entry", "negative entries") +
                    ", the first in " + placeOf(dataset, *facts.firstNegative) +
                    ": set negative entries to zero, subtract the smallest entry from all, take absolute values, or "
                    "split every row into a positive and a negative one (--negative " +
                    listOfRepairs(negativeRepairs()) + ").");
}

void requirePositive(const Dataset& dataset, const DataFacts& facts, const std::string& loss)
{
    if (facts.zeros > 0)
        throw Error(dataset.title + " has " + counted(facts.zeros, "entry", "entries") +
                    " equal to zero, the first in " + placeOf(dataset, *facts.firstZero) + ", but the loss " + loss +
                    " needs positive data: take zeros for unknown, raise them to a floor (--zeros " +
                    listOfRepairs(zeroRepairs()) + "), or choose the Kullback-Leibler loss.");
}

} // namespace nmf
