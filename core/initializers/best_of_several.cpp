#include "core/initializers/initializers.h"

#include "core/algorithms/algorithms.h"
#include "core/random_numbers.h"

#include <cmath>

namespace nmf
{

namespace
{

Facts severalFacts()
{
    return {.id = "random-best",
            .name = "Best of several random starts",
            .summary = "Gives several random starts a few iterations each and goes on from the one whose loss is "
                       "lowest: of HALS for Frobenius, else of multiplicative updates.",
            .source = "Cichocki, Zdunek, Phan & Amari 2009",
            .parameters = {{.id = "starts",
                            .name = "Starts",
                            .help = "How many are tried.",
                            .initial = 5,
                            .minimum = 1,
                            .maximum = 1000,
                            .whole = true},
                           {.id = "iterations",
                            .name = "Iterations of each",
                            .help = "How many iterations each start is given.",
                            .initial = 10,
                            .minimum = 1,
                            .maximum = 1000,
                            .whole = true}}};
}

template <class Scalar>
Steps<Scalar> stepsFor(const StartRequest<Scalar>& request, Factors<Scalar>& factors)
{
    // Those that do not repeat a sweep as often as V has entries, so that a table is the same sparse and dense.
    const char* id = request.divergence.quadratic() ? "hals" : "mu";
    return find(algorithms(), id)
        ->make.template of<Scalar>()({}, Work<Scalar>{.V = request.V,
                                                      .factors = factors,
                                                      .blocks = request.blocks,
                                                      .divergence = request.divergence,
                                                      .seed = request.seed});
}

/// One start after its iterations; its objective goes to `objective`.
template <class Scalar>
Factors<Scalar> tried(const StartRequest<Scalar>& request, std::uint64_t seed, int iterations, double& objective)
{
    StartRequest<Scalar> own = request;
    own.seed = seed;
    Factors<Scalar> factors = randomFactors(own);
    Steps<Scalar> steps = stepsFor(request, factors);
    if (const double scale = steps.bestScale(); scale > 0 && std::isfinite(scale)) {
        factors.W *= static_cast<Scalar>(std::sqrt(scale));
        factors.Ht *= static_cast<Scalar>(std::sqrt(scale));
        steps = stepsFor(request, factors);
    }
    for (int made = 0; made < iterations; ++made) {
        if (request.stop.stop_requested())
            throw Cancelled();
        steps.coefficients();
        steps.basis();
    }
    objective = steps.fit().objective;
    return factors;
}

template <class Scalar>
Factors<Scalar> makeBest(const Values& values, const StartRequest<Scalar>& request)
{
    const int starts = static_cast<int>(valueOf(severalFacts(), values, "starts"));
    const int iterations = static_cast<int>(valueOf(severalFacts(), values, "iterations"));
    const RandomNumbers seeds(request.seed, 9);
    Factors<Scalar> best;
    double least = 0;
    for (int start = 0; start < starts; ++start) {
        double objective = 0;
        // The first is the plain random start.
        const std::uint64_t seed =
            start == 0 ? request.seed : seeds.below(std::uint64_t{1} << 53, static_cast<std::uint64_t>(start));
        Factors<Scalar> factors = tried(request, seed, iterations, objective);
        if (start == 0 || objective < least) {
            best = std::move(factors);
            least = objective;
        }
    }
    return best;
}

} // namespace

Initializer bestOfSeveral()
{
    return {.facts = severalFacts(), .usesSeed = true, .make = {makeBest<float>, makeBest<double>}};
}

} // namespace nmf
