#include "core/algorithms/multiplicative_divergence.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>

namespace nmf
{

template <class Scalar>
void keepSum(const Eigen::Ref<const Eigen::Matrix<Scalar, 1, Eigen::Dynamic>, 0, Eigen::InnerStride<>>& numerator,
             const Vector<Scalar>& denominator, double l1, const Constraint& constraint, Scalar floor,
             Eigen::Ref<Eigen::Matrix<Scalar, 1, Eigen::Dynamic>, 0, Eigen::InnerStride<>> u)
{
    constexpr int mostSteps = 200;
    constexpr double enough = 1e-15;
    const auto mass = [&](Index a) { return static_cast<double>(u(a)) * static_cast<double>(numerator(a)); };
    const auto below = [&](Index a) { return static_cast<double>(denominator(a)) + l1; };
    const double sum = constraint.sum > 0 ? constraint.sum : constraint.largestSum;
    // The sum falls with μ and is convex: from where one entry alone has all of it, Newton's steps go up to the root.
    double mu = -std::numeric_limits<double>::infinity();
    for (Index a = 0; a < u.size(); ++a)
        if (mass(a) > 0)
            mu = std::max(mu, mass(a) / sum - below(a));
    // Where nothing is to be fitted the row stays.
    if (!std::isfinite(mu))
        return;
    if (constraint.sum == 0)
        mu = std::max(mu, 0.0);
    double total = 0;
    for (int step = 0; step < mostSteps; ++step) {
        double slope = 0;
        total = 0;
        for (Index a = 0; a < u.size(); ++a)
            if (mass(a) > 0) {
                const double share = mass(a) / (below(a) + mu);
                total += share;
                slope += share / (below(a) + mu);
            }
        const double move = (total - sum) / slope;
        if (!(move > enough * std::abs(mu)) || !(total > sum))
            break;
        mu += move;
    }
    // The root is as good as its last digit; the sum is exact.
    double reached = 0;
    for (Index a = 0; a < u.size(); ++a)
        reached += mass(a) > 0 ? mass(a) / (below(a) + mu) : 0;
    const double rest = mu == 0 && constraint.sum == 0 ? std::min(sum / reached, 1.0) : sum / reached;
    for (Index a = 0; a < u.size(); ++a) {
        const double share = mass(a) > 0 ? mass(a) / (below(a) + mu) * rest : 0;
        u(a) = std::max(static_cast<Scalar>(share), floor);
    }
}

template void keepSum(const Eigen::Ref<const Eigen::Matrix<float, 1, Eigen::Dynamic>, 0, Eigen::InnerStride<>>&,
                      const Vector<float>&, double, const Constraint&, float,
                      Eigen::Ref<Eigen::Matrix<float, 1, Eigen::Dynamic>, 0, Eigen::InnerStride<>>);
template void keepSum(const Eigen::Ref<const Eigen::Matrix<double, 1, Eigen::Dynamic>, 0, Eigen::InnerStride<>>&,
                      const Vector<double>&, double, const Constraint&, double,
                      Eigen::Ref<Eigen::Matrix<double, 1, Eigen::Dynamic>, 0, Eigen::InnerStride<>>);

template <class Scalar>
Steps<Scalar> multiplyForDivergence(const Work<Scalar>& work)
{
    const auto alternation = std::make_shared<MultiplicativeAlternation<Scalar>>(work, work.factors);
    return {.coefficients = [alternation] { alternation->move(Side::Coefficients); },
            .basis = [alternation] { alternation->move(Side::Basis); },
            .fit = [alternation] { return alternation->fit(); },
            .bestScale = [alternation] { return alternation->bestScale(); },
            // Terms that are not in the derivative that tells which zeros are to be lifted.
            .floor =
                work.together.matchesVariances() || work.together.traceBound > 0 || !work.ofH.none() || hasLocks(work)
                    ? Scalar(0)
                    : smallestEntry(work)};
}

template Steps<float> multiplyForDivergence(const Work<float>&);
template Steps<double> multiplyForDivergence(const Work<double>&);

} // namespace nmf
