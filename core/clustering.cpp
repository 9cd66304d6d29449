#include "core/clustering.h"

#include "core/error.h"
#include "core/random_numbers.h"

#include <cmath>

namespace nmf
{

namespace
{

/// Clusters the samples: centres drawn far apart (Arthur & Vassilvitskii 2007), then moved to the means of their own
/// until no sample changes.
template <class Scalar>
class KMeans
{
public:
    KMeans(const SolverData<Scalar>& V, Index rank, std::uint64_t seed, Nearness nearness, Blocks& blocks,
           std::stop_token stop)
        : m_V(V), m_rank(rank), m_seed(seed), m_nearness(nearness), m_blocks(blocks), m_stop(std::move(stop)),
          m_norms(V.cols()), m_sizes(Vector<double>::Ones(V.cols())), m_centres(V.rows(), rank),
          m_owner(static_cast<std::size_t>(V.cols()), 0)
    {
        for (Index j = 0; j < m_norms.size(); ++j)
            m_norms(j) = V.columns(j, 1).template cast<double>().squaredNorm();
        if (nearness == Nearness::Distance)
            return;
        for (Index j = 0; j < m_norms.size(); ++j)
            m_sizes(j) = m_norms(j) > 0 ? 1 / std::sqrt(m_norms(j)) : 0;
        m_norms = m_norms.cwiseProduct(m_sizes.cwiseAbs2()).eval();
    }

    void run(int mostRounds)
    {
        drawCentres();
        for (int round = 0; round < mostRounds && assign(); ++round)
            moveCentres();
    }

    Clusters<Scalar> result() const { return {m_centres, m_owner}; }

private:
    /// As it is compared with the centres.
    Matrix<Scalar> sample(Index j) const { return m_V.columns(j, 1) * static_cast<Scalar>(m_sizes(j)); }

    /// ‖v_j − c_a‖² in column a for these columns of centres.
    Matrix<double> distances(const Matrix<Scalar>& centres) const
    {
        if (m_stop.stop_requested())
            throw Cancelled();
        Matrix<Scalar> products(m_V.cols(), centres.cols());
        const Partition parts = partition(products.rows());
        Operand<Scalar> operand;
        m_V.prepare(centres, operand, m_blocks);
        m_blocks.run(parts.count(), [&](Index block, int) {
            m_V.multiply(Side::Coefficients, operand, parts.first(block),
                         products.middleRows(parts.first(block), parts.size(block)));
        });
        const Vector<double> sizes = centres.template cast<double>().colwise().squaredNorm();
        Matrix<double> result = m_sizes.asDiagonal() * (-2 * products.template cast<double>());
        result.colwise() += m_norms;
        result.rowwise() += sizes.transpose();
        return result.cwiseMax(0);
    }

    /// Each centre a sample, drawn in proportion to its squared distance from the centres before.
    void drawCentres()
    {
        const RandomNumbers random(m_seed, 6);
        Vector<double> weights = Vector<double>::Ones(m_norms.size());
        for (Index a = 0; a < m_rank; ++a) {
            double left = random.uniform(static_cast<std::uint64_t>(a)) * weights.sum();
            Index chosen = 0;
            while (chosen + 1 < weights.size() && left >= weights(chosen))
                left -= weights(chosen++);
            m_centres.col(a) = sample(chosen);
            const Vector<double> distance = distances(m_centres.col(a));
            weights = a == 0 ? distance : weights.cwiseMin(distance).eval();
        }
    }

    /// Gives each sample to the nearest centre; false if none changed.
    bool assign()
    {
        const Matrix<double> distance = distances(m_centres);
        bool changed = false;
        for (Index j = 0; j < distance.rows(); ++j) {
            Index nearest = 0;
            distance.row(j).minCoeff(&nearest);
            changed = changed || m_owner[static_cast<std::size_t>(j)] != nearest;
            m_owner[static_cast<std::size_t>(j)] = nearest;
        }
        return changed;
    }

    void moveCentres()
    {
        Vector<double> members = Vector<double>::Zero(m_rank);
        for (const Index owner : m_owner)
            members(owner) += 1;
        // A centre without samples stays where it is.
        for (Index a = 0; a < m_rank; ++a)
            if (members(a) > 0)
                m_centres.col(a).setZero();
        for (Index j = 0; j < m_V.cols(); ++j) {
            const Index owner = m_owner[static_cast<std::size_t>(j)];
            m_centres.col(owner) += sample(j) * static_cast<Scalar>(1 / members(owner));
        }
        for (Index a = 0; a < m_rank && m_nearness == Nearness::Angle; ++a)
            m_centres.col(a).normalize();
    }

    const SolverData<Scalar>& m_V;
    Index m_rank;
    std::uint64_t m_seed;
    Nearness m_nearness;
    Blocks& m_blocks;
    std::stop_token m_stop;
    Vector<double> m_norms; ///< ‖v_j‖², v_j as it is compared
    Vector<double> m_sizes; ///< what v_j is multiplied by for that
    Matrix<Scalar> m_centres;
    std::vector<Index> m_owner;
};

} // namespace

template <class Scalar>
Clusters<Scalar> clusterSamples(const SolverData<Scalar>& V, Index rank, std::uint64_t seed, Blocks& blocks,
                                const std::stop_token& stop, int mostRounds, Nearness nearness)
{
    KMeans<Scalar> means(V, rank, seed, nearness, blocks, stop);
    means.run(mostRounds);
    return means.result();
}

template Clusters<float> clusterSamples(const SolverData<float>&, Index, std::uint64_t, Blocks&, const std::stop_token&,
                                        int, Nearness);
template Clusters<double> clusterSamples(const SolverData<double>&, Index, std::uint64_t, Blocks&,
                                         const std::stop_token&, int, Nearness);

} // namespace nmf
