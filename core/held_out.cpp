#include "core/held_out.h"

#include <cmath>

namespace nmf
{

namespace
{

/// A smaller share of the loss is no gain.
constexpr double worthwhileGain = 1e-4;

} // namespace

template <class Scalar>
HeldOutWatch<Scalar>::HeldOutWatch(const KnownEntries& known, const Divergence& divergence, double scale)
    : m_entries(known.heldOut()), m_divergence(divergence), m_scale(scale)
{
}

template <class Scalar>
typename HeldOutWatch<Scalar>::Sums HeldOutWatch<Scalar>::sumsOf(const Factors<Scalar>& factors) const
{
    Sums sums;
    for (const HeldOutEntry& entry : m_entries) {
        double x = 0;
        for (Index a = 0; a < factors.rank(); ++a)
            x += static_cast<double>(factors.W(entry.row, a)) * static_cast<double>(factors.Ht(entry.column, a));
        // Where a model of zero would be infinitely far the smallest number stands for it.
        sums.divergence += entry.weight * m_divergence(entry.value, m_divergence.quadratic() ? x : std::max(x, 1e-30));
        sums.squaredResidual += entry.weight * (entry.value - x) * (entry.value - x);
        sums.squaredNorm += entry.weight * entry.value * entry.value;
        sums.weight += entry.weight;
    }
    return sums;
}

template <class Scalar>
double HeldOutWatch<Scalar>::rootMeanSquare(const Sums& sums) const
{
    return sums.weight > 0 ? m_scale * std::sqrt(sums.squaredResidual / sums.weight) : 0;
}

template <class Scalar>
void HeldOutWatch<Scalar>::look(const Factors<Scalar>& factors, int iteration, bool keep)
{
    const Sums sums = sumsOf(factors);
    m_looks.emplace_back(iteration, rootMeanSquare(sums));
    const bool better = m_bestIteration < 0 || sums.divergence < m_bestLoss * (1 - worthwhileGain);
    m_looksSinceBest = better ? 0 : m_looksSinceBest + 1;
    if (!better)
        return;
    m_bestLoss = sums.divergence;
    m_bestIteration = iteration;
    if (keep)
        m_best = factors;
}

template <class Scalar>
HeldOutFit HeldOutWatch<Scalar>::fitOf(const Factors<Scalar>& factors) const
{
    const Sums sums = sumsOf(factors);
    return {static_cast<Index>(m_entries.size()), rootMeanSquare(sums),
            sums.squaredNorm > 0 ? std::sqrt(sums.squaredResidual / sums.squaredNorm) : 0, m_looks};
}

template class HeldOutWatch<float>;
template class HeldOutWatch<double>;

} // namespace nmf
