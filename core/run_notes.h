#pragma once

#include "core/factorize.h"

#include <string>
#include <vector>

namespace nmf
{

/// What the user should know before the first iteration, in sentences: rows and columns of V without anything in them,
/// and what the start is not. `zeros`: how many entries of V are zero.
std::vector<std::string> startNotes(const Dataset& dataset, const Options& options, Index zeros);

/// What the user should know of factors that a run ended with, and of the way there.
std::vector<std::string> endNotes(const Options& options, const Factors<double>& factors, const Record& last,
                                  int monotonicityViolations);

/// That the start has fewer components of its own than are asked for; empty if it has all.
std::string paddedNote(const Dataset& dataset, const Options& options);

/// "1 column", "3 columns".
std::string counted(Index count, const std::string& noun);

} // namespace nmf
