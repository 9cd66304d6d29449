#pragma once

#include "core/algorithms/sparse_walk.h"
#include "core/algorithms/steps.h"
#include "core/losses/divergence_tile.h"

#include <optional>
#include <vector>

namespace nmf
{

/// One walk over V for a β-divergence. The model is formed a tile at a time and used while it is in the caches: for the
/// ratios that updates are made of, and for the fit. Of a sparse V, Kullback-Leibler visits the stored entries alone;
/// other losses have to look at every entry of the model. Nothing is allocated after construction.
template <class Scalar>
class DivergencePass
{
public:
    /// What a walk is to find out, besides the ratios that cost nothing.
    struct Wanted
    {
        bool basis = false, coefficients = false; ///< the sums of that factor
        bool fit = false;
    };

    /// With no sums: for walks that want the fit alone.
    explicit DivergencePass(const Work<Scalar>& work, bool withSums = true);

    void run(const Matrix<Scalar>& W, const Matrix<Scalar>& Ht, const Wanted& wanted);

    /// (V∘X^(β−2)) Hᵀ for W, (V∘X^(β−2))ᵀ W for Hᵀ: of the shape of the factor.
    const Matrix<Scalar>& numerator(Side side) const { return m_sides[at(side)].numerator; }
    /// The same of X^(β−1). Not for β = 1, where it is the other factor's column sums.
    const Matrix<Scalar>& denominator(Side side) const { return m_sides[at(side)].denominator; }
    bool hasDenominators() const { return m_arithmetic.hasWeights(); }

    /// As of the last walk that was to find it, with the penalties.
    const Fit& fit() const { return m_fit; }

private:
    struct Sums
    {
        Matrix<Scalar> numerator, denominator;
    };
    struct Scratch
    {
        Vector<Scalar> data, model, weights;
    };

    static std::size_t at(Side side) { return side == Side::Basis ? 1 : 0; }
    static bool isWanted(Side side, const Wanted& wanted)
    {
        return side == Side::Basis ? wanted.basis : wanted.coefficients;
    }
    void walkGroup(Index group, Scratch& scratch, const Matrix<Scalar>& W, const Matrix<Scalar>& Ht,
                   const Wanted& wanted);
    void walkTile(Index row, Index rows, Index column, Index columns, Scratch& scratch, const Matrix<Scalar>& W,
                  const Matrix<Scalar>& Ht, const Wanted& wanted, Sums& basis, Sums& coefficients, TileFit& fit) const;
    void addGroups();
    void walkSparse(const Matrix<Scalar>& W, const Matrix<Scalar>& Ht, const Wanted& wanted);
    void reserve(Sums& sums, Index rows, Index rank) const;

    const SolverData<Scalar>& m_V;
    Blocks& m_blocks;
    Penalty m_onW, m_onH;
    DivergenceTile<Scalar> m_arithmetic;
    Side m_split;       ///< the side whose rows are shared out: the longer one
    Partition m_groups; ///< of that side
    Index m_tileRows, m_tileColumns;
    std::optional<SparseWalk<Scalar>> m_sparse; ///< walks in place of all else that is here
    Sums m_sides[2];
    std::vector<Sums> m_shares;     ///< of the other side's sums, by group
    std::vector<TileFit> m_fits;    ///< by group
    std::vector<Scratch> m_scratch; ///< by thread
    Fit m_fit;
};

/// The price of a factor under its penalty.
template <class Scalar>
double priceOf(const Penalty& penalty, const Matrix<Scalar>& U)
{
    return penalty.none() ? 0.0
                          : penalty.price(U.template cast<double>().sum(), U.template cast<double>().squaredNorm());
}

/// The number that WH must be multiplied by to fit best, from the sums for H.
template <class Scalar>
double bestScaleOf(const DivergencePass<Scalar>& pass, const Factors<Scalar>& factors);

/// Under the multiplicative rules an entry that reached zero would never move again: none falls below this, far under
/// anything that shows (Takahashi & Hibi 2014).
template <class Scalar>
Scalar smallestEntry(const Work<Scalar>& work);

} // namespace nmf
