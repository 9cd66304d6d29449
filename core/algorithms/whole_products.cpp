#include "core/algorithms/whole_products.h"

#include <algorithm>

namespace nmf
{

template <class Scalar>
WholeProducts<Scalar>::WholeProducts(const Work<Scalar>& work)
    : m_work(work), m_pass(work), m_C(std::max(work.V.rows(), work.V.cols()), work.factors.rank()),
      m_sums(static_cast<std::size_t>(std::max(partition(work.V.rows()).count(), partition(work.V.cols()).count())))
{
    m_pass.measure(Side::Basis, work.factors.W, m_W);
    form(Side::Coefficients);
    moved(Side::Coefficients);
}

template <class Scalar>
const Matrix<Scalar>& WholeProducts<Scalar>::form(Side side)
{
    const auto keep = [this](Index first, const ConstMatrixRef<Scalar>& C, int) {
        m_C.middleRows(first, C.rows()) = C;
    };
    m_formed = side;
    m_pass.run(side, side == Side::Basis ? m_work.factors.Ht : m_work.factors.W, std::cref(keep), {});
    return m_C;
}

template <class Scalar>
void WholeProducts<Scalar>::moved(Side side)
{
    m_pass.measure(side, factor(side), side == Side::Basis ? m_W : m_Ht);
    m_cross = cross(side);
}

template <class Scalar>
void WholeProducts<Scalar>::changed()
{
    for (const Side side : {Side::Basis, Side::Coefficients})
        m_pass.measure(side, factor(side), side == Side::Basis ? m_W : m_Ht);
    m_cross = cross(m_formed);
}

template <class Scalar>
double WholeProducts<Scalar>::cross(Side side)
{
    const Matrix<Scalar>& U = factor(side);
    const Partition parts = partition(U.rows());
    m_work.blocks.run(parts.count(), [&](Index part, int) {
        const Index first = parts.first(part), count = parts.size(part);
        double sum = 0;
        for (Index a = 0; a < U.cols(); ++a) {
            const auto u = U.col(a).segment(first, count);
            const auto c = m_C.col(a).segment(first, count);
            sum += u.template cast<double>().dot(c.template cast<double>());
        }
        m_sums[static_cast<std::size_t>(part)] = sum;
    });
    double sum = 0;
    for (Index part = 0; part < parts.count(); ++part)
        sum += m_sums[static_cast<std::size_t>(part)];
    return sum;
}

template class WholeProducts<float>;
template class WholeProducts<double>;

} // namespace nmf
