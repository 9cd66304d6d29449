#include "core/algorithms/quadratic_pass.h"

#include <memory>

namespace nmf
{

namespace
{

/// ‖V − WH‖²F formed entry by entry, a strip of columns at a time: exact where the Gram form has cancelled.
template <class Scalar>
double directSquaredResidual(const Work<Scalar>& work)
{
    const Partition strips{work.V.cols(), 64};
    std::vector<double> sums(static_cast<std::size_t>(strips.count()), 0.0);
    work.blocks.run(strips.count(), [&](Index strip, int) {
        const Index first = strips.first(strip), count = strips.size(strip);
        Matrix<Scalar> R = work.V.columns(first, count);
        R.noalias() -= work.factors.W * work.factors.Ht.middleRows(first, count).transpose();
        sums[static_cast<std::size_t>(strip)] = R.template cast<double>().squaredNorm();
    });
    double total = 0;
    for (const double sum : sums)
        total += sum;
    return total;
}

template <class Scalar>
class QuadraticAlternation
{
public:
    QuadraticAlternation(const Work<Scalar>& work, BlockRule<Scalar> rule)
        : m_work(work),
          m_rule(std::move(rule)), m_parts{partition(work.factors.Ht.rows()), partition(work.factors.W.rows())}
    {
        const Index rank = work.factors.rank();
        for (const Partition& parts : m_parts)
            m_sums.resize(std::max(m_sums.size(), static_cast<std::size_t>(parts.count())));
        for (Sums& sums : m_sums)
            sums.gram.resize(rank, rank);
        m_scratch.resize(static_cast<std::size_t>(work.blocks.threads()));
        const Index rows = std::max(m_parts[0].step, m_parts[1].step);
        for (Scratch& scratch : m_scratch) {
            scratch.product.resize(rows, rank);
            scratch.wide.resize(rows, rank);
        }
        m_gram[0] = m_gram[1] = Matrix<double>::Zero(rank, rank);
        m_narrow.resize(rank, rank);
        sumGram(Side::Basis);
        pass(Side::Coefficients, false);
    }

    void move(Side side) { pass(side, true); }

    Fit fit()
    {
        const double norm = m_work.V.squaredNorm();
        double squared = norm - 2 * m_cross + m_gram[0].cwiseProduct(m_gram[1]).sum();
        // Below this the difference has lost half of its digits (in single precision all of them).
        const double trusted = std::is_same_v<Scalar, float> ? 1e-3 : 1e-8;
        if (!(squared >= trusted * norm))
            squared = directSquaredResidual(m_work);
        return {squared / 2, squared};
    }

    double bestScale() const { return m_cross / m_gram[0].cwiseProduct(m_gram[1]).sum(); }

private:
    struct Sums
    {
        double cross = 0;
        Matrix<double> gram;
    };
    struct Scratch
    {
        Matrix<Scalar> product;
        Matrix<double> wide;
    };

    static std::size_t at(Side side) { return side == Side::Basis ? 1 : 0; }
    Matrix<Scalar>& factor(Side side) { return side == Side::Basis ? m_work.factors.W : m_work.factors.Ht; }

    /// G of the moved factor's rows in one block, in double whatever the factors are.
    void sumBlock(const Eigen::Ref<const Matrix<Scalar>>& U, Scratch& scratch, Matrix<double>& gram)
    {
        auto wide = scratch.wide.topRows(U.rows());
        wide = U.template cast<double>();
        gram.noalias() = wide.transpose() * wide;
    }

    void addUp(Side side)
    {
        Matrix<double>& gram = m_gram[at(side)];
        gram.setZero();
        for (Index block = 0; block < m_parts[at(side)].count(); ++block)
            gram += m_sums[static_cast<std::size_t>(block)].gram;
    }

    void sumGram(Side side)
    {
        const Partition& parts = m_parts[at(side)];
        m_work.blocks.run(parts.count(), [&](Index block, int thread) {
            sumBlock(factor(side).middleRows(parts.first(block), parts.size(block)),
                     m_scratch[static_cast<std::size_t>(thread)], m_sums[static_cast<std::size_t>(block)].gram);
        });
        addUp(side);
    }

    void pass(Side side, bool moving)
    {
        const Side other = side == Side::Basis ? Side::Coefficients : Side::Basis;
        Matrix<Scalar>& factorU = factor(side);
        const Matrix<Scalar>& F = factor(other);
        m_narrow = m_gram[at(other)].template cast<Scalar>();
        const Partition& parts = m_parts[at(side)];
        m_work.blocks.run(parts.count(), [&](Index block, int thread) {
            Scratch& scratch = m_scratch[static_cast<std::size_t>(thread)];
            Sums& sums = m_sums[static_cast<std::size_t>(block)];
            auto U = factorU.middleRows(parts.first(block), parts.size(block));
            auto C = scratch.product.topRows(U.rows());
            m_work.V.multiply(side, F, parts.first(block), C);
            if (moving)
                m_rule(m_narrow, C, U, thread);
            sums.cross = C.template cast<double>().cwiseProduct(U.template cast<double>()).sum();
            sumBlock(U, scratch, sums.gram);
        });
        addUp(side);
        m_cross = 0;
        for (Index block = 0; block < parts.count(); ++block)
            m_cross += m_sums[static_cast<std::size_t>(block)].cross;
    }

    Work<Scalar> m_work;
    BlockRule<Scalar> m_rule;
    std::array<Partition, 2> m_parts; ///< of H, of W
    std::vector<Sums> m_sums;         ///< one for each block
    std::vector<Scratch> m_scratch;   ///< one for each thread
    std::array<Matrix<double>, 2> m_gram;
    Matrix<Scalar> m_narrow;
    double m_cross = 0;
};

} // namespace

template <class Scalar>
Steps<Scalar> alternateQuadratic(const Work<Scalar>& work, BlockRule<Scalar> rule)
{
    const auto alternation = std::make_shared<QuadraticAlternation<Scalar>>(work, std::move(rule));
    return {.coefficients = [alternation] { alternation->move(Side::Coefficients); },
            .basis = [alternation] { alternation->move(Side::Basis); },
            .fit = [alternation] { return alternation->fit(); },
            .bestScale = [alternation] { return alternation->bestScale(); }};
}

template Steps<float> alternateQuadratic(const Work<float>&, BlockRule<float>);
template Steps<double> alternateQuadratic(const Work<double>&, BlockRule<double>);

} // namespace nmf
