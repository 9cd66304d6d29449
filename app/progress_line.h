#pragma once

#include <chrono>
#include <cstdio>
#include <string>
#include <unistd.h>

namespace nmf::ui
{

/// One line on standard error that is written over and over, where somebody watches.
class ProgressLine
{
public:
    explicit ProgressLine(bool wanted) : m_shown(wanted && ::isatty(STDERR_FILENO)) {}
    ~ProgressLine() { end(); }
    ProgressLine(const ProgressLine&) = delete;
    ProgressLine& operator=(const ProgressLine&) = delete;

    /// Whether it is time for news: ten times a second.
    bool due()
    {
        const auto now = std::chrono::steady_clock::now();
        if (!m_shown || now < m_next)
            return false;
        m_next = now + std::chrono::milliseconds(100);
        return true;
    }

    void show(const std::string& text)
    {
        std::fprintf(stderr, "\r%s\x1b[K", text.c_str());
        m_used = true;
    }

    void end()
    {
        if (m_used)
            std::fputs("\r\x1b[K", stderr);
        m_used = false;
    }

private:
    bool m_shown, m_used = false;
    std::chrono::steady_clock::time_point m_next = {};
};

} // namespace nmf::ui
