#pragma once

#include <array>

/// How many threads runs are compared with that were made by one. Whether threads disturb each other shows with any
/// number of them, and takes minutes to see.
#if defined(__SANITIZE_THREAD__)
constexpr std::array threadCounts{7};
#else
constexpr std::array threadCounts{1, 2, 7};
#endif
