#pragma once

#include "core/dataset.h"
#include "core/factorize.h"
#include "core/random_numbers.h"

#include <memory>
#include <string>

namespace problems
{

using nmf::Index;
using nmf::Matrix;

inline std::shared_ptr<const nmf::Dataset> dataset(Matrix<double> V)
{
    auto result = std::make_shared<nmf::Dataset>();
    result->title = "test";
    result->source = "test";
    result->V = nmf::DataMatrix(std::move(V));
    return result;
}

/// Uniform in (0, 1), the same on every machine.
inline Matrix<double> uniform(Index rows, Index columns, std::uint64_t seed)
{
    const nmf::RandomNumbers random(seed, 77);
    Matrix<double> result(rows, columns);
    for (Index j = 0; j < columns; ++j)
        for (Index i = 0; i < rows; ++i)
            result(i, j) = random.uniform(static_cast<std::uint64_t>(i + j * rows));
    return result;
}

/// The 6 × 5 matrix of the golden traces.
inline Matrix<double> matrixB()
{
    Matrix<double> B(6, 5);
    B << 1, 0, 2, 3, 0, //
        0, 4, 1, 0, 2,  //
        3, 1, 0, 2, 1,  //
        2, 2, 2, 0, 0,  //
        0, 1, 3, 1, 4,  //
        5, 0, 1, 2, 3;
    return B;
}

/// The 3 × 3 worked example.
inline Matrix<double> matrixA()
{
    Matrix<double> A(3, 3);
    A << 5, 3, 0, 3, 7, 4, 6, 2, 5;
    return A;
}

/// The start of the golden traces: W_ia = 1 + ((i² + 3ai + 2a) mod 7)/4, H_aj = 1 + ((j² + 2aj + 3a) mod 5)/4.
inline std::shared_ptr<const nmf::Factors<double>> goldenStart()
{
    auto start = std::make_shared<nmf::Factors<double>>();
    start->W.resize(6, 3);
    start->Ht.resize(5, 3);
    for (int a = 0; a < 3; ++a) {
        for (int i = 0; i < 6; ++i)
            start->W(i, a) = 1 + ((i * i + 3 * a * i + 2 * a) % 7) / 4.0;
        for (int j = 0; j < 5; ++j)
            start->Ht(j, a) = 1 + ((j * j + 2 * a * j + 3 * a) % 5) / 4.0;
    }
    return start;
}

/// Options of a run of exactly so many iterations, unless a tolerance is given.
inline nmf::Options with(const std::string& algorithm, Index rank, int iterations, double tolerance = 0)
{
    nmf::Options options;
    options.rank = rank;
    options.algorithm.id = algorithm;
    options.maxIterations = iterations;
    options.tolerance = tolerance;
    options.threads = 1;
    return options;
}

inline bool sameBits(const nmf::Factors<double>& a, const nmf::Factors<double>& b)
{
    return a.W == b.W && a.Ht == b.Ht;
}

/// ½‖V − WH‖²F formed entry by entry.
inline double frobenius(const Matrix<double>& V, const nmf::Factors<double>& factors)
{
    return 0.5 * (V - factors.W * factors.Ht.transpose()).squaredNorm();
}

/// Takes many powers of every entry in an iteration: tests that only repeat one are content with fewer of them.
inline bool isSlow(const nmf::Options& options)
{
    return options.algorithm.id == "pg" && options.loss.id != "frobenius";
}

} // namespace problems
