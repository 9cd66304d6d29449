#include "core/algorithms/sample_batches.h"

#include <algorithm>
#include <numeric>

namespace nmf
{

template <class Scalar>
SampleBatches<Scalar>::SampleBatches(const Work<Scalar>& work, Index batchSize, double entryDropout)
    : m_work(work), m_order(static_cast<std::size_t>(work.V.cols())),
      m_rowParts(partition(work.V.rows())), m_sampleParts{std::min(batchSize, work.V.cols()), 8},
      m_entryDropout(entryDropout), m_gramW(work.factors.rank(), work.factors.rank()),
      m_gramH(work.factors.rank(), work.factors.rank())
{
    std::iota(m_order.begin(), m_order.end(), Index{0});
    const Index rank = work.factors.rank(), most = m_sampleParts.rows;
    m_data.resize(work.V.rows(), most);
    m_residual.resize(entryDropout > 0 ? work.V.rows() : 0, most);
    for (Matrix<Scalar>* array : {&m_h, &m_seen, &m_productH})
        array->resize(most, rank);
    m_grams.assign(static_cast<std::size_t>(m_rowParts.count()), Matrix<Scalar>(rank, rank));
    m_productsW.assign(static_cast<std::size_t>(work.blocks.threads()), Matrix<Scalar>(m_rowParts.step, rank));
}

/// Fisher & Yates, from the order of the samples themselves: the order of one walk does not hang on the one before.
template <class Scalar>
void SampleBatches<Scalar>::shuffle()
{
    std::iota(m_order.begin(), m_order.end(), Index{0});
    const RandomNumbers random(m_work.seed, 40 + (m_walks << 8));
    for (std::size_t left = m_order.size(); left > 1; --left)
        std::swap(m_order[left - 1], m_order[random.below(left, left)]);
}

template <class Scalar>
void SampleBatches<Scalar>::gather(const Batch& batch, Index first)
{
    m_work.blocks.run(Partition{batch.size, 8}.count(), [&](Index part, int) {
        const Partition parts{batch.size, 8};
        for (Index i = parts.first(part); i < parts.first(part) + parts.size(part); ++i) {
            const Index sample = m_order[static_cast<std::size_t>(first + i)];
            m_work.V.tile(0, sample, m_data.middleCols(i, 1));
            m_h.row(i) = m_work.factors.Ht.row(sample);
        }
    });
}

template <class Scalar>
void SampleBatches<Scalar>::formResidual(const Batch& batch, Index first, const Matrix<Scalar>& h)
{
    const RandomNumbers random(m_work.seed, 42 + (batch.number << 8));
    const auto scale = static_cast<Scalar>(1 / (1 - m_entryDropout));
    const Partition parts{batch.size, 8};
    m_work.blocks.run(parts.count(), [&](Index part, int) {
        const Index begin = parts.first(part), count = parts.size(part), rows = m_data.rows();
        auto residual = m_residual.middleCols(begin, count);
        residual.noalias() = m_work.factors.W * h.middleRows(begin, count).transpose();
        for (Index i = 0; i < count; ++i) {
            const Index sample = m_order[static_cast<std::size_t>(first + begin + i)];
            for (Index row = 0; row < rows; ++row) {
                const bool kept = random.uniform(static_cast<std::uint64_t>(sample * rows + row)) >= m_entryDropout;
                residual(row, i) = kept ? scale * (m_data(row, begin + i) - residual(row, i)) : Scalar(0);
            }
        }
    });
}

template <class Scalar>
void SampleBatches<Scalar>::measureW()
{
    m_work.blocks.run(m_rowParts.count(), [&](Index part, int) {
        const auto rows = m_work.factors.W.middleRows(m_rowParts.first(part), m_rowParts.size(part));
        m_grams[static_cast<std::size_t>(part)].noalias() = rows.transpose() * rows;
    });
    m_gramW.setZero();
    for (const Matrix<Scalar>& gram : m_grams)
        m_gramW += gram;
}

template <class Scalar>
void SampleBatches<Scalar>::walk(const ImproveH& improveH, const Prepare& prepare, const ImproveW& improveW)
{
    shuffle();
    const Partition batches{m_work.V.cols(), m_sampleParts.rows};
    for (Index number = 0; number < batches.count(); ++number) {
        const Index begin = batches.first(number);
        const Batch batch{batches.size(number),
                          static_cast<double>(batches.size(number)) / static_cast<double>(m_work.V.cols()),
                          m_batches++};
        gather(batch, begin);
        measureW();
        if (m_entryDropout > 0)
            formResidual(batch, begin, m_h);
        const Partition samples{batch.size, 8};
        m_work.blocks.run(samples.count(), [&](Index part, int thread) {
            const Index first = samples.first(part), count = samples.size(part);
            auto C = m_productH.middleRows(first, count);
            C.noalias() = multiplied().middleCols(first, count).transpose() * m_work.factors.W;
            auto U = m_h.middleRows(first, count);
            m_seen.middleRows(first, count) = U;
            improveH(batch, m_gramW, first, C, U, thread);
            for (Index i = first; i < first + count; ++i)
                m_work.factors.Ht.row(m_order[static_cast<std::size_t>(begin + i)]) = m_h.row(i);
        });
        const auto seen = m_seen.topRows(batch.size);
        m_gramH.noalias() = seen.transpose() * seen;
        prepare(batch, m_gramH);
        if (m_entryDropout > 0)
            formResidual(batch, begin, m_seen);
        m_work.blocks.run(m_rowParts.count(), [&](Index part, int thread) {
            const Index first = m_rowParts.first(part), count = m_rowParts.size(part);
            auto C = m_productsW[static_cast<std::size_t>(thread)].topRows(count);
            C.noalias() = multiplied().block(first, 0, count, batch.size) * seen;
            improveW(batch, first, C, m_work.factors.W.middleRows(first, count), thread);
        });
    }
    ++m_walks;
}

Parameter batchParameter()
{
    return {.id = "batch",
            .name = "Samples in a batch",
            .help = "How many samples are looked at before W moves.",
            .initial = 64,
            .minimum = 1,
            .maximum = 100000,
            .whole = true};
}

template class SampleBatches<float>;
template class SampleBatches<double>;

} // namespace nmf
