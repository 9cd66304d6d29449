#include "core/gradient.h"

#include <algorithm>
#include <cmath>

namespace nmf
{

namespace
{

/// So many entries of a strip of V are in memory for each thread.
constexpr Index stripEntries = 1 << 18;

/// Powers of a model that is not smaller are numbers, with room for the data.
double smallestModel(const Divergence& divergence)
{
    return divergence.kullbackLeibler() ? tiny<double> : std::pow(10.0, -120 / std::max(3.0, 2 - divergence.beta));
}

/// The derivative of d(v|x) by x, x^(β−2)(x − v), of whole arrays; v is left alone, x becomes the derivative.
void differentiate(const Divergence& divergence, const Matrix<double>& v, Matrix<double>& x)
{
    x = x.cwiseMax(smallestModel(divergence));
    if (divergence.kullbackLeibler())
        x.array() = 1 - v.array() / x.array();
    else
        x.array() = x.array().pow(divergence.beta - 2) * (x.array() - v.array());
}

} // namespace

template <class Scalar>
Gradient<Scalar>::Gradient(const SolverData<Scalar>& V, const Factors<double>& factors, const Divergence& divergence,
                           const KnownEntries* known)
    : m_V(V), m_factors(factors), m_divergence(divergence), m_known(known)
{
    const auto keep = [&](Side side, const Matrix<double>& F) {
        Kept& kept = m_kept[at(side)];
        kept.gram = F.transpose() * F;
        kept.sums = F.colwise().sum();
        if (known || storedOnly())
            kept.rows = F.transpose();
    };
    keep(Side::Basis, factors.Ht);
    keep(Side::Coefficients, factors.W);
}

template <class Scalar>
Index Gradient<Scalar>::width(Side side) const
{
    return std::clamp<Index>(stripEntries / std::max<Index>(m_V.otherRowsOf(side), 1), 1, 64);
}

template <class Scalar>
Matrix<double> Gradient<Scalar>::operator()(Side side, Index first, Index count) const
{
    const bool basis = side == Side::Basis;
    const Matrix<double>& F = basis ? m_factors.Ht : m_factors.W;
    const auto U = (basis ? m_factors.W : m_factors.Ht).middleRows(first, count);
    if (m_known)
        return ofKnown(side, first, U);
    if (storedOnly())
        return ofStored(side, first, U);
    if (m_divergence.quadratic() && m_V.isSparse()) {
        Matrix<double> product(count, U.cols());
        m_V.sparse()->template multiply<double>(side, F, first, product);
        return U * m_kept[at(side)].gram - product;
    }
    const Matrix<double> V = strip(side, first, count);
    if (m_divergence.quadratic())
        return U * m_kept[at(side)].gram - V * F;
    Matrix<double> X = U * F.transpose();
    differentiate(m_divergence, V, X);
    return X * F;
}

template <class Scalar>
Matrix<double> Gradient<Scalar>::strip(Side side, Index first, Index count) const
{
    if (side == Side::Coefficients)
        return m_V.columns(first, count).transpose().template cast<double>();
    Matrix<Scalar> rows(count, m_V.cols());
    m_V.tile(first, 0, rows);
    return rows.template cast<double>();
}

/// Entries of V that are not kept are zero and have the derivative one.
template <class Scalar>
Matrix<double> Gradient<Scalar>::ofStored(Side side, Index first, const ConstMatrixRef<double>& U) const
{
    const Kept& other = m_kept[at(side)];
    Matrix<double> gradient(U.rows(), U.cols());
    Vector<double> own, sum;
    for (Index i = 0; i < U.rows(); ++i) {
        own = U.row(i);
        sum = other.sums;
        const StoredEntries<Scalar> entries = m_V.storedEntries(side, first + i);
        for (std::size_t e = 0; e < entries.size(); ++e) {
            const auto f = other.rows.col(entries.indices[e]);
            sum -= static_cast<double>(entries.value(e)) / std::max(own.dot(f), tiny<double>) * f;
        }
        gradient.row(i) = sum;
    }
    return gradient;
}

/// Entries that are not known take no part. Zeros that are not listed have the slope of their whole line, less that of
/// what is listed or left out.
template <class Scalar>
Matrix<double> Gradient<Scalar>::ofKnown(Side side, Index first, const ConstMatrixRef<double>& U) const
{
    const Kept& other = m_kept[at(side)];
    const bool quadratic = m_divergence.quadratic();
    const double least = smallestModel(m_divergence);
    Matrix<double> gradient(U.rows(), U.cols());
    Vector<double> own, sum;
    for (Index i = 0; i < U.rows(); ++i) {
        own = U.row(i);
        sum.setZero(U.cols());
        const KnownLine line = m_known->line(side, first + i);
        for (std::size_t e = 0; e < line.size(); ++e) {
            const auto f = other.rows.col(line.indices[e]);
            const double x = own.dot(f), v = line.values[e];
            const double some = std::max(x, least);
            const double slope = quadratic ? x - v : std::pow(some, m_divergence.beta - 2) * (some - v);
            sum += line.weight(e) * slope * f;
            if (line.zerosKnown)
                sum -= (quadratic ? x : 1) * f;
        }
        if (line.zerosKnown) {
            sum += quadratic ? Vector<double>(other.gram * own) : other.sums;
            for (const int left : line.leftOut) {
                const auto f = other.rows.col(left);
                sum -= (quadratic ? own.dot(f) : 1) * f;
            }
        }
        gradient.row(i) = sum;
    }
    return gradient;
}

template class Gradient<float>;
template class Gradient<double>;

} // namespace nmf
