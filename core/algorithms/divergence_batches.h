#pragma once

#include "core/algorithms/drawn_samples.h"
#include "core/losses/divergence_tile.h"

#include <functional>
#include <vector>

namespace nmf
{

/// Walks over V a few samples at a time for a β-divergence, for algorithms that move W more than once in an iteration.
/// The arithmetic does not depend on the number of threads. Nothing is allocated after construction.
template <class Scalar>
class DivergenceBatches
{
public:
    /// What rows of a factor U are moved by, for the model X and the other factor F; each of U's shape.
    struct Told
    {
        ConstMatrixRef<Scalar> above; ///< (V∘X^(β−2)) F
        ConstMatrixRef<Scalar> below; ///< X^(β−1) F: the slope is below − above
        ConstMatrixRef<Scalar> bend;  ///< the sums of the absolute values of each row of the second
                                      ///< derivative, for β = 1; empty if they are not wanted
    };
    /// Improves rows from `first` on of the batch's Hᵀ, or of W.
    using Improve =
        std::function<void(const SampleBatch& batch, Index first, const Told& told, MatrixRef<Scalar> U, int thread)>;
    struct Wanted
    {
        bool bend = false;
        double entryDropout = 0; ///< the share of V's entries that a batch does without, drawn anew for each
    };

    DivergenceBatches(const Work<Scalar>& work, Index batchSize, const Wanted& wanted);

    void walk(const Improve& improveH, const Improve& improveW);
    std::uint64_t walks() const { return m_walks; }

private:
    struct Scratch
    {
        Vector<Scalar> data, model, weights, bend;
        Matrix<Scalar> above, below, bent;
    };

    void moveH(const SampleBatch& batch, const Improve& improve);
    void moveW(const SampleBatch& batch, const Improve& improve);
    /// The ratios of the entries in rows from `row` on and samples from `column` on.
    void formRatios(const SampleBatch& batch, Index row, Index rows, Index column, Index columns, Scratch& scratch);
    void dropEntries(const SampleBatch& batch, Index row, Index rows, Index column, Index columns, Scratch& scratch);

    Work<Scalar> m_work;
    Wanted m_wanted;
    DivergenceTile<Scalar> m_arithmetic;
    bool m_hasWeights; ///< of the model's entries: they are not all one
    DrawnSamples<Scalar> m_drawn;
    Partition m_rowParts;
    Vector<Scalar> m_sums, m_rowSums; ///< of the columns and of the rows of the factor that stays
    std::vector<Scratch> m_scratch;   ///< by thread
    std::uint64_t m_walks = 0, m_batches = 0;
};

} // namespace nmf
