#include "core/algorithms/weighted_fit.h"

#include "core/algorithms/divergence_pass.h"

#include <cmath>

namespace nmf
{

namespace
{

/// Lines at a time: few, for they may be of very different lengths.
constexpr Index linesAtOnce = 8;
/// As in the other passes a model of zero stands for the smallest that they tell from it.
constexpr double smallest = 1e-30;

/// Σ_{a<b} u_aᵀu_b
template <class Scalar>
double overlapOf(const Matrix<Scalar>& U)
{
    double sum = 0;
    for (Index b = 1; b < U.cols(); ++b)
        for (Index a = 0; a < b; ++a)
            sum += U.col(a).template cast<double>().dot(U.col(b).template cast<double>());
    return sum;
}

} // namespace

template <class Scalar>
WeightedFit<Scalar>::WeightedFit(const Work<Scalar>& work)
    : m_work(work), m_parts{work.known->lines(Side::Coefficients), linesAtOnce},
      m_sums(static_cast<std::size_t>(m_parts.count())), m_lines(work.factors.rank(), work.blocks.threads()),
      m_bends(work.factors.rank(), work.blocks.threads())
{
}

/// Calls column(sums of the block, line, u, uᵀGu) for every column, G being that of all rows of W where that is needed.
template <class Scalar>
template <class Column>
typename WeightedFit<Scalar>::Sums WeightedFit<Scalar>::overColumns(const HeldFactor& W, const Column& column)
{
    m_work.blocks.run(m_parts.count(), [&](Index part, int thread) {
        Sums& sums = m_sums[static_cast<std::size_t>(part)];
        sums = {};
        auto u = m_lines.col(thread);
        auto bent = m_bends.col(thread);
        for (Index j = m_parts.first(part); j < m_parts.first(part) + m_parts.size(part); ++j) {
            const KnownLine line = m_work.known->line(Side::Coefficients, j);
            u = m_work.factors.Ht.row(j).template cast<double>();
            if (line.zerosKnown)
                bent.noalias() = W.gram * u;
            column(sums, line, u, line.zerosKnown ? u.dot(bent) : 0);
        }
    });
    Sums total;
    for (const Sums& sums : m_sums) {
        total.first += sums.first;
        total.second += sums.second;
        total.dropped += sums.dropped;
    }
    return total;
}

/// The divergence and the squared residual. Zeros that are not listed have those of their whole line, less what others
/// there would have in their place.
template <class Scalar>
void WeightedFit<Scalar>::add(const KnownLine& line, const HeldFactor& W, const Eigen::Ref<const Vector<double>>& u,
                              double bend, Sums& sums) const
{
    const Divergence& divergence = m_work.divergence;
    Sums own;
    for (std::size_t i = 0; i < line.size(); ++i) {
        const double v = line.values[i], x = W.rows.col(line.indices[i]).dot(u), weight = line.weight(i);
        own.second += weight * (v - x) * (v - x);
        if (!divergence.quadratic())
            own.first += weight * divergence(v, std::max(x, smallest));
        if (line.zerosKnown) {
            own.second -= x * x;
            own.first -= x;
        }
    }
    if (line.zerosKnown) {
        own.second += bend;
        own.first += W.sums.dot(u);
        for (const int i : line.leftOut) {
            const double x = W.rows.col(i).dot(u);
            own.second -= x * x;
            own.first -= x;
        }
    }
    sums.first += own.first;
    sums.second += own.second;
    if (m_work.together.dropout != 0)
        addDropped(line, W, u, sums);
}

/// Σ ω Σ_a w_a²h_a²: what leaving out components at random costs.
template <class Scalar>
void WeightedFit<Scalar>::addDropped(const KnownLine& line, const HeldFactor& W,
                                     const Eigen::Ref<const Vector<double>>& u, Sums& sums) const
{
    const auto squares = [&](int i) { return (W.rows.col(i).array() * u.array()).square().sum(); };
    if (!line.zerosKnown) {
        for (std::size_t i = 0; i < line.size(); ++i)
            sums.dropped += line.weight(i) * squares(line.indices[i]);
        return;
    }
    sums.dropped += (W.gram.diagonal().array() * u.array().square()).sum();
    for (const int i : line.leftOut)
        sums.dropped -= squares(i);
}

template <class Scalar>
double WeightedFit<Scalar>::price() const
{
    double price = 0;
    for (const Side side : {Side::Basis, Side::Coefficients}) {
        const Matrix<Scalar>& U = side == Side::Basis ? m_work.factors.W : m_work.factors.Ht;
        const Penalty& penalty = m_work.penalty(side);
        price += priceOf(penalty, U);
        if (penalty.overlap != 0)
            price += penalty.overlap * overlapOf(U);
        if (penalty.smoothness != 0)
            price += penalty.smoothness * roughness(m_work.grid(side), U);
    }
    return price;
}

template <class Scalar>
Fit WeightedFit<Scalar>::fit(const HeldFactor& W)
{
    const Sums sums = overColumns(
        W, [&](Sums& block, const KnownLine& line, const auto& u, double bend) { add(line, W, u, bend, block); });
    const double squared = std::max(sums.second, 0.0), share = m_work.together.dropout;
    const double dropped = share == 0 ? 0 : share / (1 - share) * sums.dropped / 2;
    return {(m_work.divergence.quadratic() ? squared / 2 : sums.first) + dropped + price(), squared};
}

template <class Scalar>
double WeightedFit<Scalar>::bestScale(const HeldFactor& W)
{
    const double beta = m_work.divergence.beta;
    const Sums sums = overColumns(W, [&](Sums& block, const KnownLine& line, const auto& u, double bend) {
        for (std::size_t i = 0; i < line.size(); ++i) {
            const double x = std::max(W.rows.col(line.indices[i]).dot(u), smallest);
            const double power = line.weight(i) * std::pow(x, beta - 1);
            block.first += power * line.values[i];
            block.second += line.zerosKnown ? 0 : power * x;
        }
        if (!line.zerosKnown)
            return;
        block.second += beta == 2 ? bend : W.sums.dot(u);
        for (const int i : line.leftOut)
            block.second -= std::pow(W.rows.col(i).dot(u), beta);
    });
    return sums.first / sums.second;
}

template class WeightedFit<float>;
template class WeightedFit<double>;

} // namespace nmf
