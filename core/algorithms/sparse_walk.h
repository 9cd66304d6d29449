#pragma once

#include "core/algorithms/steps.h"
#include "core/losses/divergence_tile.h"

#include <vector>

namespace nmf
{

/// One walk over the stored entries of a sparse V for Kullback-Leibler, where what is not stored counts by the sum of
/// its model alone. Line by line on the side whose sums are wanted, so nothing is scattered and the bits do not depend
/// on the threads. Nothing is allocated after construction.
template <class Scalar>
class SparseWalk
{
public:
    explicit SparseWalk(const Work<Scalar>& work);

    /// (V / WH) Hᵀ for W, (V / WH)ᵀ W for Hᵀ, into `numerator` (null: not wanted); and the fit without the penalties,
    /// if that is wanted.
    void run(Side side, const Matrix<Scalar>& W, const Matrix<Scalar>& Ht, Matrix<Scalar>* numerator, Fit* fit);

private:
    struct Scratch
    {
        Vector<Scalar> values, model, row;
    };
    /// Over the stored entries of a block of lines.
    struct Part
    {
        TileFit fit;
        double sum = 0, squaredSum = 0; ///< of the model
    };

    void walkLine(Side side, Index line, const Matrix<Scalar>& U, Scratch& scratch, Part* part,
                  Matrix<Scalar>* numerator) const;
    void formModel(const StoredEntries<Scalar>& entries, Scratch& scratch) const;
    void addRows(const StoredEntries<Scalar>& entries, const Scalar* ratios, Index line,
                 Matrix<Scalar>& numerator) const;
    Fit wholeFit(const Matrix<Scalar>& W, const Matrix<Scalar>& Ht, Index parts);

    const SolverData<Scalar>& m_V;
    Blocks& m_blocks;
    DivergenceTile<Scalar> m_arithmetic;
    InterleavedFactor<Scalar> m_others; ///< the factor of the other side
    std::vector<Scratch> m_scratch;     ///< by thread
    std::vector<Part> m_parts;          ///< by block
    Matrix<Scalar> m_gramW, m_gramH;
};

} // namespace nmf
