#include "core/initializers/initializers.h"
#include "core/initializers/low_rank_hals.h"
#include "core/initializers/randomized_svd.h"

#include <algorithm>

namespace nmf
{

namespace
{

Facts compressedFacts()
{
    return {.id = "compressed",
            .name = "Compressed",
            .summary = "Factorizes a low-rank copy of the data, which costs little, and goes on with the data "
                       "themselves. For large tables.",
            .source = "Halko, Martinsson & Tropp 2011; Erichson, Mendible, Wihlborn & Kutz 2018",
            .parameters = {{.id = "extra",
                            .name = "Extra rank",
                            .help = "How much the rank of the copy is above that of the factorization.",
                            .initial = 20,
                            .minimum = 0,
                            .maximum = 1000,
                            .whole = true},
                           {.id = "iterations",
                            .name = "Iterations",
                            .help = "How often both factors are improved on the copy; fewer if nothing moves any more.",
                            .initial = 200,
                            .minimum = 1,
                            .maximum = 10000,
                            .whole = true}}};
}

/// The best copy where it costs little or V is sparse; of a large dense V one that is nearly as good for a fraction of
/// its price.
template <class Scalar>
TruncatedSvd copyOf(const StartRequest<Scalar>& request, Index rank)
{
    constexpr Index large = 8;
    if (!request.V.isSparse() && std::min(request.V.rows(), request.V.cols()) >= large * rank)
        return randomizedSvd(request.V, rank, request.blocks, request.stop);
    return truncatedSvd(request.V, rank, request.blocks, request.stop);
}

template <class Scalar>
Factors<Scalar> makeCompressed(const Values& values, const StartRequest<Scalar>& request)
{
    const Index most = std::min(request.V.rows(), request.V.cols()), known = std::min(request.rank, most);
    const auto extra = static_cast<Index>(valueOf(compressedFacts(), values, "extra"));
    const LowRank copy = LowRank::of(copyOf(request, std::min(known + extra, most)));
    Factors<double> start = signedParts(copy, std::min(known, 2 * copy.Y.cols() - 1));
    const auto rounds = static_cast<int>(valueOf(compressedFacts(), values, "iterations"));
    improveOn(copy, start, {rounds, 1e-9, 4}, request.blocks, request.stop);
    return padded(request, start);
}

} // namespace

Initializer compressed()
{
    return {.facts = compressedFacts(),
            .usesSeed = false,
            .endsAtTheSmallerSide = true,
            .make = {makeCompressed<float>, makeCompressed<double>}};
}

} // namespace nmf
