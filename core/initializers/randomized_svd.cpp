#include "core/initializers/randomized_svd.h"

#include "core/error.h"
#include "core/full_product.h"
#include "core/random_numbers.h"

#include <Eigen/Eigenvalues>
#include <Eigen/QR>

#include <cmath>
#include <limits>

namespace nmf
{

namespace
{

constexpr int powerSteps = 2;
/// Not the run's: a start from the singular vectors is the same every time.
constexpr std::uint64_t seedOfDirections = 1;

template <class Scalar>
Matrix<Scalar> randomDirections(Index rows, Index count)
{
    const RandomNumbers random(seedOfDirections, 44);
    Matrix<Scalar> directions(rows, count);
    for (Index a = 0; a < count; ++a)
        for (Index i = 0; i < rows; ++i)
            directions(i, a) =
                static_cast<Scalar>(random.normal(static_cast<std::uint64_t>(a) << 40 | static_cast<std::uint64_t>(i)));
    return directions;
}

/// Of the range of A.
template <class Scalar>
Matrix<Scalar> orthonormalBasis(const Matrix<Scalar>& A)
{
    const Eigen::HouseholderQR<Matrix<Scalar>> qr(A);
    return qr.householderQ() * Matrix<Scalar>::Identity(A.rows(), A.cols());
}

/// Those of Q QᵀV from B = VᵀQ: BᵀB = C S² Cᵀ, and U = Q C, V = B C S⁻¹. What belongs to a vanishing singular value is
/// left zero.
TruncatedSvd withinRange(const Matrix<double>& Q, const Matrix<double>& B)
{
    const Eigen::SelfAdjointEigenSolver<Matrix<double>> solver(B.transpose() * B);
    const Matrix<double> turn = solver.eigenvectors().rowwise().reverse();
    TruncatedSvd svd{Q * turn, B * turn, solver.eigenvalues().reverse().cwiseMax(0).cwiseSqrt()};
    const double least = svd.sigma(0) * std::sqrt(std::numeric_limits<double>::epsilon());
    for (Index a = 0; a < svd.sigma.size(); ++a)
        svd.V.col(a) *= svd.sigma(a) > least ? 1 / svd.sigma(a) : 0;
    return svd;
}

} // namespace

template <class Scalar>
TruncatedSvd randomizedSvd(const SolverData<Scalar>& V, Index count, Blocks& blocks, const std::stop_token& stop)
{
    const auto product = [&](Side side, const Matrix<Scalar>& F) {
        if (stop.stop_requested())
            throw Cancelled();
        return fullProduct(V, side, F, blocks);
    };
    Matrix<Scalar> Q = orthonormalBasis<Scalar>(product(Side::Basis, randomDirections<Scalar>(V.cols(), count)));
    for (int step = 0; step < powerSteps; ++step)
        Q = orthonormalBasis<Scalar>(product(Side::Basis, orthonormalBasis<Scalar>(product(Side::Coefficients, Q))));
    const Matrix<Scalar> B = product(Side::Coefficients, Q);
    return withinRange(Q.template cast<double>(), B.template cast<double>());
}

template TruncatedSvd randomizedSvd(const SolverData<float>&, Index, Blocks&, const std::stop_token&);
template TruncatedSvd randomizedSvd(const SolverData<double>&, Index, Blocks&, const std::stop_token&);

} // namespace nmf
