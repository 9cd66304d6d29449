#include "core/algorithms/divergence_batches.h"

#include "core/random_numbers.h"

#include <algorithm>

namespace nmf
{

namespace
{

/// Where the curvature divides by it, the model is kept above this; the mean of the data is about one.
constexpr double leastModel = 1e-9;

template <class Scalar>
auto asMatrix(Vector<Scalar>& numbers, Index rows, Index columns)
{
    return Eigen::Map<Matrix<Scalar>>(numbers.data(), rows, columns);
}

} // namespace

template <class Scalar>
DivergenceBatches<Scalar>::DivergenceBatches(const Work<Scalar>& work, Index batchSize, const Wanted& wanted)
    : m_work(work), m_wanted(wanted), m_arithmetic(work.divergence),
      m_hasWeights(m_arithmetic.hasWeights() || wanted.entryDropout > 0), m_drawn(work, batchSize),
      m_rowParts(partition(work.V.rows())), m_sums(work.factors.rank()),
      m_rowSums(std::max(work.V.rows(), m_drawn.largest())), m_scratch(static_cast<std::size_t>(work.blocks.threads()))
{
    const Index rank = work.factors.rank(), rows = std::max(samplesTogether, m_rowParts.step);
    const Index entries = std::max(work.V.rows() * samplesTogether, m_rowParts.step * m_drawn.largest());
    for (Scratch& scratch : m_scratch) {
        scratch.data.resize(entries);
        scratch.model.resize(entries);
        scratch.weights.resize(m_hasWeights ? entries : 0);
        scratch.bend.resize(wanted.bend ? entries : 0);
        scratch.above.resize(rows, rank);
        scratch.below.resize(rows, rank);
        scratch.bent.resize(wanted.bend ? rows : 0, rank);
    }
}

template <class Scalar>
void DivergenceBatches<Scalar>::dropEntries(const SampleBatch& batch, Index row, Index rows, Index column,
                                            Index columns, Scratch& scratch)
{
    const RandomNumbers random(m_work.seed, 42 + (batch.number << 8));
    const auto scale = static_cast<Scalar>(1 / (1 - m_wanted.entryDropout));
    Index at = 0;
    for (Index j = 0; j < columns; ++j)
        for (Index i = 0; i < rows; ++i, ++at) {
            const auto place = m_drawn.sample(batch, column + j) * m_work.V.rows() + row + i;
            const Scalar kept =
                random.uniform(static_cast<std::uint64_t>(place)) < m_wanted.entryDropout ? Scalar(0) : scale;
            scratch.model(at) *= kept;
            scratch.weights(at) = (m_arithmetic.hasWeights() ? scratch.weights(at) : Scalar(1)) * kept;
            if (m_wanted.bend)
                scratch.bend(at) *= kept;
        }
}

template <class Scalar>
void DivergenceBatches<Scalar>::formRatios(const SampleBatch& batch, Index row, Index rows, Index column, Index columns,
                                           Scratch& scratch)
{
    const Index count = rows * columns;
    asMatrix(scratch.data, rows, columns) = m_drawn.data().block(row, column, rows, columns);
    asMatrix(scratch.model, rows, columns).noalias() =
        m_work.factors.W.middleRows(row, rows) * m_drawn.h().middleRows(column, columns).transpose();
    if (m_wanted.bend) {
        scratch.model.head(count) = scratch.model.head(count).cwiseMax(static_cast<Scalar>(leastModel));
        scratch.bend.head(count) = scratch.data.head(count).array() / scratch.model.head(count).array().square();
    }
    m_arithmetic.ratios(scratch.data.data(), scratch.model.data(),
                        m_arithmetic.hasWeights() ? scratch.weights.data() : nullptr, count);
    if (m_wanted.entryDropout > 0)
        dropEntries(batch, row, rows, column, columns, scratch);
}

template <class Scalar>
void DivergenceBatches<Scalar>::moveH(const SampleBatch& batch, const Improve& improve)
{
    const Matrix<Scalar>& W = m_work.factors.W;
    m_sums = W.colwise().sum().transpose();
    m_rowSums.head(W.rows()) = W.rowwise().sum();
    const Partition samples{batch.size, samplesTogether};
    m_work.blocks.run(samples.count(), [&](Index part, int thread) {
        const Index first = samples.first(part), count = samples.size(part), rows = W.rows();
        Scratch& scratch = m_scratch[static_cast<std::size_t>(thread)];
        formRatios(batch, 0, rows, first, count, scratch);
        auto above = scratch.above.topRows(count), below = scratch.below.topRows(count);
        auto bend = scratch.bent.topRows(m_wanted.bend ? count : 0);
        above.noalias() = asMatrix(scratch.model, rows, count).transpose() * W;
        if (m_hasWeights)
            below.noalias() = asMatrix(scratch.weights, rows, count).transpose() * W;
        else
            below = m_sums.transpose().replicate(count, 1);
        if (m_wanted.bend) {
            asMatrix(scratch.bend, rows, count).array().colwise() *= m_rowSums.head(rows).array();
            bend.noalias() = asMatrix(scratch.bend, rows, count).transpose() * W;
        }
        improve(batch, first, {above, below, bend}, m_drawn.h().middleRows(first, count), thread);
        m_drawn.store(batch, first, count);
    });
}

template <class Scalar>
void DivergenceBatches<Scalar>::moveW(const SampleBatch& batch, const Improve& improve)
{
    const auto h = m_drawn.h().topRows(batch.size);
    m_sums = h.colwise().sum().transpose();
    m_rowSums.head(batch.size) = h.rowwise().sum();
    m_work.blocks.run(m_rowParts.count(), [&](Index part, int thread) {
        const Index first = m_rowParts.first(part), count = m_rowParts.size(part);
        Scratch& scratch = m_scratch[static_cast<std::size_t>(thread)];
        formRatios(batch, first, count, 0, batch.size, scratch);
        auto above = scratch.above.topRows(count), below = scratch.below.topRows(count);
        auto bend = scratch.bent.topRows(m_wanted.bend ? count : 0);
        above.noalias() = asMatrix(scratch.model, count, batch.size) * h;
        if (m_hasWeights)
            below.noalias() = asMatrix(scratch.weights, count, batch.size) * h;
        else
            below = m_sums.transpose().replicate(count, 1);
        if (m_wanted.bend) {
            asMatrix(scratch.bend, count, batch.size).array().rowwise() *=
                m_rowSums.head(batch.size).transpose().array();
            bend.noalias() = asMatrix(scratch.bend, count, batch.size) * h;
        }
        improve(batch, first, {above, below, bend}, m_work.factors.W.middleRows(first, count), thread);
    });
}

template <class Scalar>
void DivergenceBatches<Scalar>::walk(const Improve& improveH, const Improve& improveW)
{
    m_drawn.shuffle(m_walks);
    for (Index index = 0; index < m_drawn.count(); ++index) {
        const SampleBatch batch = m_drawn.fetch(index, m_batches++);
        moveH(batch, improveH);
        moveW(batch, improveW);
    }
    ++m_walks;
}

template class DivergenceBatches<float>;
template class DivergenceBatches<double>;

} // namespace nmf
