#include "core/algorithms/drawn_samples.h"

#include <numeric>

namespace nmf
{

template <class Scalar>
DrawnSamples<Scalar>::DrawnSamples(const Work<Scalar>& work, Index batchSize)
    : m_work(work), m_batches{work.V.cols(), std::min(batchSize, work.V.cols())},
      m_order(static_cast<std::size_t>(work.V.cols())), m_data(work.V.rows(), m_batches.step),
      m_h(m_batches.step, work.factors.rank())
{
    std::iota(m_order.begin(), m_order.end(), Index{0});
}

/// Fisher & Yates, from the order of the samples themselves: the order of one walk does not hang on the one before.
template <class Scalar>
void DrawnSamples<Scalar>::shuffle(std::uint64_t walk)
{
    std::iota(m_order.begin(), m_order.end(), Index{0});
    const RandomNumbers random(m_work.seed, 40 + (walk << 8));
    for (std::size_t left = m_order.size(); left > 1; --left)
        std::swap(m_order[left - 1], m_order[random.below(left, left)]);
}

template <class Scalar>
SampleBatch DrawnSamples<Scalar>::fetch(Index index, std::uint64_t number)
{
    const SampleBatch batch{m_batches.first(index), m_batches.size(index),
                            static_cast<double>(m_batches.size(index)) / static_cast<double>(m_work.V.cols()), number};
    const Partition parts{batch.size, samplesTogether};
    m_work.blocks.run(parts.count(), [&](Index part, int) {
        for (Index i = parts.first(part); i < parts.first(part) + parts.size(part); ++i) {
            m_work.V.tile(0, sample(batch, i), m_data.middleCols(i, 1));
            m_h.row(i) = m_work.factors.Ht.row(sample(batch, i));
        }
    });
    return batch;
}

template <class Scalar>
void DrawnSamples<Scalar>::store(const SampleBatch& batch, Index first, Index count)
{
    for (Index i = first; i < first + count; ++i)
        m_work.factors.Ht.row(sample(batch, i)) = m_h.row(i);
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

Parameter componentDropoutParameter()
{
    return {.id = "dropout",
            .name = "Dropout",
            .help = "The share of components that each sample does without, drawn anew in each step.",
            .initial = 0,
            .minimum = 0,
            .maximum = 0.9};
}

Parameter entryDropoutParameter()
{
    return {.id = "entry-dropout",
            .name = "Dropout of entries",
            .help = "The share of the data's entries that each step does without, drawn anew.",
            .initial = 0,
            .minimum = 0,
            .maximum = 0.9};
}

template class DrawnSamples<float>;
template class DrawnSamples<double>;

} // namespace nmf
