#include "ui/model/run_control.h"

#include <algorithm>
#include <utility>

namespace nmf::ui
{

void RunControl::resume()
{
    {
        const std::lock_guard lock(m_mutex);
        m_paused = false;
        // Steps that an ended run still owes are what wakes it.
        if (!m_ended)
            m_steps.clear();
    }
    m_changed.notify_all();
}

void RunControl::pause()
{
    const std::lock_guard lock(m_mutex);
    m_paused = true;
}

void RunControl::restBetweenHalves()
{
    const std::lock_guard lock(m_mutex);
    m_paused = m_restsBetweenHalves = true;
}

void RunControl::step()
{
    {
        const std::lock_guard lock(m_mutex);
        m_paused = true;
        m_steps.push_back(Step::Whole);
    }
    m_changed.notify_all();
}

void RunControl::halfStep()
{
    {
        const std::lock_guard lock(m_mutex);
        m_paused = true;
        m_steps.push_back(Step::Half);
    }
    m_changed.notify_all();
}

void RunControl::stop()
{
    std::stop_source source;
    {
        const std::lock_guard lock(m_mutex);
        m_steps.clear();
        m_more = m_moreFromHere = 0;
        source = m_stop;
    }
    source.request_stop();
    m_changed.notify_all();
}

void RunControl::continueFor(int iterations)
{
    {
        const std::lock_guard lock(m_mutex);
        (m_paused && !m_ended ? m_moreFromHere : m_more) += iterations;
        m_paused = false;
        m_steps.clear();
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

bool RunControl::moreWanted() const
{
    return m_more > 0 || m_moreFromHere > 0 || !m_steps.empty() || m_stop.stop_requested();
}

bool RunControl::atEnd() const
{
    const std::lock_guard lock(m_mutex);
    return m_ended && !moreWanted();
}

void RunControl::ended()
{
    const std::lock_guard lock(m_mutex);
    m_ended = true;
    m_stop = {};
}

bool RunControl::mayGo(Run& run)
{
    if (m_moreFromHere > 0)
        run.setLimits(run.iteration() + std::exchange(m_moreFromHere, 0), 0, 0);
    if (!m_paused)
        m_restsBetweenHalves = false;
    // An iteration that has begun is made whole, unless half of it was asked for.
    if (!m_paused || (run.betweenHalves() && !m_restsBetweenHalves))
        return true;
    if (m_steps.empty())
        return false;
    m_restsBetweenHalves = m_steps.front() == Step::Half && !run.betweenHalves();
    m_steps.pop_front();
    return true;
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
        m_changed.wait(lock, stop, [this] { return !m_edits.empty() || !m_paused || !m_steps.empty(); });
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
        if (moreWanted())
            break;
        m_changed.wait(lock, outer, [this] { return !m_edits.empty() || moreWanted(); });
    }
    m_ended = false;
    // What the user asks for is done: the rules that ended the run must not end it again at once.
    const int more = std::exchange(m_more, 0) + std::exchange(m_moreFromHere, 0);
    const int least = std::max(more, static_cast<int>(m_steps.size()));
    run.takeUp();
    if (least > 0)
        run.setLimits(run.iteration() + least, 0, 0);
    if (!m_paused)
        m_steps.clear();
    return true;
}

} // namespace nmf::ui
