#pragma once

#include "core/algorithms/steps.h"
#include "core/factorize.h"

#include <optional>
#include <vector>

namespace nmf
{

/// The rules of convergence that look at the factors, and what they must remember. Those that are not asked for cost
/// nothing.
template <class Scalar>
class StoppingRules
{
public:
    /// Looks at the factors after a whole iteration, where that is due, and at the start (iteration 0); the rule that
    /// says that the run shall end.
    std::optional<Termination> look(const Options& options, int iteration, const Work<Scalar>& work);
    /// Forgets the looks: what is minimised, or how, is another thing from here on.
    void beginAnew();

private:
    bool gradientVanished(const Options& options, int iteration, const Work<Scalar>& work);
    bool stepVanished(const Options& options, const Factors<Scalar>& factors);
    bool labelsSettled(const Options& options, int iteration, const Factors<Scalar>& factors);

    double m_firstGradient = -1; ///< at the first look; negative before it
    Factors<Scalar> m_before;    ///< an iteration ago
    int m_unmoved = 0;           ///< so many iterations have left the factors as they were
    std::vector<int> m_labels;
    int m_sameLabels = 0; ///< so many looks have found the same labels as the one before
};

} // namespace nmf
