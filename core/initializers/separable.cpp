#include "core/algorithms/block_pivoting.h"
#include "core/initializers/initializers.h"

#include <cmath>

namespace nmf
{

namespace
{

/// The successive projection algorithm: takes the column that sticks out farthest of what is already explained, k
/// times. Columns are compared at equal sums, so that in separable data each is a mixture of the pure ones. What is
/// left of V is never stored.
template <class Scalar>
class SuccessiveProjections
{
public:
    explicit SuccessiveProjections(const StartRequest<Scalar>& request)
        : m_request(request), m_inverseSums(request.V.cols()), m_left(request.V.cols()),
          m_directions(request.V.rows(), std::min({request.rank, request.V.rows(), request.V.cols()}))
    {
        for (Index j = 0; j < m_left.size(); ++j) {
            const Vector<double> column = request.V.columns(j, 1).template cast<double>();
            m_inverseSums(j) = column.sum() > 0 ? 1 / column.sum() : 0;
            m_left(j) = column.squaredNorm() * m_inverseSums(j) * m_inverseSums(j);
        }
    }

    /// At most k columns; fewer if the others are mixtures of them.
    std::vector<Index> choose()
    {
        std::vector<Index> chosen;
        const double start = m_left.maxCoeff();
        double trusted = start;
        while (static_cast<Index>(chosen.size()) < m_directions.cols()) {
            if (m_request.stop.stop_requested())
                throw Cancelled();
            Index farthest = 0;
            // After subtracting this much the differences have lost their digits.
            if (m_left.maxCoeff(&farthest) < 1e-6 * trusted) {
                recompute(static_cast<Index>(chosen.size()));
                trusted = m_left.maxCoeff(&farthest);
            }
            const double least = std::is_same_v<Scalar, float> ? 1e-12 : 1e-24;
            if (!(m_left(farthest) > least * start))
                break;
            addDirection(farthest, static_cast<Index>(chosen.size()));
            chosen.push_back(farthest);
        }
        return chosen;
    }

private:
    Vector<double> residual(Index column, Index known) const
    {
        const auto Q = m_directions.leftCols(known);
        Vector<double> r = m_request.V.columns(column, 1).template cast<double>() * m_inverseSums(column);
        // Twice is enough.
        r -= Q * (Q.transpose() * r).eval();
        r -= Q * (Q.transpose() * r).eval();
        return r;
    }

    void addDirection(Index column, Index known)
    {
        m_directions.col(known) = residual(column, known).normalized();
        const Matrix<Scalar> q = m_directions.col(known).template cast<Scalar>();
        Matrix<Scalar> products(m_left.size(), 1);
        const Partition parts = partition(products.rows());
        m_request.blocks.run(parts.count(), [&](Index block, int) {
            m_request.V.multiply(Side::Coefficients, q, parts.first(block),
                                 products.middleRows(parts.first(block), parts.size(block)));
        });
        m_left = (m_left.array() - (products.template cast<double>().array() * m_inverseSums.array()).square()).max(0);
        m_left(column) = 0;
    }

    void recompute(Index known)
    {
        const Partition parts = partition(m_left.size());
        m_request.blocks.run(parts.count(), [&](Index block, int) {
            for (Index j = parts.first(block); j < parts.first(block) + parts.size(block); ++j)
                m_left(j) = residual(j, known).squaredNorm();
        });
    }

    const StartRequest<Scalar>& m_request;
    Vector<double> m_inverseSums, m_left; ///< of the columns: 1/Σ, and the squared norm of what is not explained yet
    Matrix<double> m_directions;          ///< orthonormal; they span the chosen columns
};

/// The best H for this W.
template <class Scalar>
Matrix<Scalar> coefficientsFor(const StartRequest<Scalar>& request, const Matrix<Scalar>& W)
{
    Matrix<Scalar> Ht = Matrix<Scalar>::Zero(request.V.cols(), W.cols());
    if (W.cols() == 0) // V is zero
        return Ht;
    const Matrix<Scalar> G = W.transpose() * W;
    const Partition parts = partition(Ht.rows());
    std::vector<BlockPivoting> solvers = pivotingForEach(request.blocks.threads(), parts.step, W.cols());
    request.blocks.run(parts.count(), [&](Index block, int thread) {
        Matrix<Scalar> C(parts.size(block), W.cols());
        request.V.multiply(Side::Coefficients, W, parts.first(block), C);
        solvers[static_cast<std::size_t>(thread)](
            G, Scalar(0), ConstMatrixRef<Scalar>(C),
            MatrixRef<Scalar>(Ht.middleRows(parts.first(block), parts.size(block))));
    });
    return Ht;
}

template <class Scalar>
Factors<Scalar> makeSeparable(const Values&, const StartRequest<Scalar>& request)
{
    const std::vector<Index> chosen = SuccessiveProjections<Scalar>(request).choose();
    Matrix<Scalar> W(request.V.rows(), static_cast<Index>(chosen.size()));
    for (Index a = 0; a < W.cols(); ++a)
        W.col(a) = request.V.columns(chosen[static_cast<std::size_t>(a)], 1);
    const Matrix<Scalar> Ht = coefficientsFor(request, W);
    return padded(request, {W.template cast<double>(), Ht.template cast<double>()});
}

} // namespace

Initializer separable()
{
    return {.facts = {.id = "spa",
                      .name = "Separable (SPA)",
                      .summary = "Each part is one sample, the purest that there are; the same every time.",
                      .source = "Araújo et al. 2001; Gillis & Vavasis 2014"},
            .usesSeed = false,
            .endsAtTheSmallerSide = true,
            .make = {makeSeparable<float>, makeSeparable<double>}};
}

} // namespace nmf
