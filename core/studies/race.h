#pragma once

#include "core/factorize.h"

#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <vector>

namespace nmf
{

/// Several algorithms, or losses, on the same data from one start, each with a clock of its own that runs only while it
/// iterates: what is fast can be seen, however many lanes there are.
class Race
{
public:
    /// Told of a lane after each of its whole iterations, and once at the start.
    using Report = std::function<void(std::size_t lane, const Run& run)>;

    /// The start is that of the first lane's options; all get it as it is. One computation at a time: the threads of
    /// each lane are those of its options. Throws Error if a lane's options are impossible for these data, and
    /// Cancelled.
    Race(std::shared_ptr<const Dataset> dataset, std::vector<Options> lanes, const std::stop_token& stop = {});

    std::size_t size() const { return m_lanes.size(); }
    const Run& run(std::size_t lane) const { return m_lanes[lane].run; }
    /// Why a lane has ended; none while it may go on.
    const std::optional<Termination>& ended(std::size_t lane) const { return m_lanes[lane].ended; }
    bool over() const;

    /// Lets every lane, one after the other, go on until its clock shows so many seconds of solving. Each ends with a
    /// whole iteration, so by less than one later.
    void advanceToSeconds(double seconds, const std::stop_token& stop = {}, const Report& report = {});
    /// The same until each has made so many iterations.
    void advanceToIteration(int iteration, const std::stop_token& stop = {}, const Report& report = {});

private:
    struct Lane
    {
        Run run;
        std::optional<Termination> ended = {};
    };
    using Reached = std::function<bool(const Record&)>;

    void advance(const Reached& reached, const std::stop_token& stop, const Report& report);

    std::vector<Lane> m_lanes;
};

/// By what lanes are compared: the objective where all minimise the same, else the relative error.
enum class RaceMeasure { Objective, RelativeError };
RaceMeasure measureOf(const Race& race);
double valueOf(const Record& record, RaceMeasure measure);

/// The first record at or below the target; none if there is none.
std::optional<Record> crossing(const std::vector<Record>& history, RaceMeasure measure, double target);

/// The lanes in the order in which they have crossed the target on their clocks, then those that have not, the lowest
/// first.
std::vector<std::size_t> placings(const Race& race, double target);

} // namespace nmf
