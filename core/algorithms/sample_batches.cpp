#include "core/algorithms/sample_batches.h"

#include "core/algorithms/block_pivoting.h"
#include "core/random_numbers.h"

#include <type_traits>

namespace nmf
{

namespace
{

/// The columns [first, first + count) of UᵀU, the sums in double whatever the precision is.
template <class Scalar, class Rows>
void formGram(const Rows& U, Index first, Index count, Matrix<Scalar>& gram)
{
    if constexpr (std::is_same_v<Scalar, double>) {
        gram.middleCols(first, count).noalias() = U.transpose() * U.middleCols(first, count);
    } else {
        for (Index b = first; b < first + count; ++b)
            for (Index a = 0; a < U.cols(); ++a)
                gram(a, b) =
                    static_cast<Scalar>(U.col(a).template cast<double>().dot(U.col(b).template cast<double>()));
    }
}

} // namespace

template <class Scalar>
SampleBatches<Scalar>::SampleBatches(const Work<Scalar>& work, Index batchSize, double entryDropout)
    : m_work(work), m_drawn(work, batchSize), m_rowParts(partition(work.V.rows())), m_entryDropout(entryDropout),
      m_gramW(work.factors.rank(), work.factors.rank()), m_gramH(work.factors.rank(), work.factors.rank())
{
    const Index rank = work.factors.rank(), most = m_drawn.largest();
    m_residual.resize(entryDropout > 0 ? work.V.rows() : 0, most);
    for (Matrix<Scalar>* array : {&m_seen, &m_productH})
        array->resize(most, rank);
    m_grams.assign(static_cast<std::size_t>(m_rowParts.count()), Matrix<Scalar>(rank, rank));
    m_productsW.assign(static_cast<std::size_t>(work.blocks.threads()), Matrix<Scalar>(m_rowParts.step, rank));
}

template <class Scalar>
void SampleBatches<Scalar>::formResidual(const Batch& batch, const Matrix<Scalar>& h)
{
    const RandomNumbers random(m_work.seed, 42 + (batch.number << 8));
    const auto scale = static_cast<Scalar>(1 / (1 - m_entryDropout));
    const Partition parts{batch.size, samplesTogether};
    m_work.blocks.run(parts.count(), [&](Index part, int) {
        const Index begin = parts.first(part), count = parts.size(part), rows = m_work.V.rows();
        auto residual = m_residual.middleCols(begin, count);
        residual.noalias() = m_work.factors.W * h.middleRows(begin, count).transpose();
        for (Index i = 0; i < count; ++i) {
            const Index sample = m_drawn.sample(batch, begin + i);
            for (Index row = 0; row < rows; ++row) {
                const bool kept = random.uniform(static_cast<std::uint64_t>(sample * rows + row)) >= m_entryDropout;
                residual(row, i) = kept ? scale * (m_drawn.data()(row, begin + i) - residual(row, i)) : Scalar(0);
            }
        }
    });
}

template <class Scalar>
void SampleBatches<Scalar>::measureW()
{
    if constexpr (!std::is_same_v<Scalar, double>) {
        // Column by column over all rows: parts that are added in single precision would round once more each.
        m_work.blocks.run(m_gramW.cols(), [&](Index column, int) { formGram(m_work.factors.W, column, 1, m_gramW); });
        return;
    }
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
    m_drawn.shuffle(m_walks);
    for (Index number = 0; number < m_drawn.count(); ++number) {
        const Batch batch = m_drawn.fetch(number, m_batches++);
        measureW();
        if (m_entryDropout > 0)
            formResidual(batch, m_drawn.h());
        const Partition samples{batch.size, samplesTogether};
        m_work.blocks.run(samples.count(), [&](Index part, int thread) {
            const Index first = samples.first(part), count = samples.size(part);
            auto C = m_productH.middleRows(first, count);
            C.noalias() = multiplied().middleCols(first, count).transpose() * m_work.factors.W;
            auto U = m_drawn.h().middleRows(first, count);
            m_seen.middleRows(first, count) = U;
            improveH(batch, m_gramW, first, C, U, thread);
            m_drawn.store(batch, first, count);
        });
        const auto seen = m_seen.topRows(batch.size);
        formGram(seen, 0, seen.cols(), m_gramH);
        prepare(batch, m_gramH);
        if (m_entryDropout > 0)
            formResidual(batch, m_seen);
        m_work.blocks.run(m_rowParts.count(), [&](Index part, int thread) {
            const Index first = m_rowParts.first(part), count = m_rowParts.size(part);
            auto C = m_productsW[static_cast<std::size_t>(thread)].topRows(count);
            C.noalias() = multiplied().block(first, 0, count, batch.size) * seen;
            improveW(batch, first, C, m_work.factors.W.middleRows(first, count), thread);
        });
    }
    ++m_walks;
}

template <class Scalar>
void FitOfAll<Scalar>::sweepH()
{
    const auto sweep = [&](Side, const Matrix<Scalar>& G, Scalar l1, const ConstMatrixRef<Scalar>& C,
                           MatrixRef<Scalar> U,
                           int thread) { m_sweeps[static_cast<std::size_t>(thread)](G, l1, C, U, 1); };
    // Held by reference, so that nothing is allocated.
    moveH(std::cref(sweep));
}

template <class Scalar>
void FitOfAll<Scalar>::solveH()
{
    std::vector<BlockPivoting> solvers =
        pivotingForEach(m_work.blocks.threads(), partition(m_work.V.cols()).step, m_work.factors.rank());
    moveH([&](Side, const Matrix<Scalar>& G, Scalar l1, const ConstMatrixRef<Scalar>& C, MatrixRef<Scalar> U,
              int thread) { solvers[static_cast<std::size_t>(thread)](G, l1, C, U); });
}

template <class Scalar>
void FitOfAll<Scalar>::moveH(const BlockRule<Scalar>& rule)
{
    m_pass.measure(Side::Basis, m_work.factors.W, m_W);
    m_G = m_W.gram.template cast<Scalar>();
    m_G.diagonal().array() += static_cast<Scalar>(m_work.onH.l2);
    const auto move = [&](Index first, const ConstMatrixRef<Scalar>& C, int thread) {
        rule(Side::Coefficients, m_G, static_cast<Scalar>(m_work.onH.l1), C,
             m_work.factors.Ht.middleRows(first, C.rows()), thread);
    };
    m_pass.run(Side::Coefficients, m_work.factors.W, std::cref(move), {{&m_work.factors.Ht, &m_Ht}});
}

template class FitOfAll<float>;
template class FitOfAll<double>;
template class SampleBatches<float>;
template class SampleBatches<double>;

} // namespace nmf
