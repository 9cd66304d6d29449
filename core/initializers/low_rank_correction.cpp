#include "core/initializers/initializers.h"
#include "core/initializers/low_rank_hals.h"

#include <algorithm>

namespace nmf
{

namespace
{

template <class Scalar>
Factors<Scalar> makeCorrected(const Values&, const StartRequest<Scalar>& request)
{
    const Index known = std::min({request.rank, request.V.rows(), request.V.cols()});
    // Half of the singular pairs that the rank would allow, since each gives two components.
    const LowRank approximation = LowRank::of(truncatedSvd(request.V, known / 2 + 1, request.blocks, request.stop));
    // Of the last pair both parts are needed only if the rank is odd.
    Factors<double> start = signedParts(approximation, std::min(known, 2 * approximation.Y.cols() - 1));
    improveOn(approximation, start, {}, request.blocks, request.stop);
    return padded(request, start);
}

} // namespace

Initializer lowRankCorrection()
{
    return {.facts = {.id = "lrc",
                      .name = "NNSVD-LRC",
                      .summary = "From the singular vectors, improved on the low-rank matrix that they make; the same "
                                 "every time. The closest start here.",
                      .source = "Atif, Qazi & Gillis 2019"},
            .usesSeed = false,
            .endsAtTheSmallerSide = true,
            .make = {makeCorrected<float>, makeCorrected<double>}};
}

} // namespace nmf
