#include "core/initializers/initializers.h"
#include "core/random_numbers.h"

namespace nmf
{

namespace
{

/// Each column of W is the mean of a few columns of V drawn at random; H is random.
template <class Scalar>
Factors<Scalar> makeRandomColumns(const Values&, const StartRequest<Scalar>& request)
{
    Factors<Scalar> start = randomFactors(request);
    const auto columns = static_cast<std::uint64_t>(request.V.cols()), rank = static_cast<std::uint64_t>(request.rank);
    const std::uint64_t drawn = std::max<std::uint64_t>(1, (columns + 5 * rank - 1) / (5 * rank));
    const RandomNumbers random(request.seed, 5);
    for (std::uint64_t a = 0; a < rank; ++a) {
        if (request.stop.stop_requested())
            throw Cancelled();
        auto w = start.W.col(static_cast<Index>(a));
        w.setZero();
        for (std::uint64_t i = 0; i < drawn; ++i)
            w += request.V.columns(static_cast<Index>(random.below(columns, a << 32 | i)), 1);
        w /= static_cast<Scalar>(drawn);
    }
    return start;
}

} // namespace

Initializer randomColumns()
{
    return {.facts = {.id = "random-columns",
                      .name = "Random columns",
                      .summary = "Each part is the mean of a few samples drawn at random, from the seed.",
                      .source = "Langville et al. 2006"},
            .usesSeed = true,
            .make = {makeRandomColumns<float>, makeRandomColumns<double>}};
}

} // namespace nmf
