#include "core/algorithms/divergence_pass.h"

#include <cmath>
#include <utility>

namespace nmf
{

namespace
{

/// A few groups, however long the side: each keeps sums for the whole of the other side.
Partition groupsOf(Index rows)
{
    const Partition finest = partition(rows);
    const Index count = std::min<Index>(finest.count(), 16);
    const Index step = (rows + std::max<Index>(count, 1) - 1) / std::max<Index>(count, 1);
    return {rows, std::max<Index>(8, (step + 7) / 8 * 8)};
}

/// At most this many rows of the longer side, and of the shorter one, in a tile: the model and the data of a tile stay
/// in the second cache.
constexpr Index alongGroup = 96, acrossGroup = 192;

} // namespace

template <class Scalar>
DivergencePass<Scalar>::DivergencePass(const Work<Scalar>& work, bool withSums)
    : m_V(work.V), m_blocks(work.blocks), m_onW(work.onW), m_onH(work.onH), m_arithmetic(work.divergence),
      m_split(work.V.rows() > work.V.cols() ? Side::Basis : Side::Coefficients),
      m_groups(groupsOf(std::max(work.V.rows(), work.V.cols()))),
      m_tileRows(m_split == Side::Basis ? alongGroup : acrossGroup),
      m_tileColumns(m_split == Side::Basis ? acrossGroup : alongGroup)
{
    const Index rank = work.factors.rank();
    for (const Side side : {Side::Coefficients, Side::Basis})
        reserve(m_sides[at(side)], withSums ? m_V.rowsOf(side) : 0, rank);
    if (m_V.isSparse() && work.divergence.kullbackLeibler()) {
        m_sparse.emplace(work);
        return;
    }
    m_shares.resize(static_cast<std::size_t>(m_groups.count()));
    m_fits.resize(m_shares.size());
    m_scratch.resize(static_cast<std::size_t>(work.blocks.threads()));
    for (Sums& share : m_shares)
        reserve(share, withSums ? m_V.otherRowsOf(m_split) : 0, rank);
    for (Scratch& scratch : m_scratch) {
        scratch.data.resize(alongGroup * acrossGroup);
        scratch.model.resize(alongGroup * acrossGroup);
        scratch.weights.resize(hasDenominators() ? alongGroup * acrossGroup : 0);
    }
}

template <class Scalar>
void DivergencePass<Scalar>::reserve(Sums& sums, Index rows, Index rank) const
{
    sums.numerator.resize(rows, rank);
    sums.denominator.resize(hasDenominators() ? rows : 0, rank);
}

template <class Scalar>
void DivergencePass<Scalar>::run(const Matrix<Scalar>& W, const Matrix<Scalar>& Ht, const Wanted& wanted)
{
    if (m_sparse) {
        walkSparse(W, Ht, wanted);
        return;
    }
    m_blocks.run(m_groups.count(), [&](Index group, int thread) {
        walkGroup(group, m_scratch[static_cast<std::size_t>(thread)], W, Ht, wanted);
    });
    if (isWanted(m_split == Side::Basis ? Side::Coefficients : Side::Basis, wanted))
        addGroups();
    if (!wanted.fit)
        return;
    m_fit = {};
    for (const TileFit& part : m_fits) {
        m_fit.objective += part.divergence;
        m_fit.squaredResidual += part.squaredResidual;
    }
    m_fit.objective += priceOf(m_onW, W) + priceOf(m_onH, Ht);
}

template <class Scalar>
void DivergencePass<Scalar>::walkSparse(const Matrix<Scalar>& W, const Matrix<Scalar>& Ht, const Wanted& wanted)
{
    Fit* fit = wanted.fit ? &m_fit : nullptr;
    for (const Side side : {Side::Coefficients, Side::Basis})
        if (isWanted(side, wanted))
            m_sparse->run(side, W, Ht, &m_sides[at(side)].numerator, std::exchange(fit, nullptr));
    if (fit)
        m_sparse->run(Side::Coefficients, W, Ht, nullptr, fit);
    if (wanted.fit)
        m_fit.objective += priceOf(m_onW, W) + priceOf(m_onH, Ht);
}

template <class Scalar>
void DivergencePass<Scalar>::walkGroup(Index group, Scratch& scratch, const Matrix<Scalar>& W, const Matrix<Scalar>& Ht,
                                       const Wanted& wanted)
{
    const bool byRows = m_split == Side::Basis;
    const Index first = m_groups.first(group), end = first + m_groups.size(group);
    const auto index = static_cast<std::size_t>(group);
    Sums& basis = byRows ? m_sides[at(Side::Basis)] : m_shares[index];
    Sums& coefficients = byRows ? m_shares[index] : m_sides[at(Side::Coefficients)];
    const auto clear = [](Matrix<Scalar>& sums, Index from, Index count) {
        if (sums.rows() > 0)
            sums.middleRows(from, count).setZero();
    };
    for (Matrix<Scalar> Sums::*sums : {&Sums::numerator, &Sums::denominator}) {
        clear(m_sides[at(m_split)].*sums, first, end - first);
        clear(m_shares[index].*sums, 0, m_V.otherRowsOf(m_split));
    }
    const Index rowBegin = byRows ? first : 0, rowEnd = byRows ? end : m_V.rows();
    const Index columnBegin = byRows ? 0 : first, columnEnd = byRows ? m_V.cols() : end;
    TileFit fit;
    for (Index column = columnBegin; column < columnEnd; column += m_tileColumns)
        for (Index row = rowBegin; row < rowEnd; row += m_tileRows)
            walkTile(row, std::min(m_tileRows, rowEnd - row), column, std::min(m_tileColumns, columnEnd - column),
                     scratch, W, Ht, wanted, basis, coefficients, fit);
    m_fits[index] = fit;
}

template <class Scalar>
void DivergencePass<Scalar>::walkTile(Index row, Index rows, Index column, Index columns, Scratch& scratch,
                                      const Matrix<Scalar>& W, const Matrix<Scalar>& Ht, const Wanted& wanted,
                                      Sums& basis, Sums& coefficients, TileFit& fit) const
{
    const auto tileOf = [&](Vector<Scalar>& memory) {
        return Eigen::Map<Matrix<Scalar>>(memory.data(), rows, columns);
    };
    auto data = tileOf(scratch.data), model = tileOf(scratch.model), weights = tileOf(scratch.weights);
    const auto w = W.middleRows(row, rows), h = Ht.middleRows(column, columns);
    m_V.tile(row, column, data);
    model.noalias() = w * h.transpose();
    if (wanted.fit) {
        const TileFit here = m_arithmetic.ratiosAndFit(data.data(), model.data(), weights.data(), data.size());
        fit.divergence += here.divergence;
        fit.squaredResidual += here.squaredResidual;
    } else {
        m_arithmetic.ratios(data.data(), model.data(), weights.data(), data.size());
    }
    if (wanted.coefficients)
        coefficients.numerator.middleRows(column, columns).noalias() += model.transpose() * w;
    if (wanted.basis)
        basis.numerator.middleRows(row, rows).noalias() += model * h;
    if (!hasDenominators())
        return;
    if (wanted.coefficients)
        coefficients.denominator.middleRows(column, columns).noalias() += weights.transpose() * w;
    if (wanted.basis)
        basis.denominator.middleRows(row, rows).noalias() += weights * h;
}

template <class Scalar>
void DivergencePass<Scalar>::addGroups()
{
    Sums& total = m_sides[1 - at(m_split)];
    const Partition parts = partition(m_V.otherRowsOf(m_split));
    m_blocks.run(parts.count(), [&](Index part, int) {
        for (Matrix<Scalar> Sums::*sums : {&Sums::numerator, &Sums::denominator}) {
            if ((total.*sums).rows() == 0)
                continue;
            auto rows = (total.*sums).middleRows(parts.first(part), parts.size(part));
            rows.setZero();
            for (const Sums& share : m_shares)
                rows += (share.*sums).middleRows(parts.first(part), parts.size(part));
        }
    });
}

template <class Scalar>
double bestScaleOf(const DivergencePass<Scalar>& pass, const Factors<Scalar>& factors)
{
    const auto sumOf = [](const auto& products) { return products.template cast<double>().sum(); };
    const double above = sumOf(factors.Ht.cwiseProduct(pass.numerator(Side::Coefficients)));
    if (pass.hasDenominators())
        return above / sumOf(factors.Ht.cwiseProduct(pass.denominator(Side::Coefficients)));
    return above / sumOfModel(factors);
}

template <class Scalar>
Scalar smallestEntry(const Work<Scalar>& work)
{
    return static_cast<Scalar>(1e-16 *
                               std::sqrt(work.V.mean() / static_cast<double>(std::max<Index>(work.factors.rank(), 1))));
}

template class DivergencePass<float>;
template class DivergencePass<double>;
template double bestScaleOf(const DivergencePass<float>&, const Factors<float>&);
template double bestScaleOf(const DivergencePass<double>&, const Factors<double>&);
template float smallestEntry(const Work<float>&);
template double smallestEntry(const Work<double>&);

} // namespace nmf
