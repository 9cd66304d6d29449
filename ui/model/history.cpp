#include "ui/model/history.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace nmf::ui
{

namespace
{

constexpr int allOfTheFirst = 16;
constexpr double growth = 1.1;

/// How much is missed between the neighbours of a frame when it goes.
double gapWithout(const std::vector<Frame>& frames, std::size_t i)
{
    return std::log((frames[i + 1].record.iteration + 1.0) / (frames[i - 1].record.iteration + 1.0));
}

bool isBefore(const Frame& frame, int iteration)
{
    return frame.record.iteration < iteration;
}

} // namespace

std::size_t Frame::bytes() const
{
    return sizeof(double) * static_cast<std::size_t>(W->size() + Ht->size());
}

bool isFrameDue(int iteration, int last)
{
    return iteration > last && (iteration <= allOfTheFirst || iteration >= growth * last);
}

void History::setBudget(std::size_t bytes)
{
    m_budget = bytes;
    thin();
}

void History::add(std::uint64_t run, Frame frame)
{
    std::vector<Frame>& frames = m_runs[run];
    m_bytes += frame.bytes();
    const auto place = std::ranges::lower_bound(frames, frame.record.iteration, {},
                                                [](const Frame& other) { return other.record.iteration; });
    if (place != frames.end() && place->record.iteration == frame.record.iteration) {
        m_bytes -= place->bytes();
        *place = std::move(frame);
    } else {
        frames.insert(place, std::move(frame));
    }
    thin();
}

void History::cut(std::uint64_t run, int iteration)
{
    const auto found = m_runs.find(run);
    if (found == m_runs.end())
        return;
    std::vector<Frame>& frames = found->second;
    while (!frames.empty() && frames.back().record.iteration > iteration) {
        m_bytes -= frames.back().bytes();
        frames.pop_back();
    }
}

void History::drop(std::uint64_t run)
{
    cut(run, std::numeric_limits<int>::min());
    m_runs.erase(run);
}

void History::clear()
{
    m_runs.clear();
    m_bytes = 0;
}

const std::vector<Frame>& History::of(std::uint64_t run) const
{
    static const std::vector<Frame> none;
    const auto found = m_runs.find(run);
    return found == m_runs.end() ? none : found->second;
}

const Frame* History::at(std::uint64_t run, int iteration) const
{
    const std::vector<Frame>& frames = of(run);
    if (frames.empty())
        return nullptr;
    const auto after = std::partition_point(frames.begin(), frames.end(),
                                            [&](const Frame& frame) { return isBefore(frame, iteration + 1); });
    return after == frames.begin() ? &frames.front() : &*std::prev(after);
}

bool History::thinBetween()
{
    std::vector<Frame>* poorest = nullptr;
    std::size_t where = 0;
    double least = std::numeric_limits<double>::infinity();
    for (auto& [run, frames] : m_runs)
        for (std::size_t i = 1; i + 1 < frames.size(); ++i)
            if (const double gap = gapWithout(frames, i); gap < least) {
                least = gap;
                poorest = &frames;
                where = i;
            }
    if (!poorest)
        return false;
    m_bytes -= (*poorest)[where].bytes();
    poorest->erase(poorest->begin() + static_cast<std::ptrdiff_t>(where));
    return true;
}

void History::thin()
{
    while (m_bytes > m_budget) {
        if (thinBetween())
            continue;
        // Nothing but ends: those of the oldest runs go.
        if (m_runs.size() < 2)
            return;
        drop(m_runs.begin()->first);
    }
}

} // namespace nmf::ui
