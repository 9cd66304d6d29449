#pragma once

#include "core/algorithms/steps.h"

#include <memory>

namespace nmf
{

/// The term that pulls the row sums of W, and the column sums of H, to the variances of V's rows and columns, or into
/// proportion with them: λ Σ d(t_i | s_i) by the Kullback-Leibler divergence d, of sums s and variances t and of their
/// shares of their totals, each with a weight. It is bounded by what is linear in U and in log U, so multiplicative
/// rules take it in as something added above and below their ratio, and the objective never rises. A row or column of V
/// without variance is left out.
template <class Scalar>
class VarianceMatching
{
public:
    explicit VarianceMatching(const Work<Scalar>& work);

    /// Sees the row sums of U, the factor that is to be moved.
    void begin(Side side, const Matrix<Scalar>& U);
    /// Of the factor seen last the price of a row of sum s is, but for what its own move cannot change, at most
    /// push·s − wanted·log s, and just that where the row is as it was seen. Zero for a row that does not count.
    double wanted(Index row) const { return m_wanted(row); }
    double push(Index row) const { return m_wanted(row) > 0 ? m_push : 0; }
    /// What is added above and below the ratio of each row of the factor seen last.
    const Vector<Scalar>& above() const { return m_above; }
    const Vector<Scalar>& below() const { return m_below; }

    /// Its share of the objective.
    double price(const Factors<Scalar>& factors);

private:
    JointTerms m_terms;
    double m_unit; ///< what the variances are to be multiplied by to be sums
    Vector<double> m_variancesW, m_variancesH;
    Vector<double> m_sumsW, m_sumsH; ///< of the rows, for the price
    Vector<double> m_sums, m_wanted;
    double m_push = 0;
    Vector<Scalar> m_above, m_below;
};

/// Null if it is not asked for.
template <class Scalar>
std::shared_ptr<VarianceMatching<Scalar>> varianceMatching(const Work<Scalar>& work);

/// Σ d(t_i | s_i) of variances t and the row sums s of U, or of their shares of their totals.
double mismatch(const Vector<double>& variances, const Vector<double>& sums, bool shares);

/// The mean squared deviation from the mean of each row (Basis) or column (Coefficients) of V, as divided; 0 for what
/// is constant but for rounding.
template <class Scalar>
Vector<double> variances(const SolverData<Scalar>& V, Side side, Blocks& blocks);

} // namespace nmf
