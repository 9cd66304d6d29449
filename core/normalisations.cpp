#include "core/normalisations.h"

#include "core/error.h"
#include "core/formats/formats.h"

#include <algorithm>
#include <cmath>

namespace nmf
{

namespace
{

/// Every entry that is kept, changed: change(row, column, value).
template <class Scalar, class Change>
DataMatrix changedEntries(const DataMatrix& V, const Change& change)
{
    const auto narrow = [&](Index row, Index column, Scalar value) {
        return static_cast<Scalar>(change(row, column, static_cast<double>(value)));
    };
    if (V.isSparse()) {
        SparseMatrix<Scalar> values = *V.sparse<Scalar>();
        for (Index column = 0; column < values.outerSize(); ++column)
            for (typename SparseMatrix<Scalar>::InnerIterator entry(values, column); entry; ++entry)
                entry.valueRef() = narrow(entry.row(), column, entry.value());
        return values;
    }
    Matrix<Scalar> values = V.denseValues<Scalar>().template cast<Scalar>();
    for (Index column = 0; column < values.cols(); ++column)
        for (Index row = 0; row < values.rows(); ++row)
            values(row, column) = narrow(row, column, values(row, column));
    return values;
}

template <class Change>
Dataset changed(const Dataset& dataset, const Change& change, std::string note)
{
    const DataMatrix& V = dataset.V;
    if (V.file())
        requireMemory(dataset.source, static_cast<std::uint64_t>(V.rows()), static_cast<std::uint64_t>(V.cols()),
                      V.isSingle() ? sizeof(float) : sizeof(double));
    Dataset result = dataset;
    result.V = V.isSingle() ? changedEntries<float>(V, change) : changedEntries<double>(V, change);
    result.truth = nullptr;
    result.notes.push_back(std::move(note));
    return result;
}

enum class Norm { Max, L1, L2 };

/// The norm of each column, or of each row, over its finite entries, as a product of two numbers, for the sum alone may
/// be too large for any.
struct Norms
{
    Vector<double> largest, rest;

    double divide(Index line, double value) const
    {
        return largest(line) > 0 ? value / largest(line) / rest(line) : value;
    }
};

Norms normsOf(const DataMatrix& V, Norm norm, bool ofFeatures)
{
    const Index lines = ofFeatures ? V.rows() : V.cols();
    Norms norms{Vector<double>::Zero(lines), Vector<double>::Zero(lines)};
    const auto visit = [&](const auto& see) {
        for (Index column = 0; column < V.cols(); ++column)
            V.visitStored(column, [&](Index row, double value) {
                if (std::isfinite(value))
                    see(ofFeatures ? row : column, std::abs(value));
            });
    };
    visit([&](Index line, double size) { norms.largest(line) = std::max(norms.largest(line), size); });
    if (norm == Norm::Max) {
        norms.rest.setOnes();
        return norms;
    }
    visit([&](Index line, double size) {
        if (norms.largest(line) > 0) {
            const double share = size / norms.largest(line);
            norms.rest(line) += norm == Norm::L1 ? share : share * share;
        }
    });
    if (norm == Norm::L2)
        norms.rest = norms.rest.cwiseSqrt();
    return norms;
}

/// v ↦ v ⁄ ‖line‖, as sklearn.preprocessing.normalize (axis 1 there is a sample); a line of zeros stays one.
Dataset divided(const Dataset& dataset, Norm norm, bool ofFeatures)
{
    const Norms norms = normsOf(dataset.V, norm, ofFeatures);
    const std::string by = norm == Norm::Max  ? "largest entry"
                           : norm == Norm::L1 ? "sum (L1 norm)"
                                              : "Euclidean length (L2 norm)";
    return changed(
        dataset,
        [&norms, ofFeatures](Index row, Index column, double value) {
            return norms.divide(ofFeatures ? row : column, value);
        },
        std::string("Every ") + (ofFeatures ? "feature (row)" : "sample (column)") + " was divided by its " + by + ".");
}

/// Whether features are divided, not samples.
const std::string featuresId = "features";

Normalisation division(std::string id, std::string name, std::string summary, Norm norm)
{
    Facts facts{.id = std::move(id),
                .name = std::move(name),
                .summary = std::move(summary),
                .parameters = {{.id = featuresId,
                                .name = "Of features",
                                .help = "0: each sample is divided, 1: each feature is.",
                                .initial = 0,
                                .minimum = 0,
                                .maximum = 1,
                                .whole = true}}};
    return {facts, [facts, norm](const Dataset& dataset, const Values& values) {
                return divided(dataset, norm, valueOf(facts, values, featuresId) != 0);
            }};
}

/// Throws Error if an entry is negative.
void requireCounts(const Dataset& dataset, const DataFacts& facts, const std::string& name)
{
    if (facts.negatives > 0)
        throw Error(dataset.title + " has " + std::to_string(facts.negatives) +
                    (facts.negatives == 1 ? " negative entry" : " negative entries") + ", of which " + name +
                    " can make nothing: repair negative entries first, or choose another normalisation.");
}

/// v ↦ ln(1 + v), as numpy.log1p.
Dataset logarithms(const Dataset& dataset, const Values&)
{
    requireCounts(dataset, factsOf(dataset.V), "log1p");
    return changed(
        dataset, [](Index, Index, double value) { return std::log1p(value); }, "Every entry v became ln(1 + v).");
}

/// v ↦ v · (ln((1 + n) ⁄ (1 + d)) + 1), where d of the n samples (documents) have the feature (term): the smooth form
/// of scikit-learn's TfidfTransformer with norm=None. Unlike v · ln(n ⁄ d) (Spärck Jones 1972) it leaves a term that is
/// in every document its counts, instead of a row of zeros.
Dataset weightedTerms(const Dataset& dataset, const Values&)
{
    requireCounts(dataset, factsOf(dataset.V), "tf-idf");
    Vector<double> documents = Vector<double>::Zero(dataset.V.rows());
    for (Index column = 0; column < dataset.V.cols(); ++column)
        dataset.V.visitStored(column, [&](Index row, double value) { documents(row) += value > 0; });
    const auto n = static_cast<double>(dataset.V.cols());
    const Vector<double> weights = ((1 + n) / (1 + documents.array())).log() + 1;
    return changed(
        dataset, [&weights](Index row, Index, double value) { return value * weights(row); },
        "Every count was multiplied by ln((1 + n) / (1 + d)) + 1, where d of the n = " +
            std::to_string(dataset.V.cols()) + " samples have the feature (tf-idf).");
}

} // namespace

const std::vector<Normalisation>& normalisations()
{
    static const std::vector<Normalisation> table{
        {{.id = "none", .name = "None", .summary = "The numbers stay as they are."}},
        division("max", "Largest entry 1", "Each sample (or feature) is divided by its largest entry.", Norm::Max),
        division("l1", "Sum 1 (L1)", "Each sample (or feature) is divided by its sum.", Norm::L1),
        division("l2", "Length 1 (L2)", "Each sample (or feature) is divided by its Euclidean length.", Norm::L2),
        {{.id = "log1p", .name = "ln(1 + v)", .summary = "For counts that span several orders of magnitude."},
         logarithms},
        {{.id = "tf-idf",
          .name = "TF-IDF",
          .summary = "For counts of terms in documents: what is in few samples counts for more.",
          .source = "Spärck Jones 1972; scikit-learn's smooth form"},
         weightedTerms}};
    return table;
}

Dataset normalised(const Dataset& dataset, const Choice& choice)
{
    const Normalisation* entry = find(normalisations(), choice.id);
    if (!entry)
        throw Error("There is no normalisation \"" + choice.id + "\": choose one of " + listOfIds(normalisations()) +
                    ".");
    if (!entry->make)
        return dataset;
    if (const DataFacts facts = factsOf(dataset.V); facts.infinities > 0)
        throw Error(dataset.title + " has " + std::to_string(facts.infinities) +
                    (facts.infinities == 1 ? " infinite entry" : " infinite entries") +
                    ", which no normalisation makes finite: let infinite entries be unknown, or replace them by finite "
                    "numbers.");
    return entry->make(dataset, choice.values);
}

std::string normalisationText(const Choice& choice)
{
    const auto given = choice.values.find(featuresId);
    return choice.id + (given != choice.values.end() && given->second != 0 ? "=features" : "");
}

Choice normalisationOf(const std::string& text)
{
    const std::size_t equals = std::min(text.find('='), text.size());
    const std::string id = text.substr(0, equals), of = text.substr(std::min(equals + 1, text.size()));
    const Normalisation* entry = find(normalisations(), id);
    if (!entry)
        throw Error("There is no normalisation \"" + id + "\": choose one of " + listOfIds(normalisations()) + ".");
    if (equals == text.size())
        return {id, {}};
    if (entry->facts.parameters.empty())
        throw Error("The normalisation " + id + " is the same for samples and features: leave out \"" +
                    text.substr(equals) + "\".");
    if (of != "samples" && of != featuresId)
        throw Error("The normalisation " + id + " is of samples or of features, not of \"" + of + "\".");
    return of == featuresId ? Choice{id, {{featuresId, 1}}} : Choice{id, {}};
}

} // namespace nmf
