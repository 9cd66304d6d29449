#include "core/algorithms/algorithms.h"
#include "core/algorithms/hals_sweep.h"
#include "core/algorithms/online_divergence.h"
#include "core/algorithms/sample_batches.h"
#include "core/error.h"

#include <cmath>
#include <memory>

namespace nmf
{

namespace
{

/// Sweeps over H of a batch for each product with its data.
constexpr int sweepsOfBatch = 3;

Facts onlineFacts()
{
    return {.id = "online",
            .name = "Online",
            .summary = "Improves W after every few samples, drawn from the seed, by sums over all samples seen so far "
                       "that forget slowly. The objective may rise.",
            .source = "Mairal et al. 2010; Lefèvre, Bach & Févotte 2011; He et al. 2019",
            .parameters = {batchParameter(),
                           {.id = "forget",
                            .name = "Memory",
                            .help = "What is left of the sums after one walk over all samples.",
                            .initial = 0.7,
                            .minimum = 0,
                            .maximum = 0.999},
                           componentDropoutParameter(),
                           entryDropoutParameter()}};
}

/// Where entries are left out the model stands in for them, under which the fit to the others falls too; the penalties
/// then weigh as much less as the fit does. Where components are left out, H is solved for, and W sees, the others,
/// enlarged.
template <class Scalar>
class OnlineWalk
{
public:
    OnlineWalk(const Work<Scalar>& work, const Values& values)
        : m_work(work), m_dropout(valueOf(onlineFacts(), values, "dropout")),
          m_kept(1 - valueOf(onlineFacts(), values, "entry-dropout")),
          m_batches(work, static_cast<Index>(valueOf(onlineFacts(), values, "batch")), 1 - m_kept), m_all(work),
          m_memory(valueOf(onlineFacts(), values, "forget")),
          m_sweeps(static_cast<std::size_t>(work.blocks.threads()), HalsSweep<Scalar>(work.factors.rank()))
    {
        const Index rank = work.factors.rank();
        m_gram.setZero(rank, rank);
        m_product.setZero(work.V.rows(), rank);
        m_penalized.resize(rank, rank);
        m_batchGram.resize(rank, rank);
        for (std::vector<Matrix<Scalar>>* scratch : {&m_G, &m_right})
            scratch->assign(static_cast<std::size_t>(work.blocks.threads()),
                            Matrix<Scalar>(scratch == &m_G ? rank : samplesTogether, rank));
        m_all.walk([](Index, const auto&, int) {});
    }

    void move()
    {
        m_batches.walk(
            [&](const SampleBatch& batch, const Matrix<Scalar>& G, Index first, const auto& C, auto U, int thread) {
                improveH(batch, G, first, C, U, thread);
            },
            [&](const SampleBatch& batch, const Matrix<Scalar>& G) { remember(batch.share, G); },
            [&](const SampleBatch&, Index first, const auto& C, auto U, int thread) { improveW(first, C, U, thread); });
        m_all.sweepH();
    }

    /// With nothing left out.
    void finish() { m_all.solveH(); }

    Fit fit() const { return m_all.fit(); }
    double bestScale() const { return m_all.bestScale(); }

private:
    HalsSweep<Scalar>& sweep(int thread) { return m_sweeps[static_cast<std::size_t>(thread)]; }
    bool dropsEntries() const { return m_kept < 1; }

    void improveH(const SampleBatch& batch, const Matrix<Scalar>& G, Index first, const ConstMatrixRef<Scalar>& C,
                  MatrixRef<Scalar> U, int thread)
    {
        auto seen = m_batches.seenH().middleRows(first, U.rows());
        Matrix<Scalar>& own = m_G[static_cast<std::size_t>(thread)];
        auto right = m_right[static_cast<std::size_t>(thread)].topRows(U.rows());
        right = C;
        if (dropsEntries()) {
            // C is of the residual at the entries that are kept, enlarged.
            right *= static_cast<Scalar>(m_kept);
            right.noalias() += U * G;
        }
        const double share = 1 - m_dropout;
        own = G;
        own.diagonal().array() += static_cast<Scalar>(m_work.onH.l2 * m_kept * share * share);
        const auto l1 = static_cast<Scalar>(m_work.onH.l1 * m_kept * share);
        if (m_dropout == 0) {
            sweep(thread)(own, l1, right, U, sweepsOfBatch);
            seen = U;
            return;
        }
        dropComponents<Scalar>(m_work.seed, batch.number, first, m_dropout, seen);
        for (Index i = 0; i < U.rows(); ++i)
            sweepKept(own, l1, right, i, seen);
        U.array() = (seen.array() > 0).select(seen.array() * static_cast<Scalar>(share), U.array());
    }

    /// Coordinate descent along the components that row i does not do without, which are those above zero.
    static void sweepKept(const Matrix<Scalar>& G, Scalar l1, const ConstMatrixRef<Scalar>& C, Index i,
                          MatrixRef<Scalar> U)
    {
        for (int sweep = 0; sweep < sweepsOfBatch; ++sweep)
            for (Index a = 0; a < U.cols(); ++a)
                if (U(i, a) > 0 && G(a, a) > tiny<Scalar>) {
                    const Scalar slope = U.row(i).dot(G.col(a)) - C(i, a) + l1;
                    U(i, a) = std::max(U(i, a) - slope / G(a, a), tiny<Scalar>);
                }
    }

    void remember(double share, const Matrix<Scalar>& G)
    {
        // Of a memory of nothing 0⁰ would be left.
        m_left = static_cast<Scalar>(m_memory > 0 ? std::pow(m_memory, share) : 0.0);
        m_weight = static_cast<double>(m_left) * m_weight + share;
        m_batchGram = G;
        m_gram = m_left * m_gram + G;
        m_penalized = m_gram;
        m_penalized.diagonal().array() += static_cast<Scalar>(m_work.onW.l2 * m_kept * m_weight);
    }

    void improveW(Index first, const ConstMatrixRef<Scalar>& C, MatrixRef<Scalar> U, int thread)
    {
        auto product = m_product.middleRows(first, U.rows());
        if (dropsEntries()) {
            product = m_left * product + static_cast<Scalar>(m_kept) * C;
            product.noalias() += U * m_batchGram;
        } else {
            product = m_left * product + C;
        }
        sweep(thread)(m_penalized, static_cast<Scalar>(m_work.onW.l1 * m_kept * m_weight), product, U, 1);
    }

    Work<Scalar> m_work;
    double m_dropout; ///< the share of components that a sample does without
    double m_kept;    ///< the share of entries that are not left out
    SampleBatches<Scalar> m_batches;
    FitOfAll<Scalar> m_all;
    double m_memory;
    std::vector<HalsSweep<Scalar>> m_sweeps;  ///< by thread
    std::vector<Matrix<Scalar>> m_G, m_right; ///< by thread
    Matrix<Scalar> m_gram, m_product;         ///< HHᵀ and VHᵀ of what is remembered
    Matrix<Scalar> m_batchGram, m_penalized;
    Scalar m_left = 0;   ///< of the sums after this batch
    double m_weight = 0; ///< how many times all samples are in the sums
};

template <class Scalar>
Steps<Scalar> makeOnline(const Values& values, const Work<Scalar>& work)
{
    const double dropout = valueOf(onlineFacts(), values, "dropout");
    const double entryDropout = valueOf(onlineFacts(), values, "entry-dropout");
    if (dropout > 0 && entryDropout > 0)
        throw Error("Online updates leave out components or entries, not both: set the dropout of one of them to 0.");
    if (!work.divergence.quadratic() && dropout > 0)
        throw Error("Online updates leave out components for the Frobenius loss only, others being infinite where "
                    "nothing is left: set the dropout to 0, or leave out entries.");
    if (!work.divergence.quadratic())
        return onlineForDivergence(work, {.batch = static_cast<Index>(valueOf(onlineFacts(), values, "batch")),
                                          .memory = valueOf(onlineFacts(), values, "forget"),
                                          .entryDropout = entryDropout});
    const auto walk = std::make_shared<OnlineWalk<Scalar>>(work, values);
    return {.coefficients = {},
            .basis = [walk] { walk->move(); },
            .fit = [walk] { return walk->fit(); },
            .bestScale = [walk] { return walk->bestScale(); },
            .finish = [walk] { walk->finish(); }};
}

} // namespace

Algorithm onlineUpdates()
{
    return {.facts = onlineFacts(),
            .monotone = false,
            .usesSeed = true,
            .refuses = [](const Divergence&) { return std::string(); },
            .make = {makeOnline<float>, makeOnline<double>},
            .nature = "it meets a few samples at a time and knows the others by their sums alone"};
}

} // namespace nmf
