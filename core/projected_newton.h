#pragma once

#include "core/losses/divergence.h"
#include "core/matrix.h"

#include <span>
#include <vector>

namespace nmf
{

/// One non-negative fit: minimises Σ ω_e d(v_e|f_e·h) + Σ prices_a h_a + ½ Σ l2_a h_a² over h ≥ 0. `rows` holds f_e in
/// its columns. For Kullback-Leibler only entries v > 0 are listed, and the prices hold Σωf over all others and these.
struct NonNegativeFit
{
    Divergence divergence;
    ConstMatrixRef<double> rows;                      ///< k × entries
    Eigen::Ref<const Vector<double>> values, weights; ///< of the entries
    Eigen::Ref<const Vector<double>> prices, l2;      ///< of the components
};

/// Newton's method, projected (Bertsekas 1982), after a few multiplicative updates: components that press against zero
/// are taken there, the others take a common Newton step, shortened until the objective falls. Where the loss is not
/// convex, the convex part of its curvature stands in if need be, and what is found is a point that no small move
/// improves. Keeps its scratch memory.
class ProjectedNewton
{
public:
    /// Moves h, positive where it may become so, to the minimum. Returns the largest |projected slope| of a component
    /// as a share of the sum of the slope's positive and negative parts.
    double operator()(const NonNegativeFit& fit, Eigen::Ref<Vector<double>> h);

private:
    void differentiate(const NonNegativeFit& fit, const Eigen::Ref<const Vector<double>>& h);
    double residual(const Eigen::Ref<const Vector<double>>& h) const;
    double objective(const NonNegativeFit& fit, const Vector<double>& h);
    void multiply(const NonNegativeFit& fit, Eigen::Ref<Vector<double>> h) const;
    void findDirection(const NonNegativeFit& fit, const Eigen::Ref<const Vector<double>>& h);
    bool tryDirection(const NonNegativeFit& fit, const Eigen::Ref<const Vector<double>>& h, bool whole);
    bool search(const NonNegativeFit& fit, Eigen::Ref<Vector<double>> h);

    Vector<double> m_model, m_pull, m_push; ///< of the entries
    Vector<double> m_rise, m_fall;          ///< the positive and the negative part of the slope
    Vector<double> m_curvature, m_direction, m_trial;
    Matrix<double> m_scaledRows, m_hessian, m_free;
    std::vector<Index> m_names; ///< of the free components
};

/// |projected slope| of each component as a share of the sum of the slope's two parts; the largest.
double relativeSlope(const Eigen::Ref<const Vector<double>>& rise, const Eigen::Ref<const Vector<double>>& fall,
                     const Eigen::Ref<const Vector<double>>& h);

} // namespace nmf
