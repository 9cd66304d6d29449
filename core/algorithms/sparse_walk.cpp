#include "core/algorithms/sparse_walk.h"

#include "core/lanes.h"

#include <algorithm>
#include <type_traits>

namespace nmf
{

namespace
{

/// How many entries ahead a row of a factor is fetched.
constexpr std::size_t ahead = 8;

template <class Scalar>
void fetch(const InterleavedFactor<Scalar>& F, const StoredEntries<Scalar>& entries, std::size_t at)
{
    const Scalar* row = F.row(entries.indices[std::min(at + ahead, entries.size() - 1)]);
    for (Index lane = 0; lane < F.lanes(); ++lane)
        __builtin_prefetch(row + lane * Lanes<Scalar>::count);
}

} // namespace

template <class Scalar>
SparseWalk<Scalar>::SparseWalk(const Work<Scalar>& work)
    : m_V(work.V), m_blocks(work.blocks), m_arithmetic(work.divergence),
      m_scratch(static_cast<std::size_t>(work.blocks.threads())),
      m_parts(static_cast<std::size_t>(std::max(partition(work.V.rows()).count(), partition(work.V.cols()).count())))
{
    for (Scratch& scratch : m_scratch) {
        scratch.values.resize(work.V.longestLine());
        scratch.model.resize(scratch.values.size());
    }
    for (const Matrix<Scalar>* factor : {&work.factors.W, &work.factors.Ht})
        m_others.assign(*factor, m_blocks);
    for (Scratch& scratch : m_scratch)
        scratch.row = Vector<Scalar>::Zero(m_others.lanes() * Lanes<Scalar>::count);
    m_gramW.resize(work.factors.rank(), work.factors.rank());
    m_gramH = m_gramW;
}

template <class Scalar>
void SparseWalk<Scalar>::run(Side side, const Matrix<Scalar>& W, const Matrix<Scalar>& Ht, Matrix<Scalar>* numerator,
                             Fit* fit)
{
    const bool basis = side == Side::Basis;
    m_others.assign(basis ? Ht : W, m_blocks);
    const Partition parts = partition(m_V.rowsOf(side));
    m_blocks.run(parts.count(), [&](Index block, int thread) {
        Part part;
        for (Index line = parts.first(block); line < parts.first(block) + parts.size(block); ++line)
            walkLine(side, line, basis ? W : Ht, m_scratch[static_cast<std::size_t>(thread)], fit ? &part : nullptr,
                     numerator);
        m_parts[static_cast<std::size_t>(block)] = part;
    });
    if (fit)
        *fit = wholeFit(W, Ht, parts.count());
}

template <class Scalar>
void SparseWalk<Scalar>::walkLine(Side side, Index line, const Matrix<Scalar>& U, Scratch& scratch, Part* part,
                                  Matrix<Scalar>* numerator) const
{
    const StoredEntries<Scalar> entries = m_V.storedEntries(side, line);
    const auto count = static_cast<Index>(entries.size());
    scratch.row.head(U.cols()) = U.row(line).transpose();
    formModel(entries, scratch);
    const Scalar* values = scratch.values.data();
    Scalar* model = scratch.model.data();
    if (part) {
        const auto known = scratch.model.head(count).template cast<double>();
        part->sum += known.sum();
        part->squaredSum += known.squaredNorm();
        const TileFit here = m_arithmetic.ratiosAndFit(values, model, nullptr, count);
        part->fit.divergence += here.divergence;
        part->fit.squaredResidual += here.squaredResidual;
    } else {
        m_arithmetic.ratios(values, model, nullptr, count);
    }
    if (numerator)
        addRows(entries, model, line, *numerator);
}

/// What the entries that are not stored add: their model, and its square.
template <class Scalar>
Fit SparseWalk<Scalar>::wholeFit(const Matrix<Scalar>& W, const Matrix<Scalar>& Ht, Index parts)
{
    Fit fit;
    double sum = 0, squaredSum = 0;
    for (Index a = 0; a < W.cols(); ++a)
        sum += W.col(a).template cast<double>().sum() * Ht.col(a).template cast<double>().sum();
    if constexpr (std::is_same_v<Scalar, double>) {
        m_gramW.noalias() = W.transpose() * W;
        m_gramH.noalias() = Ht.transpose() * Ht;
        squaredSum = m_gramW.cwiseProduct(m_gramH).sum();
    } else {
        // In double: what the stored entries explain is taken away from this, and little is left.
        const auto inner = [](const Matrix<Scalar>& U, Index a, Index b) {
            return U.col(a).template cast<double>().dot(U.col(b).template cast<double>());
        };
        for (Index a = 0; a < W.cols(); ++a)
            for (Index b = 0; b <= a; ++b)
                squaredSum += (a == b ? 1 : 2) * inner(W, a, b) * inner(Ht, a, b);
    }
    for (Index block = 0; block < parts; ++block) {
        const Part& part = m_parts[static_cast<std::size_t>(block)];
        fit.objective += part.fit.divergence;
        fit.squaredResidual += part.fit.squaredResidual;
        sum -= part.sum;
        squaredSum -= part.squaredSum;
    }
    fit.objective += std::max(0.0, sum);
    fit.squaredResidual += std::max(0.0, squaredSum);
    return fit;
}

template <class Scalar>
void SparseWalk<Scalar>::formModel(const StoredEntries<Scalar>& entries, Scratch& scratch) const
{
    using Vector = typename Lanes<Scalar>::Type;
    constexpr Index width = Lanes<Scalar>::count;
    const Scalar* row = scratch.row.data();
    for (std::size_t at = 0; at < entries.size(); ++at) {
        fetch(m_others, entries, at);
        const Scalar* other = m_others.row(entries.indices[at]);
        Vector products = {};
        for (Index lane = 0; lane < m_others.lanes(); ++lane)
            products += *reinterpret_cast<const Vector*>(row + lane * width) *
                        *reinterpret_cast<const Vector*>(other + lane * width);
        Scalar sum = 0;
        for (Index lane = 0; lane < width; ++lane)
            sum += products[lane];
        scratch.model(static_cast<Index>(at)) = sum;
        scratch.values(static_cast<Index>(at)) = entries.value(at);
    }
}

template <class Scalar>
void SparseWalk<Scalar>::addRows(const StoredEntries<Scalar>& entries, const Scalar* ratios, Index line,
                                 Matrix<Scalar>& numerator) const
{
    using Vector = typename Lanes<Scalar>::Type;
    constexpr Index width = Lanes<Scalar>::count;
    for (Index first = 0; first < numerator.cols(); first += width) {
        Vector total = {};
        for (std::size_t at = 0; at < entries.size(); ++at)
            total += ratios[at] * *reinterpret_cast<const Vector*>(m_others.row(entries.indices[at]) + first);
        for (Index a = first; a < std::min(numerator.cols(), first + width); ++a)
            numerator(line, a) = total[a - first];
    }
}

template class SparseWalk<float>;
template class SparseWalk<double>;

} // namespace nmf
