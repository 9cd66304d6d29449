#include "core/formats/parallel.h"

#include <algorithm>
#include <atomic>
#include <thread>

namespace nmf
{

bool forAll(std::size_t count, const std::function<bool(std::size_t)>& work, const std::function<void(double)>& check)
{
    std::atomic<std::size_t> next = 0;
    std::atomic<bool> good = true;
    const auto help = [&] {
        try {
            for (std::size_t i = next++; i < count && good; i = next++)
                if (!work(i))
                    good = false;
        } catch (...) {
            good = false;
        }
    };
    const std::size_t processors = std::max(1u, std::thread::hardware_concurrency());
    std::vector<std::jthread> helpers;
    for (std::size_t i = 1; i < std::min(processors, count); ++i)
        helpers.emplace_back(help);
    try {
        for (std::size_t i = next++; i < count && good; i = next++) {
            check(static_cast<double>(i) / static_cast<double>(count));
            if (!work(i))
                good = false;
        }
    } catch (...) {
        good = false;
        throw;
    }
    helpers.clear();
    return good;
}

std::vector<std::string_view> piecesOf(std::string_view text)
{
    constexpr std::size_t size = 1 << 20;
    std::vector<std::string_view> pieces;
    while (!text.empty()) {
        const std::size_t end = text.size() > size ? text.find('\n', size) : text.npos;
        const std::size_t length = end == text.npos ? text.size() : end + 1;
        pieces.push_back(text.substr(0, length));
        text.remove_prefix(length);
    }
    return pieces;
}

} // namespace nmf
