#include "core/algorithms/quadratic_lead.h"

#include "core/algorithms/algorithms.h"

namespace nmf
{

namespace
{

/// Looks at V in one iteration: together they cost less than one pass of coordinate descent for Kullback-Leibler.
constexpr int looks = 5;

/// No entry is below this share of its factor's mean.
constexpr double floorShare = 1e-6;

template <class Scalar>
void copyOffZero(const Matrix<Scalar>& from, Matrix<Scalar>& to)
{
    const auto floor = static_cast<Scalar>(floorShare * from.template cast<double>().mean());
    to = from.cwiseMax(floor);
}

} // namespace

template <class Scalar>
QuadraticLead<Scalar>::QuadraticLead(const Work<Scalar>& work) : m_factors(work.factors)
{
    const Work<Scalar> quadratic{.V = work.V,
                                 .factors = m_factors,
                                 .blocks = work.blocks,
                                 .divergence = {.beta = 2},
                                 .seed = work.seed,
                                 .unit = work.unit};
    m_steps = extrapolatedHals().make.template of<Scalar>()({}, quadratic);
}

template <class Scalar>
void QuadraticLead<Scalar>::moveCoefficients()
{
    for (int look = 1; look < looks; ++look) {
        m_steps.coefficients();
        m_steps.basis();
    }
    m_steps.coefficients();
}

template <class Scalar>
void QuadraticLead<Scalar>::moveBasis()
{
    m_steps.basis();
}

template <class Scalar>
void QuadraticLead<Scalar>::copyTo(Factors<Scalar>& factors) const
{
    copyOffZero(m_factors.W, factors.W);
    copyOffZero(m_factors.Ht, factors.Ht);
}

template class QuadraticLead<float>;
template class QuadraticLead<double>;

} // namespace nmf
