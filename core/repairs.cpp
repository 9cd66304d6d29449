#include "core/repairs.h"

#include "core/error.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <memory>

namespace nmf
{

namespace
{

std::string shortest(double value)
{
    char text[32];
    return {text, std::to_chars(text, text + sizeof text, value).ptr};
}

std::string countedEntries(Index count, const std::string& kind)
{
    return std::to_string(count) + " " + kind + (count == 1 ? " entry" : " entries");
}

template <class Scalar, class Change>
DataMatrix changedValues(const DataMatrix& V, const Change& change)
{
    const auto narrow = [&](Scalar value) { return static_cast<Scalar>(change(static_cast<double>(value))); };
    if (!V.isSparse())
        return Matrix<Scalar>(V.dense<Scalar>()->unaryExpr(narrow));
    SparseMatrix<Scalar> values = *V.sparse<Scalar>();
    std::transform(values.valuePtr(), values.valuePtr() + values.nonZeros(), values.valuePtr(), narrow);
    return values;
}

/// The same with every entry that is kept changed; one that is missing is passed on as it is.
template <class Change>
Dataset changed(const Dataset& dataset, const Change& change, const std::string& note)
{
    Dataset result = dataset;
    result.V =
        dataset.V.isSingle() ? changedValues<float>(dataset.V, change) : changedValues<double>(dataset.V, change);
    result.truth = nullptr;
    result.notes.push_back(note);
    return result;
}

Dataset toZero(const Dataset& dataset, const DataFacts& facts, const Values&)
{
    return changed(
        dataset, [](double value) { return value < 0 ? 0 : value; },
        countedEntries(facts.negatives, "negative") + (facts.negatives == 1 ? " was" : " were") + " set to zero.");
}

Dataset toAbsolute(const Dataset& dataset, const DataFacts& facts, const Values&)
{
    return changed(
        dataset, [](double value) { return value < 0 ? -value : value; },
        countedEntries(facts.negatives, "negative") + " lost " + (facts.negatives == 1 ? "its sign." : "their signs."));
}

Dataset shifted(const Dataset& dataset, const DataFacts& facts, const Values&)
{
    if (dataset.V.isSparse())
        throw Error(dataset.title + " is sparse: a shift would fill every entry that it does not keep. Set negative "
                                    "entries to zero, take their absolute values, or split them off instead.");
    const double least = facts.minimum;
    const double limit = dataset.V.isSingle() ? static_cast<double>(std::numeric_limits<float>::max())
                                              : std::numeric_limits<double>::max();
    if (!(facts.maximum - least <= limit))
        throw Error(dataset.title + " reaches from " + shortest(least) + " to " + shortest(facts.maximum) +
                    ": shifted, the largest entry would be no number any more. Scale the data first.");
    return changed(
        dataset, [least](double value) { return value - least; },
        "The smallest entry, " + shortest(least) + ", was subtracted from every entry.");
}

/// What the rows mean where each is there twice: first its positive part, then the negative one.
Axis doubled(const Axis& axis, Index length)
{
    Axis both =
        axis.kind == Axis::Kind::Pixels ? Axis::pixels(2 * axis.height, axis.width, axis.channels) : Axis::named({});
    both.noun = axis.noun;
    // Pixels show which is which: the negative parts are a second image below the first.
    if (axis.kind == Axis::Kind::Pixels && axis.names.empty())
        return both;
    for (const char* part : {", positive", ", negative"})
        for (Index i = 0; i < length; ++i)
            both.names.push_back(axis.label(i) + part);
    return both;
}

/// A table below another one of the same shape, each made from the entries of V. Of a sparse V both parts of an entry
/// that is kept are kept, the one that is zero too: where others are unknown it is not.
template <class Scalar, class Upper, class Lower>
DataMatrix stacked(const DataMatrix& V, const Upper& upper, const Lower& lower)
{
    const Index rows = V.rows();
    if (!V.isSparse()) {
        const std::shared_ptr<const Matrix<Scalar>> values = V.dense<Scalar>();
        Matrix<Scalar> both(2 * rows, V.cols());
        both.topRows(rows) = values->unaryExpr(upper);
        both.bottomRows(rows) = values->unaryExpr(lower);
        return both;
    }
    const std::shared_ptr<const SparseMatrix<Scalar>> values = V.sparse<Scalar>();
    SparseMatrix<Scalar> both(2 * rows, V.cols());
    both.reserve(2 * values->nonZeros());
    for (Index column = 0; column < V.cols(); ++column) {
        both.startVec(column);
        for (typename SparseMatrix<Scalar>::InnerIterator entry(*values, column); entry; ++entry)
            both.insertBack(entry.row(), column) = upper(entry.value());
        for (typename SparseMatrix<Scalar>::InnerIterator entry(*values, column); entry; ++entry)
            both.insertBack(rows + entry.row(), column) = lower(entry.value());
    }
    both.finalize();
    return both;
}

template <class Scalar>
DataMatrix splitValues(const DataMatrix& V)
{
    return stacked<Scalar>(
        V, [](Scalar value) { return value < 0 ? Scalar(0) : value; },
        [](Scalar value) { return value >= 0 ? Scalar(0) : -value; });
}

/// A table twice, the second below the first.
DataMatrix repeated(const DataMatrix& table)
{
    const auto same = [](double value) { return value; };
    return stacked<double>(table, same, same);
}

Dataset split(const Dataset& dataset, const DataFacts& facts, const Values&)
{
    const Index rows = dataset.V.rows();
    Dataset result = dataset;
    result.V = dataset.V.isSingle() ? splitValues<float>(dataset.V) : splitValues<double>(dataset.V);
    result.features = doubled(dataset.features, rows);
    result.truth = nullptr;
    if (dataset.weights)
        result.weights = repeated(*dataset.weights);
    result.notes.push_back(countedEntries(facts.negatives, "negative") + " made every row two: rows 1 to " +
                           std::to_string(rows) + " have the positive parts, rows " + std::to_string(rows + 1) +
                           " to " + std::to_string(2 * rows) + " the negative ones.");
    return result;
}

/// Zeros count for nothing: their weights are zero.
Dataset masked(const Dataset& dataset, const DataFacts& facts, const Values&)
{
    // What a sparse table does not keep is not touched: there only zeros that it lists would have to be left out.
    if (dataset.V.isSparse())
        return dataset;
    Dataset result = dataset;
    Matrix<float> known(dataset.V.rows(), dataset.V.cols());
    Matrix<double> weights;
    if (dataset.weights)
        weights.resize(known.rows(), known.cols());
    for (Index column = 0; column < known.cols(); ++column) {
        dataset.V.visitStored(column, [&](Index row, double value) { known(row, column) = value == 0 ? 0 : 1; });
        if (dataset.weights)
            weights.col(column) = dataset.weights->column(column).cwiseProduct(known.col(column).cast<double>());
    }
    if (dataset.weights)
        result.weights = DataMatrix(std::move(weights));
    else
        result.weights = DataMatrix(std::move(known));
    result.notes.push_back(countedEntries(facts.zeros, "zero") + (facts.zeros == 1 ? " is" : " are") +
                           " taken for unknown and not fitted.");
    return result;
}

Facts floorFacts()
{
    return {.id = "floor",
            .name = "Floor",
            .summary = "Entries below a number that is stated are raised to it.",
            .parameters = {{.id = "floor",
                            .name = "Floor",
                            .help = "No entry is smaller than this number above zero.",
                            .initial = 0,
                            .minimum = 0,
                            .maximum = std::numeric_limits<double>::max()}}};
}

Dataset raised(const Dataset& dataset, const DataFacts&, const Values& values)
{
    const double floor = valueOf(floorFacts(), values, "floor");
    if (!(floor > 0) || (dataset.V.isSingle() && !(static_cast<float>(floor) > 0)))
        throw Error("The floor of zeros is " + shortest(floor) +
                    ": state a number above zero, small beside the other entries, such as floor=0.001.");
    if (dataset.V.isSparse())
        throw Error(dataset.title + " is sparse: a floor would fill every entry that it does not keep. Take those for "
                                    "unknown instead.");
    Index below = 0;
    for (Index column = 0; column < dataset.V.cols(); ++column)
        dataset.V.visitStored(column, [&](Index, double value) { below += value < floor; });
    return changed(
        dataset, [floor](double value) { return value < floor ? floor : value; },
        countedEntries(below, "small") + (below == 1 ? " was" : " were") + " raised to " + shortest(floor) + ".");
}

const Repair& required(const std::vector<Repair>& table, const std::string& kind, const std::string& id)
{
    const Repair* repair = find(table, id);
    if (!repair)
        throw Error("There is no repair \"" + id + "\" of " + kind + ": choose one of " + listOfIds(table) + ".");
    return *repair;
}

} // namespace

const std::vector<Repair>& negativeRepairs()
{
    static const std::vector<Repair> table{
        {{.id = "refuse", .name = "Refuse", .summary = "Negative entries are refused."}},
        {{.id = "zero", .name = "Set to zero", .summary = "Negative entries become zero."}, toZero},
        {{.id = "shift", .name = "Shift", .summary = "The smallest entry is subtracted from all."}, shifted},
        {{.id = "absolute", .name = "Absolute values", .summary = "Negative entries lose their sign."}, toAbsolute},
        {{.id = "split",
          .name = "Split",
          .summary = "Every row becomes two: its positive part, and below all of these its negative part."},
         split}};
    return table;
}

const std::vector<Repair>& zeroRepairs()
{
    static const std::vector<Repair> table{
        {{.id = "known", .name = "Known", .summary = "Zeros are numbers like any other."}},
        {{.id = "unknown", .name = "Unknown", .summary = "Zeros are unknown and take no part in the fit."}, masked},
        {floorFacts(), raised}};
    return table;
}

Dataset repaired(const Dataset& dataset, const Repairs& repairs)
{
    const Repair& ofNegatives = required(negativeRepairs(), "negative entries", repairs.negative.id);
    const Repair& ofZeros = required(zeroRepairs(), "zeros", repairs.zeros.id);
    Dataset result = dataset;
    if (ofNegatives.make)
        if (const DataFacts facts = factsOf(result.V); facts.negatives > 0)
            result = ofNegatives.make(result, facts, repairs.negative.values);
    // Negative entries are still refused by what comes after.
    if (ofZeros.make)
        if (const DataFacts facts = factsOf(result.V); facts.zeros > 0 && facts.negatives == 0)
            result = ofZeros.make(result, facts, repairs.zeros.values);
    return result;
}

std::string listOfRepairs(const std::vector<Repair>& table)
{
    std::string list;
    for (const Repair& repair : table)
        if (repair.make)
            list += (list.empty() ? "" : ", ") + repair.facts.id;
    return list;
}

} // namespace nmf
