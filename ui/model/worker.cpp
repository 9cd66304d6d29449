#include "ui/model/worker.h"

#include "core/error.h"

#include <new>

namespace nmf::ui
{

Worker::Worker(QObject* parent)
    : QObject(parent), m_inbox([this] { emit woken(QPrivateSignal{}); }),
      m_thread([this](const std::stop_token& leaving) { work(leaving); })
{
    connect(this, &Worker::woken, this, &Worker::drain, Qt::QueuedConnection);
}

Worker::~Worker()
{
    m_stop.request_stop();
}

void Worker::start(Job job)
{
    m_stop.request_stop();
    m_stop = {};
    m_busy = true;
    ++m_number;
    {
        const std::lock_guard lock(m_mutex);
        m_next = Task{std::move(job), m_number, m_stop};
    }
    m_arrived.notify_one();
}

void Worker::stop()
{
    m_stop.request_stop();
}

void Worker::work(const std::stop_token& leaving)
{
    for (;;) {
        std::optional<Task> task;
        {
            std::unique_lock lock(m_mutex);
            if (!m_arrived.wait(lock, leaving, [this] { return m_next.has_value(); }))
                return;
            task = std::exchange(m_next, std::nullopt);
        }
        perform(*task);
    }
}

void Worker::perform(const Task& task)
{
    const Tell tell = [this, number = task.number](std::function<void()> action) {
        m_inbox.post([this, number, action = std::move(action)] {
            if (number == m_number)
                action();
        });
    };
    QString problem;
    try {
        task.job(task.stop.get_token(), tell);
    } catch (const Cancelled&) {
    } catch (const std::bad_alloc&) {
        problem = tr("There is not enough memory for this: choose a smaller rank or smaller data.");
    } catch (const std::exception& error) {
        problem = QString::fromUtf8(error.what());
    }
    tell([this, problem] {
        m_busy = false;
        if (!problem.isEmpty())
            emit failed(problem);
        emit finished();
    });
}

void Worker::drain()
{
    for (const auto& message : m_inbox.take())
        message();
}

} // namespace nmf::ui
