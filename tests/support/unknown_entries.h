#pragma once

#include "core/losses/losses.h"
#include "tests/support/problems.h"

#include <limits>

namespace problems
{

using namespace nmf;

inline constexpr double unknown = std::numeric_limits<double>::quiet_NaN();

/// Zeros and ones: an entry is one with this probability.
inline Matrix<double> mask(Index rows, Index columns, double share, std::uint64_t seed)
{
    return (problems::uniform(rows, columns, seed).array() < share).cast<double>();
}

/// V with NaN where the mask is zero.
inline Matrix<double> masked(const Matrix<double>& V, const Matrix<double>& known)
{
    return (known.array() > 0).select(V, unknown);
}

inline std::shared_ptr<Dataset> weighted(const Matrix<double>& V, const Matrix<double>& weights)
{
    auto dataset = std::make_shared<Dataset>(*problems::dataset(V));
    dataset->weights = DataMatrix(weights);
    return dataset;
}

/// The known entries alone, as a sparse table lists them.
inline SparseMatrix<double> listed(const Matrix<double>& V, const Matrix<double>& known)
{
    SparseMatrix<double> values(V.rows(), V.cols());
    for (Index j = 0; j < V.cols(); ++j)
        for (Index i = 0; i < V.rows(); ++i)
            if (known(i, j) > 0)
                values.insert(i, j) = V(i, j);
    return values;
}

inline Options with(const std::string& algorithm, const Choice& loss, Index rank, int iterations)
{
    Options options = with(algorithm, rank, iterations);
    options.loss = loss;
    options.initializer.id = "random";
    return options;
}

inline std::shared_ptr<const Factors<double>> startOf(Index rows, Index columns, Index rank, std::uint64_t seed)
{
    return std::make_shared<const Factors<double>>(Factors<double>{
        problems::uniform(rows, rank, seed).array() + 0.1, problems::uniform(columns, rank, seed + 1).array() + 0.1});
}

inline Matrix<double> modelOf(const Factors<double>& factors)
{
    return factors.W * factors.Ht.transpose();
}

inline double divergenceOf(const Matrix<double>& V, const Matrix<double>& weights, const Factors<double>& factors,
                           const Choice& loss)
{
    const Divergence divergence = find(losses(), loss.id)->make(loss.values);
    const Matrix<double> X = modelOf(factors);
    double sum = 0;
    for (Index j = 0; j < V.cols(); ++j)
        for (Index i = 0; i < V.rows(); ++i)
            if (weights(i, j) > 0)
                sum += weights(i, j) * divergence(V(i, j), X(i, j));
    return sum;
}

inline double distance(const Factors<double>& a, const Factors<double>& b)
{
    return ((a.W - b.W).norm() + (a.Ht - b.Ht).norm()) / (b.W.norm() + b.Ht.norm());
}

} // namespace problems
