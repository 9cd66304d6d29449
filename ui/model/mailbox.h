#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

namespace nmf::ui
{

/// What one thread sends another: things to do, in order. post() may be called on any thread, take() on the receiver's.
/// The receiver is woken only when the box was empty, so a fast sender cannot flood it.
class Inbox
{
public:
    /// `wake` is called on the sender's thread.
    explicit Inbox(std::function<void()> wake) : m_wake(std::move(wake)) {}

    void post(std::function<void()> message)
    {
        bool wasEmpty = false;
        {
            const std::lock_guard lock(m_mutex);
            wasEmpty = m_messages.empty();
            m_messages.push_back(std::move(message));
        }
        if (wasEmpty)
            m_wake();
    }

    std::vector<std::function<void()>> take()
    {
        const std::lock_guard lock(m_mutex);
        return std::exchange(m_messages, {});
    }

private:
    std::mutex m_mutex;
    std::vector<std::function<void()>> m_messages;
    std::function<void()> m_wake;
};

} // namespace nmf::ui
