#pragma once

#include "core/losses/divergence.h"
#include "core/matrix.h"

namespace nmf
{

/// How far the entries of a tile are from their model.
struct TileFit
{
    double divergence = 0, squaredResidual = 0;
};

/// The arithmetic of a loss on a tile of entries that stays in the caches: the ratios that multiplicative and kindred
/// updates are made of, and the fit.
template <class Scalar>
class DivergenceTile
{
public:
    explicit DivergenceTile(const Divergence& divergence);

    /// The model's entries are not constant under the weights: an update needs the second array.
    bool hasWeights() const { return !m_divergence.kullbackLeibler(); }
    /// Told the model in x, leaves v x^(β−2) there and x^(β−1) in `weights` (null if there are none).
    void ratios(const Scalar* v, Scalar* x, Scalar* weights, Index count) const;
    /// The same, and the fit.
    TileFit ratiosAndFit(const Scalar* v, Scalar* x, Scalar* weights, Index count) const;

private:
    template <bool withFit>
    TileFit walk(const Scalar* v, Scalar* x, Scalar* weights, Index count) const;
    template <bool withFit>
    TileFit walkPowers(const Scalar* v, Scalar* x, Scalar* weights, Index count) const;

    Divergence m_divergence;
    Scalar m_floor; ///< of the model, so that no ratio overflows
};

} // namespace nmf
