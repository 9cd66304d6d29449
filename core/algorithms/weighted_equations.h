#pragma once

#include "core/algorithms/weighted_pass.h"

namespace nmf
{

/// The normal equations of a line: its row u minimises ½⟨u, G u⟩ − ⟨c, u⟩, with G = Σ ω f fᵀ and c = Σ ω v f over the
/// known entries, f being the held factor's rows. Nothing is allocated after construction.
class LineEquations
{
public:
    explicit LineEquations(Index rank);

    void state(const KnownLine& line, const HeldFactor& held);
    /// Takes L2, overlap and dropout, the share of components that are left out, into G.
    void addTerms(const Penalty& penalty, double dropout);

    Matrix<double> G;
    Vector<double> c;

private:
    bool takeAway(const KnownLine& line, const HeldFactor& held);
    void addUp(const KnownLine& line, const HeldFactor& held);
    void gather(const HeldFactor& held, Index row, double root, double sign);
    void flush(double sign);

    Matrix<double> m_rows;
    Index m_gathered = 0;
};

} // namespace nmf
