#include "core/studies/side_by_side.h"

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

namespace nmf
{

void doSideBySide(std::size_t count, int threads, const std::stop_token& stop,
                  const std::function<void(std::size_t)>& make)
{
    std::atomic<std::size_t> next = 0;
    std::mutex mutex;
    std::exception_ptr thrown;
    const auto take = [&] {
        for (std::size_t i = next.fetch_add(1); i < count && !stop.stop_requested(); i = next.fetch_add(1))
            try {
                make(i);
            } catch (...) {
                const std::lock_guard lock(mutex);
                if (!thrown)
                    thrown = std::current_exception();
                next = count;
            }
    };
    const std::size_t cores =
        threads > 0 ? static_cast<std::size_t>(threads) : std::max(1U, std::thread::hardware_concurrency());
    {
        std::vector<std::jthread> helpers;
        for (std::size_t i = 1; i < std::min(cores, count); ++i)
            helpers.emplace_back(take);
        take();
    }
    if (thrown)
        std::rethrow_exception(thrown);
}

} // namespace nmf
