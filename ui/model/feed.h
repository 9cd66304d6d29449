#pragma once

#include "ui/model/snapshot.h"

#include <algorithm>
#include <chrono>
#include <functional>
#include <iterator>
#include <mutex>
#include <utility>

namespace nmf::ui
{

/// The mailbox for one run: one slot in which the newest snapshot replaces an older one that nobody took, and the
/// records since the last taking. The solver's thread fills it at most once per frame and only when it was emptied, so
/// that a slow painter costs the solver nothing; the window's thread empties it at its own pace.
struct Feed
{
    struct Delivery
    {
        std::shared_ptr<const Snapshot> snapshot;
        /// From the `first` on, which replace what was known of them: the last record changes when a run ends or goes
        /// on, and those after the best when it goes back.
        std::vector<Record> records;
        std::size_t first = 0;
        std::vector<Frame> frames = {}; ///< what the timeline keeps, since the last delivery
    };

    explicit Feed(std::function<void()> wakeReceiver) : wake(std::move(wakeReceiver)) {}

    /// For the solver's thread: whether a snapshot is wanted now.
    bool wants() const
    {
        const std::lock_guard lock(mutex);
        return !slot.snapshot && std::chrono::steady_clock::now() >= nextDue;
    }

    void put(Delivery delivery)
    {
        bool news = false;
        {
            const std::lock_guard lock(mutex);
            news = !slot.snapshot || delivery.snapshot->resting;
            std::ranges::move(delivery.frames, std::back_inserter(slot.frames));
            if (slot.snapshot && delivery.first >= slot.first) {
                append(slot.records, delivery.first - slot.first, delivery.records);
                slot.snapshot = std::move(delivery.snapshot);
            } else {
                delivery.frames = std::move(slot.frames);
                slot = std::move(delivery);
            }
        }
        if (news)
            wake();
    }

    /// For the window's thread: whether what lies here will stay, so that there is nothing to wait for.
    bool rests() const
    {
        const std::lock_guard lock(mutex);
        return slot.snapshot && slot.snapshot->resting;
    }

    /// For the window's thread: what there is, and how long from now nothing more is wanted.
    Delivery take(std::chrono::milliseconds quiet)
    {
        const std::lock_guard lock(mutex);
        nextDue = std::chrono::steady_clock::now() + quiet;
        return std::exchange(slot, {});
    }

    /// Puts records at the end of the first `kept` of others.
    static void append(std::vector<Record>& to, std::size_t kept, const std::vector<Record>& records)
    {
        to.resize(std::min(kept, to.size()));
        to.insert(to.end(), records.begin(), records.end());
    }

    mutable std::mutex mutex;
    Delivery slot;
    std::chrono::steady_clock::time_point nextDue = {};
    std::function<void()> wake;
};

} // namespace nmf::ui
