#pragma once

#include "core/factorize.h"
#include "core/known_entries.h"
#include "core/losses/divergence.h"

namespace nmf
{

/// Watches the entries that are held out of one run, and says when their loss has stopped falling.
template <class Scalar>
class HeldOutWatch
{
public:
    /// The entries must outlive the watch.
    HeldOutWatch(const KnownEntries& known, const Divergence& divergence, double scale);

    /// Looks at the factors of an iteration; those with the smallest loss are kept if `keep`.
    void look(const Factors<Scalar>& factors, int iteration, bool keep);
    /// The loss has not fallen for so many looks.
    bool exhausted(int patience) const { return patience > 0 && m_looksSinceBest >= patience; }
    /// Waits for as many looks again.
    void beginAnew() { m_looksSinceBest = 0; }
    int bestIteration() const { return m_bestIteration; }
    const Factors<Scalar>& best() const { return m_best; }

    /// With the numbers of these factors.
    HeldOutFit fitOf(const Factors<Scalar>& factors) const;

private:
    struct Sums
    {
        double divergence = 0, squaredResidual = 0, squaredNorm = 0, weight = 0;
    };
    Sums sumsOf(const Factors<Scalar>& factors) const;
    double rootMeanSquare(const Sums& sums) const;

    const std::vector<HeldOutEntry>& m_entries;
    Divergence m_divergence;
    double m_scale;
    std::vector<std::pair<int, double>> m_looks;
    double m_bestLoss = 0;
    int m_bestIteration = -1, m_looksSinceBest = 0;
    Factors<Scalar> m_best;
};

} // namespace nmf
