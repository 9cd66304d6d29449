#pragma once

#include "core/factorize.h"

#include <cstdint>
#include <map>
#include <memory>
#include <vector>

namespace nmf::ui
{

/// A run as it was after one iteration: as little as it takes to show it again. Immutable once published.
struct Frame
{
    Record record;
    std::shared_ptr<const Matrix<double>> W, Ht;

    std::size_t bytes() const;
};

/// Whether a run that was last kept after iteration `last` (−1: never) is kept after this one: each of the first
/// iterations, then one each time that their number has grown by a tenth.
bool isFrameDue(int iteration, int last);

/// The past of all runs within a budget of memory, for the timeline. Where it is used up, frames go that are least
/// missed: those nearest to their neighbours on a logarithmic scale of iterations. The first and the last of each run
/// go last.
class History
{
public:
    static constexpr std::size_t standardBudget = std::size_t{256} << 20;

    void setBudget(std::size_t bytes);
    /// A frame larger than this would leave too few: runs of such factors are kept at rest only.
    std::size_t largestFrame() const { return m_budget / 16; }
    std::size_t budget() const { return m_budget; }
    std::size_t bytes() const { return m_bytes; }

    /// Adds a frame at its place; one of the same iteration is replaced.
    void add(std::uint64_t run, Frame frame);
    /// Forgets what came after an iteration.
    void cut(std::uint64_t run, int iteration);
    void drop(std::uint64_t run);
    void clear();

    /// Rising in their iterations; empty if nothing is known of the run.
    const std::vector<Frame>& of(std::uint64_t run) const;
    /// The last frame at or before an iteration, else the first; null if there is none.
    const Frame* at(std::uint64_t run, int iteration) const;

private:
    void thin();
    /// Drops the frame that is least missed of those that have neighbours; false if there is none.
    bool thinBetween();

    std::map<std::uint64_t, std::vector<Frame>> m_runs;
    std::size_t m_bytes = 0, m_budget = standardBudget;
};

} // namespace nmf::ui
