#include "core/next_step.h"

#include "core/termination.h"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace nmf
{

namespace
{

constexpr int window = 100, least = 100, most = 10000;

/// At least so many, as a number that is easily read.
int rounded(int count)
{
    for (int power = least; power < most; power *= 10)
        for (const int factor : {1, 2, 5})
            if (factor * power >= count)
                return factor * power;
    return most;
}

/// Two digits: what is told is a speed, not a measurement.
std::string roughly(double value)
{
    char text[32];
    return {text, std::to_chars(text, text + sizeof text, value, std::chars_format::general, 2).ptr};
}

} // namespace

std::optional<NextStep> nextStep(Termination ended, const Options& options, const std::vector<Record>& history,
                                 std::size_t comparableFrom)
{
    const bool limited = ended == Termination::IterationLimit || ended == Termination::TimeLimit;
    if (!limited || options.patience > 0 || history.empty() || comparableFrom >= history.size())
        return {};
    const Record& last = history.back();
    const auto first = std::find_if(history.begin() + static_cast<std::ptrdiff_t>(comparableFrom), history.end(),
                                    [&](const Record& record) { return record.iteration >= last.iteration - window; });
    const int passed = last.iteration - first->iteration;
    const double fall = (first->objective - last.objective) / first->objective;
    if (passed < changeWindow || !std::isfinite(fall) || !(fall > 0))
        return {};
    return NextStep{fall, passed, rounded(last.iteration)};
}

std::string sentence(const NextStep& step)
{
    return "Still falling " + roughly(100 * step.fall) + " % per " + std::to_string(step.iterations) + " iterations";
}

} // namespace nmf
