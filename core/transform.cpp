#include "core/transform.h"

#include "core/algorithms/block_pivoting.h"
#include "core/error.h"
#include "core/known_entries.h"
#include "core/losses/losses.h"
#include "core/measures/certificates.h"
#include "core/projected_newton.h"
#include "core/solver_data.h"

#include <cmath>

namespace nmf
{

namespace
{

void requireBasis(const Dataset& dataset, const Matrix<double>& W)
{
    if (W.cols() < 1)
        throw Error("The basis has no component.");
    if (W.rows() != dataset.V.rows())
        throw Error("The basis has " + std::to_string(W.rows()) + " features, but " + dataset.title + " has " +
                    std::to_string(dataset.V.rows()) + (dataset.V.cols() == W.rows() ? " (and " : ", ") +
                    (dataset.V.cols() == W.rows() ? "as many samples: is it to be transposed?)"
                                                  : "they must be the same features") +
                    ".");
    if (!W.allFinite() || W.minCoeff() < 0)
        throw Error("The basis has negative, infinite or missing entries: it must be non-negative and finite.");
}

/// What belongs to one block of samples.
struct Sums
{
    double divergence = 0, price = 0, gap = 0, squaredResidual = 0, squaredNorm = 0, residual = 0;
    Index unsolved = 0;
};

/// The scratch memory of a thread.
struct Scratch
{
    explicit Scratch(Index rank) : pivoting(1, rank) {}

    BlockPivoting pivoting;
    ProjectedNewton newton;
    Vector<double> v, weights, model;         ///< of all features of a sample
    Matrix<double> rows, gram, cross, answer; ///< of the entries that the search looks at
    Vector<double> values, valueWeights, prices;
};

/// The samples' fits, V divided as in a run and the components of W of length one.
class Transformation
{
public:
    Transformation(const Dataset& dataset, const Matrix<double>& W, const Options& options)
        : m_blocks(options.threads),
          m_known(isWeighted(options, dataset) ? std::make_unique<KnownEntries>(dataset, options)
                                               : std::unique_ptr<KnownEntries>()),
          m_V(m_known ? m_known->filled(!dataset.V.isSparse()) : dataset.V, m_blocks),
          m_divergence(find(losses(), options.loss.id)->make(options.loss.values)), m_onH(options.onH), m_W(W),
          m_sizes(W.cols()), m_l1(W.cols()), m_l2(W.cols())
    {
        if (m_known)
            m_known->divide(m_V.scale());
        for (Index a = 0; a < W.cols(); ++a) {
            const double largest = W.col(a).maxCoeff();
            if (largest > 0)
                m_W.col(a) /= largest;
            const double norm = m_W.col(a).norm();
            if (norm > 0)
                m_W.col(a) /= norm;
            m_sizes(a) = largest * norm;
            // Penalties on the coefficients of the scaled problem that weigh as the given ones do.
            const double share = largest > 0 ? m_V.scale() / m_sizes(a) : 1, part = std::pow(m_V.scale(), -beta());
            m_l1(a) = m_onH.l1 == 0 ? 0 : m_onH.l1 * share * part;
            m_l2(a) = m_onH.l2 == 0 ? 0 : m_onH.l2 * share * share * part;
            // In the mean dropout is a price of ‖w_a‖²‖h_a‖², and the components have length one here.
            if (const double p = options.together.dropout; p > 0 && largest > 0)
                m_l2(a) += p / (1 - p) * std::pow(m_V.scale(), 2 - beta());
        }
        m_Wt = m_W.transpose();
        m_gram = m_Wt * m_W;
        m_columnSums = m_W.colwise().sum();
    }

    Transformed run(const std::stop_token& stop)
    {
        const Index n = m_V.cols(), k = m_W.cols();
        m_Ht.setZero(n, k);
        std::vector<Scratch> scratch;
        for (int thread = 0; thread < m_blocks.threads(); ++thread)
            scratch.emplace_back(k);
        const Partition parts{n, 16};
        std::vector<Sums> sums(static_cast<std::size_t>(parts.count()));
        m_blocks.run(parts.count(), [&](Index part, int thread) {
            for (Index j = parts.first(part); j < parts.first(part) + parts.size(part) && !stop.stop_requested(); ++j)
                solve(j, scratch[static_cast<std::size_t>(thread)], sums[static_cast<std::size_t>(part)]);
        });
        if (stop.stop_requested())
            throw Cancelled();
        return result(sums);
    }

private:
    double beta() const { return m_divergence.beta; }

    void solve(Index j, Scratch& scratch, Sums& sums)
    {
        read(j, scratch);
        Vector<double> h;
        const double residual = m_divergence.quadratic() ? leastSquares(scratch, h) : newton(scratch, h);
        m_Ht.row(j) = h;
        add(scratch, h, residual, sums);
    }

    /// The sample with its weights; what is unknown has a weight and a value of zero.
    void read(Index j, Scratch& scratch) const
    {
        if (!m_known) {
            scratch.v = m_V.columns(j, 1);
            return;
        }
        scratch.v.setZero(m_V.rows());
        const KnownLine line = m_known->line(Side::Coefficients, j);
        scratch.weights.setConstant(m_V.rows(), line.zerosKnown ? 1 : 0);
        for (const int left : line.leftOut)
            scratch.weights(left) = 0;
        for (std::size_t e = 0; e < line.size(); ++e) {
            scratch.v(line.indices[e]) = line.values[e];
            scratch.weights(line.indices[e]) = line.weight(e);
        }
    }

    double leastSquares(Scratch& scratch, Vector<double>& h) const
    {
        const bool weighted = m_known != nullptr;
        if (weighted)
            scratch.gram = m_Wt * scratch.weights.asDiagonal() * m_W;
        else
            scratch.gram = m_gram;
        scratch.gram.diagonal() += m_l2;
        scratch.prices = m_Wt * (weighted ? Vector<double>(scratch.v.cwiseProduct(scratch.weights)) : scratch.v);
        scratch.cross = (scratch.prices - m_l1).transpose();
        scratch.answer.setZero(1, m_W.cols());
        scratch.pivoting.operator()<double>(scratch.gram, 0.0, scratch.cross, scratch.answer);
        h = scratch.answer.transpose();
        return relativeSlope(scratch.gram * h + m_l1, scratch.prices, h);
    }

    /// Entries that no component reaches cost the same whatever the coefficients are; for Kullback-Leibler zeros cost
    /// the column sums of W alone.
    double newton(Scratch& scratch, Vector<double>& h) const
    {
        const bool weighted = m_known != nullptr, linear = m_divergence.kullbackLeibler();
        const Index m = m_V.rows();
        scratch.rows.resize(m_W.cols(), m);
        scratch.values.resize(m);
        scratch.valueWeights.resize(m);
        Index count = 0;
        double total = 0, entries = 0;
        for (Index i = 0; i < m; ++i) {
            const double weight = weighted ? scratch.weights(i) : 1;
            total += weight * scratch.v(i);
            entries += weight;
            if (!(weight > 0) || (linear && !(scratch.v(i) > 0)) || m_Wt.col(i).maxCoeff() == 0)
                continue;
            scratch.rows.col(count) = m_Wt.col(i);
            scratch.values(count) = scratch.v(i);
            scratch.valueWeights(count++) = weight;
        }
        scratch.prices = m_l1;
        if (linear)
            scratch.prices += weighted ? Vector<double>(m_Wt * scratch.weights) : m_columnSums;
        h.setZero(m_W.cols());
        if (!(total > 0))
            return 0;
        // The natural size of a coefficient, for components of length one.
        h.setConstant(total / entries * std::sqrt(static_cast<double>(m)) / static_cast<double>(m_W.cols()));
        return scratch.newton({m_divergence, scratch.rows.leftCols(count), scratch.values.head(count),
                               scratch.valueWeights.head(count), scratch.prices, m_l2},
                              h);
    }

    void add(Scratch& scratch, const Vector<double>& h, double residual, Sums& sums) const
    {
        scratch.model = m_W * h;
        for (Index i = 0; i < m_V.rows(); ++i) {
            const double v = scratch.v(i), x = scratch.model(i), weight = m_known ? scratch.weights(i) : 1;
            if (!(weight > 0))
                continue;
            // Where a model of zero would be infinitely far the smallest number stands for it, as in a run.
            const bool finite = beta() > 1 || v == 0;
            sums.divergence += weight * m_divergence(v, finite ? x : std::max(x, tiny<double>));
            sums.squaredResidual += weight * (v - x) * (v - x);
            sums.squaredNorm += weight * v * v;
        }
        sums.price += m_l1.dot(h) + m_l2.cwiseProduct(h).dot(h) / 2;
        const Vector<double> none;
        sums.gap += columnGap({m_divergence, m_W, scratch.v, m_known ? scratch.weights : none, m_l1, m_l2}, h);
        sums.residual = std::max(sums.residual, residual);
        sums.unsolved += residual > transformTolerance;
    }

    Transformed result(const std::vector<Sums>& parts)
    {
        Sums sums;
        for (const Sums& part : parts) {
            sums.divergence += part.divergence;
            sums.price += part.price;
            sums.gap += part.gap;
            sums.squaredResidual += part.squaredResidual;
            sums.squaredNorm += part.squaredNorm;
            sums.residual = std::max(sums.residual, part.residual);
            sums.unsolved += part.unsolved;
        }
        for (Index a = 0; a < m_W.cols(); ++a)
            if (m_sizes(a) > 0)
                m_Ht.col(a) *= m_V.scale() / m_sizes(a);
            else
                m_Ht.col(a).setZero();
        const double power = std::pow(m_V.scale(), beta());
        return {std::move(m_Ht),
                (sums.divergence + sums.price) * power,
                sums.squaredNorm > 0 ? std::sqrt(sums.squaredResidual / sums.squaredNorm) : 0,
                std::max(sums.gap, 0.0) * power,
                sums.residual,
                sums.unsolved};
    }

    Blocks m_blocks;
    std::unique_ptr<KnownEntries> m_known;
    SolverData<double> m_V;
    Divergence m_divergence;
    Penalty m_onH;
    Matrix<double> m_W, m_Wt, m_gram, m_Ht;
    Vector<double> m_sizes, m_l1, m_l2, m_columnSums;
};

} // namespace

Transformed transform(const Dataset& dataset, const Matrix<double>& W, const Options& options,
                      const std::stop_token& stop)
{
    if (options.onH.overlap != 0 || options.onH.smoothness != 0 || !options.ofH.none() || !options.lockH.none() ||
        !(options.together == JointTerms{.dropout = options.together.dropout}))
        throw Error("Coefficients are found with L1, L2 and dropout alone: leave out what else is asked of them.");
    const Loss* loss = find(losses(), options.loss.id);
    if (!loss)
        throw Error("There is no loss \"" + options.loss.id + "\": choose one of " + listOfIds(losses()) + ".");
    Options used = options;
    used.heldOut = 0;
    if (options.unstoredUnknown && !dataset.V.isSparse())
        throw Error(dataset.title + " is dense and keeps every entry: only entries that a sparse table does not keep "
                                    "can be taken for unknown; mark unknown entries of a dense one by NaN.");
    const DataFacts facts = isWeighted(used, dataset) ? factsOfKnown(dataset, used) : factsOf(dataset.V);
    requireFactorizable(dataset, facts);
    if (loss->make(options.loss.values).needsPositiveData())
        requirePositive(dataset, facts, loss->facts.name);
    requireBasis(dataset, W);
    return Transformation(dataset, W, used).run(stop);
}

} // namespace nmf
