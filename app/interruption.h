#pragma once

#include <atomic>
#include <stop_token>
#include <thread>

namespace nmf::ui
{

/// From its making to its end, Ctrl-C and a request to terminate ask its stop token to stop instead of ending the
/// program; a second one ends it.
class Interruption
{
public:
    Interruption();
    ~Interruption();
    Interruption(const Interruption&) = delete;
    Interruption& operator=(const Interruption&) = delete;

    std::stop_token token() const { return m_source.get_token(); }
    bool happened() const { return m_source.stop_requested(); }

private:
    std::stop_source m_source;
    std::jthread m_watcher;
};

} // namespace nmf::ui
