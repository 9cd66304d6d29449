#include "app/interruption.h"

#include <chrono>
#include <csignal>

namespace nmf::ui
{

namespace
{

// A signal handler may touch nothing but this, so a thread looks at it.
std::atomic<bool> signalled = false;
static_assert(std::atomic<bool>::is_always_lock_free);

void setAction(void (*handler)(int), int flags)
{
    struct sigaction action = {};
    action.sa_handler = handler;
    action.sa_flags = flags;
    sigemptyset(&action.sa_mask);
    for (const int signal : {SIGINT, SIGTERM})
        sigaction(signal, &action, nullptr);
}

} // namespace

Interruption::Interruption()
{
    signalled = false;
    setAction([](int) { signalled = true; }, static_cast<int>(SA_RESETHAND) | SA_RESTART);
    m_watcher = std::jthread([source = m_source](std::stop_token ended) mutable {
        while (!ended.stop_requested() && !source.stop_requested()) {
            if (signalled)
                source.request_stop();
            std::this_thread::sleep_for(std::chrono::milliseconds(10));
        }
    });
}

Interruption::~Interruption()
{
    setAction(SIG_DFL, 0);
}

} // namespace nmf::ui
