#pragma once

#include "core/algorithms/drawn_samples.h"
#include "core/algorithms/hals_sweep.h"
#include "core/algorithms/quadratic_pass.h"

#include <functional>
#include <vector>

namespace nmf
{

/// Walks over V a few samples at a time, drawn without replacement, for algorithms that move W more than once in an
/// iteration, for the Frobenius loss. The arithmetic does not depend on the number of threads. Nothing is allocated
/// after construction.
template <class Scalar>
class SampleBatches
{
public:
    using Batch = SampleBatch;
    /// Improves rows of the batch's Hᵀ, told the same rows of VᵀW; `first` counts in the batch.
    using ImproveH = std::function<void(const Batch& batch, const Matrix<Scalar>& gramW, Index first,
                                        const ConstMatrixRef<Scalar>& C, MatrixRef<Scalar> U, int thread)>;
    /// Told HHᵀ of the batch, before W is improved.
    using Prepare = std::function<void(const Batch& batch, const Matrix<Scalar>& gramH)>;
    /// Improves rows of W from `first` on, told the same rows of the batch's VHᵀ.
    using ImproveW = std::function<void(const Batch& batch, Index first, const ConstMatrixRef<Scalar>& C,
                                        MatrixRef<Scalar> U, int thread)>;

    /// `entryDropout`: the share of V's entries that a batch does without, drawn anew for each. If it is not zero the
    /// products are those of the residual at the entries that are left, enlarged so that the mean stays: with it in V's
    /// place, H's before H is improved, and H's and W's then.
    SampleBatches(const Work<Scalar>& work, Index batchSize, double entryDropout = 0);

    void walk(const ImproveH& improveH, const Prepare& prepare, const ImproveW& improveW);
    std::uint64_t walks() const { return m_walks; }
    /// The H that W meets, where it is another than the one that is kept (dropout): of the batch's shape.
    Matrix<Scalar>& seenH() { return m_seen; }

private:
    void formResidual(const Batch& batch, const Matrix<Scalar>& h);
    const Matrix<Scalar>& multiplied() const { return m_entryDropout > 0 ? m_residual : m_drawn.data(); }
    void measureW();

    Work<Scalar> m_work;
    DrawnSamples<Scalar> m_drawn;
    Partition m_rowParts;
    double m_entryDropout;
    Matrix<Scalar> m_seen;     ///< of the batch: size × k
    Matrix<Scalar> m_residual; ///< with entry dropout: m × size
    Matrix<Scalar> m_productH, m_gramW, m_gramH;
    std::vector<Matrix<Scalar>> m_grams;     ///< of W, by part
    std::vector<Matrix<Scalar>> m_productsW; ///< by thread
    std::uint64_t m_walks = 0, m_batches = 0;
};

/// The fit as it is now, by a walk over all of V.
template <class Scalar>
class FitOfAll
{
public:
    explicit FitOfAll(const Work<Scalar>& work)
        : m_work(work), m_pass(work), m_G(work.factors.rank(), work.factors.rank()),
          m_sweeps(static_cast<std::size_t>(work.blocks.threads()), HalsSweep<Scalar>(work.factors.rank()))
    {
    }

    /// H may be improved on the way.
    void walk(const typename QuadraticPass<Scalar>::Rule& rule)
    {
        m_pass.measure(Side::Basis, m_work.factors.W, m_W);
        m_pass.run(Side::Coefficients, m_work.factors.W, rule, {{&m_work.factors.Ht, &m_Ht}});
    }
    /// By a sweep of coordinate descent.
    void sweepH();
    /// To its best for this W, for the end of a run: asks for memory.
    void solveH();
    Fit fit() const { return quadraticFit(m_work, m_work.factors.W, m_work.factors.Ht, m_Ht.cross, m_W, m_Ht); }
    double bestScale() const { return m_Ht.cross / m_W.gram.cwiseProduct(m_Ht.gram).sum(); }

private:
    void moveH(const BlockRule<Scalar>& rule);

    Work<Scalar> m_work;
    QuadraticPass<Scalar> m_pass;
    PassSums m_W, m_Ht;
    Matrix<Scalar> m_G;
    std::vector<HalsSweep<Scalar>> m_sweeps; ///< by thread
};

} // namespace nmf
