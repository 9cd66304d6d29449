#include "core/algorithms/variance_matching.h"

#include <cmath>

namespace nmf
{

namespace
{

/// Of a row or a column of a sparse V.
template <class Scalar>
double storedVariance(const StoredEntries<Scalar>& line, double length)
{
    double sum = 0, squares = 0;
    for (std::size_t at = 0; at < line.size(); ++at)
        sum += static_cast<double>(line.value(at));
    const double mean = sum / length;
    for (std::size_t at = 0; at < line.size(); ++at)
        squares += (static_cast<double>(line.value(at)) - mean) * (static_cast<double>(line.value(at)) - mean);
    return (squares + (length - static_cast<double>(line.size())) * mean * mean) / length;
}

constexpr Index stripWidth = 64;

/// Of the rows of a dense V: once over it for the means, once for the deviations, strip by strip.
template <class Scalar>
Vector<double> denseRowVariances(const SolverData<Scalar>& V)
{
    Vector<double> mean = Vector<double>::Zero(V.rows()), squares = mean;
    const Partition strips{V.cols(), stripWidth};
    for (Index strip = 0; strip < strips.count(); ++strip)
        mean += V.columns(strips.first(strip), strips.size(strip)).template cast<double>().rowwise().sum();
    mean /= static_cast<double>(V.cols());
    for (Index strip = 0; strip < strips.count(); ++strip) {
        const Matrix<double> values = V.columns(strips.first(strip), strips.size(strip)).template cast<double>();
        squares += (values.colwise() - mean).array().square().rowwise().sum().matrix();
    }
    return squares / static_cast<double>(V.cols());
}

template <class Scalar>
Vector<double> rawVariances(const SolverData<Scalar>& V, Side side, Blocks& blocks)
{
    if (!V.isSparse() && side == Side::Basis)
        return denseRowVariances(V);
    Vector<double> result(V.rowsOf(side));
    const Partition lines{result.size(), stripWidth};
    blocks.run(lines.count(), [&](Index part, int) {
        for (Index line = lines.first(part); line < lines.first(part) + lines.size(part); ++line) {
            if (V.isSparse()) {
                result(line) = storedVariance(V.storedEntries(side, line), static_cast<double>(V.otherRowsOf(side)));
                continue;
            }
            const Vector<double> values = V.columns(line, 1).template cast<double>();
            result(line) = (values.array() - values.mean()).square().mean();
        }
    });
    return result;
}

} // namespace

template <class Scalar>
Vector<double> variances(const SolverData<Scalar>& V, Side side, Blocks& blocks)
{
    const Vector<double> raw = rawVariances(V, side, blocks);
    return (raw.array() > 1e-24 * raw.maxCoeff()).select(raw, 0);
}

double mismatch(const Vector<double>& variances, const Vector<double>& sums, bool shares)
{
    const auto counts = variances.array() > 0;
    const double allVariances = shares ? variances.sum() : 1, allSums = shares ? counts.select(sums, 0).sum() : 1;
    // With all digits where they nearly agree.
    const Divergence divergence{.beta = 1};
    double price = 0;
    for (Index row = 0; row < sums.size(); ++row) {
        const double t = variances(row) / allVariances, s = sums(row) / allSums;
        if (t > 0)
            price += divergence(t, s);
    }
    return price;
}

template <class Scalar>
VarianceMatching<Scalar>::VarianceMatching(const Work<Scalar>& work)
    // The sums of the divided factors are smaller by √c, the variances of the divided data by c².
    : m_terms(work.together), m_unit(std::pow(work.unit, -3)),
      m_variancesW(m_unit * variances(work.V, Side::Basis, work.blocks)),
      m_variancesH(m_unit * variances(work.V, Side::Coefficients, work.blocks))
{
    const Index longest = std::max(m_variancesW.size(), m_variancesH.size());
    m_sumsW.resize(m_variancesW.size());
    m_sumsH.resize(m_variancesH.size());
    m_sums.resize(longest);
    m_wanted.resize(longest);
    m_above.resize(longest);
    m_below.resize(longest);
}

template <class Scalar>
void VarianceMatching<Scalar>::begin(Side side, const Matrix<Scalar>& U)
{
    const Vector<double>& variances = side == Side::Basis ? m_variancesW : m_variancesH;
    auto sums = m_sums.head(U.rows());
    sums.setZero();
    for (Index a = 0; a < U.cols(); ++a)
        sums += U.col(a).template cast<double>();
    const double allSums = (variances.array() > 0).select(sums, 0).sum(), allVariances = variances.sum();
    m_push = (allSums > 0 ? m_terms.varianceShares / allSums : 0) + m_terms.varianceSums;
    for (Index row = 0; row < U.rows(); ++row) {
        const bool counts = variances(row) > 0 && sums(row) > 0;
        m_wanted(row) =
            variances(row) > 0 ? (m_terms.varianceShares / allVariances + m_terms.varianceSums) * variances(row) : 0;
        m_above(row) = counts ? static_cast<Scalar>(m_wanted(row) / sums(row)) : 0;
        m_below(row) = counts ? static_cast<Scalar>(m_push) : 0;
    }
}

template <class Scalar>
double VarianceMatching<Scalar>::price(const Factors<Scalar>& factors)
{
    m_sumsW.setZero();
    m_sumsH.setZero();
    for (Index a = 0; a < factors.rank(); ++a) {
        m_sumsW += factors.W.col(a).template cast<double>();
        m_sumsH += factors.Ht.col(a).template cast<double>();
    }
    double price = 0;
    for (const bool shares : {true, false})
        if (const double weight = shares ? m_terms.varianceShares : m_terms.varianceSums; weight != 0)
            price += weight * (mismatch(m_variancesW, m_sumsW, shares) + mismatch(m_variancesH, m_sumsH, shares));
    return price;
}

template <class Scalar>
std::shared_ptr<VarianceMatching<Scalar>> varianceMatching(const Work<Scalar>& work)
{
    return work.together.matchesVariances() ? std::make_shared<VarianceMatching<Scalar>>(work) : nullptr;
}

template class VarianceMatching<float>;
template class VarianceMatching<double>;
template std::shared_ptr<VarianceMatching<float>> varianceMatching(const Work<float>&);
template std::shared_ptr<VarianceMatching<double>> varianceMatching(const Work<double>&);
template Vector<double> variances(const SolverData<float>&, Side, Blocks&);
template Vector<double> variances(const SolverData<double>&, Side, Blocks&);

} // namespace nmf
