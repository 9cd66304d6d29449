#pragma once

#include "core/algorithms/quadratic_pass.h"

namespace nmf
{

/// For the Frobenius loss, where a factor cannot be moved block by block: its whole right-hand side C = V F (Basis) or
/// Vᵀ F (Coefficients), kept in an array of the longer factor's size, and the sums that tell the fit.
template <class Scalar>
class WholeProducts
{
public:
    explicit WholeProducts(const Work<Scalar>& work);

    /// Forms C for the factor on this side; valid until the next call.
    const Matrix<Scalar>& form(Side side);
    /// The other factor's Gram matrix, for the factor on this side.
    const Matrix<double>& gram(Side side) const { return side == Side::Basis ? m_Ht.gram : m_W.gram; }
    /// Told that this side's factor has been moved, since form().
    void moved(Side side);
    /// Told that factors have been changed from outside. Where that was not only the one that was moved last, the fit
    /// is known again after the next move.
    void changed();

    Fit fit() const { return quadraticFit(m_work, m_work.factors.W, m_work.factors.Ht, m_cross, m_W, m_Ht); }
    double bestScale() const { return m_cross / m_W.gram.cwiseProduct(m_Ht.gram).sum(); }

private:
    const Matrix<Scalar>& factor(Side side) const { return side == Side::Basis ? m_work.factors.W : m_work.factors.Ht; }
    double cross(Side side);

    Work<Scalar> m_work;
    QuadraticPass<Scalar> m_pass;
    Matrix<Scalar> m_C;
    Side m_formed = Side::Coefficients; ///< what C is for
    std::vector<double> m_sums;         ///< by block
    PassSums m_W, m_Ht;
    double m_cross = 0; ///< ⟨V, WH⟩
};

} // namespace nmf
