#pragma once

#include <cstddef>
#include <functional>
#include <stop_token>

namespace nmf
{

/// Does make(0), make(1), … make(count − 1) beside each other, begun in this order, one to a thread; 0 threads: as many
/// as the machine has cores. None is begun after the token was asked to stop. What one of them throws ends all that is
/// not begun, and is thrown when the others have ended.
void doSideBySide(std::size_t count, int threads, const std::stop_token& stop,
                  const std::function<void(std::size_t)>& make);

} // namespace nmf
