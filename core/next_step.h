#pragma once

#include "core/factorize.h"

#include <optional>
#include <string>

namespace nmf
{

/// What to do with a run that a limit has ended while its objective was still falling.
struct NextStep
{
    double fall = 0;    ///< which share of itself the objective lost…
    int iterations = 0; ///< …in the last so many iterations
    int more = 0;       ///< iterations to make further: about as many as were made
};

/// Nothing if no limit ended it, if it went back to earlier factors, or if the objective fell no more. Only records
/// from `comparableFrom` on are of the objective that is minimised now.
std::optional<NextStep> nextStep(Termination ended, const Options& options, const std::vector<Record>& history,
                                 std::size_t comparableFrom);

/// "Still falling 0.3 % per 100 iterations".
std::string sentence(const NextStep& step);

} // namespace nmf
