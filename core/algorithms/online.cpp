#include "core/algorithms/algorithms.h"
#include "core/algorithms/hals_sweep.h"
#include "core/algorithms/online_divergence.h"
#include "core/algorithms/sample_batches.h"

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
            .source = "Mairal et al. 2010; Lefèvre, Bach & Févotte 2011",
            .parameters = {batchParameter(),
                           {.id = "forget",
                            .name = "Memory",
                            .help = "What is left of the sums after one walk over all samples.",
                            .initial = 0.7,
                            .minimum = 0,
                            .maximum = 0.999}}};
}

template <class Scalar>
class OnlineWalk
{
public:
    OnlineWalk(const Work<Scalar>& work, const Values& values)
        : m_work(work), m_batches(work, static_cast<Index>(valueOf(onlineFacts(), values, "batch"))), m_all(work),
          m_memory(valueOf(onlineFacts(), values, "forget")),
          m_sweeps(static_cast<std::size_t>(work.blocks.threads()), HalsSweep<Scalar>(work.factors.rank()))
    {
        const Index rank = work.factors.rank();
        m_gram.setZero(rank, rank);
        m_product.setZero(work.V.rows(), rank);
        m_penalized.resize(rank, rank);
        m_G.assign(static_cast<std::size_t>(work.blocks.threads()), Matrix<Scalar>(rank, rank));
        m_all.walk([](Index, const auto&, int) {});
    }

    void move()
    {
        const Penalty& penalty = m_work.onH;
        m_batches.walk(
            [&](const auto&, const Matrix<Scalar>& G, Index first, const auto& C, auto U, int thread) {
                auto& own = m_G[static_cast<std::size_t>(thread)];
                own = G;
                own.diagonal().array() += static_cast<Scalar>(penalty.l2);
                sweep(thread)(own, static_cast<Scalar>(penalty.l1), C, U, sweepsOfBatch);
                m_batches.seenH().middleRows(first, U.rows()) = U;
            },
            [&](const auto& batch, const Matrix<Scalar>& G) { remember(batch.share, G); },
            [&](const auto&, Index first, const auto& C, auto U, int thread) { improveW(first, C, U, thread); });
        finish();
    }

    Fit fit() const { return m_all.fit(); }
    double bestScale() const { return m_all.bestScale(); }

private:
    HalsSweep<Scalar>& sweep(int thread) { return m_sweeps[static_cast<std::size_t>(thread)]; }

    void remember(double share, const Matrix<Scalar>& G)
    {
        // Of a memory of nothing 0⁰ would be left.
        m_kept = static_cast<Scalar>(m_memory > 0 ? std::pow(m_memory, share) : 0.0);
        m_weight = static_cast<double>(m_kept) * m_weight + share;
        m_gram = m_kept * m_gram + G;
        m_penalized = m_gram;
        m_penalized.diagonal().array() += static_cast<Scalar>(m_work.onW.l2 * m_weight);
    }

    void improveW(Index first, const Eigen::Ref<const Matrix<Scalar>>& C, Eigen::Ref<Matrix<Scalar>> U, int thread)
    {
        auto product = m_product.middleRows(first, U.rows());
        product = m_kept * product + C;
        sweep(thread)(m_penalized, static_cast<Scalar>(m_work.onW.l1 * m_weight), product, U, 1);
    }

    /// A sweep over all of H with the W that was reached, and the fit.
    void finish()
    {
        m_all.measureW();
        Matrix<Scalar>& G = m_G.front();
        G = m_all.gramW().template cast<Scalar>();
        G.diagonal().array() += static_cast<Scalar>(m_work.onH.l2);
        const auto l1 = static_cast<Scalar>(m_work.onH.l1);
        const auto rule = [&](Index first, const Eigen::Ref<const Matrix<Scalar>>& C, int thread) {
            sweep(thread)(G, l1, C, m_work.factors.Ht.middleRows(first, C.rows()), 1);
        };
        m_all.walk(std::cref(rule));
    }

    Work<Scalar> m_work;
    SampleBatches<Scalar> m_batches;
    FitOfAll<Scalar> m_all;
    double m_memory;
    std::vector<HalsSweep<Scalar>> m_sweeps; ///< by thread
    std::vector<Matrix<Scalar>> m_G;         ///< by thread
    Matrix<Scalar> m_gram, m_product;        ///< HHᵀ and VHᵀ of what is remembered
    Matrix<Scalar> m_penalized;
    Scalar m_kept = 0;
    double m_weight = 0; ///< how many times all samples are in the sums
};

template <class Scalar>
Steps<Scalar> makeOnline(const Values& values, const Work<Scalar>& work)
{
    if (!work.divergence.quadratic())
        return onlineForDivergence(work, static_cast<Index>(valueOf(onlineFacts(), values, "batch")),
                                   valueOf(onlineFacts(), values, "forget"));
    const auto walk = std::make_shared<OnlineWalk<Scalar>>(work, values);
    return {.coefficients = {},
            .basis = [walk] { walk->move(); },
            .fit = [walk] { return walk->fit(); },
            .bestScale = [walk] { return walk->bestScale(); }};
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
