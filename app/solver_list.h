#pragma once

#include <string>

namespace nmf::ui
{

/// What --list-solvers prints: every algorithm, and for every loss the penalties and the kinds of data that it serves,
/// or why it does not. Found by asking requireConsistent(), which is asked before a run too.
std::string solverList();

} // namespace nmf::ui
