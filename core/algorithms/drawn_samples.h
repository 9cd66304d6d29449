#pragma once

#include "core/algorithms/steps.h"
#include "core/random_numbers.h"

#include <algorithm>
#include <vector>

namespace nmf
{

/// A few samples: how many, and which batch of all they are.
struct SampleBatch
{
    Index first = 0; ///< in the order of this walk
    Index size = 0;
    double share = 0;         ///< of all samples
    std::uint64_t number = 0; ///< of all batches so far
};

/// Samples in an order that depends on the seed and on the number of the walk alone, and the present batch of them as
/// arrays of its own. Nothing is allocated after construction.
template <class Scalar>
class DrawnSamples
{
public:
    DrawnSamples(const Work<Scalar>& work, Index batchSize);

    /// Draws a new order.
    void shuffle(std::uint64_t walk);
    /// How many batches there are in a walk.
    Index count() const { return m_batches.count(); }
    Index largest() const { return m_batches.rows < m_batches.step ? m_batches.rows : m_batches.step; }
    /// Fetches a batch. `number`: of all so far.
    SampleBatch fetch(Index index, std::uint64_t number);
    Index sample(const SampleBatch& batch, Index i) const { return m_order[static_cast<std::size_t>(batch.first + i)]; }
    /// Writes rows [first, first + count) of the batch's Hᵀ back.
    void store(const SampleBatch& batch, Index first, Index count);

    const Matrix<Scalar>& data() const { return m_data; } ///< m × size
    Matrix<Scalar>& h() { return m_h; }                   ///< size × k

private:
    Work<Scalar> m_work;
    Partition m_batches;
    std::vector<Index> m_order;
    Matrix<Scalar> m_data, m_h;
};

/// Samples of a batch that one thread works on at a time.
constexpr Index samplesTogether = 8;

/// Of how many samples a batch is, for the algorithms that draw some.
Parameter batchParameter();

/// The share of components that each sample does without, and the share of V's entries.
Parameter componentDropoutParameter();
Parameter entryDropoutParameter();

/// Keeps each entry of these rows of a batch's Hᵀ, from `first` on, with probability 1 − share, enlarged so that the
/// mean stays (He et al. 2019). A zero is drawn too, but cannot be told from what was dropped: it becomes the smallest
/// number.
template <class Scalar>
void dropComponents(std::uint64_t seed, std::uint64_t batch, Index first, double share, MatrixRef<Scalar> rows)
{
    const RandomNumbers random(seed, 41 + (batch << 8));
    const auto scale = static_cast<Scalar>(1 / (1 - share));
    for (Index a = 0; a < rows.cols(); ++a)
        for (Index i = 0; i < rows.rows(); ++i) {
            const auto index = static_cast<std::uint64_t>((first + i) * rows.cols() + a);
            rows(i, a) = random.uniform(index) < share ? Scalar(0) : std::max(rows(i, a) * scale, tiny<Scalar>);
        }
}

} // namespace nmf
