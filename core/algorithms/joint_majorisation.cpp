#include "core/algorithms/algorithms.h"
#include "core/algorithms/divergence_pass.h"
#include "core/algorithms/momentum.h"

#include <memory>

namespace nmf
{

namespace
{

/// For Kullback-Leibler: the ratios P = V ⊘ X are formed once per iteration and serve both factors,
/// W = W̃ ∘ (P H̃ᵀ) ⊘ row sums of H̃, H = H̃ ∘ (W̃ᵀP) ⊘ column sums of the new W (Marmin, Goulart & Févotte 2023).
template <class Scalar>
class JointMajorisation
{
public:
    explicit JointMajorisation(const Work<Scalar>& work)
        : m_work(work), m_pass(work), m_floor(smallestEntry(work)), m_below(work.factors.rank())
    {
        work.factors.W = work.factors.W.cwiseMax(m_floor);
        work.factors.Ht = work.factors.Ht.cwiseMax(m_floor);
    }

    /// The ratios at these factors, and their fit.
    const Fit& look(const Factors<Scalar>& at)
    {
        m_pass.run(at.W, at.Ht, {.basis = true, .coefficients = true, .fit = true});
        return m_pass.fit();
    }

    /// Moves the factors that were looked at last.
    void move(Factors<Scalar>& factors)
    {
        divideInto(factors.Ht, m_work.onW);
        improve(Side::Basis, factors.W);
        divideInto(factors.W, m_work.onH);
        improve(Side::Coefficients, factors.Ht);
    }

    double bestScale(const Factors<Scalar>& at)
    {
        look(at);
        return bestScaleOf(m_pass, at);
    }

    const Work<Scalar>& work() const { return m_work; }

private:
    void divideInto(const Matrix<Scalar>& other, const Penalty& penalty)
    {
        for (Index a = 0; a < other.cols(); ++a)
            m_below(a) = static_cast<Scalar>(other.col(a).template cast<double>().sum() + penalty.l1);
    }

    void improve(Side side, Matrix<Scalar>& U)
    {
        const Partition parts = partition(U.rows());
        m_work.blocks.run(parts.count(), [&](Index part, int) {
            const Index first = parts.first(part), count = parts.size(part);
            for (Index a = 0; a < U.cols(); ++a) {
                auto u = U.col(a).segment(first, count).array();
                // Without influence on the fit an entry stays.
                if (m_below(a) > tiny<Scalar>)
                    u = (u * m_pass.numerator(side).col(a).segment(first, count).array() / m_below(a)).max(m_floor);
            }
        });
    }

    Work<Scalar> m_work;
    DivergencePass<Scalar> m_pass;
    Scalar m_floor;
    Vector<Scalar> m_below;
};

/// The rule as it stands.
template <class Scalar>
class PlainJoint
{
public:
    explicit PlainJoint(const Work<Scalar>& work) : m_joint(work), m_fit(m_joint.look(work.factors)) {}

    void move()
    {
        Factors<Scalar>& factors = m_joint.work().factors;
        m_joint.move(factors);
        m_fit = m_joint.look(factors);
    }

    Fit fit() const { return m_fit; }
    double bestScale() { return m_joint.bestScale(m_joint.work().factors); }

private:
    JointMajorisation<Scalar> m_joint;
    Fit m_fit;
};

/// The rule from factors that go on as they moved before (after Hien, Leplat & Gillis 2024), scaled so that the sum of
/// the model stays that of the data. What is looked at are these factors, so their fit costs nothing. When it is worse
/// than the best so far, that pair comes back and the momentum is gone.
template <class Scalar>
class ExtrapolatedJoint
{
public:
    explicit ExtrapolatedJoint(const Work<Scalar>& work) : m_joint(work), m_at(work.factors), m_previous(work.factors)
    {
        m_best = m_joint.look(m_at);
        m_total = work.V.mean() * static_cast<double>(work.V.rows()) * static_cast<double>(work.V.cols());
    }

    void move()
    {
        Factors<Scalar>& shown = m_joint.work().factors;
        m_joint.move(m_at);
        const double boldness = m_momentum.next();
        moveOn(m_at.W, m_previous.W, boldness, m_joint.work().blocks);
        moveOn(m_at.Ht, m_previous.Ht, boldness, m_joint.work().blocks);
        if (m_joint.work().onW.none() && m_joint.work().onH.none())
            keepTotal();
        const Fit fit = m_joint.look(m_at);
        if (!(fit.objective <= m_best.objective)) {
            turnBack();
            return;
        }
        shown.W = m_at.W;
        shown.Ht = m_at.Ht;
        m_best = fit;
    }

    Fit fit() const { return m_best; }
    double bestScale() { return m_joint.bestScale(m_at); }

private:
    void keepTotal()
    {
        const double sum = sumOfModel(m_at);
        if (sum > 0)
            m_at.Ht *= static_cast<Scalar>(m_total / sum);
    }

    void turnBack()
    {
        const Factors<Scalar>& best = m_joint.work().factors;
        m_at.W = m_previous.W = best.W;
        m_at.Ht = m_previous.Ht = best.Ht;
        m_momentum.lose();
        m_joint.look(m_at);
    }

    JointMajorisation<Scalar> m_joint;
    Factors<Scalar> m_at, m_previous;
    Fit m_best;
    Momentum m_momentum;
    double m_total = 0;
};

template <template <class> class Rule, class Scalar>
Steps<Scalar> makeJoint(const Values&, const Work<Scalar>& work)
{
    const auto rule = std::make_shared<Rule<Scalar>>(work);
    return {.coefficients = {},
            .basis = [rule] { rule->move(); },
            .fit = [rule] { return rule->fit(); },
            .bestScale = [rule] { return rule->bestScale(); },
            .floor = smallestEntry(work)};
}

} // namespace

Algorithm jointMajorisation()
{
    return {.facts = {.id = "jmm",
                      .name = "Joint majorisation",
                      .summary = "Multiplicative updates of both factors from one look at the model.",
                      .source = "Marmin, Goulart & Févotte 2023"},
            .monotone = true,
            .refuses = unlessKullbackLeibler,
            .serves = [](const Divergence&, Demand demand, bool) { return demand == Demand::L1; },
            .make = {makeJoint<PlainJoint, float>, makeJoint<PlainJoint, double>},
            .nature = "its bound on both factors at once is known for L1 alone"};
}

Algorithm extrapolatedJointMajorisation()
{
    return {.facts = {.id = "jmmx",
                      .name = "Extrapolated joint majorisation",
                      .summary = "Joint majorisation that looks ahead and turns back when that was too bold; what is "
                                 "shown is the best so far.",
                      .source = "Marmin, Goulart & Févotte 2023; Hien, Leplat & Gillis 2024"},
            .monotone = true,
            .refuses = unlessKullbackLeibler,
            .serves = [](const Divergence&, Demand demand, bool) { return demand == Demand::L1; },
            .make = {makeJoint<ExtrapolatedJoint, float>, makeJoint<ExtrapolatedJoint, double>},
            .nature = "its bound on both factors at once is known for L1 alone"};
}

} // namespace nmf
