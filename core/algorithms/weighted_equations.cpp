#include "core/algorithms/weighted_equations.h"

#include <cmath>

namespace nmf
{

namespace
{

/// Where less of a component than this is left of the whole Gram matrix, that of the line is added up anew: the digits
/// are gone.
constexpr double leastLeft = 1e-4;
/// Rows of the held factor that are added to a Gram matrix at once.
constexpr Index rowsAtOnce = 64;

/// Calls visit(row) for all of these rows but some.
template <class Visit>
void forOthers(Index rows, std::span<const int> some, const Visit& visit)
{
    Index next = 0;
    for (const int one : some) {
        for (; next < one; ++next)
            visit(next);
        ++next;
    }
    for (; next < rows; ++next)
        visit(next);
}

} // namespace

LineEquations::LineEquations(Index rank) : G(rank, rank), c(rank), m_rows(rank, rowsAtOnce) {}

void LineEquations::state(const KnownLine& line, const HeldFactor& held)
{
    c.setZero();
    for (std::size_t i = 0; i < line.size(); ++i)
        c += line.weight(i) * line.values[i] * held.rows.col(line.indices[i]);
    const auto all = static_cast<std::size_t>(held.rows.cols());
    const std::size_t unknown = line.zerosKnown ? line.leftOut.size() : all - line.size();
    // With few unknown entries the whole Gram matrix less theirs is cheaper.
    if (!line.weights.empty() || 2 * unknown > all || !takeAway(line, held))
        addUp(line, held);
    G.triangularView<Eigen::StrictlyUpper>() = G.transpose();
}

void LineEquations::addTerms(const Penalty& penalty, double dropout)
{
    if (dropout != 0)
        G.diagonal() /= 1 - dropout;
    if (penalty.overlap != 0) {
        G.array() += penalty.overlap;
        G.diagonal().array() -= penalty.overlap;
    }
    G.diagonal().array() += penalty.l2;
}

bool LineEquations::takeAway(const KnownLine& line, const HeldFactor& held)
{
    G = held.gram;
    if (line.zerosKnown)
        for (const int row : line.leftOut)
            gather(held, row, 1, -1);
    else
        forOthers(held.rows.cols(), line.indices, [&](Index row) { gather(held, row, 1, -1); });
    flush(-1);
    return (G.diagonal().array() >= leastLeft * held.gram.diagonal().array()).all();
}

void LineEquations::addUp(const KnownLine& line, const HeldFactor& held)
{
    G.setZero();
    if (line.zerosKnown)
        forOthers(held.rows.cols(), line.leftOut, [&](Index row) { gather(held, row, 1, 1); });
    else
        for (std::size_t i = 0; i < line.size(); ++i)
            gather(held, line.indices[i], std::sqrt(line.weight(i)), 1);
    flush(1);
}

void LineEquations::gather(const HeldFactor& held, Index row, double root, double sign)
{
    m_rows.col(m_gathered++) = root * held.rows.col(row);
    if (m_gathered == rowsAtOnce)
        flush(sign);
}

/// Adds the gathered rows to the lower triangle.
void LineEquations::flush(double sign)
{
    if (m_gathered > 0)
        G.selfadjointView<Eigen::Lower>().rankUpdate(m_rows.leftCols(m_gathered), sign);
    m_gathered = 0;
}

} // namespace nmf
