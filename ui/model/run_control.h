#pragma once

#include "core/factorize.h"

#include <condition_variable>
#include <deque>
#include <mutex>

namespace nmf::ui
{

/// How the window holds a run: the window's thread sets what is wanted, the solver's thread asks before every
/// half-iteration.
class RunControl
{
public:
    /// What the solver's thread must do before it goes on.
    using Edit = std::function<void(Run&)>;

    // For the window's thread. None of these waits.
    void resume();
    /// Between two iterations.
    void pause();
    /// Pauses where the run is between two halves of an iteration.
    void restBetweenHalves();
    /// Pauses after one more whole iteration, or one more half.
    void step();
    void halfStep();
    /// Ends the run: advance() returns within one iteration.
    void stop();
    /// Iterates so many times more and ends: from here if the run is paused or has ended, else from where it would have
    /// ended.
    void continueFor(int iterations);
    /// Changes the run between two half-iterations.
    void edit(Edit edit);
    /// Whether the run has ended and nothing was asked for since.
    bool atEnd() const;

    // For the solver's thread.
    /// Holds the run while it is paused; `idle` is called once before waiting.
    void gate(Run& run, const std::function<void()>& idle);
    /// The token for advance(): asked to stop by stop().
    std::stop_token token();
    /// To be called as soon as advance() has returned: what is asked for from here on is for after the end.
    void ended();
    /// After an end: waits until there is more to do and sets the run's limits for it; false if the job shall end.
    bool waitForMore(Run& run, const std::stop_token& outer);

private:
    bool mayGo(Run& run);
    bool moreWanted() const;
    void applyEdits(Run& run, std::unique_lock<std::mutex>& lock);

    mutable std::mutex m_mutex;
    std::condition_variable_any m_changed;
    bool m_paused = false, m_ended = false;
    enum class Step { Whole, Half };
    std::deque<Step> m_steps; ///< to make although paused
    bool m_restsBetweenHalves = false;
    int m_more = 0;         ///< iterations to make after the end
    int m_moreFromHere = 0; ///< iterations to make after the pause, and then end
    std::vector<Edit> m_edits;
    std::stop_source m_stop;
};

} // namespace nmf::ui
