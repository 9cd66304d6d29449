#include "core/measures/simpler_models.h"

#include "core/clustering.h"
#include "core/error.h"
#include "core/initializers/truncated_svd.h"
#include "core/measures/data_product.h"

#include <Eigen/Eigenvalues>
#include <Spectra/MatOp/DenseSymMatProd.h>
#include <Spectra/SymEigsSolver.h>

#include <cmath>

namespace nmf
{

namespace
{

/// The square of the smaller side must fit into memory and time.
constexpr Index longestSide = 3000;
/// More rounds than a start needs.
constexpr int mostRounds = 300;

double relative(double squared, double norm)
{
    return norm > 0 ? std::sqrt(std::max(squared, 0.0) / norm) : 0;
}

/// The eigenvectors of the largest eigenvalues, falling.
Matrix<double> leadingVectors(const Matrix<double>& A, Index count)
{
    const Index workspace = std::max<Index>(2 * count + 1, 20);
    if (2 * workspace < A.rows()) {
        Spectra::DenseSymMatProd<double> operation(A);
        Spectra::SymEigsSolver<Spectra::DenseSymMatProd<double>> solver(operation, count, workspace);
        solver.init();
        solver.compute(Spectra::SortRule::LargestAlge, 1000, 1e-12);
        if (solver.info() == Spectra::CompInfo::Successful)
            return solver.eigenvectors();
    }
    return Eigen::SelfAdjointEigenSolver<Matrix<double>>(A).eigenvectors().rightCols(count).rowwise().reverse();
}

/// What is zero or depends on the columns before becomes a column of zeros.
void orthonormalize(Matrix<double>& columns)
{
    for (Index a = 0; a < columns.cols(); ++a) {
        const double before = columns.col(a).norm();
        for (int pass = 0; pass < 2; ++pass)
            for (Index b = 0; b < a; ++b)
                columns.col(a) -= columns.col(b).dot(columns.col(a)) * columns.col(b);
        const double norm = columns.col(a).norm();
        if (norm > 1e-10 * before)
            columns.col(a) /= norm;
        else
            columns.col(a).setZero();
    }
}

template <class Scalar>
PrincipalComponents componentsOf(const SolverData<Scalar>& V, Index rank, Blocks& blocks, const std::stop_token& stop)
{
    const Side small = V.rows() <= V.cols() ? Side::Basis : Side::Coefficients;
    const Index size = V.rowsOf(small);
    if (size > longestSide)
        throw Error("PCA needs a table with a side of at most " + std::to_string(longestSide) + ", but V is " +
                    std::to_string(V.rows()) + " × " + std::to_string(V.cols()) +
                    ": leave out some of its rows or columns.");
    const auto n = static_cast<double>(V.cols());
    const Matrix<double> ones = Matrix<double>::Ones(V.cols(), 1);
    const Vector<double> mean = product(V, Side::Basis, ones, blocks) / n;
    const Vector<double> alongMean = product(V, Side::Coefficients, mean, blocks);
    Matrix<double> gram = V.gram(small, blocks);
    if (small == Side::Basis)
        gram -= n * mean * mean.transpose();
    else
        gram += -alongMean * ones.transpose() - ones * alongMean.transpose() +
                Matrix<double>::Constant(size, size, mean.squaredNorm());
    if (stop.stop_requested())
        throw Cancelled();
    Matrix<double> vectors = leadingVectors(gram, std::min(rank, size));
    PrincipalComponents result;
    if (small == Side::Basis) {
        result.basis = std::move(vectors);
    } else {
        const Matrix<double> sums = vectors.colwise().sum();
        result.basis = product(V, Side::Basis, vectors, blocks) - mean * sums;
        orthonormalize(result.basis);
    }
    result.coefficients = product(V, Side::Coefficients, result.basis, blocks);
    result.coefficients.rowwise() -= (result.basis.transpose() * mean).transpose();
    const double total = V.squaredNorm() - n * mean.squaredNorm();
    result.relativeError = relative(total - result.coefficients.squaredNorm(), V.squaredNorm());
    result.mean = mean * V.scale();
    result.coefficients *= V.scale();
    return result;
}

} // namespace

PrincipalComponents principalComponents(const Dataset& dataset, Index rank, Blocks& blocks, const std::stop_token& stop)
{
    return withSolverData(dataset, blocks, [&](const auto& V) { return componentsOf(V, rank, blocks, stop); });
}

VectorQuantization vectorQuantization(const Dataset& dataset, Index rank, std::uint64_t seed, Blocks& blocks,
                                      const std::stop_token& stop)
{
    return withSolverData(dataset, blocks, [&](const auto& V) {
        auto clusters = clusterSamples(V, rank, seed, blocks, stop, mostRounds);
        VectorQuantization result{clusters.centres.template cast<double>(), std::move(clusters.owner), 0};
        double squared = 0;
        for (Index j = 0; j < V.cols(); ++j)
            squared += (V.columns(j, 1).template cast<double>() -
                        result.centres.col(result.owner[static_cast<std::size_t>(j)]))
                           .squaredNorm();
        result.relativeError = relative(squared, V.squaredNorm());
        result.centres *= V.scale();
        return result;
    });
}

double smallestObjective(const Dataset& dataset, Index rank, Blocks& blocks, const std::stop_token& stop)
{
    const SolverData<double> V(dataset.V, blocks);
    if (rank >= std::min(V.rows(), V.cols()))
        return 0;
    constexpr double rounding = 1e-12;
    const double explained = truncatedSvd(V, rank, blocks, stop).sigma.squaredNorm();
    const double bound = (V.squaredNorm() - explained) / 2 - rounding * V.squaredNorm();
    return std::max(bound, 0.0) * V.scale() * V.scale();
}

bool smallestObjectiveIsCheap(const Dataset& dataset, Index rank)
{
    constexpr double mostWork = 2e9;
    const auto entries = static_cast<double>(dataset.V.stored());
    const auto shorter = static_cast<double>(std::min(dataset.V.rows(), dataset.V.cols()));
    // The square of the shorter side, or the walks over V that find the vectors one after the other.
    const double walks = 10 * static_cast<double>(rank) + 100;
    return entries * (dataset.V.isSparse() ? walks : shorter) <= mostWork;
}

double smallestRelativeError(const Dataset& dataset, Index rank, Blocks& blocks, const std::stop_token& stop)
{
    return withSolverData(dataset, blocks, [&](const auto& V) {
        // Exact, where a difference would only be rounding.
        if (rank >= std::min(V.rows(), V.cols()))
            return 0.0;
        return relative(V.squaredNorm() - truncatedSvd(V, rank, blocks, stop).sigma.squaredNorm(), V.squaredNorm());
    });
}

} // namespace nmf
