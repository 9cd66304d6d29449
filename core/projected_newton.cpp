#include "core/projected_newton.h"

#include <Eigen/Cholesky>

#include <algorithm>
#include <cmath>
#include <limits>

namespace nmf
{

namespace
{

constexpr int firstUpdates = 8, mostSteps = 500, mostHalvings = 50;
/// A slope this small beside its parts is rounding.
constexpr double rounding = 1e-13;
/// Below this a step that does not halve the slope has met rounding.
constexpr double nearRounding = 1e-10;
/// How much of what the slope promises a step must keep, and by how much it may fail by rounding alone.
constexpr double kept = 1e-4, slackness = 1e-15;

} // namespace

double relativeSlope(const Eigen::Ref<const Vector<double>>& rise, const Eigen::Ref<const Vector<double>>& fall,
                     const Eigen::Ref<const Vector<double>>& h)
{
    double largest = 0;
    for (Index a = 0; a < h.size(); ++a) {
        const double slope = rise(a) - fall(a), sum = rise(a) + fall(a);
        if (sum > 0 && (h(a) > 0 || slope < 0))
            largest = std::max(largest, std::abs(slope) / sum);
    }
    return largest;
}

double ProjectedNewton::operator()(const NonNegativeFit& fit, Eigen::Ref<Vector<double>> h)
{
    m_scaledRows.resize(fit.rows.rows(), fit.rows.cols());
    for (Index a = 0; a < h.size(); ++a)
        if (fit.rows.cols() == 0 || fit.rows.row(a).maxCoeff() == 0)
            h(a) = 0;
    for (int update = 0; update < firstUpdates; ++update) {
        differentiate(fit, h);
        multiply(fit, h);
    }
    double before = 1;
    for (int step = 0;; ++step) {
        differentiate(fit, h);
        const double left = residual(h);
        if (left <= rounding || step == mostSteps || (left < nearRounding && left > before / 2))
            return left;
        before = left;
        findDirection(fit, h);
        // Where even the shortest step fails, it is for rounding, or the curvature has misled.
        if (search(fit, h))
            continue;
        m_trial = h;
        multiply(fit, h);
        if (!(objective(fit, h) < objective(fit, m_trial))) {
            h = m_trial;
            return left;
        }
    }
}

void ProjectedNewton::differentiate(const NonNegativeFit& fit, const Eigen::Ref<const Vector<double>>& h)
{
    const double beta = fit.divergence.beta;
    m_model = (fit.rows.transpose() * h).cwiseMax(tiny<double>);
    if (fit.divergence.kullbackLeibler()) {
        m_pull = fit.weights.array() * fit.values.array() / m_model.array();
        m_push.setZero(m_pull.size());
        m_rise = fit.prices;
    } else {
        m_push = fit.weights.array() * m_model.array().pow(beta - 1);
        m_pull = m_push.array() * fit.values.array() / m_model.array();
        m_rise = fit.rows * m_push + fit.prices;
    }
    m_rise += fit.l2.cwiseProduct(h);
    m_fall = fit.rows * m_pull;
}

double ProjectedNewton::residual(const Eigen::Ref<const Vector<double>>& h) const
{
    return relativeSlope(m_rise, m_fall, h);
}

double ProjectedNewton::objective(const NonNegativeFit& fit, const Vector<double>& h)
{
    m_model = fit.rows.transpose() * h;
    double sum = fit.prices.dot(h) + fit.l2.cwiseProduct(h).dot(h) / 2;
    for (Index e = 0; e < m_model.size(); ++e)
        sum += fit.weights(e) * (fit.divergence.kullbackLeibler() ? fit.values(e) * std::log(fit.values(e) / m_model(e))
                                                                  : fit.divergence(fit.values(e), m_model(e)));
    return sum;
}

/// The exponent keeps the objective from rising; with an L2 penalty and β < 2 that is not certain, and search() sees to
/// the rest.
void ProjectedNewton::multiply(const NonNegativeFit& fit, Eigen::Ref<Vector<double>> h) const
{
    for (Index a = 0; a < h.size(); ++a)
        if (m_rise(a) > 0)
            h(a) *= std::pow(m_fall(a) / m_rise(a), fit.divergence.exponent());
}

void ProjectedNewton::findDirection(const NonNegativeFit& fit, const Eigen::Ref<const Vector<double>>& h)
{
    const bool convex = fit.divergence.beta >= 1 && fit.divergence.beta <= 2;
    if (!tryDirection(fit, h, !convex) && !convex)
        tryDirection(fit, h, false);
}

/// The curvature is Σ ω((β−1)x^(β−2) + (2−β)vx^(β−3)) f fᵀ; without `whole` a negative term of the two is left out.
/// False if it is not positive on the free components; then they take a gradient step of their own each.
bool ProjectedNewton::tryDirection(const NonNegativeFit& fit, const Eigen::Ref<const Vector<double>>& h, bool whole)
{
    const double beta = fit.divergence.beta, least = whole ? -std::numeric_limits<double>::infinity() : 0;
    m_curvature = (std::max(beta - 1, least) * m_push + std::max(2 - beta, least) * m_pull).cwiseQuotient(m_model);
    m_scaledRows = fit.rows * m_curvature.asDiagonal();
    m_hessian.noalias() = m_scaledRows * fit.rows.transpose();
    m_hessian.diagonal() += fit.l2;
    m_direction.resize(h.size());
    m_names.clear();
    for (Index a = 0; a < h.size(); ++a) {
        const double slope = m_rise(a) - m_fall(a);
        if ((slope >= 0 && h(a) * m_hessian(a, a) <= slope) || m_rise(a) + m_fall(a) == 0)
            m_direction(a) = -h(a);
        else
            m_names.push_back(a);
    }
    const auto count = static_cast<Index>(m_names.size());
    Vector<double> right(count);
    m_free.resize(count, count);
    for (Index i = 0; i < count; ++i) {
        const Index a = m_names[static_cast<std::size_t>(i)];
        right(i) = m_fall(a) - m_rise(a);
        for (Index j = 0; j <= i; ++j)
            m_free(i, j) = m_hessian(a, m_names[static_cast<std::size_t>(j)]);
        // Components that are combinations of others have no solution of their own.
        m_free(i, i) = m_free(i, i) * (1 + 1e-13) + tiny<double>;
    }
    const Eigen::LDLT<Matrix<double>> factorization(m_free);
    const Vector<double> solution = factorization.solve(right);
    const bool falls = factorization.isPositive() && solution.allFinite() && (count == 0 || solution.dot(right) > 0);
    for (Index i = 0; i < count; ++i)
        m_direction(m_names[static_cast<std::size_t>(i)]) =
            falls ? solution(i) : right(i) / std::max(m_free(i, i), tiny<double>);
    return falls;
}

bool ProjectedNewton::search(const NonNegativeFit& fit, Eigen::Ref<Vector<double>> h)
{
    const double before = objective(fit, h);
    const Vector<double> slope = m_rise - m_fall;
    const double size = std::abs(before) + m_fall.dot(h) + m_rise.dot(h);
    double length = 1;
    for (int halving = 0; halving < mostHalvings; ++halving, length /= 2) {
        m_trial = (h + length * m_direction).cwiseMax(0.0);
        const double promised = slope.dot(m_trial - h), after = objective(fit, m_trial);
        if (promised < 0 && after <= before + kept * promised + slackness * size) {
            const bool moved = m_trial != h;
            h = m_trial;
            return moved;
        }
    }
    return false;
}

} // namespace nmf
