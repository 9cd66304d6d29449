#pragma once

#include "core/algorithms/algorithms.h"
#include "tests/support/problems.h"

#include <QString>

#include <vector>

namespace problems
{

using namespace nmf;

/// Entries in (0, 1) at a share of the places, with an empty row and an empty column.
inline SparseMatrix<double> sparseMatrix(Index rows, Index columns, double share, std::uint64_t seed)
{
    const RandomNumbers random(seed, 5);
    std::vector<Eigen::Triplet<double, int>> entries;
    for (Index j = 0; j < columns; ++j)
        for (Index i = 0; i < rows; ++i) {
            const auto at = static_cast<std::uint64_t>(2 * (i + j * rows));
            if (i != 1 && j != 2 && random.uniform(at) < share)
                entries.emplace_back(static_cast<int>(i), static_cast<int>(j), random.uniform(at + 1));
        }
    SparseMatrix<double> V(rows, columns);
    V.setFromTriplets(entries.begin(), entries.end());
    return V;
}

/// Every entry of a matrix listed, the zeros too.
inline SparseMatrix<double> allListed(const Matrix<double>& values)
{
    SparseMatrix<double> V(values.rows(), values.cols());
    for (Index j = 0; j < values.cols(); ++j)
        for (Index i = 0; i < values.rows(); ++i)
            V.insert(i, j) = values(i, j);
    return V;
}

/// A few entries in each column, wherever they fall.
inline SparseMatrix<double> scattered(Index rows, Index columns, int perColumn)
{
    const RandomNumbers random(11, 5);
    std::vector<Eigen::Triplet<double, int>> entries;
    for (Index j = 0; j < columns; ++j)
        for (int e = 0; e < perColumn; ++e) {
            const auto at = static_cast<std::uint64_t>(2 * (j * perColumn + e));
            entries.emplace_back(static_cast<int>(random.uniform(at) * static_cast<double>(rows)), static_cast<int>(j),
                                 random.uniform(at + 1));
        }
    SparseMatrix<double> V(rows, columns);
    V.setFromTriplets(entries.begin(), entries.end());
    return V;
}

template <class Values>
std::shared_ptr<const Dataset> datasetOf(const Values& values)
{
    auto dataset = std::make_shared<Dataset>();
    dataset->title = "test";
    dataset->V = DataMatrix(values);
    return dataset;
}

/// Every algorithm with every kind of loss that it serves; the last one has to look at all entries of the model.
struct Pair
{
    std::string algorithm;
    Choice loss;

    QString name() const { return QString::fromStdString(algorithm + ", " + loss.id); }
};

inline std::vector<Pair> pairs(bool withBeta = true)
{
    std::vector<Choice> asked{Choice{"frobenius"}, Choice{"kl"}};
    if (withBeta)
        asked.push_back({"beta", {{"beta", 1.5}}});
    std::vector<Pair> found;
    for (const Choice& loss : asked)
        for (const Algorithm& algorithm : algorithms())
            // Algorithms that draw batches refuse sparse tables.
            if (!algorithm.usesSeed && algorithm.refuses(find(losses(), loss.id)->make(loss.values)).empty())
                found.push_back({algorithm.facts.id, loss});
    return found;
}

inline Options with(const Pair& pair, Index rank, int iterations)
{
    Options options = with(pair.algorithm, rank, iterations);
    options.loss = pair.loss;
    return options;
}

} // namespace problems
