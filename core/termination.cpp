#include "core/termination.h"

#include "core/factorize.h"

#include <charconv>

namespace nmf
{

namespace
{

std::string shortNumber(double value)
{
    char text[32];
    return {text, std::to_chars(text, text + sizeof text, value, std::chars_format::general, 3).ptr};
}

} // namespace

bool isConverged(Termination termination)
{
    return termination == Termination::Converged || termination == Termination::ConvergedGradient ||
           termination == Termination::ConvergedStep || termination == Termination::ConvergedLabels;
}

std::string idOf(Termination termination)
{
    switch (termination) {
    case Termination::Converged:
        return "converged";
    case Termination::ConvergedGradient:
        return "kkt";
    case Termination::ConvergedStep:
        return "step";
    case Termination::ConvergedLabels:
        return "connectivity";
    case Termination::IterationLimit:
        return "iteration-limit";
    case Termination::TimeLimit:
        return "time-limit";
    case Termination::HeldOutLimit:
        return "held-out";
    case Termination::Stopped:
        return "stopped";
    case Termination::NotFinite:
        return "not-finite";
    }
    return {};
}

std::string sentence(Termination termination, const Options& options, const std::vector<Record>& history)
{
    const int iteration = history.empty() ? 0 : history.back().iteration;
    const auto counted = [](int number) {
        return std::to_string(number) + (number == 1 ? " iteration" : " iterations");
    };
    const std::string count = counted(iteration);
    // The records end with the factors that the run went back to, which is not where it ended.
    const bool wentBack = options.patience > 0 && termination != Termination::HeldOutLimit;
    const std::string after = wentBack ? "" : " after " + count;
    const std::string best =
        wentBack ? " These are the factors after " + count + ", which predict the held-out entries best." : "";
    std::string falling;
    if (!wentBack && iteration >= changeWindow && history.back().objective > 0) {
        const double before = history[history.size() - 1 - changeWindow].objective;
        const double share = 100 * (before - history.back().objective) / before;
        falling = share > 0 ? "; the loss still falls by " + shortNumber(share) + " % in " +
                                  std::to_string(changeWindow) + " iterations"
                            : std::string();
    }
    switch (termination) {
    case Termination::Converged:
        return "Converged" + after + ": the loss fell by less than " + shortNumber(options.tolerance) +
               " of itself in " + std::to_string(changeWindow) + " iterations." + best;
    case Termination::ConvergedGradient:
        return "Converged" + after + ": the projected gradient is at most " + shortNumber(options.kktTolerance) +
               " of that at the start, or nothing but rounding." + best;
    case Termination::ConvergedStep:
        return "Converged" + after + ": the last one changed both factors by at most " +
               shortNumber(options.stepTolerance) + " of their norms." + best;
    case Termination::ConvergedLabels:
        return "Converged" + after + ": the strongest component of every sample was the same at " +
               std::to_string(options.connectivityLooks) + " looks, " + std::to_string(lookInterval) +
               " iterations apart." + best;
    case Termination::IterationLimit:
        return "Not converged: reached the limit of " + (wentBack ? counted(options.maxIterations) : count) + falling +
               "." + best;
    case Termination::TimeLimit:
        return "Not converged: reached the time limit of " + shortNumber(options.timeLimit) + " s" + after + falling +
               ". The clock decided that, so another run may end after other iterations." + best;
    case Termination::HeldOutLimit:
        return "Stopped early: these are the factors after " + count + ", which predict the held-out entries best; " +
               std::to_string(options.patience * heldOutInterval) + " further iterations did not predict them better.";
    case Termination::Stopped:
        return "Stopped" + after + falling + "." + best;
    case Termination::NotFinite:
        return "Diverged: after the next iteration the loss was no longer a finite number; these are the factors "
               "after " +
               count + (wentBack ? ", which predict the held-out entries best." : ".");
    }
    return {};
}

} // namespace nmf
