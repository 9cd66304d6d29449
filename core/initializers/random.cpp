#include "core/initializers/initializers.h"

#include "core/random_numbers.h"

#include <cmath>

namespace nmf
{

namespace
{

template <class Scalar>
Matrix<Scalar> randomFactor(const RandomNumbers& random, Index rows, Index rank, double size)
{
    Matrix<Scalar> U(rows, rank);
    for (Index a = 0; a < rank; ++a)
        for (Index i = 0; i < rows; ++i)
            U(i, a) = static_cast<Scalar>(
                size * std::abs(random.normal(static_cast<std::uint64_t>(a) << 40 | static_cast<std::uint64_t>(i))));
    return U;
}

} // namespace

template <class Scalar>
Factors<Scalar> randomFactors(const StartRequest<Scalar>& request)
{
    const double size = std::sqrt(request.V.mean() / static_cast<double>(request.rank));
    return {randomFactor<Scalar>(RandomNumbers(request.seed, 1), request.V.rows(), request.rank, size),
            randomFactor<Scalar>(RandomNumbers(request.seed, 2), request.V.cols(), request.rank, size)};
}

template <class Scalar>
Factors<Scalar> padded(const StartRequest<Scalar>& request, const Factors<double>& known)
{
    if (known.rank() == request.rank)
        return {known.W.template cast<Scalar>(), known.Ht.template cast<Scalar>()};
    Factors<Scalar> whole = randomFactors(request);
    whole.W *= static_cast<Scalar>(0.01);
    whole.Ht *= static_cast<Scalar>(0.01);
    whole.W.leftCols(known.rank()) = known.W.template cast<Scalar>();
    whole.Ht.leftCols(known.rank()) = known.Ht.template cast<Scalar>();
    return whole;
}

template Factors<float> padded(const StartRequest<float>&, const Factors<double>&);
template Factors<double> padded(const StartRequest<double>&, const Factors<double>&);
template Factors<float> randomFactors(const StartRequest<float>&);
template Factors<double> randomFactors(const StartRequest<double>&);

Initializer randomStart()
{
    return {.facts = {.id = "random",
                      .name = "Random",
                      .summary = "|N(0,1)| scaled to the data's mean, from the seed; another seed, another start.",
                      .source = "as in scikit-learn"},
            .usesSeed = true,
            .make = {[](const Values&, const StartRequest<float>& request) { return randomFactors(request); },
                     [](const Values&, const StartRequest<double>& request) { return randomFactors(request); }}};
}

} // namespace nmf
