#include "core/measures/certificates.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace nmf
{

namespace
{

/// The part of a gap that belongs to the L2 penalties and to the slack of each component; `reach` is Wᵀy.
double slack(const ColumnProblem& problem, const Eigen::Ref<const Vector<double>>& h, const Vector<double>& reach,
             const Vector<double>& prices)
{
    double sum = 0;
    for (Index a = 0; a < h.size(); ++a) {
        const double excess = std::max(reach(a) - prices(a), 0.0);
        sum += h(a) * (prices(a) - reach(a) + problem.l2(a) * h(a) / 2);
        if (problem.l2(a) > 0)
            sum += excess * excess / (2 * problem.l2(a));
    }
    return sum;
}

/// The residual, shifted until no component without an L2 penalty could gain by it, is feasible.
double quadraticGap(const ColumnProblem& problem, const Eigen::Ref<const Vector<double>>& h)
{
    const Vector<double> weights =
        problem.weights.size() > 0 ? Vector<double>(problem.weights) : Vector<double>::Ones(problem.v.size());
    const Vector<double> y = weights.array() * (problem.v - problem.W * h).array();
    const Vector<double> reach = problem.W.transpose() * y, sums = problem.W.transpose() * weights;
    double shift = 0;
    for (Index a = 0; a < h.size(); ++a)
        if (problem.l2(a) == 0 && sums(a) > 0)
            shift = std::max(shift, (reach(a) - problem.l1(a)) / sums(a));
    return shift * shift * weights.sum() / 2 + slack(problem, h, reach - shift * sums, problem.l1);
}

/// The ratios v/x, divided until no component without an L2 penalty could gain by them, are feasible.
double kullbackLeiblerGap(const ColumnProblem& problem, const Eigen::Ref<const Vector<double>>& h)
{
    const bool weighted = problem.weights.size() > 0;
    const Vector<double> x = problem.W * h;
    Vector<double> y = Vector<double>::Zero(problem.v.size());
    double sum = 0;
    for (Index i = 0; i < y.size(); ++i) {
        const double value = problem.v(i) * (weighted ? problem.weights(i) : 1);
        // What no component reaches costs the same whatever h is.
        if (!(value > 0) || (x(i) == 0 && problem.W.row(i).maxCoeff() == 0))
            continue;
        if (x(i) == 0)
            return std::numeric_limits<double>::infinity();
        y(i) = value / x(i);
        sum += value;
    }
    const Vector<double> prices = problem.l1 + (weighted ? Vector<double>(problem.W.transpose() * problem.weights)
                                                         : Vector<double>(problem.W.colwise().sum().transpose()));
    const Vector<double> reach = problem.W.transpose() * y;
    double divisor = 1;
    for (Index a = 0; a < h.size(); ++a)
        if (problem.l2(a) == 0 && prices(a) > 0)
            divisor = std::max(divisor, reach(a) / prices(a));
    // Σ v log divisor is what the division costs; what the logarithms of v and x have cancels.
    return sum * (std::log(divisor) - 1 + 1 / divisor) + slack(problem, h, reach / divisor, prices);
}

} // namespace

double columnGap(const ColumnProblem& problem, const Eigen::Ref<const Vector<double>>& h)
{
    if (problem.divergence.quadratic())
        return quadraticGap(problem, h);
    if (problem.divergence.kullbackLeibler())
        return kullbackLeiblerGap(problem, h);
    return std::numeric_limits<double>::quiet_NaN();
}

} // namespace nmf
