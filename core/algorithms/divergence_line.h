#pragma once

#include "core/algorithms/steps.h"
#include "core/losses/divergence_tile.h"

namespace nmf
{

/// The factor that is held while the lines of the other one move: its rows side by side, and their sum.
struct HeldRows
{
    Matrix<double> rows;
    Vector<double> sums;
};

/// What one line of V, a column (Coefficients) or a row (Basis), has to say about its row u of a factor: the objective
/// of u with its penalty, and the gradient. In double precision. Of a sparse V, Kullback-Leibler visits the stored
/// entries alone, as every loss does where entries are unknown. Nothing is allocated after construction.
template <class Scalar>
class DivergenceLine
{
public:
    using Held = HeldRows;

    explicit DivergenceLine(const Work<Scalar>& work);

    /// The line that is meant from here on.
    void load(Side side, Index line, const HeldRows& held);
    /// There is nothing to be fitted.
    bool nothingKnown() const { return m_work.known && m_count == 0; }
    /// Whether any entry of the line is not zero.
    bool hasData() const { return m_count > 0 && m_data.head(m_count).maxCoeff() > 0; }
    double value(const Vector<double>& u);
    /// At the u of the last value().
    void slope(const Vector<double>& u, Vector<double>& gradient);

private:
    bool storedOnly() const { return !m_work.known && m_work.V.isSparse() && !m_arithmetic.hasWeights(); }
    void loadKnown(const KnownLine& line);
    double valueOfKnown(const Vector<double>& u);
    const Penalty& penalty() const { return m_side == Side::Basis ? m_work.onW : m_work.onH; }

    Work<Scalar> m_work;
    DivergenceTile<double> m_arithmetic;
    Side m_side = Side::Basis;
    const HeldRows* m_held = nullptr;
    Index m_count = 0;
    Vector<Scalar> m_own;  ///< the line as V keeps it
    Matrix<double> m_rows; ///< of the held factor at the stored or known entries
    Vector<double> m_data, m_ratios, m_weights;
    Vector<double> m_counts, m_sums; ///< of known entries: how much each counts, and Σ ω f
};

} // namespace nmf
