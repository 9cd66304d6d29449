#include "core/algorithms/trace_bound.h"

#include "core/algorithms/multiplier.h"
#include "core/algorithms/whole_products.h"

#include <algorithm>
#include <cmath>
#include <memory>
#include <utility>

namespace nmf
{

namespace
{

template <class Scalar>
class TraceBounded
{
public:
    TraceBounded(const Work<Scalar>& work, BlockRule<Scalar> rule)
        : m_work(work), m_rule(std::move(rule)), m_bound(work.together.traceBound),
          m_diagonal(std::min(work.V.rows(), work.V.cols())), m_products(keepingBound()),
          m_G(work.factors.rank(), work.factors.rank())
    {
        const Index rank = work.factors.rank();
        m_start.resize(std::max(work.V.rows(), work.V.cols()), rank);
        m_shifted.assign(static_cast<std::size_t>(work.blocks.threads()),
                         Matrix<Scalar>(std::max(partition(work.V.rows()).step, partition(work.V.cols()).step), rank));
    }

    void move(Side side)
    {
        Matrix<Scalar>& U = factor(side);
        m_C = &m_products.form(side);
        setGram(m_work, side, m_products.gram(side), m_G);
        m_start.topRows(U.rows()) = U;
        double& multiplier = side == Side::Basis ? m_multiplierW : m_multiplierH;
        multiplier = keepBound(side, U, multiplier);
        m_products.moved(side);
    }

    Fit fit() const { return m_products.fit(); }
    double bestScale() const { return m_products.bestScale(); }

private:
    Matrix<Scalar>& factor(Side side) { return side == Side::Basis ? m_work.factors.W : m_work.factors.Ht; }
    const Matrix<Scalar>& other(Side side) const { return side == Side::Basis ? m_work.factors.Ht : m_work.factors.W; }
    /// The same work, its start scaled down to the bound.
    const Work<Scalar>& keepingBound()
    {
        scaleDownToBound(m_work.factors, m_bound);
        return m_work;
    }

    /// Moves U from the start by the rule under this multiplier; the trace then. Rows beyond the diagonal do not depend
    /// on it: they are moved if `all`.
    double moved(Side side, Matrix<Scalar>& U, double multiplier, bool all)
    {
        const Matrix<Scalar>& F = other(side);
        const auto l1 = static_cast<Scalar>(m_work.penalty(side).l1);
        const Partition parts = partition(U.rows());
        m_work.blocks.run(parts.count(), [&](Index part, int thread) {
            const Index first = parts.first(part), count = parts.size(part);
            const Index shifted = std::clamp<Index>(m_diagonal - first, 0, count);
            if (shifted == 0 && !all)
                return;
            auto C = m_shifted[static_cast<std::size_t>(thread)].topRows(count);
            C = m_C->middleRows(first, count);
            C.topRows(shifted) -= static_cast<Scalar>(multiplier) * F.middleRows(first, shifted);
            auto rows = U.middleRows(first, count);
            rows = m_start.middleRows(first, count);
            m_rule(side, m_G, l1, ConstMatrixRef<Scalar>(C), MatrixRef<Scalar>(rows), thread);
        });
        return diagonalSum<Scalar>(U, F);
    }

    /// Ends on the side that keeps the bound.
    double keepBound(Side side, Matrix<Scalar>& U, double guess)
    {
        bool all = true;
        return smallestMultiplier(
            [&](double multiplier) { return moved(side, U, multiplier, std::exchange(all, false)) - m_bound; }, guess,
            boundSlack<Scalar> * m_bound);
    }

    Work<Scalar> m_work;
    BlockRule<Scalar> m_rule;
    double m_bound;
    Index m_diagonal; ///< how many rows of each factor have a share in the trace
    WholeProducts<Scalar> m_products;
    const Matrix<Scalar>* m_C = nullptr; ///< of the side that is moved
    Matrix<Scalar> m_G, m_start;
    std::vector<Matrix<Scalar>> m_shifted; ///< by thread
    double m_multiplierW = 0, m_multiplierH = 0;
};

} // namespace

template <class Scalar>
Steps<Scalar> boundTrace(const Work<Scalar>& work, BlockRule<Scalar> rule)
{
    const auto bounded = std::make_shared<TraceBounded<Scalar>>(work, std::move(rule));
    return {.coefficients = [bounded] { bounded->move(Side::Coefficients); },
            .basis = [bounded] { bounded->move(Side::Basis); },
            .fit = [bounded] { return bounded->fit(); },
            .bestScale = [bounded] { return bounded->bestScale(); }};
}

template Steps<float> boundTrace(const Work<float>&, BlockRule<float>);
template Steps<double> boundTrace(const Work<double>&, BlockRule<double>);

} // namespace nmf
