#include "core/algorithms/kl_descent.h"

#include "core/algorithms/kl_step.h"
#include "core/algorithms/locked_rows.h"
#include "core/algorithms/multiplier.h"
#include "core/algorithms/trace_bound.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace nmf
{

namespace
{

constexpr Index roundedUp(Index count, Index step)
{
    return (count + step - 1) / step * step;
}

/// Of the model, so that no ratio overflows; far below everything that counts.
template <class Scalar>
constexpr Scalar lowest = std::is_same_v<Scalar, float> ? Scalar(1e-12) : Scalar(1e-40);

/// Below this a column of the factor that is held has no influence on the model, and the curvatures along it vanish.
template <class Scalar>
constexpr double influence = std::is_same_v<Scalar, float> ? 1e-15 : 1e-100;

/// In pairs: one sum would wait for each of its additions.
template <class Scalar>
double totalOf(const typename Lanes<Scalar>::Type& lanes)
{
    double parts[Lanes<Scalar>::count];
    for (int lane = 0; lane < Lanes<Scalar>::count; ++lane)
        parts[lane] = static_cast<double>(lanes[lane]);
    for (int width = Lanes<Scalar>::count / 2; width > 0; width /= 2)
        for (int lane = 0; lane < width; ++lane)
            parts[lane] += parts[lane + width];
    return parts[0];
}

/// Takes the move of the coordinate before into the model, then looks along the next one: one division an entry.
/// max(): h⁺ f alone bounds the model from below, exactly, where the sum has cancelled.
template <class Scalar>
Bend lookAlong(const Line<Scalar>& line, Scalar* model, Index coordinate, Index moved, Scalar move, Scalar reached)
{
    using Vector = typename Lanes<Scalar>::Type;
    constexpr Index lanes = Lanes<Scalar>::count, stretch = 64 * lanes;
    const auto at = [](const Scalar* numbers) -> const Vector& { return *reinterpret_cast<const Vector*>(numbers); };
    const Scalar* along = line.factor + coordinate * line.stride;
    const Scalar* before = line.factor + moved * line.stride;
    Bend bend;
    for (Index first = 0; first < line.size; first += stretch) {
        Vector slope = {}, curvature = {};
        const Index end = std::min(first + stretch, line.size);
        for (Index i = first; i < end; i += lanes) {
            const Vector f = at(along + i), old = at(before + i);
            Vector y = at(model + i) + move * old;
            const Vector least = reached * old + lowest<Scalar>;
            y = y > least ? y : least;
            *reinterpret_cast<Vector*>(model + i) = y;
            const Vector inverse = 1 / y;
            const Vector weight = f * inverse, part = weight * at(line.values + i);
            slope += part;
            curvature += part * weight;
        }
        bend.slope += totalOf<Scalar>(slope);
        bend.curvature += totalOf<Scalar>(curvature);
    }
    return bend;
}

/// Newton's step. It may pass the minimum, so it stops short of zero, where an entry that is needed could not return
/// from.
double newton(double h, const Bend& bend, double price, double l2, double negligible)
{
    const double slope = price + l2 * h - bend.slope, curvature = bend.curvature + l2;
    if (!(curvature > 0))
        return slope > 0 ? 0 : h;
    return std::max(h - slope / curvature, std::min(h, negligible));
}

/// Newton's step, and on the way down a share of it: v log y is self-concordant with the constant c = 1/√v, so that the
/// objective falls by a full step where λ = c√q|d| is small, and by 1/(1 + λ) of it everywhere (Hien & Gillis 2021).
double damped(double h, const Bend& bend, double price, double l2, double concordance)
{
    constexpr double fullStep = 0.683802;
    const double slope = price + l2 * h - bend.slope, curvature = bend.curvature + l2;
    if (!(curvature > 0))
        return slope > 0 ? 0 : h;
    const double move = std::max(-slope / curvature, -h), size = concordance * std::sqrt(curvature) * std::abs(move);
    return slope <= 0 || size <= fullStep ? h + move : h + move / (1 + size);
}

/// 1/√ of the smallest entry of a line.
template <class Scalar>
double concordanceOf(const Line<Scalar>& line)
{
    double least = std::numeric_limits<double>::infinity();
    for (Index i = 0; i < line.size; ++i)
        if (line.values[i] > 0)
            least = std::min(least, static_cast<double>(line.values[i]));
    return 1 / std::sqrt(least);
}

} // namespace

template <class Scalar>
KlDescent<Scalar>::KlDescent(const Work<Scalar>& work, KlStep step)
    : m_work(work), m_step(step), m_scratch(static_cast<std::size_t>(work.blocks.threads())),
      m_prices(work.factors.rank())
{
    const Index rank = work.factors.rank(), longest = roundedUp(work.V.longestLine(), lanes);
    const bool sparse = work.V.isSparse();
    if (work.together.traceBound > 0) {
        m_diagonal = std::min(work.V.rows(), work.V.cols());
        m_start.resize(m_diagonal, rank);
    }
    m_whole.resize(sparse ? 0 : longest * rank);
    if (sparse)
        for (const Matrix<Scalar>* factor : {&work.factors.W, &work.factors.Ht})
            m_rows.assign(*factor, work.blocks);
    for (Scratch& scratch : m_scratch) {
        scratch.lines.resize(sparse ? 0 : longest * linesAtOnce);
        scratch.turned.resize(sparse ? 0 : longest * linesAtOnce);
        scratch.values.resize(longest);
        scratch.model.resize(longest);
        scratch.factor.resize(longest * rank);
        scratch.places.resize(static_cast<std::size_t>(longest));
        scratch.coordinates.resize(rank);
        scratch.start.resize(rank);
    }
}

template <class Scalar>
void KlDescent<Scalar>::move(Side side, const Matrix<Scalar>& F, Matrix<Scalar>& U)
{
    const Penalty& penalty = side == Side::Basis ? m_work.onW : m_work.onH;
    for (Index a = 0; a < F.cols(); ++a)
        m_prices(a) = F.col(a).template cast<double>().sum() + penalty.l1;
    m_held = &F;
    if (m_work.V.isSparse()) {
        m_rows.assign(F, m_work.blocks);
    } else {
        Eigen::Map<Matrix<Scalar>> whole(m_whole.data(), roundedUp(F.rows(), lanes), F.cols());
        whole.setZero();
        whole.topRows(F.rows()) = F;
    }
    if (m_diagonal > 0)
        keepBound(side, U);
    m_multiplier = 0;
    moveRows(side, U, m_diagonal, U.rows() - m_diagonal);
}

/// The rows with a share in the trace, μ times that share being part of the price.
template <class Scalar>
void KlDescent<Scalar>::keepBound(Side side, Matrix<Scalar>& U)
{
    const double bound = m_work.together.traceBound;
    m_start = U.topRows(m_diagonal);
    double& multiplier = m_multipliers[side == Side::Basis ? 1 : 0];
    multiplier = smallestMultiplier(
        [&](double tried) {
            m_multiplier = tried;
            U.topRows(m_diagonal) = m_start;
            moveRows(side, U, 0, m_diagonal);
            return diagonalSum<Scalar>(U, *m_held) - bound;
        },
        multiplier, boundSlack<Scalar> * bound);
}

template <class Scalar>
void KlDescent<Scalar>::moveRows(Side side, Matrix<Scalar>& U, Index begin, Index number)
{
    if (m_work.V.isSparse()) {
        const Partition parts = partition(number);
        m_work.blocks.run(parts.count(), [&](Index part, int thread) {
            Scratch& scratch = m_scratch[static_cast<std::size_t>(thread)];
            const Index first = begin + parts.first(part);
            for (Index i = first; i < first + parts.size(part); ++i)
                improve(storedLine(side, i, scratch), side, i, U.row(i), scratch);
        });
        return;
    }
    const Index length = m_held->rows(), stride = roundedUp(length, lanes);
    const Partition parts{number, linesAtOnce};
    m_work.blocks.run(parts.count(), [&](Index part, int thread) {
        Scratch& scratch = m_scratch[static_cast<std::size_t>(thread)];
        const Index first = begin + parts.first(part);
        readLines(side, first, parts.size(part), scratch);
        for (Index i = 0; i < parts.size(part); ++i)
            improve(lineOf(scratch, i, length, stride), side, first + i, U.row(first + i), scratch);
    });
}

/// The one place where V is read: the lines of a few rows of the factor on this side, one after another.
template <class Scalar>
void KlDescent<Scalar>::readLines(Side side, Index first, Index count, Scratch& scratch) const
{
    const Index length = m_work.V.otherRowsOf(side);
    Eigen::Map<Matrix<Scalar>> lines(scratch.lines.data(), length, count);
    if (side == Side::Coefficients) {
        m_work.V.tile(0, first, lines);
        return;
    }
    Eigen::Map<Matrix<Scalar>> turned(scratch.turned.data(), count, length);
    m_work.V.tile(first, 0, turned);
    lines = turned.transpose();
}

template <class Scalar>
Line<Scalar> KlDescent<Scalar>::lineOf(Scratch& scratch, Index number, Index length, Index stride) const
{
    const Scalar* line = scratch.lines.data() + number * length;
    Index size = 0;
    for (Index i = 0; i < length; ++i) {
        scratch.places[static_cast<std::size_t>(size)] = static_cast<std::int32_t>(i);
        scratch.values(size) = line[i];
        size += line[i] > 0;
    }
    if (4 * size > 3 * length) {
        // Zeros take no part, so a few of them cost less than to pick the others.
        std::copy(line, line + length, scratch.values.data());
        std::fill(scratch.values.data() + length, scratch.values.data() + stride, Scalar(0));
        return {scratch.values.data(), m_whole.data(), stride, stride};
    }
    const Index whole = roundedUp(size, lanes);
    std::fill(scratch.values.data() + size, scratch.values.data() + whole, Scalar(0));
    for (Index a = 0; a < m_prices.size(); ++a) {
        const Scalar* from = m_whole.data() + a * stride;
        Scalar* to = scratch.factor.data() + a * whole;
        const std::int32_t* places = scratch.places.data();
        for (Index i = 0; i < size; ++i)
            to[i] = from[places[i]];
        std::fill(to + size, to + whole, Scalar(0));
    }
    return {scratch.values.data(), scratch.factor.data(), whole, whole};
}

template <class Scalar>
Line<Scalar> KlDescent<Scalar>::storedLine(Side side, Index index, Scratch& scratch) const
{
    constexpr std::size_t ahead = 8;
    const StoredEntries<Scalar> entries = m_work.V.storedEntries(side, index);
    const auto size = static_cast<Index>(entries.size()), whole = roundedUp(size, lanes), rank = m_rows.rank();
    for (std::size_t at = 0; at < entries.size(); ++at) {
        const Scalar* later = m_rows.row(entries.indices[std::min(at + ahead, entries.size() - 1)]);
        for (Index lane = 0; lane < m_rows.lanes(); ++lane)
            __builtin_prefetch(later + lane * lanes);
        const Scalar* from = m_rows.row(entries.indices[at]);
        Scalar* to = scratch.factor.data() + at;
        for (Index a = 0; a < rank; ++a)
            to[a * whole] = from[a];
        scratch.values(static_cast<Index>(at)) = entries.value(at);
    }
    for (Index i = size; i < whole; ++i) {
        scratch.values(i) = 0;
        for (Index a = 0; a < rank; ++a)
            scratch.factor(a * whole + i) = 0;
    }
    return {scratch.values.data(), scratch.factor.data(), whole, whole};
}

template <class Scalar>
template <class Row>
void KlDescent<Scalar>::improve(const Line<Scalar>& line, Side side, Index index, Row&& row, Scratch& scratch) const
{
    const double l2 = m_work.penalty(side).l2, upper = m_work.constraint(side).upper;
    const FactorLock& lock = m_work.lock(side);
    const bool locks = !lock.none();
    const double multiplier = index < m_diagonal ? m_multiplier : 0;
    Vector<double>& h = scratch.coordinates;
    Vector<Scalar>& start = scratch.start;
    start = row.transpose();
    h = start.template cast<double>();
    Scalar* model = scratch.model.data();
    // Formed anew for every line, so that rounding does not pile up.
    if (line.size > 0)
        scratch.model.head(line.size).noalias() =
            Eigen::Map<const Matrix<Scalar>, 0, Eigen::OuterStride<>>(line.factor, line.size, h.size(),
                                                                      Eigen::OuterStride<>(line.stride)) *
            start;
    const double concordance = m_step == KlStep::Damped ? concordanceOf(line) : 0;
    const auto target = [&](double from, const Bend& bend, double price, double negligible) {
        if (m_step == KlStep::Newton)
            return newton(from, bend, price, l2, negligible);
        return m_step == KlStep::Damped ? damped(from, bend, price, l2, concordance)
                                        : towardsMinimum(from, bend, price, l2, negligible);
    };
    Index moved = 0;
    Scalar move = 0, reached = 0;
    double largest = h.maxCoeff();
    const int steps = m_step == KlStep::Newton ? 2 : 1;
    for (Index step = 0; step < steps * h.size(); ++step) {
        const Index a = step / steps;
        if (locks && isLocked(lock, index, a))
            continue;
        const Bend bend = lookAlong(line, model, a, moved, move, reached);
        moved = a;
        // Without influence on the model the coordinate stays.
        const double price =
            multiplier > 0 ? m_prices(a) + multiplier * static_cast<double>((*m_held)(index, a)) : m_prices(a);
        double best = m_prices(a) > influence<Scalar> ? target(h(a), bend, price, 1e-14 * largest) : h(a);
        if (upper > 0)
            best = std::min(best, upper);
        const auto next = static_cast<Scalar>(best);
        move = next - static_cast<Scalar>(h(a));
        reached = next;
        h(a) = static_cast<double>(next);
        largest = std::max(largest, h(a));
    }
    row = h.transpose().template cast<Scalar>();
}

template class KlDescent<float>;
template class KlDescent<double>;

} // namespace nmf
