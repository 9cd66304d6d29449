#include "core/initializers/initializers.h"

#include "core/random_numbers.h"

#include <cmath>

namespace nmf
{

namespace
{

template <class Scalar>
Matrix<Scalar> randomFactor(Law law, const RandomNumbers& random, Index rows, Index rank, double size)
{
    Matrix<Scalar> U(rows, rank);
    for (Index a = 0; a < rank; ++a)
        for (Index i = 0; i < rows; ++i)
            U(i, a) = static_cast<Scalar>(
                size * drawn(law, random, static_cast<std::uint64_t>(a) << 40 | static_cast<std::uint64_t>(i)));
    return U;
}

Facts randomFacts()
{
    return {.id = "random",
            .name = "Random",
            .summary = "|N(0,1)| scaled to the data's mean, from the seed; another seed, another start.",
            .source = "as in scikit-learn",
            .parameters = {lawParameter()}};
}

template <class Scalar>
Factors<Scalar> makeRandom(const Values& values, const StartRequest<Scalar>& request)
{
    return randomFactors(request, lawOf(randomFacts(), values));
}

} // namespace

double drawn(Law law, const RandomNumbers& random, std::uint64_t index)
{
    return law == Law::Uniform ? random.uniform(index) : std::abs(random.normal(index));
}

Parameter lawParameter()
{
    return {.id = "law",
            .name = "Uniform",
            .help = "How the random numbers are spread: uniformly (1), or as |N(0,1)| like scikit-learn's (0).",
            .initial = 0,
            .minimum = 0,
            .maximum = 1,
            .whole = true};
}

Law lawOf(const Facts& facts, const Values& values)
{
    return valueOf(facts, values, "law") == 1 ? Law::Uniform : Law::Normal;
}

template <class Scalar>
Factors<Scalar> randomFactors(const StartRequest<Scalar>& request, Law law)
{
    const double size = std::sqrt(request.V.mean() / static_cast<double>(request.rank));
    return {randomFactor<Scalar>(law, RandomNumbers(request.seed, 1), request.V.rows(), request.rank, size),
            randomFactor<Scalar>(law, RandomNumbers(request.seed, 2), request.V.cols(), request.rank, size)};
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
template Factors<float> randomFactors(const StartRequest<float>&, Law);
template Factors<double> randomFactors(const StartRequest<double>&, Law);

Initializer randomStart()
{
    return {.facts = randomFacts(), .usesSeed = true, .make = {makeRandom<float>, makeRandom<double>}};
}

} // namespace nmf
