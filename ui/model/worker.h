#pragma once

#include "ui/model/mailbox.h"

#include <QObject>

#include <condition_variable>
#include <cstdint>
#include <optional>
#include <stop_token>
#include <thread>

namespace nmf::ui
{

/// The door between threads: does one job at a time on a thread of its own. A job gets a stop token and `tell`, which
/// runs a function on the window's thread. What a job throws comes out as failed(). A job that is started while another
/// runs takes its place: the other is asked to stop, nothing of what it still tells is heard, and nobody waits for it.
class Worker : public QObject
{
    Q_OBJECT

public:
    using Tell = std::function<void(std::function<void()>)>;
    using Job = std::function<void(std::stop_token, const Tell&)>;

    explicit Worker(QObject* parent = nullptr);
    /// Asks the job to stop and waits for it: for the iteration it is in.
    ~Worker() override;

    void start(Job job);
    /// Asks the job to stop; what it tells until it ends is still heard.
    void stop();
    /// True from start() until finished().
    bool busy() const { return m_busy; }

signals:
    void failed(const QString& message);
    /// Comes last, once for a job that was not replaced.
    void finished();
    /// There is something in the inbox. Not for others.
    void woken(QPrivateSignal);

private:
    struct Task
    {
        Job job;
        std::uint64_t number;
        std::stop_source stop;
    };

    void work(const std::stop_token& leaving);
    void perform(const Task& task);
    void drain();

    // Of the window's thread.
    std::uint64_t m_number = 0;
    bool m_busy = false;
    std::stop_source m_stop;
    // Between the threads.
    Inbox m_inbox;
    std::mutex m_mutex;
    std::condition_variable_any m_arrived;
    std::optional<Task> m_next;
    // Last, so that it is stopped and joined before anything it uses is gone.
    std::jthread m_thread;
};

} // namespace nmf::ui
