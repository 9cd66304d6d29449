#pragma once

#include <cstddef>
#include <functional>
#include <string_view>
#include <vector>

namespace nmf
{

/// Runs work(i) for i in [0, count) on all processors; false as soon as one of them says false or throws. Only the
/// calling thread calls `check`, with the share that has begun; what that throws ends the rest and comes out.
bool forAll(std::size_t count, const std::function<bool(std::size_t)>& work, const std::function<void(double)>& check);

/// The text in pieces of about a megabyte that end with a line each.
std::vector<std::string_view> piecesOf(std::string_view text);

} // namespace nmf
