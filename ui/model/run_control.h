#pragma once

#include "core/factorize.h"

#include <condition_variable>
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
    void pause();
    /// Pauses after one more whole iteration, or one more half.
    void step();
    void halfStep();
    /// Ends the run: advance() returns within one iteration.
    void stop();
    /// After the end: iterates so many times more.
    void continueFor(int iterations);
    /// Changes the run between two half-iterations.
    void edit(Edit edit);

    // For the solver's thread.
    /// Holds the run while it is paused; `idle` is called once before waiting.
    void gate(Run& run, const std::function<void()>& idle);
    /// The token for advance(): asked to stop by stop().
    std::stop_token token();
    /// After an end: waits until there is more to do and sets the run's limits for it; false if the job shall end.
    bool waitForMore(Run& run, const std::stop_token& outer);

private:
    bool mayGo(const Run& run);
    void applyEdits(Run& run, std::unique_lock<std::mutex>& lock);

    std::mutex m_mutex;
    std::condition_variable_any m_changed;
    bool m_paused = false;
    int m_iterations = 0, m_halves = 0; ///< allowed while paused
    int m_more = 0;                     ///< iterations asked for after the end
    std::vector<Edit> m_edits;
    std::stop_source m_stop;
};

} // namespace nmf::ui
