#pragma once

#include "core/algorithms/steps.h"
#include "core/lanes.h"

#include <vector>

namespace nmf
{

/// The positive entries of one line of V (a column for H, a row for W) with the rows of the other factor that belong to
/// them, filled up with zeros to whole lanes.
template <class Scalar>
struct Line
{
    const Scalar* values = nullptr;
    const Scalar* factor = nullptr; ///< column a begins at a·stride
    Index stride = 0, size = 0;     ///< size: with the zeros
};

/// How a coordinate is moved.
enum class KlStep {
    TwoSided, ///< towards its best value, never past it
    Newton,   ///< two steps of Newton's (Hsieh & Dhillon 2011): the objective may rise
    Damped,   ///< one of Newton's, made shorter where it might go too far (Hien & Gillis 2021)
};

/// Coordinate descent for Kullback-Leibler: every coordinate of a row of a factor in turn, by a step towards its best
/// value that never passes it (after Hsieh & Dhillon 2011 and Hien & Gillis 2021). Nothing is allocated after
/// construction.
template <class Scalar>
class KlDescent
{
public:
    explicit KlDescent(const Work<Scalar>& work, KlStep step = KlStep::TwoSided);

    /// Moves U, a factor of this side's shape, towards the best one beside F.
    void move(Side side, const Matrix<Scalar>& F, Matrix<Scalar>& U);

private:
    static constexpr Index lanes = Lanes<Scalar>::count, linesAtOnce = 16;

    struct Scratch
    {
        Vector<Scalar> lines, turned, values, model, factor, start;
        std::vector<std::int32_t> places;
        Vector<double> coordinates;
    };

    void readLines(Side side, Index first, Index count, Scratch& scratch) const;
    Line<Scalar> lineOf(Scratch& scratch, Index number, Index length, Index stride) const;
    Line<Scalar> storedLine(Side side, Index index, Scratch& scratch) const;
    void moveRows(Side side, Matrix<Scalar>& U, Index begin, Index number);
    void keepBound(Side side, Matrix<Scalar>& U);
    template <class Row>
    void improve(const Line<Scalar>& line, Side side, Index index, Row&& row, Scratch& scratch) const;

    Work<Scalar> m_work;
    KlStep m_step;
    std::vector<Scratch> m_scratch;   ///< by thread
    Vector<Scalar> m_whole;           ///< the factor that is held, its columns filled up to whole lanes
    InterleavedFactor<Scalar> m_rows; ///< the same by rows, for sparse V
    Vector<double> m_prices;          ///< its column sums, and the L1 penalty
    Index m_diagonal = 0;             ///< how many rows of each factor have a share in the trace, if that has a bound
    Matrix<Scalar> m_start;           ///< these rows before they move
    const Matrix<Scalar>* m_held = nullptr;
    double m_multiplier = 0, m_multipliers[2] = {0, 0}; ///< the one that is tried, and those of the last time
};

} // namespace nmf
