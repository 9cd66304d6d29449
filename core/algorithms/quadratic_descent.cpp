#include "core/algorithms/quadratic_descent.h"

#include "core/algorithms/divergence_pass.h"
#include "core/algorithms/row_descent.h"
#include "core/algorithms/whole_products.h"

#include <memory>

namespace nmf
{

namespace
{

/// Steps that a row makes for one product with V.
constexpr int stepsAtOnce = 20;
constexpr Index rowsAtOnce = 64;

/// What the other factor is to the rows of this one: its Gram matrix with the penalties, and C = V F.
template <class Scalar>
struct HeldProducts
{
    Matrix<double> G;
    const Matrix<Scalar>* C = nullptr;
    double l1 = 0;
};

/// ½uᵀGu − (c − l1)ᵀu of one row.
template <class Scalar>
class ProductLine
{
public:
    using Held = HeldProducts<Scalar>;

    explicit ProductLine(Index rank) : m_pull(rank), m_bent(rank) {}

    void load(Side, Index row, const Held& held)
    {
        m_held = &held;
        m_pull = held.C->row(row).template cast<double>();
        m_pull.array() -= held.l1;
    }
    double value(const Vector<double>& u)
    {
        m_bent.noalias() = m_held->G * u;
        return u.dot(m_bent) / 2 - u.dot(m_pull);
    }
    /// At the u of the last value().
    void slope(const Vector<double>&, Vector<double>& slope) const { slope = m_bent - m_pull; }

private:
    const Held* m_held = nullptr;
    Vector<double> m_pull, m_bent;
};

template <class Scalar>
class QuadraticDescent
{
public:
    explicit QuadraticDescent(const Work<Scalar>& work)
        : m_work(work), m_matching(varianceMatching(work)), m_products(work),
          // A row that is to match a variance must not begin with a sum of zero.
          m_floor(m_matching ? static_cast<double>(smallestEntry(work)) : 0),
          m_rows(static_cast<std::size_t>(work.blocks.threads()),
                 Descent(work, ProductLine<Scalar>(work.factors.rank()), RowTerms<Scalar>(work, m_matching, m_floor),
                         m_floor, stepsAtOnce)),
          m_G(work.factors.rank(), work.factors.rank())
    {
        m_held.G.resize(m_G.rows(), m_G.cols());
        for (const Side side : {Side::Coefficients, Side::Basis})
            m_steps[at(side)].assign(static_cast<std::size_t>(work.V.rowsOf(side)), 1.0);
    }

    void move(Side side)
    {
        Matrix<Scalar>& U = side == Side::Basis ? m_work.factors.W : m_work.factors.Ht;
        m_held.C = &m_products.form(side);
        m_held.l1 = m_work.penalty(side).l1;
        setGram(m_work, side, m_products.gram(side), m_G);
        m_held.G = m_G.template cast<double>();
        if (m_matching)
            m_matching->begin(side, U);
        forRows(m_work, side, rowsAtOnce, [&](Index row, int thread) {
            m_rows[static_cast<std::size_t>(thread)](side, row, m_held, U,
                                                     m_steps[at(side)][static_cast<std::size_t>(row)]);
        });
        m_products.moved(side);
    }

    Fit fit() const
    {
        Fit fit = m_products.fit();
        fit.objective += rowTermsPrice(m_work, m_matching.get());
        return fit;
    }

    double bestScale() const { return m_products.bestScale(); }

private:
    using Descent = RowDescent<Scalar, ProductLine<Scalar>>;

    static std::size_t at(Side side) { return side == Side::Basis ? 1 : 0; }

    Work<Scalar> m_work;
    std::shared_ptr<VarianceMatching<Scalar>> m_matching; ///< null if it is not asked for
    WholeProducts<Scalar> m_products;
    double m_floor;
    std::vector<Descent> m_rows; ///< by thread
    Matrix<Scalar> m_G;
    HeldProducts<Scalar> m_held;
    std::vector<double> m_steps[2]; ///< of each row
};

} // namespace

template <class Scalar>
Steps<Scalar> descendQuadratic(const Work<Scalar>& work)
{
    const auto descent = std::make_shared<QuadraticDescent<Scalar>>(work);
    return {.coefficients = [descent] { descent->move(Side::Coefficients); },
            .basis = [descent] { descent->move(Side::Basis); },
            .fit = [descent] { return descent->fit(); },
            .bestScale = [descent] { return descent->bestScale(); }};
}

template Steps<float> descendQuadratic(const Work<float>&);
template Steps<double> descendQuadratic(const Work<double>&);

} // namespace nmf
