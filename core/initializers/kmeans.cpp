#include "core/initializers/initializers.h"
#include "core/random_numbers.h"

namespace nmf
{

namespace
{

constexpr int mostRounds = 30;

/// Clusters the samples: centres drawn far apart (Arthur & Vassilvitskii 2007), then moved to the means of their own
/// until no sample changes.
template <class Scalar>
class KMeans
{
public:
    explicit KMeans(const StartRequest<Scalar>& request)
        : m_request(request), m_norms(request.V.cols()), m_centres(request.V.rows(), request.rank),
          m_owner(static_cast<std::size_t>(request.V.cols()), 0)
    {
        for (Index j = 0; j < m_norms.size(); ++j)
            m_norms(j) = request.V.columns(j, 1).template cast<double>().squaredNorm();
    }

    void run()
    {
        drawCentres();
        for (int round = 0; round < mostRounds && assign(); ++round)
            moveCentres();
    }

    /// W the centres, H one for the own cluster and a little for the others.
    Factors<Scalar> factors() const
    {
        Matrix<Scalar> Ht = Matrix<Scalar>::Constant(m_request.V.cols(), m_request.rank, Scalar(0.2));
        for (Index j = 0; j < Ht.rows(); ++j)
            Ht(j, m_owner[static_cast<std::size_t>(j)]) += 1;
        return {m_centres, Ht};
    }

private:
    /// ‖v_j − c_a‖² in column a for these columns of centres.
    Matrix<double> distances(const Matrix<Scalar>& centres) const
    {
        if (m_request.stop.stop_requested())
            throw Cancelled();
        Matrix<Scalar> products(m_request.V.cols(), centres.cols());
        const Partition parts = partition(products.rows());
        Operand<Scalar> operand;
        m_request.V.prepare(centres, operand, m_request.blocks);
        m_request.blocks.run(parts.count(), [&](Index block, int) {
            m_request.V.multiply(Side::Coefficients, operand, parts.first(block),
                                 products.middleRows(parts.first(block), parts.size(block)));
        });
        const Vector<double> sizes = centres.template cast<double>().colwise().squaredNorm();
        Matrix<double> result = -2 * products.template cast<double>();
        result.colwise() += m_norms;
        result.rowwise() += sizes.transpose();
        return result.cwiseMax(0);
    }

    /// Each centre a sample, drawn in proportion to its squared distance from the centres before.
    void drawCentres()
    {
        const RandomNumbers random(m_request.seed, 6);
        Vector<double> weights = Vector<double>::Ones(m_norms.size());
        for (Index a = 0; a < m_request.rank; ++a) {
            double left = random.uniform(static_cast<std::uint64_t>(a)) * weights.sum();
            Index chosen = 0;
            while (chosen + 1 < weights.size() && left >= weights(chosen))
                left -= weights(chosen++);
            m_centres.col(a) = m_request.V.columns(chosen, 1);
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
        Vector<double> members = Vector<double>::Zero(m_request.rank);
        for (const Index owner : m_owner)
            members(owner) += 1;
        // A centre without samples stays where it is.
        for (Index a = 0; a < m_request.rank; ++a)
            if (members(a) > 0)
                m_centres.col(a).setZero();
        for (Index j = 0; j < m_request.V.cols(); ++j) {
            const Index owner = m_owner[static_cast<std::size_t>(j)];
            m_centres.col(owner) += m_request.V.columns(j, 1) * static_cast<Scalar>(1 / members(owner));
        }
    }

    const StartRequest<Scalar>& m_request;
    Vector<double> m_norms; ///< ‖v_j‖²
    Matrix<Scalar> m_centres;
    std::vector<Index> m_owner;
};

template <class Scalar>
Factors<Scalar> makeKMeans(const Values&, const StartRequest<Scalar>& request)
{
    KMeans<Scalar> clusters(request);
    clusters.run();
    return clusters.factors();
}

} // namespace

Initializer kMeans()
{
    return {.facts = {.id = "kmeans",
                      .name = "k-means",
                      .summary = "Each part is the mean of a cluster of samples, from the seed.",
                      .source = "Arthur & Vassilvitskii 2007"},
            .usesSeed = true,
            .make = {makeKMeans<float>, makeKMeans<double>}};
}

} // namespace nmf
