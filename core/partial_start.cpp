#include "core/partial_start.h"

#include "core/algorithms/algorithms.h"
#include "core/error.h"
#include "core/factorize.h"
#include "core/transform.h"

#include <utility>

namespace nmf
{

namespace
{

std::string shape(Index rows, Index columns)
{
    return std::to_string(rows) + " × " + std::to_string(columns);
}

void requireUsable(const Matrix<double>& half, Index rows, Index rank, const char* name)
{
    if (half.rows() != rows || half.cols() > rank || half.cols() == 0)
        throw Error("The given parts have " + std::string(name) + " of " + shape(half.rows(), half.cols()) +
                    ", but the data and the rank need " + std::to_string(rows) + " rows, and from 1 to " +
                    std::to_string(rank) + " columns.");
    if (!half.allFinite() || half.minCoeff() < 0)
        throw Error("The given parts have negative, infinite or missing entries in " + std::string(name) +
                    ": a start must be non-negative and finite.");
}

/// Options without what is asked of the whole.
Options plain(const Options& options)
{
    Options plain;
    plain.loss = options.loss;
    plain.initializer = options.initializer;
    plain.seed = options.seed;
    plain.threads = options.threads;
    plain.nanUnknown = options.nanUnknown;
    plain.unstoredUnknown = options.unstoredUnknown;
    return plain;
}

/// [V − WH]₊, missing entries staying so.
DataMatrix leftOver(const DataMatrix& V, const Factors<double>& parts)
{
    const auto rest = [](double v, double x) { return v - x < 0 ? 0 : v - x; };
    if (V.isSparse()) {
        SparseMatrix<double> left = *V.sparse<double>();
        for (Index j = 0; j < left.cols(); ++j)
            for (SparseMatrix<double>::InnerIterator entry(left, j); entry; ++entry)
                entry.valueRef() = rest(entry.value(), parts.W.row(entry.row()).dot(parts.Ht.row(j)));
        return left;
    }
    Matrix<double> left = *V.dense<double>();
    for (Index j = 0; j < left.cols(); ++j) {
        const Vector<double> model = parts.W * parts.Ht.row(j).transpose();
        for (Index i = 0; i < left.rows(); ++i)
            left(i, j) = rest(left(i, j), model(i));
    }
    return left;
}

Factors<double> theRest(Dataset dataset, const Factors<double>& parts, const Options& options,
                        const std::stop_token& stop)
{
    DataMatrix left = leftOver(dataset.V, parts);
    // Of parts that explain everything nothing is left to begin from.
    if (factsOf(left).maximum > 0)
        dataset.V = std::move(left);
    Options rest = plain(options);
    // What is left has zeros, which not every loss may meet.
    rest.loss = Options().loss;
    rest.rank = options.rank - parts.rank();
    rest.algorithm = {automaticAlgorithm({}, isWeighted(rest, dataset)), {}};
    rest.maxIterations = 0;
    const Result start = factorize(std::make_shared<const Dataset>(std::move(dataset)), rest, stop);
    if (start.termination == Termination::Stopped)
        throw Cancelled();
    return start.factors;
}

Matrix<double> sideBySide(const Matrix<double>& left, const Matrix<double>& right)
{
    Matrix<double> both(left.rows(), left.cols() + right.cols());
    both << left, right;
    return both;
}

} // namespace

std::shared_ptr<const Factors<double>> startWithParts(const Dataset& dataset, const GivenParts& given,
                                                      const Options& options, const std::stop_token& stop)
{
    if (given.W)
        requireUsable(*given.W, dataset.V.rows(), options.rank, "W");
    if (given.Ht)
        requireUsable(*given.Ht, dataset.V.cols(), options.rank, "H transposed");
    if (given.W && given.Ht && given.W->cols() != given.Ht->cols())
        throw Error("The given W has " + std::to_string(given.W->cols()) + " parts, but the given H has " +
                    std::to_string(given.Ht->cols()) + ": both must have the same.");
    Factors<double> parts;
    parts.W = given.W ? *given.W : transform(dataset.transposed(), given.Ht.value(), plain(options), stop).Ht;
    parts.Ht = given.Ht ? *given.Ht : transform(dataset, *given.W, plain(options), stop).Ht;
    if (parts.rank() == options.rank)
        return std::make_shared<const Factors<double>>(std::move(parts));
    const Factors<double> rest = theRest(dataset, parts, options, stop);
    return std::make_shared<const Factors<double>>(
        Factors<double>{sideBySide(parts.W, rest.W), sideBySide(parts.Ht, rest.Ht)});
}

} // namespace nmf
