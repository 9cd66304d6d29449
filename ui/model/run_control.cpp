#include "ui/model/run_control.h"

#include <utility>

namespace nmf::ui
{

void RunControl::resume()
{
    {
        const std::lock_guard lock(m_mutex);
        m_paused = false;
        m_iterations = m_halves = 0;
    }
    m_changed.notify_all();
}

void RunControl::pause()
{
    const std::lock_guard lock(m_mutex);
    m_paused = true;
}

void RunControl::step()
{
    {
        const std::lock_guard lock(m_mutex);
        m_paused = true;
        ++m_iterations;
    }
    m_changed.notify_all();
}

void RunControl::halfStep()
{
    {
        const std::lock_guard lock(m_mutex);
        m_paused = true;
        ++m_halves;
    }
    m_changed.notify_all();
}

void RunControl::stop()
{
    std::stop_source source;
    {
        const std::lock_guard lock(m_mutex);
        m_iterations = m_halves = m_more = 0;
        source = m_stop;
    }
    source.request_stop();
}

void RunControl::continueFor(int iterations)
{
    {
        const std::lock_guard lock(m_mutex);
        m_more += iterations;
        m_paused = false;
        m_iterations = m_halves = 0;
    }
    m_changed.notify_all();
}

void RunControl::edit(Edit edit)
{
    {
        const std::lock_guard lock(m_mutex);
        m_edits.push_back(std::move(edit));
    }
    m_changed.notify_all();
}

void RunControl::applyEdits(Run& run, std::unique_lock<std::mutex>& lock)
{
    while (!m_edits.empty()) {
        const std::vector<Edit> edits = std::exchange(m_edits, {});
        lock.unlock();
        for (const Edit& edit : edits)
            edit(run);
        lock.lock();
    }
}

bool RunControl::mayGo(const Run& run)
{
    if (!m_paused)
        return true;
    if (m_halves > 0) {
        --m_halves;
        return true;
    }
    if (m_iterations > 0) {
        --m_iterations;
        // The second half of the iteration that begins here.
        if (run.canHalve() && !run.betweenHalves())
            ++m_halves;
        return true;
    }
    return false;
}

void RunControl::gate(Run& run, const std::function<void()>& idle)
{
    std::unique_lock lock(m_mutex);
    applyEdits(run, lock);
    if (mayGo(run))
        return;
    lock.unlock();
    idle();
    lock.lock();
    const std::stop_token stop = m_stop.get_token();
    while (!stop.stop_requested()) {
        applyEdits(run, lock);
        if (mayGo(run))
            return;
        m_changed.wait(lock, stop,
                       [this] { return !m_edits.empty() || !m_paused || m_halves > 0 || m_iterations > 0; });
    }
}

std::stop_token RunControl::token()
{
    const std::lock_guard lock(m_mutex);
    return m_stop.get_token();
}

bool RunControl::waitForMore(Run& run, const std::stop_token& outer)
{
    std::unique_lock lock(m_mutex);
    for (;;) {
        applyEdits(run, lock);
        if (outer.stop_requested())
            return false;
        if (m_more > 0 || m_iterations > 0 || m_halves > 0)
            break;
        m_changed.wait(lock, outer,
                       [this] { return !m_edits.empty() || m_more > 0 || m_iterations > 0 || m_halves > 0; });
    }
    // What the user asks for is done: the rules that ended the run must not end it again at once.
    const int least = std::max(std::exchange(m_more, 0), m_iterations + m_halves);
    run.setLimits(run.iteration() + least, 0, 0);
    m_stop = {};
    return true;
}

} // namespace nmf::ui
