#include "core/stopping_rules.h"

#include "core/measures/consensus.h"
#include "core/measures/kkt.h"
#include "core/termination.h"

namespace nmf
{

namespace
{

/// A residual that is nothing but rounding, whatever it was at the start.
constexpr double roundedResidual = 1e-12;

/// A share of a factor's largest entry that is nothing.
constexpr double atFloor = 1e-14;

/// ‖U − before‖F as a share of ‖U‖F.
template <class Scalar>
double relativeStep(const Matrix<Scalar>& U, const Matrix<Scalar>& before)
{
    const double step = (U.template cast<double>() - before.template cast<double>()).norm();
    return step == 0 ? 0 : step / U.template cast<double>().norm();
}

} // namespace

template <class Scalar>
std::optional<Termination> StoppingRules<Scalar>::look(const Options& options, int iteration, const Work<Scalar>& work)
{
    if (options.kktTolerance > 0 && gradientVanished(options, iteration, work))
        return Termination::ConvergedGradient;
    if (options.stepTolerance > 0 && stepVanished(options, work.factors))
        return Termination::ConvergedStep;
    if (options.connectivityLooks > 0 && labelsSettled(options, iteration, work.factors))
        return Termination::ConvergedLabels;
    return {};
}

template <class Scalar>
void StoppingRules<Scalar>::beginAnew()
{
    *this = {};
}

template <class Scalar>
bool StoppingRules<Scalar>::gradientVanished(const Options& options, int iteration, const Work<Scalar>& work)
{
    if (m_firstGradient >= 0 && iteration % lookInterval != 0)
        return false;
    const double gradient = kktResidual(work, options.balanced);
    const bool first = m_firstGradient < 0;
    if (first)
        m_firstGradient = gradient;
    return gradient <= roundedResidual || (!first && gradient <= options.kktTolerance * m_firstGradient);
}

template <class Scalar>
bool StoppingRules<Scalar>::stepVanished(const Options& options, const Factors<Scalar>& factors)
{
    if (m_before.W.size() == 0) {
        m_before = factors;
        return false;
    }
    const double step = std::max(relativeStep(factors.W, m_before.W), relativeStep(factors.Ht, m_before.Ht));
    m_before = factors;
    m_unmoved = step == 0 ? m_unmoved + 1 : 0;
    // Algorithms that look ahead turn back now and then, and leave the factors as they were for an iteration or two.
    return step <= options.stepTolerance && (m_unmoved == 0 || m_unmoved >= changeWindow);
}

template <class Scalar>
bool StoppingRules<Scalar>::labelsSettled(const Options& options, int iteration, const Factors<Scalar>& factors)
{
    if (iteration % lookInterval != 0)
        return false;
    Factors<double> known{factors.W.template cast<double>(), factors.Ht.template cast<double>()};
    // Multiplicative rules keep all entries of an empty sample at a floor, where none is the strongest.
    known.Ht = (known.Ht.array() > atFloor * known.Ht.maxCoeff()).select(known.Ht, 0);
    std::vector<int> labels = labelsOf(known);
    m_sameLabels = labels == m_labels ? m_sameLabels + 1 : 0;
    m_labels = std::move(labels);
    return m_sameLabels >= options.connectivityLooks;
}

template class StoppingRules<float>;
template class StoppingRules<double>;

} // namespace nmf
