#include "core/algorithms/multiplicative_divergence.h"

#include <memory>

namespace nmf
{

template <class Scalar>
Steps<Scalar> multiplyForDivergence(const Work<Scalar>& work)
{
    const auto alternation = std::make_shared<MultiplicativeAlternation<Scalar>>(work, work.factors);
    return {.coefficients = [alternation] { alternation->move(Side::Coefficients); },
            .basis = [alternation] { alternation->move(Side::Basis); },
            .fit = [alternation] { return alternation->fit(); },
            .bestScale = [alternation] { return alternation->bestScale(); },
            // What pulls the sums to the variances is not in the derivative that tells which zeros are to be lifted.
            .floor = work.together.matchesVariances() ? Scalar(0) : smallestEntry(work)};
}

template Steps<float> multiplyForDivergence(const Work<float>&);
template Steps<double> multiplyForDivergence(const Work<double>&);

} // namespace nmf
